package local

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"os"
	"strings"
	"time"

	"webhookedge/plugins/internal/ctl/delivery"
	"webhookedge/plugins/provider/catalogue"
)

// sampleTimeout bounds a sample that is sent at the start.
const sampleTimeout = 10 * time.Second

// trial gives the senders of kong/kong.yml that have no secret in the environment one of
// this run, and returns the routes that have one, so that something can be sent to them.
func (o *stackOptions) trial() (routes []demoRoute) {
	o.env = maps.Clone(o.env)
	if o.env == nil {
		o.env = map[string]string{}
	}
	for _, r := range demoRoutes() {
		if given := os.Getenv(r.variable); given != "" {
			r.secret = given
		}
		o.env[r.variable] = r.secret
		routes = append(routes, r)
	}
	return routes
}

// try says which secrets are of this run, and sends the samples.
func (s *stack) try(ctx context.Context, routes []demoRoute, out *printer) {
	if made := secretsOf(routes); len(made) > 0 {
		out.print("secrets of this run: %s\n", strings.Join(made, ", "))
	}
	if err := s.sendSamples(ctx, routes); err != nil {
		out.print("%v", err)
	}
}

// sendSamples sends a signed sample to each of routes that is served.
func (s *stack) sendSamples(ctx context.Context, routes []demoRoute) error {
	client := &http.Client{Timeout: sampleTimeout, CheckRedirect: delivery.NoRedirect}
	served := map[string]bool{}
	for _, r := range s.server.Routes() {
		for _, path := range r.Paths {
			served[path] = true
		}
	}
	for _, r := range routes {
		row, ok := catalogue.Lookup(r.provider)
		if !ok || !served[r.path] {
			continue
		}
		d := delivery.Delivery{Row: row, Secret: r.secret, URL: "http://" + s.server.Addr().String() + r.path}
		if events := catalogue.SampleEvents(row); len(events) > 0 {
			d.Event = events[0]
		}
		if _, err := d.Send(ctx, client); err != nil {
			return fmt.Errorf("sample of %s: %w", r.provider, err)
		}
	}
	return nil
}

// secretsOf names the variables whose secrets are of this run.
func secretsOf(routes []demoRoute) (names []string) {
	for _, r := range routes {
		if os.Getenv(r.variable) == "" {
			names = append(names, r.variable)
		}
	}
	return names
}
