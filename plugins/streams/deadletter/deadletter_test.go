package deadletter

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/internal/natstest"
	"webhookedge/plugins/streams/replay"
)

func startNATS(t testing.TB) jetstream.JetStream {
	t.Helper()
	js := natstest.JetStream(t)
	for _, cfg := range []jetstream.StreamConfig{
		{Name: "WEBHOOKS", Subjects: []string{"webhooks.>"}},
		{Name: Stream, Subjects: []string{Prefix + ".>", Advisories + ".WEBHOOKS.>"}},
	} {
		if _, err := js.CreateStream(t.Context(), cfg); err != nil {
			t.Fatal(err)
		}
	}
	return js
}

// original is a message of the stream of events.
func original(t testing.TB, js jetstream.JetStream, subject string) *replay.Original {
	t.Helper()
	msg := &nats.Msg{Subject: subject, Header: nats.Header{"Nats-Msg-Id": {subject}, "traceparent": {"00-1"}}, Data: []byte("data of " + subject)}
	ack, err := js.PublishMsg(t.Context(), msg)
	if err != nil {
		t.Fatal(err)
	}
	return &replay.Original{Stream: ack.Stream, Sequence: ack.Sequence, Subject: subject, Header: msg.Header, Data: msg.Data}
}

// giveUp writes the letter that a consumer writes.
func giveUp(t testing.TB, js jetstream.JetStream, consumer string, o *replay.Original, why string) {
	t.Helper()
	if _, err := js.PublishMsg(t.Context(), Message(Prefix, consumer, o, 3, why)); err != nil {
		t.Fatal(err)
	}
}

// exceed lets a consumer refuse the message on a subject until JetStream gives up.
func exceed(t testing.TB, js jetstream.JetStream, consumer, subject string) {
	t.Helper()
	c, err := js.CreateOrUpdateConsumer(t.Context(), "WEBHOOKS", jetstream.ConsumerConfig{
		Durable: consumer, FilterSubject: subject, AckPolicy: jetstream.AckExplicitPolicy, MaxDeliver: 1,
	})
	if err != nil {
		t.Fatal(err)
	}
	msg, err := c.Next()
	if err != nil {
		t.Fatal(err)
	}
	if err := msg.Nak(); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Next(jetstream.FetchMaxWait(500 * time.Millisecond)); err == nil {
		t.Fatal("it is delivered again")
	}
}

func list(t testing.TB, b *Box, f Filter) []*Letter {
	t.Helper()
	var all []*Letter
	for l, err := range b.List(t.Context(), f, false) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, l)
	}
	return all
}

func eventually(t testing.TB, what string, f func() bool) {
	t.Helper()
	deadline := time.After(15 * time.Second)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !f() {
		select {
		case <-deadline:
			t.Fatal("not in time: ", what)
		case <-tick.C:
		}
	}
}

func TestBox_listsLettersOfBothCauses(t *testing.T) {
	js := startNATS(t)
	box := NewBox(js, Stream, Prefix)
	one, two := original(t, js, "webhooks.github._.push"), original(t, js, "webhooks.stripe._.charge")
	giveUp(t, js, "billing", one, "no\nmoney")
	giveUp(t, js, "billing", one, "no money") // its ack was lost
	exceed(t, js, "audit", two.Subject)
	eventually(t, "the advisory", func() bool { return len(list(t, box, Filter{})) == 2 })
	want := []*Letter{
		{Sequence: 1, Cause: GivenUp, Consumer: "billing", Stream: "WEBHOOKS", Message: 1, Subject: one.Subject, Deliveries: 3, Reason: "no?money"},
		{Sequence: 2, Cause: MaxDeliveries, Consumer: "audit", Stream: "WEBHOOKS", Message: 2, Deliveries: 1},
	}
	all := list(t, box, Filter{})
	if diff := cmp.Diff(want, all, cmpopts.IgnoreUnexported(Letter{}), cmpopts.IgnoreFields(Letter{}, "At")); diff != "" {
		t.Errorf("letters (-want +got):\n%s", diff)
	}
	for i, o := range []*replay.Original{one, two} {
		got, err := box.Original(t.Context(), all[i])
		if err != nil {
			t.Fatal(err)
		}
		if all[i].Cause == GivenUp {
			o.Header = nats.Header{"traceparent": {"00-1"}} // "Nats-" headers were for the first publication
		}
		if diff := cmp.Diff(o, got); diff != "" {
			t.Errorf("original of %s (-want +got):\n%s", all[i].Cause, diff)
		}
	}
	for name, tc := range map[string]struct {
		f    Filter
		want int
	}{
		"a consumer that gave up":     {Filter{Consumer: "billing"}, 1},
		"a consumer that only failed": {Filter{Consumer: "audit"}, 1},
		"a consumer without letters":  {Filter{Consumer: "mail"}, 0},
		"a stream":                    {Filter{Stream: "WEBHOOKS"}, 2},
		"another stream":              {Filter{Stream: "OTHER"}, 0},
		"until they were written":     {Filter{To: all[0].At}, 0},
	} {
		if got := list(t, box, tc.f); len(got) != tc.want {
			t.Errorf("%s: %d letters", name, len(got))
		}
	}
}

