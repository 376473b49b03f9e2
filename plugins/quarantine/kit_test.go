package quarantine

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"log/slog"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/config"
	"webhookedge/plugins/internal/natstest"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/streams/archive"
)

var errRefused = errors.New("signature does not match")

// startNATS runs a broker with JetStream until the test ends.
func startNATS(t testing.TB, change func(*server.Options)) *server.Server {
	t.Helper()
	if change == nil {
		return natstest.Start(t)
	}
	return natstest.Start(t, change)
}

func client(t testing.TB, s *server.Server) jetstream.JetStream {
	t.Helper()
	return natstest.Client(t, s)
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
	return object{"id": letter, "value": base64.StdEncoding.EncodeToString(bytes.Repeat([]byte(letter), archive.KeySize))}
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
	return newKitAt(t, js, connect, set, at)
}

func newKitAt(t testing.TB, js jetstream.JetStream, connect Connect, set object, now func() time.Time) *kit {
	t.Helper()
	k := &kit{js: js, logs: &logs{}, metrics: prometheus.NewRegistry()}
	var err error
	if k.pool, err = NewPool(slog.New(slog.NewJSONHandler(k.logs, nil)), now, k.metrics, func(name string) string { return name }); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { k.flush(t) })
	if connect == nil {
		connect = func(context.Context) (jetstream.JetStream, error) { return js, nil }
	}
	if k.Keeper, err = k.pool.Keeper(lookup(t, "github"), nil, settings(t, set), connect, nil); err != nil {
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

func (k *kit) archive(t testing.TB) *archive.Archive {
	t.Helper()
	return archive.New(k.js, k.cfg.Stream, k.cfg.SubjectPrefix, k.keys)
}

func (k *kit) counted(kind, result string) int {
	return int(testutil.ToFloat64(k.counters[[2]string{kind, result}]))
}

func entries(t testing.TB, a *archive.Archive, f archive.Filter) []archive.Entry {
	t.Helper()
	var all []archive.Entry
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
	d.Verification = &pipeline.Verification{Provider: "github", Scheme: "sha256", SecretID: "1"}
	d.SetEvent(&event.Event{ID: id, Source: "/s", Provider: "github", Type: "push"})
	d.Items[0].Hold = pipeline.PayloadInvalid
	return d, &d.Items[0]
}

func at() time.Time { return time.Date(2025, 6, 12, 10, 0, 0, 123456789, time.UTC) }

func odd() *pipeline.Delivery {
	return &pipeline.Delivery{
		Method: "POST", Path: "/hooks/%2f\xff", RawQuery: "a=1&b=\xfe", PublicURL: "https://example.com/hooks?a=1",
		Headers:  pipeline.Headers{{Name: "x-odd", Value: "\xff\x00\r\n"}, {Name: "x-odd", Value: ""}, {Name: "content-type", Value: "application/json"}},
		Body:     []byte("{\"a\":\"\xff\"}\x00"),
		ClientIP: netip.MustParseAddr("2001:db8::1"), RequestID: "r1", Route: "github", ReceivedAt: at(),
	}
}

func ring(t testing.TB, ids ...string) *archive.Keys {
	t.Helper()
	k := &archive.Keys{}
	for _, id := range ids {
		if err := k.Add(id, bytes.Repeat([]byte(id)[:1], archive.KeySize)); err != nil {
			t.Fatal(err)
		}
	}
	return k
}

// parts are the sequences of the messages that hold the rest of a record.
func parts(t testing.TB, k *kit, head uint64) (all []uint64) {
	t.Helper()
	raw, err := stored(t, k).GetMsg(t.Context(), head)
	if err != nil {
		t.Fatal(err)
	}
	for text := range strings.SplitSeq(raw.Header.Get("Webhook-Parts"), ",") {
		n, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, n)
	}
	return all
}
