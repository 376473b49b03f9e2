// Package routing is the inspector's picture of the way that deliveries take: routes,
// stages, subjects, streams and consumers, with what went along each in the last minutes.
package routing

import (
	"context"
	"fmt"
	"os"
	"time"

	"webhookedge/plugins/internal/ctl/inspector/api"
	"webhookedge/plugins/internal/ctl/inspector/site"
	"webhookedge/plugins/internal/ctl/topology"
)

const (
	// window is the span of the rates, where the inspector has run for that long.
	window = 5 * time.Minute
	// least is the shortest span: one delivery in a second is no rate of 60 a minute.
	least = time.Minute
	// maxRoutes bounds the picture.
	maxRoutes = 1000
	// filesAge is when files are read again although kong.yml has not changed: others
	// that it names may have.
	filesAge = 15 * time.Second
)

// Reader reads the picture. It is safe for concurrent use.
type Reader struct {
	site   *site.Site
	now    func() time.Time
	begin  time.Time
	answer site.Cache[*api.Routing]

	// What follows is used by one question at a time.
	routes   []topology.Route
	fault    error // why routes may be old
	read     time.Time
	modified time.Time // kong.yml, when it was read
	history  history
}

// New returns a Reader of an installation.
func New(s *site.Site) *Reader {
	return &Reader{site: s, now: time.Now, begin: time.Now(), history: history{}}
}

// Routing returns the picture. What cannot be known is in its notes.
func (r *Reader) Routing(ctx context.Context) (*api.Routing, error) {
	return r.answer.Get(ctx, func(ctx context.Context) (*api.Routing, error) { return r.ask(ctx), nil })
}

func (r *Reader) ask(ctx context.Context) *api.Routing {
	now := r.now()
	span := min(max(now.Sub(r.begin), least), window)
	seen := count(r.site.Deliveries, now, span)
	out := &api.Routing{Routes: []api.Route{}, Streams: []api.Stream{}, Minutes: seen.minutes}
	routes := r.files(out)
	if r.site.Config == "" {
		routes = seen.routes()
		out.Notes = append(out.Notes, "No kong.yml is known, so only routes of recent deliveries are shown; name it with --config.")
	}
	if left := len(routes) - maxRoutes; left > 0 {
		routes = routes[:maxRoutes]
		out.Notes = append(out.Notes, fmt.Sprintf("%d more routes are not shown.", left))
	}
	var events []string
	if r.site.Streams != nil {
		events = r.site.Streams() // which may ask NATS
	}
	streams := r.streams(ctx, routes, events, out)
	for i := range routes {
		out.Routes = append(out.Routes, seen.route(&routes[i], streams))
	}
	for i := range streams {
		out.Streams = append(out.Streams, r.stream(&streams[i], routes, events, seen, now))
	}
	r.history.keep(streams, now)
	return out
}

// files returns the routes of kong.yml, the last good ones where it cannot be read now.
func (r *Reader) files(out *api.Routing) []topology.Route {
	if r.site.Config == "" {
		return nil
	}
	var modified time.Time
	if info, err := os.Stat(r.site.Config); err == nil {
		modified = info.ModTime()
	}
	if now := r.now(); r.read.IsZero() || now.Sub(r.read) >= filesAge || !modified.Equal(r.modified) {
		routes, err := topology.Files{Config: r.site.Config, Env: r.site.Env}.Routes()
		if err == nil {
			r.routes = routes
		}
		r.fault, r.read, r.modified = err, now, modified
	}
	if r.fault != nil {
		out.Notes = append(out.Notes, "The routes may be old: "+r.fault.Error())
	}
	return r.routes
}

// streams asks NATS.
func (r *Reader) streams(ctx context.Context, routes []topology.Route, events []string, out *api.Routing) []topology.Stream {
	// The bound is one for the connection, too, which may be on its way.
	ctx, cancel := context.WithTimeout(ctx, topology.AskTimeout)
	defer cancel()
	js, err := r.site.JetStream(ctx)
	if err != nil {
		out.Notes = append(out.Notes, "NATS is not connected, so streams and consumers are not known.")
		return nil
	}
	names := append([]string{r.site.Kept.Stream, r.site.Dead.Stream}, events...)
	for i := range routes {
		for _, t := range routes[i].Targets {
			names = append(names, t.Stream)
		}
	}
	streams, notes := topology.Streams(ctx, js, names...)
	out.Notes = append(out.Notes, notes...)
	return streams
}
