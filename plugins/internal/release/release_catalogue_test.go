package release

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"runtime"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/chain"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/pluginserver"
	"webhookedge/plugins/internal/telemetry"
	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/provider/spec"
	"webhookedge/plugins/quarantine"
)

// holding holds every event back.
type holding struct{ code pipeline.Code }

func (holding) Name() string { return "holding" }

func (h holding) Handle(_ context.Context, d *pipeline.Delivery) error {
	for i := range d.Items {
		d.Items[i].Hold = h.code
	}
	return nil
}

// sparse is environment without a series for every provider, since it is made often.
func sparse(t testing.TB, now time.Time) pluginserver.Env {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	metrics, err := telemetry.NewMetrics("test", nil, chain.Stages())
	if err != nil {
		t.Fatal(err)
	}
	return pluginserver.Env{Logger: log, Metrics: metrics, Checks: telemetry.NewServer(metrics, log), Now: func() time.Time { return now }}
}

// bench is a broker, and webhook-edge with a stage that holds everything back.
type bench struct {
	url string
	js  jetstream.JetStream

	process *chain.Process
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{}
	b.url, b.js = startNATS(t)
	process, err := chain.Open(sparse(t, received()), "test")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(process.Close)
	b.process = process
	return b
}

// hold runs d through the stages of a config.
func (b *bench) hold(t *testing.T, text []byte, d *pipeline.Delivery) pipeline.Outcome {
	t.Helper()
	spec, err := chain.Decode("webhook-edge", text)
	if err != nil {
		t.Fatal(err)
	}
	i, err := b.process.Instance(spec, chain.Variant{Now: received, Skip: []string{"ipallow", "ratelimit"}, Replace: func(stage string, s pipeline.Stage) []pipeline.Stage {
		if stage == "publish" {
			return []pipeline.Stage{holding{pipeline.PayloadInvalid}, s}
		}
		return []pipeline.Stage{s}
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer i.Close()
	run, err := pipeline.NewChain(i.Stages)
	if err != nil {
		t.Fatal(err)
	}
	return run.Run(t.Context(), d)
}

// last is the newest sequence of a stream.
func (b *bench) last(t *testing.T, stream string) uint64 {
	t.Helper()
	s, err := b.js.Stream(t.Context(), stream)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return 0
	}
	if err != nil {
		t.Fatal(err)
	}
	return s.CachedInfo().State.LastSeq
}

// keep holds a delivery of s back and returns its events and the sequence of the first
// record, 0 where it is not held back, after a check that the sender is not told 200
// then.
func (b *bench) keep(t *testing.T, s *sender, sealed bool) ([]pipeline.Item, uint64) {
	t.Helper()
	d := s.delivery(t, "d1")
	d.Route = t.Name() // of another route, so that it is none of an earlier test's
	before := b.last(t, "WEBHOOKS_REJECTED")
	out := b.hold(t, s.config(t, b.url, sealed, s.old), d)
	stored := b.last(t, "WEBHOOKS_REJECTED") - before
	if out.Code == pipeline.Misconfigured && errors.Is(out.Err, quarantine.ErrUnreleasable) && out.Status == 500 && stored == 0 {
		return nil, 0
	}
	if out.Code != pipeline.Quarantined || out.Status != 200 || stored != uint64(len(d.Items)) {
		t.Fatalf("%s %d: %v, with %d records of %d events", out.Code, out.Status, out.Err, stored, len(d.Items))
	}
	return d.Items, before + 1
}

// release releases a record by a config and, where that is done, checks that the event
// is the one that was held.
func (b *bench) release(t *testing.T, text []byte, seq uint64, held []pipeline.Item, order Order) Result {
	t.Helper()
	r, err := Open(sparse(t, time.Now()), map[string][]byte{"webhook-edge": text}, routeHosts)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	before := b.last(t, "WEBHOOKS")
	rec := record(t, r, seq)
	got, err := r.Run(t.Context(), rec, order)
	if err != nil {
		t.Fatal(err)
	}
	published := b.last(t, "WEBHOOKS") - before
	if got.Outcome.Code != pipeline.Accepted {
		if published != 0 {
			t.Errorf("%s, and %d events published", got.Outcome.Code, published)
		}
		return got
	}
	if published != 1 {
		t.Fatalf("%d events published", published)
	}
	s, err := b.js.Stream(t.Context(), "WEBHOOKS")
	if err != nil {
		t.Fatal(err)
	}
	m, err := s.GetMsg(t.Context(), before+1)
	if err != nil {
		t.Fatal(err)
	}
	e, err := event.Parse(m.Header, m.Data)
	if err != nil {
		t.Fatal(err)
	}
	if want := held[rec.Item-1].Event.NATSSubject("webhooks"); m.Subject != want {
		t.Errorf("published on %s, want %s", m.Subject, want)
	}
	compare(t, *held[rec.Item-1].Event, e)
	return got
}

// compare fails where a release published another event than the one that was held.
func compare(t *testing.T, want event.Event, got *event.Event) {
	t.Helper()
	want.Replayed = true
	ignore := cmp.Options{cmpopts.IgnoreFields(event.Event{}, "Binary", "SecretID", "Separator"), cmpopts.EquateEmpty()} // the secret may be another one in the list, and a separator is not stored
	if got.Redacted {                                                                                                    // a secret in the body could not be put back
		if !bytes.Contains(got.Data, []byte("hmac-sha256:")) && !bytes.Contains(got.Data, []byte("[removed]")) {
			t.Errorf("nothing is left out of %s", got.Data)
		}
		ignore = append(ignore, cmpopts.IgnoreFields(event.Event{}, "Data", "Redacted", "DeliveryID"))
	}
	if diff := cmp.Diff(&want, got, ignore); diff != "" {
		t.Errorf("the event is another one (-held +released):\n%s", diff)
	}
}

// TestRelease_ofEverySender holds an event of each scheme back and releases it, with
// the secret of then and with another one.
func TestRelease_ofEverySender(t *testing.T) {
	free := make(chan *bench, runtime.GOMAXPROCS(0)) // one each, since the streams are counted
	for range cap(free) {
		free <- newBench(t)
	}
	eachSender(t, func(t *testing.T, s *sender) {
		b := <-free
		defer func() { free <- b }()
		t.Run("sealed", func(t *testing.T) {
			held, seq := b.keep(t, s, true)
			if seq == 0 {
				t.Fatal("not held, although there are keys")
			}
			changed := s.config(t, b.url, true, s.new)
			if got := b.release(t, changed, seq, held, Order{Reverify: true}); got.Outcome.Code != pipeline.SignatureInvalid || got.Proved != nil {
				t.Errorf("verified by another secret: %s, %v", got.Outcome.Code, got.Proved)
			}
			got := b.release(t, changed, seq, held, Order{})
			if e := &s.scheme.Encrypted; e.Whole() && e.Keys == "" { // the secret is what decrypts
				if got.Outcome.Code != pipeline.SignatureInvalid {
					t.Errorf("decrypted by another secret: %s", got.Outcome.Code)
				}
				return
			}
			if p := got.Proved; got.Outcome.Code != pipeline.Accepted || p == nil || p.Scheme != s.scheme.Name || p.SecretID != "1" || !p.AsOf.Equal(received()) {
				t.Errorf("with another secret: %s: %v, by %+v", got.Outcome.Code, got.Outcome.Err, p)
			}
		})
		t.Run("sealed, the same secret", func(t *testing.T) {
			held, seq := b.keep(t, s, true)
			lost := s.loses && !s.restored
			got := b.release(t, s.config(t, b.url, true, s.new, s.old), seq, held, Order{Reverify: !lost})
			if got.Outcome.Code != pipeline.Accepted || (got.Proved != nil) != lost {
				t.Errorf("%s: %v, by %+v", got.Outcome.Code, got.Outcome.Err, got.Proved)
			}
		})
		t.Run("not sealed", func(t *testing.T) {
			held, seq := b.keep(t, s, false)
			if lost := s.scheme.ShowsSecret() || s.scheme.Kind == spec.ClientCert || s.loses; lost != (seq == 0) {
				t.Fatalf("held back: %v", seq != 0)
			}
			if seq == 0 {
				return
			}
			if got := b.release(t, s.config(t, b.url, false, s.new), seq, held, Order{}); got.Outcome.Code != pipeline.SignatureInvalid || got.Proved != nil {
				t.Errorf("released on the word of a record that anybody could have written: %s, %v", got.Outcome.Code, got.Proved)
			}
			if got := b.release(t, s.config(t, b.url, false, s.new, s.old), seq, held, Order{}); got.Outcome.Code != pipeline.Accepted || got.Proved != nil {
				t.Errorf("with the secret of then: %s: %v", got.Outcome.Code, got.Outcome.Err)
			}
		})
	})
}

// TestRelease_ofVouchedElements holds a notification whose elements each have a shared
// word: with keys it is released whole, and without them nobody is told 200 for it.
func TestRelease_ofVouchedElements(t *testing.T) {
	b := newBench(t)
	row, ok := catalogue.Lookup("microsoft-graph")
	if !ok {
		t.Fatal("no such row")
	}
	scheme, ok := row.Scheme("rich")
	if !ok {
		t.Fatal("no such scheme")
	}
	s := newSender(t, row, scheme)
	if _, seq := b.keep(t, s, false); seq != 0 {
		t.Error("held without keys, although nobody could prove it again")
	}
	held, seq := b.keep(t, s, true)
	if seq == 0 {
		t.Fatal("not held, although there are keys")
	}
	r, err := Open(sparse(t, time.Now()), map[string][]byte{"webhook-edge": s.config(t, b.url, true, s.new)}, routeHosts)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	got, err := r.Run(t.Context(), record(t, r, seq), Order{})
	if err != nil || got.Outcome.Code != pipeline.Accepted {
		t.Fatalf("%v: %s", err, got.Outcome.Code)
	}
	stream, err := b.js.Stream(t.Context(), "WEBHOOKS")
	if err != nil {
		t.Fatal(err)
	}
	m, err := stream.GetMsg(t.Context(), b.last(t, "WEBHOOKS"))
	if err != nil {
		t.Fatal(err)
	}
	e, err := event.Parse(m.Header, m.Data)
	if err != nil || !bytes.Equal(e.Data, held[0].Event.Data) || e.Redacted {
		t.Errorf("%v: the data is %s, redacted %t, want %s", err, e.Data, e.Redacted, held[0].Event.Data)
	}
}
