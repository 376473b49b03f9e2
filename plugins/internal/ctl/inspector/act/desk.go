package act

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/internal/ctl/inspector/api"
	"webhookedge/plugins/internal/ctl/inspector/site"
	"webhookedge/plugins/provider/catalogue"
)

// Why an act is not run.
var (
	ErrReadOnly = errors.New("this page may change nothing: webhookctl inspect needs --allow-changes for that")
	ErrKey      = errors.New("this preview is used up or older than ten minutes: look at a new one")
	ErrChanged  = errors.New("something has changed since the preview: look at a new one")
	ErrOrder    = errors.New("this cannot be ordered")
	ErrClosed   = errors.New("the inspector ends")
)

// The bounds of an act.
const (
	actTimeout = 30 * time.Second
	maxBody    = 25 << 20 // bytes of a body, which is the largest that GitHub sends
	maxWord    = 2048     // bytes of any other text of an order
	maxAtOnce  = 4
	undoTime   = 15 * time.Second
)

// Desk takes orders. It is safe for concurrent use.
type Desk struct {
	site     *site.Site
	routes   *routes
	plans    *plans
	removals *removals
	busy     chan struct{}
	client   *http.Client
}

// New returns the desk of an installation. Close ends it.
func New(s *site.Site) *Desk {
	return &Desk{
		site: s, routes: &routes{file: s.Config, env: s.Env}, plans: newPlans(time.Now), removals: newRemovals(undoTime),
		busy: make(chan struct{}, maxAtOnce), client: gatewayClient(s.Gateway),
	}
}

// Close ends the desk. What waits to be removed is kept.
func (d *Desk) Close() { d.removals.close() }

// fixed is what an act makes up once: the run is to send what the preview has shown.
type fixed struct {
	id  string // of a delivery, "" while none is made
	run string // name of a replay
}

// prepared is an act that can be run.
type prepared struct {
	plan api.Plan
	seen []any // what the act rests on, of JSON
	run  func(context.Context) (*api.Done, error)
}

// denied is an act that cannot be run for what is the matter with its target.
func (p *prepared) denied(why string) *prepared {
	p.plan.Denied, p.run = why, nil
	return p
}

// Preview says what an order would do, and does nothing. A plan that says why it is denied
// has no key.
func (d *Desk) Preview(ctx context.Context, o api.Order) (*api.Plan, error) {
	ctx, leave, err := d.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	fix := &fixed{run: "inspector-" + strings.ToLower(rand.Text()[:10])}
	p, err := d.prepare(ctx, &o, fix)
	if err != nil {
		return nil, err
	}
	if p.plan.Steps == nil {
		p.plan.Steps = []string{} // a list for the page
	}
	switch {
	case p.plan.Denied != "":
	case !d.site.Changes:
		p.plan.Denied = ErrReadOnly.Error()
	default:
		if p.plan.Key, err = d.plans.add(&o, p.seen, fix); err != nil {
			return nil, err
		}
	}
	return &p.plan, nil
}

// Run does what a plan says. The errors are ErrReadOnly, ErrKey and ErrChanged beside
// those of the act itself.
func (d *Desk) Run(ctx context.Context, o api.Order) (*api.Done, error) {
	if !d.site.Changes {
		return nil, ErrReadOnly
	}
	// Who goes away while an act runs does not leave it half done.
	ctx, leave, err := d.enter(context.WithoutCancel(ctx))
	if err != nil {
		return nil, err
	}
	defer leave()
	plan, ok := d.plans.take(o.Key)
	if !ok {
		return nil, ErrKey
	}
	p, err := d.prepare(ctx, &o, plan.fix)
	if err != nil {
		return nil, err
	}
	sum, err := sumOf(&o, p.seen)
	switch {
	case err != nil:
		return nil, err
	case p.plan.Denied != "":
		return nil, fmt.Errorf("%w: %s", ErrChanged, p.plan.Denied)
	case sum != plan.sum:
		return nil, ErrChanged
	}
	return p.run(ctx)
}

// Undo takes back a removal that waits.
func (d *Desk) Undo(_ context.Context, u api.Undo) (*api.Done, error) {
	title, err := d.removals.undo(u.Key)
	if err != nil {
		return nil, err
	}
	return &api.Done{OK: true, Title: title}, nil
}

// enter bounds how long acts take and how many run at once.
func (d *Desk) enter(ctx context.Context) (context.Context, func(), error) {
	ctx, cancel := context.WithTimeout(ctx, actTimeout)
	select {
	case d.busy <- struct{}{}:
		return ctx, func() { <-d.busy; cancel() }, nil
	case <-ctx.Done():
		cancel()
		return nil, nil, ctx.Err()
	}
}

func (d *Desk) prepare(ctx context.Context, o *api.Order, fix *fixed) (*prepared, error) {
	if len(o.Body) > maxBody {
		return nil, fmt.Errorf("%w: the body is over %d MiB", ErrOrder, maxBody>>20)
	}
	for _, text := range []string{o.Route, o.Sample, o.Mutation, o.ID, o.Subject} {
		if len(text) > maxWord {
			return nil, fmt.Errorf("%w: a text is over %d bytes", ErrOrder, maxWord)
		}
	}
	switch o.Act {
	case api.ActSend:
		return d.send(o, fix)
	case api.ActAgain:
		return d.again(ctx, o, fix)
	case api.ActRelease:
		return d.release(ctx, o)
	case api.ActDrop:
		return d.drop(ctx, o)
	case api.ActReplay:
		return d.replay(ctx, o, fix)
	case api.ActRetry:
		return d.retry(ctx, o, fix)
	case api.ActDiscard:
		return d.discard(ctx, o)
	}
	return nil, fmt.Errorf("%w: there is no such act", ErrOrder)
}

// delivery returns the delivery that an order is about. The error is site.ErrUnknown.
func (d *Desk) delivery(o *api.Order) (site.Delivery, error) {
	of, ok := d.site.Deliveries.Get(o.N)
	if !ok {
		return of, fmt.Errorf("delivery %d: %w", o.N, site.ErrUnknown)
	}
	return of, nil
}

// takes returns the stream that takes a subject, "" where none does.
func (d *Desk) takes(ctx context.Context, js jetstream.JetStream, subject string) (stream, why string, err error) {
	stream, err = js.StreamNameBySubject(ctx, subject)
	switch {
	case errors.Is(err, jetstream.ErrStreamNotFound):
		return "", "No stream takes the subject " + subject + ".", nil
	case err != nil:
		return "", "", err
	case stream == d.site.Kept.Stream || stream == d.site.Dead.Stream:
		return "", "The stream " + stream + " is not for events.", nil
	}
	return stream, "", nil
}

// sumOf is the hash of an order and of what its preview saw.
func sumOf(o *api.Order, seen []any) ([sha256.Size]byte, error) {
	order := *o
	order.Key = ""
	text, err := json.Marshal([]any{order, seen})
	return sha256.Sum256(text), err
}

// titleOf is a provider's name for people.
func titleOf(name string) string {
	if row, ok := catalogue.Lookup(name); ok {
		return row.Title
	}
	return name
}
