package act

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"webhookedge/kong/local"
	"webhookedge/plugins/internal/ctl/delivery"
	"webhookedge/plugins/internal/ctl/inspector/api"
	"webhookedge/plugins/internal/ctl/kongyml"
	"webhookedge/plugins/provider/catalogue"
)

// errNoConfig is an installation of which no kong.yml is known.
var errNoConfig = errors.New("no kong.yml is known, which has the routes: give --config")

// routes are those of a kong.yml, which is read again when it has changed.
type routes struct {
	file string
	env  func(string) (string, bool)

	mu   sync.Mutex
	at   time.Time
	size int64
	all  []local.RouteConfigs
	err  error
}

func (r *routes) read() ([]local.RouteConfigs, error) {
	if r.file == "" {
		return nil, errNoConfig
	}
	info, err := os.Stat(r.file)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.at.Equal(info.ModTime()) || r.size != info.Size() {
		env := r.env
		if env == nil {
			env = os.LookupEnv
		}
		r.at, r.size = info.ModTime(), info.Size()
		r.all, r.err = kongyml.RoutesWith(r.file, env)
	}
	return r.all, r.err
}

// sender is a route with what its provider sends.
type sender struct {
	route *local.RouteConfigs
	delivery.Delivery
	why string // why it does not sign
}

// sender returns that of a route, with its address at the gateway.
func (d *Desk) sender(label string) (*sender, error) {
	all, err := d.routes.read()
	if err != nil {
		return nil, err
	}
	route, err := kongyml.Find(all, label)
	if err != nil {
		return nil, err
	}
	return d.senderOf(route)
}

func (d *Desk) senderOf(route *local.RouteConfigs) (*sender, error) {
	of, signs, err := kongyml.Delivery(route)
	if err != nil {
		return nil, err
	}
	s := &sender{route: route, Delivery: of}
	switch {
	case signs:
	case len(route.Unresolved) > 0:
		s.why = fmt.Sprint(route.Unresolved[0])
	default:
		s.why = "The route has what verifies and not what signs."
	}
	if d.site.Gateway == "" {
		s.why = "The address of the gateway is not known."
		return s, nil
	}
	if s.URL, s.Host, err = kongyml.Address(route, d.site.Gateway); err != nil {
		s.why = "The route " + err.Error() + "."
		if errors.Is(err, kongyml.ErrGateway) {
			s.why = "The URL of the gateway " + err.Error() + "."
		}
	}
	return s, nil
}

// Senders returns the routes with what their providers can send, none where the kong.yml
// cannot be read.
func (d *Desk) Senders() []api.Sender {
	routes, err := d.routes.read()
	if err != nil {
		return nil
	}
	all := make([]api.Sender, 0, len(routes))
	for i := range routes {
		one := api.Sender{Route: kongyml.Label(&routes[i])}
		s, err := d.senderOf(&routes[i])
		if err != nil {
			one.Provider, one.Why = named(&routes[i]), err.Error()
		} else {
			one.Provider, one.Events = s.Row.Name, catalogue.SampleEvents(s.Row)
			one.Signs, one.Why = s.why == "", s.why
		}
		all = append(all, one)
	}
	return all
}

// named is the provider of a route whose config has a fault.
func named(route *local.RouteConfigs) string {
	var s kongyml.Settings
	for plugin, text := range route.Plugins {
		if _, err := s.Read(plugin, text); err == nil && s.Name() != "" {
			return s.Name()
		}
	}
	return ""
}
