package quarantine

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/config"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/streams"
)

var errRefused = errors.New("signature does not match")

// startNATS runs a broker with JetStream until the test ends.
func startNATS(t testing.TB, change func(*server.Options)) *server.Server {
	t.Helper()
	opts := &server.Options{Host: "127.0.0.1", Port: -1, JetStream: true, StoreDir: t.TempDir(), NoLog: true, NoSigs: true}
	if change != nil {
		change(opts)
	}
	s, err := server.NewServer(opts)
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	if !s.ReadyForConnections(10 * time.Second) {
		t.Fatal("the broker does not come up")
	}
	return s
}

func client(t testing.TB, s *server.Server) jetstream.JetStream {
	t.Helper()
	nc, err := nats.Connect(s.ClientURL())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	return js
}

type object = map[string]any

func settings(t testing.TB, set object) Config {
	t.Helper()
	text, err := json.Marshal(set)
	if err != nil {
		t.Fatal(err)
	}
	var cfg Config
	if err := config.Decode(text, &cfg); err != nil {
		t.Fatal(err)
	}
	return cfg
}

func keyOf(letter string) object {
	return object{"id": letter, "value": base64.StdEncoding.EncodeToString(bytes.Repeat([]byte(letter), KeySize))}
}

// logs collects what was logged.
type logs struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// kit is a keeper with everything around it.
type kit struct {
	*Keeper
	pool    *Pool
	js      jetstream.JetStream
	logs    *logs
	metrics *prometheus.Registry
}

func newKit(t testing.TB, js jetstream.JetStream, connect Connect, set object) *kit {
	t.Helper()
	k := &kit{js: js, logs: &logs{}, metrics: prometheus.NewRegistry()}
	var err error
	if k.pool, err = NewPool(slog.New(slog.NewJSONHandler(k.logs, nil)), at, k.metrics); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { k.flush(t) })
	if connect == nil {
		connect = func(context.Context) (jetstream.JetStream, error) { return js, nil }
	}
	if k.Keeper, err = k.pool.Keeper(lookup(t, "github"), settings(t, set), connect); err != nil {
		t.Fatal(err)
	}
	return k
}

func (k *kit) flush(t testing.TB) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := k.pool.Close(ctx); err != nil {
		t.Errorf("close: %v", err)
	}
}

func (k *kit) archive(t testing.TB) *Archive {
	t.Helper()
	return NewArchive(k.js, k.cfg.Stream, k.cfg.SubjectPrefix, k.keys)
}

func (k *kit) counted(kind, result string) int {
	return int(testutil.ToFloat64(k.counters[[2]string{kind, result}]))
}

func entries(t testing.TB, a *Archive, f Filter) []Entry {
	t.Helper()
	var all []Entry
	for e, err := range a.List(t.Context(), f) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, e)
	}
	return all
}

func refused(code pipeline.Code) *pipeline.Outcome {
	return &pipeline.Outcome{Code: code, Status: 401, Stage: "verify", Err: errRefused}
}

func held(id string, body []byte) (*pipeline.Delivery, *pipeline.Item) {
	d := odd()
	d.Body = body
	d.SetEvent(&event.Event{ID: id, Source: "/s", Provider: "github", Type: "push"})
	d.Items[0].Hold = pipeline.PayloadInvalid
	return d, &d.Items[0]
}

func TestARefusedDeliveryIsKeptAsItCame(t *testing.T) {
	for name, set := range map[string]object{
		"not sealed": {},
		"sealed":     {"keys": []any{keyOf("a"), keyOf("b")}},
	} {
		t.Run(name, func(t *testing.T) {
			k := newKit(t, client(t, startNATS(t, nil)), nil, set)
			d := odd()
			d.Headers = append(d.Headers, pipeline.Header{Name: "authorization", Value: "Bearer s3cret"})
			body := bytes.Clone(d.Body)
			k.Refused(t.Context(), d, refused(pipeline.SignatureInvalid))
			clear(d.Body) // its memory is used again
			k.flush(t)
			all := entries(t, k.archive(t), Filter{})
			if len(all) != 1 || all[0].Provider != "github" || all[0].Code != "signature_invalid" || all[0].Size != len(body) || all[0].Held {
				t.Fatalf("listed %+v", all)
			}
			r, _, err := k.archive(t).Get(t.Context(), all[0].Sequence)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(r.Body, body) || r.Cut || r.Reason != errRefused.Error() || r.Stage != "verify" || !r.ReceivedAt.Equal(at()) {
				t.Errorf("kept %+v with body %q", r, r.Body)
			}
			raw, err := stored(t, k).GetMsg(t.Context(), all[0].Sequence)
			if err != nil {
				t.Fatal(err)
			}
			if text := fmt.Sprint(raw.Header, string(raw.Data), k.logs, all, r); strings.Contains(text, "s3cret") || strings.Contains(text, "czNjcmV0") {
				t.Errorf("the secret is kept: %s", text)
			}
			if sealed := !bytes.Contains(raw.Data, body); sealed != (name == "sealed") {
				t.Errorf("the body is unreadable: %v", sealed)
			}
		})
	}
}

