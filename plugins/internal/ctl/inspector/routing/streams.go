package routing

import (
	"slices"
	"time"

	"webhookedge/plugins/internal/ctl/inspector/api"
	"webhookedge/plugins/internal/ctl/topology"
)

// The kinds of api.Stream.
const (
	kindEvents = "events"
	kindKept   = "kept"
	kindDead   = "dead"
	kindOther  = "other"
)

// enough is how far back a sequence must be known for a rate out of it.
const enough = 10 * time.Second

// history is the last sequences of streams, by name, the oldest first.
type history map[string][]sequence

type sequence struct {
	at   time.Time
	last uint64
}

// keep takes note of streams, and forgets what is older than the span of the rates.
func (h history) keep(streams []topology.Stream, now time.Time) {
	there := map[string]bool{}
	for i := range streams {
		s := &streams[i]
		there[s.Name] = true
		all := h[s.Name]
		if n := len(all); n > 0 && all[n-1].last > s.Last {
			all = nil // another stream of the name
		}
		all = slices.DeleteFunc(all, func(one sequence) bool { return now.Sub(one.at) > window })
		h[s.Name] = append(all, sequence{now, s.Last})
	}
	for name := range h {
		if !there[name] {
			delete(h, name)
		}
	}
}

// rate is the messages a minute of a stream. It is not ok where too little is known.
func (h history) rate(s *topology.Stream, now time.Time) (perMinute float64, ok bool) {
	for _, one := range h[s.Name] {
		age := now.Sub(one.at)
		if age > window {
			continue
		}
		if age < enough || one.last > s.Last {
			break
		}
		return float64(s.Last-one.last) / age.Minutes(), true
	}
	return 0, false
}

// stream is one of the picture.
func (r *Reader) stream(s *topology.Stream, routes []topology.Route, events []string, seen *counted, now time.Time) api.Stream {
	out := api.Stream{Name: s.Name, Kind: r.kind(s.Name, routes, events), Subjects: s.Subjects, Messages: s.Messages, Bytes: s.Bytes}
	if out.Subjects == nil {
		out.Subjects = []string{} // of a mirror
	}
	var ok bool
	if out.Rate, ok = r.history.rate(s, now); !ok {
		n := 0
		for key, times := range seen.published {
			if topology.Taken(s.Subjects, key.of) {
				n += times
			}
		}
		out.Rate = seen.rate(n)
	}
	for _, c := range s.Consumers {
		out.Consumers = append(out.Consumers, api.Consumer(c))
	}
	return out
}

func (r *Reader) kind(name string, routes []topology.Route, events []string) string {
	switch {
	case name == r.site.Kept.Stream:
		return kindKept
	case name == r.site.Dead.Stream:
		return kindDead
	case slices.Contains(events, name):
		return kindEvents
	}
	for i := range routes {
		if slices.ContainsFunc(routes[i].Targets, func(t topology.Target) bool { return t.Stream == name }) {
			return kindEvents
		}
	}
	return kindOther
}
