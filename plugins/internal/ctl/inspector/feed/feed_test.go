package feed_test

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/ctl/inspector/api"
	"webhookedge/plugins/internal/ctl/inspector/feed"
	"webhookedge/plugins/internal/ctl/inspector/list"
	"webhookedge/plugins/internal/ctl/inspector/site"
	"webhookedge/plugins/internal/natstest"
	"webhookedge/plugins/observe"
	"webhookedge/plugins/streams/archive"
)

const subject = "webhooks-trace.deliveries"

var kept = site.Place{Stream: "WEBHOOKS_REJECTED", Prefix: "webhooks-rejected"}

// kit is a feed that runs.
type kit struct {
	*feed.Feed
	list *list.List
	js   jetstream.JetStream
}

// run starts a feed and ends it with the test.
func run(t testing.TB, js jetstream.JetStream, backfill int, streams ...string) kit {
	t.Helper()
	l := list.New(0, time.Now)
	f := feed.New(feed.Config{
		JetStream: func(context.Context) (jetstream.JetStream, error) { return js, nil }, Streams: func() []string { return streams },
		Kept: kept, Records: "webhooks-trace.>", Backfill: backfill,
	}, l)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		f.Run(ctx)
	}()
	t.Cleanup(func() {
		stop()
		<-ended
	})
	return kit{f, l, js}
}

// wait asks until done says so.
func wait(t testing.TB, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s: it does not happen", what)
		}
	}
}

func (k kit) rows() []api.Row { return k.list.Page(&api.Query{Count: 200}).Rows }

func stream(t testing.TB, js jetstream.JetStream, name, subjects string) {
	t.Helper()
	if _, err := js.CreateStream(t.Context(), jetstream.StreamConfig{Name: name, Subjects: []string{subjects}, AllowDirect: true}); err != nil {
		t.Fatal(err)
	}
}

// store stores an event as the edge does.
func store(t testing.TB, js jetstream.JetStream, id, requestID string) {
	t.Helper()
	e := &event.Event{ID: id, Source: "/s", Provider: "github", Type: "push", Tenant: "octo", RequestID: requestID, ReceivedAt: time.Now(), Data: []byte(`{"a":1}`)}
	m := &nats.Msg{Subject: "webhooks.github.octo.push", Data: e.AppendJSON(nil), Header: nats.Header{jetstream.MsgIDHeader: {"github:hub:" + id}}}
	if _, err := js.PublishMsg(t.Context(), m); err != nil {
		t.Fatal(err)
	}
}