func stored(t testing.TB, k *kit) jetstream.Stream {
	t.Helper()
	s, err := k.js.Stream(t.Context(), k.cfg.Stream)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestOnlyTheCodesOfTheSettingAreKept(t *testing.T) {
	js := client(t, startNATS(t, nil))
	for name, tc := range map[string]struct {
		set  object
		want []string
	}{
		"by default":         {object{"stream": "ONE", "subject_prefix": "one"}, []string{"signature_invalid", "payload_invalid", "policy_denied"}},
		"nothing":            {object{"stream": "TWO", "subject_prefix": "two", "keep": []any{}}, nil},
		"addresses, on wish": {object{"stream": "THREE", "subject_prefix": "three", "keep": []any{"ip_denied"}}, []string{"ip_denied"}},
	} {
		t.Run(name, func(t *testing.T) {
			k := newKit(t, js, nil, tc.set)
			if _, err := k.writer.look(t.Context(), js); err != nil {
				t.Fatal(err)
			}
			for _, row := range pipeline.Codes() {
				k.Refused(t.Context(), odd(), refused(row.Code))
			}
			k.flush(t)
			var got []string
			for _, e := range entries(t, k.archive(t), Filter{}) {
				got = append(got, e.Code)
			}
			if diff := cmp.Diff(tc.want, sortedAs(tc.want, got)); diff != "" {
				t.Errorf("kept (-want +got):\n%s", diff)
			}
		})
	}
}

// sortedAs puts got into the order of want.
func sortedAs(want, got []string) []string {
	var out []string
	for _, w := range want {
		for _, g := range got {
			if g == w {
				out = append(out, g)
			}
		}
	}
	if len(out) != len(got) {
		return got
	}
	return out
}

func TestAFloodIsHeldToTheBudget(t *testing.T) {
	k := newKit(t, client(t, startNATS(t, nil)), nil, object{"per_provider_per_minute": 5, "per_minute": 7})
	const flood = 10_000
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range flood / 4 {
				k.Refused(t.Context(), odd(), refused(pipeline.SignatureInvalid))
			}
		})
	}
	group.Wait()
	k.flush(t)
	if n := len(entries(t, k.archive(t), Filter{})); n != 5 {
		t.Errorf("%d are kept", n)
	}
	if got := k.counted(kindRefused, resultBudget); got != flood-5 {
		t.Errorf("%d counted as over the budget", got)
	}
}

