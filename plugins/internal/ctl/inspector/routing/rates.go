package routing

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"webhookedge/plugins/internal/chain"
	"webhookedge/plugins/internal/ctl/inspector/api"
	"webhookedge/plugins/internal/ctl/inspector/site"
	"webhookedge/plugins/internal/ctl/topology"
)

const (
	// maxCounted bounds the deliveries of a count; where there are more, the span of the
	// rates is that of the newest ones.
	maxCounted = 100_000
	// maxSubjects bounds the pairs of a route and a subject that are told apart.
	maxSubjects = 10_000
	// maxSeen bounds the targets of a route that no kong.yml tells of.
	maxSeen = 20
)

// pair is a route with one of its stages or subjects.
type pair struct{ route, of string }

// counted is what went along where.
type counted struct {
	minutes   float64
	delivered map[string]int // by route
	provider  map[string]string
	ended     map[pair]int // refused or held, by stage
	published map[pair]int // by subject
}

func count(d site.Deliveries, now time.Time, span time.Duration) *counted {
	c := &counted{delivered: map[string]int{}, provider: map[string]string{}, ended: map[pair]int{}, published: map[pair]int{}}
	n := 0
	since := now.Add(-span)
	for one := range d.Recent(since) {
		if n++; n > maxCounted {
			span = max(now.Sub(one.Row.At), time.Second)
			break
		}
		route := one.Row.Route
		c.delivered[route]++
		c.provider[route] = one.Row.Provider
		if one.Stage != "" && (one.Row.State == api.StateRefused || one.Row.State == api.StateHeld) {
			c.ended[pair{route, one.Stage}]++
		}
		for _, subject := range one.Subjects {
			key := pair{route, subject}
			if _, known := c.published[key]; known || len(c.published) < maxSubjects {
				c.published[key]++
			}
		}
	}
	c.minutes = span.Minutes()
	return c
}

func (c *counted) rate(n int) float64 { return float64(n) / c.minutes }

// route is one of the picture with its rates.
func (c *counted) route(r *topology.Route, streams []topology.Stream) api.Route {
	out := api.Route{
		Name: r.Name, Method: r.Method(), Calls: r.Calls(), Provider: r.Provider, Stages: []api.Stage{}, Notes: r.Notes,
		Rate: c.rate(c.delivered[r.Name]),
	}
	for _, name := range chain.Stages() {
		i := slices.IndexFunc(r.Stages, func(s topology.Stage) bool { return s.Name == name })
		refused := c.rate(c.ended[pair{r.Name, name}])
		switch {
		case i >= 0:
			out.Stages = append(out.Stages, api.Stage{Name: name, Mode: r.Stages[i].Mode, Refused: refused})
		case refused > 0: // a step without settings, such as body
			out.Stages = append(out.Stages, api.Stage{Name: name, Refused: refused})
		}
	}
	for _, t := range r.Targets {
		n := 0
		for key, times := range c.published {
			if key.route == r.Name && t.Takes(key.of) {
				n += times
			}
		}
		stream := t.Stream
		if stream == "" {
			stream = taker(streams, t.Subject)
		}
		out.Targets = append(out.Targets, api.Target{Subject: t.Subject, Stream: stream, ByPolicy: t.ByPolicy, Rate: c.rate(n)})
	}
	return out
}

// taker is the stream that takes a subject, "" where none or NATS does not say.
func taker(streams []topology.Stream, subject string) string {
	for i := range streams {
		if topology.Taken(streams[i].Subjects, subject) {
			return streams[i].Name
		}
	}
	return ""
}

// routes are those of the deliveries, for an installation without a kong.yml.
func (c *counted) routes() []topology.Route {
	targets := map[string][]topology.Target{}
	for key := range c.published {
		all := targets[key.route]
		t := topology.Target{Subject: beginning(key.of)}
		if len(all) < maxSeen && !slices.Contains(all, t) {
			targets[key.route] = append(all, t)
		}
	}
	var out []topology.Route
	for _, name := range slices.Sorted(maps.Keys(c.delivered)) {
		if name == "" {
			continue // of no route, or of one that is not told
		}
		slices.SortFunc(targets[name], func(a, b topology.Target) int { return cmp.Compare(a.Subject, b.Subject) })
		out = append(out, topology.Route{Name: name, Provider: c.provider[name], Targets: targets[name]})
	}
	return out
}

// beginning is the pattern of a subject's prefix and provider.
func beginning(subject string) string {
	tokens := strings.SplitN(subject, ".", 3)
	if len(tokens) < 3 {
		return subject
	}
	return tokens[0] + "." + tokens[1] + ".>"
}
