package replay

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/time/rate"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/text"
	"webhookedge/plugins/streams/read"
)

// The bounds of Options.Rate, in events a second.
const (
	MinRate = 0.02
	MaxRate = 100_000
)

// ErrOptions is a replay that makes no sense.
var ErrOptions = errors.New("the options of the replay are not possible")

// Options say what is replayed, and where to.
type Options struct {
	Stream   string
	From, To time.Time // by when the stream stored them, To exclusive; zero is no bound
	Match    []string  // patterns of subjects; none is all
	Provider string    // "" is all
	// Type is a CloudEvents type, "github.push", or the beginning of some before
	// a star, "github.*"; "" is all.
	Type string
	// Subject is where events go, with {subject} for their own; "" is their own.
	Subject string
	// Rate bounds events a second; 0 is no bound.
	Rate float64
	// Run names the run in the ids of the copies: letters, digits, _ and -.
	Run string
	// Again replays also what is a replay itself.
	Again bool
	// DryRun publishes nothing.
	DryRun bool
}

// Summary counts what a replay did.
type Summary struct {
	Read      int // messages that were looked at
	Matched   int // of them, those that the options pick
	Published int // of them, those that a stream took; none in a dry run
	Doubles   int // of Matched, those that a run of the same name had published
	Failed    int
}

// Validate reports everything that is wrong with o as ErrOptions.
func (o *Options) Validate() error {
	var faults []error
	fault := func(why string) { faults = append(faults, fmt.Errorf("%w: %s", ErrOptions, why)) }
	if len(o.Run) > 64 || !text.IsName(o.Run) {
		fault("the run needs a name of 1 to 64 letters, digits, _ and -")
	}
	if !o.To.IsZero() && !o.From.Before(o.To) {
		fault("from is not before to")
	}
	if o.Rate != 0 && (o.Rate < MinRate || o.Rate > MaxRate) {
		fault(fmt.Sprintf("the rate must be from %g to %d events a second", MinRate, MaxRate))
	}
	if !isSubject(Target(o.Subject, "a")) {
		fault("the subject is none to publish on")
	}
	return errors.Join(faults...)
}

// Run replays what o picks and tells each of every result; in a dry run, what
// would be published, without Stream and Sequence. It does not stop at a message
// that fails. It reads no further than what was stored when it began.
func Run(ctx context.Context, js jetstream.JetStream, o Options, each func(Result)) (Summary, error) {
	if err := o.Validate(); err != nil {
		return Summary{}, err
	}
	r := run{js: js, o: o, each: each, limit: rate.NewLimiter(rate.Inf, 1), window: maxWindow}
	part := read.Range{Subjects: o.Match, From: o.From, To: o.To}
	if o.Rate > 0 {
		r.limit.SetLimit(rate.Limit(o.Rate))
		part.Batch = max(1, int(o.Rate)) // a second's worth, so that no batch is held for long
		r.window = min(part.Batch, maxWindow)
	}
	for m, err := range read.All(ctx, js, o.Stream, part) {
		if err != nil {
			return r.sum, errors.Join(err, r.settle(ctx, 0))
		}
		if err := r.one(ctx, m); err != nil {
			return r.sum, err
		}
	}
	return r.sum, r.settle(ctx, 0)
}

// run publishes messages in order, up to window of them under way at once, and tells
// each of every one in that order.
type run struct {
	js     jetstream.JetStream
	o      Options
	each   func(Result)
	limit  *rate.Limiter
	window int
	under  []flight
	failed int // in a row
	sum    Summary
}

func (r *run) one(ctx context.Context, m *read.Message) error {
	r.sum.Read++
	origin := &Original{Stream: r.o.Stream, Sequence: m.Sequence, Subject: m.Subject(), Header: m.Headers(), Data: m.Data()}
	if !r.o.picks(origin) {
		return nil
	}
	r.sum.Matched++
	subject := Target(r.o.Subject, origin.Subject)
	res := Result{Original: origin, Subject: subject}
	var msg *nats.Msg
	if msg, res.Err = Copy(origin, subject, r.o.Run); res.Err != nil {
		r.done(res)
		return nil //nolint:nilerr // it is told, and the run goes on
	}
	if r.o.DryRun {
		r.each(res)
		return nil
	}
	if err := r.limit.Wait(ctx); err != nil {
		return err
	}
	return r.publish(ctx, origin, msg)
}

func (r *run) done(res Result) {
	switch {
	case res.Err != nil:
		r.sum.Failed++
	case res.Duplicate:
		r.sum.Doubles++
	default:
		r.sum.Published++
	}
	r.each(res)
}

// picks reports whether o asks for a message. A stream may hold what is no event:
// nobody asks for that.
func (o *Options) picks(origin *Original) bool {
	e, err := event.Parse(origin.Header, origin.Data)
	switch {
	case err != nil:
		return false
	case e.Replayed && !o.Again, o.Provider != "" && e.Provider != o.Provider:
		return false
	case o.Type == "":
		return true
	}
	if head, ok := strings.CutSuffix(o.Type, "*"); ok {
		return strings.HasPrefix(e.FullType(), head)
	}
	return e.FullType() == o.Type
}