func TestADeadBrokerNeitherDelaysNorFillsTheMemory(t *testing.T) {
	block := make(chan struct{})
	k := newKit(t, nil, func(ctx context.Context) (jetstream.JetStream, error) {
		select {
		case <-block:
			return nil, nats.ErrDisconnected
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}, object{"per_provider_per_minute": 100000, "per_minute": 100000, "max_body_bytes": 1 << 20})
	d := odd()
	d.Body = make([]byte, 1<<20)
	const n = 2 * maxQueued
	for range n { // would never end if one of them waited
		k.Refused(t.Context(), d, refused(pipeline.SignatureInvalid))
	}
	if used := k.pool.bytes.Load(); used > maxQueuedBytes {
		t.Errorf("%d bytes are queued", used)
	}
	close(block)
	k.flush(t)
	lost, failed := k.counted(kindRefused, resultQueue), k.counted(kindRefused, resultFailed)
	if lost+failed != n || failed > maxQueuedBytes>>20 || failed == 0 {
		t.Errorf("%d did not fit, %d failed", lost, failed)
	}
	if k.pool.bytes.Load() != 0 {
		t.Errorf("%d bytes are still counted", k.pool.bytes.Load())
	}
	if lines := strings.Count(k.logs.String(), "\n"); lines != 1 {
		t.Errorf("%d lines logged", lines)
	}
	k.Refused(t.Context(), d, refused(pipeline.SignatureInvalid)) // after Close
	if got := k.counted(kindRefused, resultQueue); got != lost+1 {
		t.Errorf("a delivery after the end counts as %d", got-lost)
	}
}

func TestARefusedBodyIsCutToItsBound(t *testing.T) {
	k := newKit(t, client(t, startNATS(t, nil)), nil, object{"max_body_bytes": 1024})
	d := odd()
	d.Body = bytes.Repeat([]byte("x"), 5000)
	k.Refused(t.Context(), d, refused(pipeline.SignatureInvalid))
	k.flush(t)
	r, e, err := k.archive(t).Get(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if !r.Cut || len(r.Body) != 1024 || r.Size != 5000 || e.Size != 5000 {
		t.Errorf("cut: %v, %d of %d bytes", r.Cut, len(r.Body), r.Size)
	}
}

func TestAnEventIsHeldOnlyOnceItIsStored(t *testing.T) {
	s := startNATS(t, func(o *server.Options) { o.MaxPayload = 128 << 10 })
	k := newKit(t, client(t, s), nil, object{"keys": []any{keyOf("a")}})
	for name, size := range map[string]int{"small": 10, "in several messages": 1 << 20} {
		t.Run(name, func(t *testing.T) {
			body := bytes.Repeat([]byte(name), size/len(name))
			d, item := held("evt "+name, body)
			for range 2 { // the sender tries again, its answer was lost
				if err := k.Hold(t.Context(), d, item, pipeline.PayloadInvalid); err != nil {
					t.Fatal(err)
				}
			}
			var mine []Entry
			for _, e := range entries(t, k.archive(t), Filter{Held: true, Provider: "github", Code: "payload_invalid"}) {
				if e.Size == len(body) {
					mine = append(mine, e)
				}
			}
			if len(mine) != 1 {
				t.Fatalf("stored %d times", len(mine))
			}
			r, _, err := k.archive(t).Get(t.Context(), mine[0].Sequence)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(r.Body, body) || !r.Held || r.Event != "evt "+name {
				t.Errorf("%d bytes, held: %v, event %q", len(r.Body), r.Held, r.Event)
			}
			if err := k.archive(t).Drop(t.Context(), mine[0].Sequence); err != nil {
				t.Fatal(err)
			}
			if _, _, err := k.archive(t).Get(t.Context(), mine[0].Sequence); !errors.Is(err, ErrNotFound) {
				t.Errorf("after the drop: %v", err)
			}
		})
	}
	s.Shutdown()
	s.WaitForShutdown()
	d, item := held("late", []byte("{}"))
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if err := k.Hold(ctx, d, item, pipeline.PayloadInvalid); err == nil {
		t.Error("held by a dead broker")
	}
	if got := k.counted(kindHeld, resultFailed); got != 1 {
		t.Errorf("counted %d failures", got)
	}
}

func TestAPartThatIsGoneOrForeignIsNoticed(t *testing.T) {
	k := newKit(t, client(t, startNATS(t, func(o *server.Options) { o.MaxPayload = 64 << 10 })), nil, object{})
	d, item := held("big", make([]byte, 200<<10))
	if err := k.Hold(t.Context(), d, item, pipeline.PayloadInvalid); err != nil {
		t.Fatal(err)
	}
	e := entries(t, k.archive(t), Filter{})[0]
	if err := stored(t, k).DeleteMsg(t.Context(), e.parts[1]); err != nil {
		t.Fatal(err)
	}
	if _, _, err := k.archive(t).Get(t.Context(), e.Sequence); !errors.Is(err, ErrRecord) {
		t.Errorf("got %v", err)
	}
	if err := k.archive(t).Drop(t.Context(), e.parts[0]); !errors.Is(err, ErrNotFound) {
		t.Errorf("a part was dropped by itself: %v", err)
	}
	if err := k.archive(t).Drop(t.Context(), e.Sequence); err != nil {
		t.Errorf("what is left cannot be dropped: %v", err)
	}
	info, err := stored(t, k).Info(t.Context())
	if err != nil || info.State.Msgs != 0 {
		t.Errorf("%d messages are left, %v", info.State.Msgs, err)
	}
}

func TestTheLastQuarterIsForEventsThatAreHeld(t *testing.T) {
	k := newKit(t, client(t, startNATS(t, nil)), nil, object{"max_bytes": 1 << 20})
	d, item := held("big", make([]byte, 800<<10))
	if err := k.Hold(t.Context(), d, item, pipeline.PolicyDenied); err != nil {
		t.Fatal(err)
	}
	k.writer.asked = at().Add(-askEvery) // it is time to ask again
	k.Refused(t.Context(), odd(), refused(pipeline.SignatureInvalid))
	k.flush(t)
	if got := k.counted(kindRefused, resultFull); got != 1 {
		t.Errorf("counted %d as full", got)
	}
	d, item = held("more", make([]byte, 100<<10))
	if err := k.Hold(t.Context(), d, item, pipeline.PolicyDenied); err != nil {
		t.Errorf("the reserve is not used: %v", err)
	}
}

func TestAnEventIsNotHeldWhereItCouldBeLost(t *testing.T) {
	js := client(t, startNATS(t, nil))
	if _, err := js.CreateStream(t.Context(), jetstream.StreamConfig{Name: "WEBHOOKS_REJECTED", Subjects: []string{"webhooks-rejected.>"}, MaxMsgs: 10, Discard: jetstream.DiscardOld}); err != nil {
		t.Fatal(err)
	}
	k := newKit(t, js, nil, object{})
	d, item := held("1", []byte("{}"))
	if err := k.Hold(t.Context(), d, item, pipeline.PolicyDenied); !errors.Is(err, streams.ErrUnfit) {
		t.Errorf("got %v", err)
	}
	k.Refused(t.Context(), odd(), refused(pipeline.SignatureInvalid))
	k.flush(t)
	if got := k.counted(kindRefused, resultStored); got != 1 {
		t.Errorf("%d refused deliveries are kept there", got)
	}
}

func TestAMissingStreamIsSaidPlainly(t *testing.T) {
	k := newKit(t, client(t, startNATS(t, nil)), nil, object{"ensure": "off"})
	d, item := held("1", []byte("{}"))
	if err := k.Hold(t.Context(), d, item, pipeline.PolicyDenied); !errors.Is(err, ErrNoStream) {
		t.Errorf("got %v", err)
	}
	k.Refused(t.Context(), odd(), refused(pipeline.SignatureInvalid))
	k.flush(t)
	if text := k.logs.String(); !strings.Contains(text, "create a stream WEBHOOKS_REJECTED") {
		t.Errorf("logged %s", text)
	}
}

func TestConfigsThatCannotBeUsedAreRefused(t *testing.T) {
	for name, tc := range map[string]struct {
		set  object
		path string
	}{
		"a stream of two words": {object{"stream": "A B"}, "stream:"},
		"a prefix with a star":  {object{"subject_prefix": "a.*"}, "subject_prefix:"},
		"an inbox":              {object{"subject_prefix": "_INBOX"}, "subject_prefix:"},
		"a code for success":    {object{"keep": []any{"accepted"}}, "keep[0]:"},
		"a header in capitals":  {object{"remove_headers": []any{"X-Mine"}}, "remove_headers[0]:"},
		"a key that is short":   {object{"keys": []any{object{"id": "a", "value": "czNjcmV0"}}}, "keys[0]:"},
		"a key that is no text": {object{"keys": []any{object{"id": "a", "value": "s3cret!"}}}, "keys[0]:"},
	} {
		t.Run(name, func(t *testing.T) {
			text, err := json.Marshal(tc.set)
			if err != nil {
				t.Fatal(err)
			}
			var cfg Config
			err = config.Decode(text, &cfg)
			if !errors.Is(err, config.ErrInvalid) || !strings.Contains(err.Error(), tc.path) {
				t.Fatalf("got %v", err)
			}
			if strings.Contains(err.Error(), "s3cret") || strings.Contains(err.Error(), "czNjcmV0") {
				t.Errorf("the fault shows the key: %v", err)
			}
		})
	}
}

func TestMetricsAreThereFromTheStart(t *testing.T) {
	k := newKit(t, nil, nil, object{})
	if n, err := testutil.GatherAndCount(k.metrics, "webhook_edge_quarantine_records_total"); n != 7 || err != nil {
		t.Errorf("%d series, %v", n, err)
	}
	problems, err := testutil.GatherAndLint(k.metrics)
	if err != nil || len(problems) > 0 {
		t.Errorf("%v %v", err, problems)
	}
}