// keep stores a delivery as the quarantine does.
func keep(t testing.TB, js jetstream.JetStream, requestID string, held bool) {
	t.Helper()
	r := &archive.Record{ID: "record-" + requestID, Code: "signature_invalid", Held: held, Provider: "github", Route: "hub", RequestID: requestID, ReceivedAt: time.Now(), Method: "POST", Size: 2, Body: []byte("{}")}
	m, err := archive.Pack(r, kept.Prefix, &archive.Keys{})
	if err != nil {
		t.Fatal(err)
	}
	head, _, err := m.Split(1<<20, requestID, nil)
	if err == nil {
		_, err = js.PublishMsg(t.Context(), head)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func recordOf(requestID, code string) *observe.Record {
	r := &observe.Record{
		Version: 1, At: time.Now(), RequestID: requestID, Route: "hub", Provider: "github", Status: 200, Code: code, Micros: 420, Steps: []observe.Step{{Stage: "verify", Micros: 40}},
	}
	if code == "accepted" {
		r.Ack, r.Stream, r.Sequence = "broker", "WEBHOOKS", 1
		r.Events = []observe.Event{{ID: "e1", Type: "github.push", Tenant: "octo"}}
	} else {
		r.Status, r.Stage, r.Reason = 401, "verify", "signature does not match"
	}
	return r
}

func publish(t testing.TB, js jetstream.JetStream, r *observe.Record) {
	t.Helper()
	text, err := json.Marshal(r)
	if err == nil {
		err = js.Conn().Publish(subject, text)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestFeed_readsInTheOrderOfTimeAndFollows(t *testing.T) {
	js := natstest.JetStream(t)
	stream(t, js, "WEBHOOKS", "webhooks.>")
	stream(t, js, kept.Stream, kept.Prefix+".>")
	store(t, js, "0", "left out") // older than what is read
	for n := range 3 {
		store(t, js, fmt.Sprint("e", n), fmt.Sprint("stored-", n))
		keep(t, js, fmt.Sprint("kept-", n), n == 2)
	}
	k := run(t, js, 3, "WEBHOOKS")
	wait(t, "what is there is read", func() bool { return k.list.Now().Total == 6 })
	var got []string
	for _, r := range k.rows() {
		got = append(got, fmt.Sprint(r.RequestID, " ", r.Kind, " ", r.State))
	}
	want := []string{
		"kept-2 kept held", "stored-2 event stored", "kept-1 kept refused", "stored-1 event stored", "kept-0 kept refused", "stored-0 event stored",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	store(t, js, "late", "late")
	keep(t, js, "kept-late", false)
	publish(t, js, recordOf("stored-1", "accepted"))
	publish(t, js, recordOf("late", "accepted"))
	wait(t, "what comes is read", func() bool {
		p := k.list.Page(&api.Query{Search: "late", Count: 9})
		return p.Matched == 2 && k.list.Now().Total == 8 && k.list.Page(&api.Query{Code: []string{"accepted"}, Count: 9}).Matched == 2
	})
	d, ok := k.Get(3)
	if !ok || d.Row.Kind != api.KindDelivery || d.Record == nil || d.Record.Steps[0].Micros != 40 || d.Row.Route != "hub" {
		t.Errorf("%+v", d)
	}
	if d, _ := k.Get(6); d.Kept != 3 || d.Row.Code != "signature_invalid" || d.Record != nil {
		t.Errorf("%+v", d)
	}
	if _, ok := k.Get(99); ok {
		t.Error("a delivery that there is not")
	}
}

// TestFeed_waitsForStreams starts on a broker that has none.
func TestFeed_waitsForStreams(t *testing.T) {
	js := natstest.JetStream(t)
	k := run(t, js, 10, "WEBHOOKS")
	publish(t, js, recordOf("first", "signature_invalid"))
	wait(t, "a record without any stream", func() bool {
		if k.list.Now().Total == 0 {
			publish(t, js, recordOf("first", "signature_invalid")) // the first may be before the subscription
		}
		return k.list.Now().Total == 1
	})
	stream(t, js, "WEBHOOKS", "webhooks.>")
	store(t, js, "e1", "r1")
	wait(t, "a stream that is made later", func() bool { return k.list.Now().Total == 2 })
	if err := js.DeleteStream(t.Context(), "WEBHOOKS"); err != nil {
		t.Fatal(err)
	}
	stream(t, js, "WEBHOOKS", "webhooks.>")
	store(t, js, "e2", "r2")
	wait(t, "a stream that is made anew", func() bool { return k.list.Now().Total == 3 })
	if notes := k.Notes(); len(notes) > 0 {
		t.Errorf("it complains: %q", notes)
	}
}

// TestFeed_survivesARestartOfTheBroker has events and records before and after.
func TestFeed_survivesARestartOfTheBroker(t *testing.T) {
	dir := t.TempDir()
	s, err := natstest.Run(dir)
	if err != nil {
		t.Fatal(err)
	}
	port := s.Addr().String()[strings.LastIndex(s.Addr().String(), ":")+1:]
	js := natstest.Client(t, s, nats.MaxReconnects(-1), nats.ReconnectWait(20*time.Millisecond))
	stream(t, js, "WEBHOOKS", "webhooks.>")
	store(t, js, "e1", "r1")
	k := run(t, js, 10, "WEBHOOKS")
	wait(t, "the first", func() bool { return k.list.Now().Total == 1 })
	natstest.Stop(s)
	s, err = natstest.Run(dir, func(o *server.Options) { _, _ = fmt.Sscan(port, &o.Port) })
	if err != nil {
		t.Fatal(err)
	}
	defer natstest.Stop(s)
	wait(t, "the connection", js.Conn().IsConnected)
	wait(t, "an event, and the record of another one", func() bool {
		if _, err := js.Stream(t.Context(), "WEBHOOKS"); err != nil {
			return false
		}
		store(t, js, "e2", "r2")
		publish(t, js, recordOf("r3", "signature_invalid"))
		return k.list.Now().Total == 3
	})
}

func TestFeed_saysWhatItMayNotRead(t *testing.T) {
	js := natstest.Client(t, natstest.Start(t, func(o *server.Options) {
		o.Users = []*server.User{{Username: "reader", Password: "p", Permissions: &server.Permissions{Subscribe: &server.SubjectPermission{Allow: []string{"_INBOX.>"}}}}}
	}), nats.UserInfo("reader", "p"))
	k := run(t, js, 10)
	wait(t, "a note", func() bool { return len(k.Notes()) == 1 && strings.Contains(k.Notes()[0], "webhooks-trace.>") })
}

// TestFeed_requestsAreBounded has more bodies than are kept.
func TestFeed_requestsAreBounded(t *testing.T) {
	f := feed.New(feed.Config{}, list.New(0, time.Now))
	large := func() *site.Request {
		return &site.Request{Method: "POST", Body: make([]byte, 25<<20), Size: 25 << 20, At: time.Now(), Status: 200, Answer: [][2]string{{"Webhook-Ack", "broker"}}}
	}
	for n := range 10 {
		f.Request(fmt.Sprint("large-", n), "hub", time.Millisecond, large())
	}
	for n := range 1000 {
		f.Request(fmt.Sprint("small-", n), "hub", time.Millisecond, &site.Request{Method: "POST", Body: make([]byte, 1<<10), At: time.Now(), Status: 401})
	}
	whole := 0
	for n := uint64(1); n <= 10; n++ {
		d, ok := f.Get(n)
		if !ok || d.Row.Ack != "broker" || d.Row.Status != 200 {
			t.Fatalf("%+v", d.Row)
		}
		if d.Request != nil {
			whole++
		}
	}
	if d, _ := f.Get(1010); whole != 2 || d.Request == nil || d.Row.State != api.StateRefused {
		t.Errorf("%d large ones are kept", whole)
	}
	runtime.GC()
	var m runtime.MemStats
	if runtime.ReadMemStats(&m); m.HeapAlloc > 128<<20 {
		t.Errorf("%d MiB", m.HeapAlloc>>20)
	}
}

func TestFeed_recordsAreBounded(t *testing.T) {
	f := feed.New(feed.Config{}, list.New(0, time.Now))
	r := recordOf("", "signature_invalid")
	r.Reason = strings.Repeat("x", 50<<10)
	for n := range 2000 {
		r.RequestID = fmt.Sprint(n)
		text, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		f.Record(text)
	}
	first, _ := f.Get(1)
	last, _ := f.Get(2000)
	if first.Record != nil || first.Row.Code != "signature_invalid" || last.Record == nil {
		t.Errorf("%v %v", first.Record == nil, last.Record == nil)
	}
	for _, text := range []string{"", "null", "{}", "[1]", `{"v":0}`, strings.Repeat("[", 100_000)} {
		f.Record([]byte(text))
	}
	if _, ok := f.Get(2001); ok {
		t.Error("what is no record is a delivery")
	}
}

// TestFeed_joinsBatches has a record of a batch that is held in part.
func TestFeed_joinsBatches(t *testing.T) {
	f := feed.New(feed.Config{Kept: kept}, list.New(0, time.Now))
	r := recordOf("r1", "accepted")
	r.Events = []observe.Event{{ID: "e1", Type: "github.push"}, {ID: "e2", Type: "github.push", Hold: "policy_denied"}}
	r.More, r.Stream, r.Sequence = 3, kept.Stream, 9
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	f.Record(text)
	if d, _ := f.Get(1); d.Row.State != api.StateHeld || d.Row.Events != 5 || d.Kept != 9 || d.Stored != nil || d.Row.Type != "push" {
		t.Errorf("%+v", d)
	}
}

// BenchmarkRecord is what a record costs on its way into the list, beside its JSON alone.
func BenchmarkRecord(b *testing.B) {
	r := recordOf("8de1a5dbf3c851f5e081b1781e7a5be1", "accepted")
	text, err := json.Marshal(r)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("baseline, its JSON", func(b *testing.B) {
		for b.Loop() {
			var r observe.Record
			if json.Unmarshal(text, &r) != nil {
				b.Fatal("no record")
			}
		}
	})
	b.Run("joined", func(b *testing.B) {
		f := feed.New(feed.Config{}, list.New(0, time.Now))
		for b.Loop() {
			f.Record(text)
		}
	})
	b.Run("a new one each time", func(b *testing.B) {
		f := feed.New(feed.Config{}, list.New(0, time.Now))
		for n := 0; b.Loop(); n++ {
			one := []byte(strings.Replace(string(text), "8de1a5dbf3c851f5", fmt.Sprintf("%016x", n), 1))
			f.Record(one)
		}
	})
}
