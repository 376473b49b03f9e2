// Package probe is `webhookctl probe`: a signed synthetic delivery on each route of a
// kong.yml, from end to end.
package probe

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"webhookedge/kong/local"
	"webhookedge/plugins/internal/ctl/delivery"
	"webhookedge/plugins/internal/ctl/kongyml"
	"webhookedge/plugins/internal/probe"
	"webhookedge/plugins/provider/spec"
)

// The results of a probe.
const (
	stored  = "stored"
	failed  = "failed"
	skipped = "skipped" // nobody here can sign as its sender
)

// target is a route that can be probed, or why it cannot.
type target struct {
	route    string
	provider string // "" where the route cannot be read
	delivery delivery.Delivery
	skip     string
}

// result is what came of a probe. It holds no secret.
type result struct {
	Route    string  `json:"route"`
	Provider string  `json:"provider"`
	Result   string  `json:"result"`
	Status   int     `json:"status,omitempty"`
	Ack      string  `json:"ack,omitempty"`
	Seconds  float64 `json:"seconds"`
	Detail   string  `json:"detail,omitempty"`
}

// targetOf reads what a delivery on a route needs.
func targetOf(r *local.RouteConfigs, gateway string) (target, error) {
	t := target{route: kongyml.Label(r)}
	d, signs, err := kongyml.Delivery(r)
	if err != nil && len(r.Unresolved) > 0 {
		t.skip = strings.ReplaceAll(err.Error(), "\n", "; ")
		return t, nil
	}
	if err != nil {
		return t, err
	}
	t.delivery, t.provider = d, d.Row.Name
	scheme, _ := d.Row.Scheme(d.Scheme)
	path, found := kongyml.Target(r)
	switch {
	case !probe.Possible(&scheme):
		t.skip = "its sender has a key that nobody here knows"
	case !signs:
		t.skip = "no secret of the route has a value"
	case !found:
		t.skip = "its paths are regular expressions"
	}
	t.delivery.URL = strings.TrimSuffix(gateway, "/") + path
	for _, host := range r.Hosts {
		if !strings.Contains(host, "*") {
			t.delivery.Host = host
			break
		}
	}
	return t, nil
}

// run probes one route.
func (t *target) run(ctx context.Context, client *http.Client) result {
	res := result{Route: t.route, Provider: t.provider, Result: skipped, Detail: t.skip}
	if t.skip != "" {
		return res
	}
	begun := time.Now()
	answer, err := t.send(ctx, client, begun)
	res.Seconds = time.Since(begun).Seconds()
	res.Status, res.Ack = answer.Status, answer.Ack
	switch {
	case err != nil:
		res.Result, res.Detail = failed, err.Error()
	case answer.Status/100 != 2:
		res.Result, res.Detail = failed, answer.Body
	default:
		res.Result = stored
	}
	return res
}

// send makes a delivery of its own for each run, signs it as the sender would, and marks
// what is sent.
func (t *target) send(ctx context.Context, client *http.Client, now time.Time) (delivery.Answer, error) {
	d := t.delivery
	events := delivery.Events(d.Row.Name)
	switch {
	case len(events) > 0:
		d.Event = events[0]
	default: // a sender of the user's own, of whose payloads nothing is known
		d.ID = uuid.NewString()
		d.Event, d.Body, d.ContentType = "probe", []byte(`{"id":"`+d.ID+`","type":"probe"}`), "application/json"
	}
	signed, err := d.Sign(now)
	if err != nil {
		return delivery.Answer{}, err
	}
	signed.Headers = append(slices.Clone(signed.Headers), spec.Header{Name: probe.Header, Value: probe.NewKey(d.Secret).Mark(now, signed.Body)})
	answer, err := delivery.Post(ctx, client, signed, d.Host)
	if err != nil && ctx.Err() == nil {
		err = fmt.Errorf("no answer: %w", plain(err))
	}
	return answer, err
}

// plain leaves the URL out of a client's error: a signature may stand in its query.
func plain(err error) error {
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(inner) {
		err = inner
	}
	return err
}
