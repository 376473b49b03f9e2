package forward

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"

	"webhookedge/plugins/internal/ctl/delivery"
	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/internal/ctl/kongyml"
	"webhookedge/plugins/internal/ctl/stored"
	"webhookedge/plugins/provider"
)

const formType = "application/x-www-form-urlencoded"

// resigner makes deliveries of events, as their providers would.
type resigner struct {
	env, route, config string // flags
	url                string // where they go

	secret  string                       // of env
	senders map[string]delivery.Delivery // by route
}

// open reads the secret, or the route that has it.
func (r *resigner) open(needed bool) error {
	r.senders = map[string]delivery.Delivery{}
	if !needed {
		return nil
	}
	if r.env != "" {
		if r.secret = os.Getenv(r.env); r.secret == "" {
			return exit.Usagef("the environment variable %s is empty", r.env)
		}
	}
	if r.route != "" {
		_, err := r.ofRoute(r.route)
		return err
	}
	return nil
}

// sender returns a delivery of the event's sender, without what is the event's own.
func (r *resigner) sender(e *stored.Event) (delivery.Delivery, error) {
	if r.env != "" {
		row, err := delivery.Provider(e.Provider)
		return delivery.Delivery{Row: row, Secret: r.secret}, err
	}
	route := cmp.Or(r.route, e.Route)
	if route == "" {
		return delivery.Delivery{}, errors.New("its message does not tell the route that has the secret: give --route or --secret-env")
	}
	d, err := r.ofRoute(route)
	if err == nil && d.Row.Name != e.Provider {
		err = fmt.Errorf("route %s is of %s", route, d.Row.Name)
	}
	return d, err
}

func (r *resigner) ofRoute(name string) (delivery.Delivery, error) {
	if d, ok := r.senders[name]; ok {
		return d, nil
	}
	route, err := kongyml.Route(r.config, name)
	if err != nil {
		return delivery.Delivery{}, err
	}
	d, signs, err := kongyml.Delivery(route)
	if err == nil && !signs {
		err = fmt.Errorf("route %s has no secret that signs: give it with --secret-env", name)
	}
	if err == nil {
		r.senders[name] = d
	}
	return d, err
}

// delivery returns e as its provider would deliver it. What is not in the event as it was
// sent cannot be.
func (r *resigner) delivery(e *stored.Event) (*delivery.Delivery, error) {
	d, err := r.sender(e)
	if err != nil {
		return nil, err
	}
	if e.DeliveryID != "" {
		return nil, errors.New("it is one event out of a delivery of several: forward it as structured or binary")
	}
	d.URL = r.url
	if d.Body, d.ContentType, err = sent(d.Row, e); err != nil {
		return nil, err
	}
	if err := d.Like(e.Type, e.Action, e.ID); err != nil {
		return nil, fmt.Errorf("%w: forward it as structured or binary", err)
	}
	return &d, nil
}

// sent returns the body that the provider sent. JSON is in an event as it came; of a form,
// of which the event has JSON, it is made again where each field has a text.
func sent(row *provider.Provider, e *stored.Event) (body []byte, contentType string, err error) {
	if e.Binary {
		return e.Data, e.DataContentType, nil
	}
	usual := ""
	if len(row.ContentTypes) > 0 {
		usual = row.ContentTypes[0]
	}
	switch {
	case strings.Contains(usual, "json"):
		return e.Data, usual, nil
	case !strings.HasPrefix(usual, formType):
		return nil, "", fmt.Errorf("%s sends %s, which the event does not hold: forward it as structured or binary", row.Name, cmp.Or(usual, "something else than JSON"))
	}
	var fields map[string]string
	if json.Unmarshal(e.Data, &fields) != nil {
		return nil, "", errors.New("its form cannot be made again of the event: forward it as structured or binary")
	}
	form := url.Values{}
	for name, text := range fields {
		form.Set(name, text)
	}
	return []byte(form.Encode()), formType, nil
}
