package detail_test

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/ctl/inspector/api"
	"webhookedge/plugins/internal/ctl/inspector/detail"
	"webhookedge/plugins/internal/ctl/inspector/site"
	"webhookedge/plugins/internal/natstest"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/normalize"
	"webhookedge/plugins/observe"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/streams/archive"
)

// noon is when deliveries come.
func noon() time.Time { return time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC) }

// known are deliveries as the feed would know them.
type known struct {
	all  map[uint64]site.Delivery
	same []uint64
}

func (k *known) Get(n uint64) (site.Delivery, bool) {
	d, ok := k.all[n]
	return d, ok
}

func (k *known) Recent(time.Time) iter.Seq[site.Recent] { return func(func(site.Recent) bool) {} }

func (k *known) Same(string, uint64) []uint64 { return k.same }

// kit is an installation with a broker.
type kit struct {
	*detail.Reader
	site  *site.Site
	known *known
	js    jetstream.JetStream
}

func newKit(t testing.TB) *kit {
	t.Helper()
	k := &kit{known: &known{all: map[uint64]site.Delivery{}}, js: natstest.JetStream(t, func(o *server.Options) { o.MaxPayload = 8 << 20 })}
	for name, subject := range map[string]string{"WEBHOOKS": "webhooks.>", "WEBHOOKS_REJECTED": "webhooks-rejected.>"} {
		if _, err := k.js.CreateStream(t.Context(), jetstream.StreamConfig{Name: name, Subjects: []string{subject}}); err != nil {
			t.Fatal(err)
		}
	}
	k.site = &site.Site{
		Mode: site.Local, JetStream: func(context.Context) (jetstream.JetStream, error) { return k.js, nil }, Gateway: "http://127.0.0.1:8000",
		Kept: site.Place{Stream: "WEBHOOKS_REJECTED", Prefix: "webhooks-rejected"}, Keys: &archive.Keys{}, Deliveries: k.known,
		Env: func(string) (string, bool) { return "", false },
	}
	k.Reader = detail.New(k.site)
	return k
}

// config writes a kong.yml.
func (k *kit) config(t testing.TB, text string) {
	t.Helper()
	k.site.Config = filepath.Join(t.TempDir(), "kong.yml")
	write(t, k.site.Config, text)
}

func write(t testing.TB, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// detail is the answer for a delivery, and the same as the page gets it.
func (k *kit) detail(t testing.TB, d site.Delivery) (*api.Detail, string) {
	t.Helper()
	d.Row.N = 1
	k.known.all[1] = d
	out, err := k.Detail(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(out)
	if err != nil {
		t.Fatal(err)
	}
	return out, string(text)
}

// store publishes an event.
func (k *kit) store(t testing.TB, e *event.Event) site.Stored {
	t.Helper()
	m := &nats.Msg{Subject: e.NATSSubject("webhooks"), Header: nats.Header{jetstream.MsgIDHeader: {e.Provider + ":r:" + e.ID}}, Data: e.AppendJSON(nil)}
	ack, err := k.js.PublishMsg(t.Context(), m, jetstream.WithMsgID(e.Provider+":r:"+e.ID))
	if err != nil {
		t.Fatal(err)
	}
	return site.Stored{Stream: ack.Stream, Sequence: ack.Sequence, Subject: m.Subject}
}

// keep puts a delivery into the quarantine.
func (k *kit) keep(t testing.TB, r *archive.Record) uint64 {
	t.Helper()
	m, err := archive.Pack(r, "webhooks-rejected", k.site.Keys)
	if err != nil {
		t.Fatal(err)
	}
	head, _, err := m.Split(1<<20, r.ID, func(*nats.Msg) (uint64, error) { return 0, errors.New("one part is enough") })
	if err != nil {
		t.Fatal(err)
	}
	ack, err := k.js.PublishMsg(t.Context(), head)
	if err != nil {
		t.Fatal(err)
	}
	return ack.Sequence
}

// refused is a delivery that the gateway saw.
func refused(name string, code pipeline.Code, r *site.Request) site.Delivery {
	return site.Delivery{
		Row:     api.Row{Kind: api.KindDelivery, State: api.StateRefused, Provider: name, Route: name, Code: code.String(), Status: code.Info().Status, At: noon()},
		Request: r,
	}
}

// proved is the record of a delivery that was stored.
func proved(name, scheme string, covers []string) *observe.Record {
	return &observe.Record{
		Version: 1, Provider: name, Route: name, Code: "accepted", Status: 200, Proof: &observe.Proof{Scheme: scheme, SecretID: "2026", Covers: covers},
	}
}

// post is a request with a JSON body.
func post(body string, headers ...[2]string) *site.Request {
	headers = append([][2]string{{"host", "hooks.example.com"}, {"content-type", "application/json"}}, headers...)
	return &site.Request{Method: "POST", Host: "hooks.example.com", Path: "/webhooks/x", Client: "192.0.2.1", Headers: headers, Body: []byte(body), Size: len(body), At: noon()}
}

// requestOf is a signed delivery as the gateway sees it.
func requestOf(t testing.TB, s provider.Signed) *site.Request {
	t.Helper()
	u, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	r := &site.Request{Method: s.Method, Host: u.Host, Path: u.Path, Query: u.RawQuery, Body: s.Body, Size: len(s.Body), At: noon()}
	for _, h := range s.Headers {
		r.Headers = append(r.Headers, [2]string{h.Name, h.Value})
	}
	return r
}

// events are what the edge makes of a request that a scheme proved.
func events(t testing.TB, row *provider.Provider, r *site.Request, scheme string, covers []string) []*event.Event {
	t.Helper()
	stage, err := normalize.New(row, normalize.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer stage.Close()
	d := &pipeline.Delivery{
		Method: r.Method, Path: r.Path, RawQuery: r.Query, Body: r.Body, ReceivedAt: noon(), RequestID: "request", Route: row.Name,
		Verification: &pipeline.Verification{Provider: row.Name, Scheme: scheme, SecretID: "2026", Covers: covers},
	}
	for _, h := range r.Headers {
		d.Headers = append(d.Headers, pipeline.Header{Name: h[0], Value: h[1]})
	}
	if err := stage.Handle(t.Context(), d); err != nil {
		return nil
	}
	var all []*event.Event
	for i := range d.Items {
		all = append(all, d.Items[i].Event)
	}
	return all
}

func lookup(t testing.TB, name string) *provider.Provider {
	t.Helper()
	row, ok := catalogue.Lookup(name)
	if !ok {
		t.Fatalf("no row %s", name)
	}
	return row
}
