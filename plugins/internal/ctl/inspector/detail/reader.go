package detail

import (
	"context"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/open-policy-agent/opa/v1/ast"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/ctl/inspector/api"
	"webhookedge/plugins/internal/ctl/inspector/site"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/streams/archive"
)

// Bounds of an answer.
const (
	answerTimeout = 10 * time.Second
	askTimeout    = 2 * time.Second // of the policies
	maxEvents     = 20              // of a batch, the first ones
	maxText       = 256 << 10       // bytes of one body
	maxTexts      = 1 << 20         // bytes of all stored payloads
	maxInline     = 32 << 20        // bytes of a claim check that is fetched
)

// Reader reads what is known of deliveries. It is safe for concurrent use.
type Reader struct {
	site     *site.Site
	config   configs
	policies policies
}

// New returns the reader of an installation.
func New(s *site.Site) *Reader { return &Reader{site: s} }

// Detail returns what is known of the delivery with a number. The error is
// site.ErrUnknown where none is known: what NATS does not say is said in the answer.
func (r *Reader) Detail(ctx context.Context, n uint64) (*api.Detail, error) {
	given, ok := r.site.Deliveries.Get(n)
	if !ok {
		return nil, site.ErrUnknown
	}
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	v := &view{Reader: r, given: given, out: &api.Detail{Row: given.Row, Record: given.Record}}
	v.js, v.away = r.site.JetStream(ctx)
	v.know()
	v.keep(ctx)
	v.find()
	v.reveal()
	v.stored(ctx)
	v.request()
	v.prove()
	v.refuse()
	v.copies()
	v.acts()
	return v.out, nil
}

// view is one delivery while its answer is made.
type view struct {
	*Reader
	given site.Delivery
	out   *api.Detail

	js   jetstream.JetStream
	away error // why there is no js

	kong  *kong              // nil where no kong.yml is known
	route *route             // nil where the kong.yml has not the route
	row   *provider.Provider // nil for a sender that nobody knows
	hide  *masker

	kept  *archive.Record // nil where it was not kept, or cannot be read
	came  *request        // nil where nobody has it
	shown []byte          // its body without secrets; nil where it is not shown
	body  api.Body        // the same for people
	first *event.Event    // without secrets; nil where there is no event
	read  []origin        // of the first event
	by    string          // the scheme that proved the first event
	input ast.Value       // what the live policy was shown of the first event, nil for nothing
}

// know finds the route and the row of the sender.
func (v *view) know() {
	v.kong = v.config.read(v.site)
	v.route = v.kong.find(v.label())
	if v.route != nil && v.route.settings.Name() == v.given.Row.Provider {
		v.row, _ = v.route.settings.Row() // one that is wrong is nil, as one that is not known
	}
	if v.row == nil {
		v.row, _ = catalogue.Lookup(v.given.Row.Provider)
	}
}

// keep opens what the quarantine has of the delivery.
func (v *view) keep(ctx context.Context) {
	if v.given.Kept == 0 {
		return
	}
	place := v.site.Kept
	k := &api.Kept{Stream: place.Stream, Sequence: v.given.Kept, Held: v.given.Row.State == api.StateHeld}
	v.out.Kept = k
	if v.js == nil {
		k.Error = "NATS cannot be reached."
		return
	}
	record, _, err := archive.New(v.js, place.Stream, place.Prefix, v.site.Keys).Get(ctx, v.given.Kept)
	if err != nil {
		k.Error = sentence(err)
		return
	}
	v.kept = record
	k.Held, k.Cut, k.Removed = record.Held, record.Cut, record.Removed
}

// acts says what makes sense for the delivery.
func (v *view) acts() {
	add := func(act string, sensible bool) {
		if sensible {
			v.out.Acts = append(v.out.Acts, act)
		}
	}
	add(api.ActAgain, v.given.Request != nil && v.site.Gateway != "")
	add(api.ActRelease, v.kept != nil)
	add(api.ActDrop, v.given.Kept != 0)
	add(api.ActReplay, len(v.given.Stored) > 0)
}