func TestBox_letterOutlivesItsMessageOnlyAsACopy(t *testing.T) {
	js := startNATS(t)
	box := NewBox(js, Stream, Prefix)
	one := original(t, js, "webhooks.a")
	exceed(t, js, "audit", one.Subject)
	giveUp(t, js, "billing", one, "x")
	eventually(t, "the advisory", func() bool { return len(list(t, box, Filter{})) == 2 })
	stream, err := js.Stream(t.Context(), "WEBHOOKS")
	if err != nil {
		t.Fatal(err)
	}
	if err := stream.DeleteMsg(t.Context(), one.Sequence); err != nil {
		t.Fatal(err)
	}
	for _, l := range list(t, box, Filter{}) {
		_, err := box.Original(t.Context(), l)
		if want := map[Cause]error{GivenUp: nil, MaxDeliveries: ErrGone}[l.Cause]; !errors.Is(err, want) {
			t.Errorf("%s: %v", l.Cause, err)
		}
	}
}

func TestBox_followsLettersAsTheyCome(t *testing.T) {
	js := startNATS(t)
	box := NewBox(js, Stream, Prefix)
	giveUp(t, js, "billing", original(t, js, "webhooks.a"), "first")
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
	defer cancel()
	var got []string
	for l, err := range box.List(ctx, Filter{Consumer: "billing"}, true) {
		if err != nil {
			t.Fatal(err)
		}
		if got = append(got, l.Reason); len(got) == 1 {
			giveUp(t, js, "other", original(t, js, "webhooks.b"), "not asked for")
			giveUp(t, js, "billing", original(t, js, "webhooks.c"), "second")
		}
		if len(got) == 2 {
			break
		}
	}
	if diff := cmp.Diff([]string{"first", "second"}, got); diff != "" {
		t.Errorf("followed (-want +got):\n%s", diff)
	}
	ended, stop := context.WithCancel(t.Context())
	defer stop()
	for _, err := range box.List(ended, Filter{}, true) {
		if err != nil {
			t.Fatal(err)
		}
		stop()
	}
}

func TestBox_readsAndDropsOneByOne(t *testing.T) {
	js := startNATS(t)
	box := NewBox(js, Stream, Prefix)
	giveUp(t, js, "billing", original(t, js, "webhooks.a"), "x")
	if _, err := js.Publish(t.Context(), Prefix+".junk", []byte("junk")); err != nil {
		t.Fatal(err)
	}
	if l, err := box.Get(t.Context(), 1); err != nil || l.Consumer != "billing" {
		t.Errorf("%+v, %v", l, err)
	}
	for name, seq := range map[string]uint64{"what is no letter": 2, "what is not there": 3} {
		if _, err := box.Get(t.Context(), seq); !errors.Is(err, ErrLetter) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := box.Drop(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	if all := list(t, box, Filter{}); len(all) != 0 {
		t.Errorf("left: %+v", all)
	}
}

func TestMessage_carriesNoServerHeadersOrControlCharacters(t *testing.T) {
	o := &replay.Original{Stream: "S", Sequence: 7, Subject: "a.b", Header: nats.Header{"Nats-Rollup": {"all"}, "nats-expected-stream": {"S"}, "ce-id": {"1"}}, Data: []byte("d")}
	msg := Message(Prefix, "a.b>\r\n", o, 3, "why\r\nNats-Rollup: all"+strings.Repeat("x", 1000))
	if msg.Subject != "webhooks-dead.a%2Eb%3E%0D%0A.a.b" {
		t.Errorf("subject %s", msg.Subject)
	}
	for name, values := range msg.Header {
		if strings.HasPrefix(strings.ToLower(name), "nats-") && name != "Nats-Msg-Id" || len(values) != 1 || strings.ContainsAny(values[0], "\r\n") || len(values[0]) > maxReason {
			t.Errorf("header %s: %q", name, values)
		}
	}
	if msg.Header.Get("ce-id") != "1" {
		t.Error("the event's own headers are gone")
	}
}

func TestMessage_lettersOfTwoConsumersAreTwo(t *testing.T) {
	o := &replay.Original{Stream: "S", Sequence: 7, Subject: "a.b"}
	ids := map[string]string{}
	for _, consumer := range []string{"billing", "caf\u00e9", "caf\u00e8", "caf?", "caf%3F", "a b", "a\tb"} {
		id := Message(Prefix, consumer, o, 1, "why").Header.Get("Nats-Msg-Id")
		if other, taken := ids[id]; taken {
			t.Errorf("%q and %q have one message id %q, so the second letter is dropped", other, consumer, id)
		}
		ids[id] = consumer
	}
	if ids["dead:S/7:billing"] != "billing" {
		t.Errorf("the id of a plain name changed: %v", ids)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(Advisories+".S.c", "", "", []byte(`{"type":"io.nats.jetstream.advisory.v1.max_deliver","stream":"S","consumer":"c","stream_seq":1,"deliveries":5}`))
	f.Add(Prefix+".c.a", "S/1", "c", []byte("data"))
	f.Fuzz(func(t *testing.T, subject, origin, consumer string, data []byte) {
		h := nats.Header{replay.OriginHeader: {origin}, headerConsumer: {consumer}}
		l, err := parse(1, time.Time{}, subject, h, data)
		if err != nil {
			if !errors.Is(err, ErrLetter) {
				t.Errorf("got %v", err)
			}
			return
		}
		if strings.ContainsAny(l.Stream+l.Consumer+l.Subject+l.Reason, "\r\n\x1b") {
			t.Errorf("letter %+v", l)
		}
	})
}
