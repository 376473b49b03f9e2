package replay_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/natstest"
	"webhookedge/plugins/streams/replay"
)

// startNATS runs a broker with the stream WEBHOOKS and returns a client.
func startNATS(t testing.TB) jetstream.JetStream {
	t.Helper()
	js := natstest.JetStream(t)
	for name, subjects := range map[string][]string{"WEBHOOKS": {"webhooks.>"}, "OTHER": {"other.>"}} {
		if _, err := js.CreateStream(t.Context(), jetstream.StreamConfig{Name: name, Subjects: subjects}); err != nil {
			t.Fatal(err)
		}
	}
	return js
}

func push(id string) *event.Event {
	return &event.Event{ID: id, Source: "/webhooks/github", Provider: "github", Type: "push", DataContentType: "application/json", Data: []byte("{ \"a\" : 1.0 }")}
}

// store publishes e as the edge does and returns its sequence.
func store(t testing.TB, js jetstream.JetStream, e *event.Event, binary bool) uint64 {
	t.Helper()
	msg := &nats.Msg{Subject: e.NATSSubject("webhooks"), Header: nats.Header{"Nats-Msg-Id": {e.MsgID()}, "traceparent": {"00-1"}}, Data: e.AppendJSON(nil)}
	if binary {
		msg.Data = e.Data
		for name, value := range e.Headers() {
			msg.Header[name] = []string{value}
		}
	} else {
		msg.Header["Content-Type"] = []string{event.ContentType}
	}
	ack, err := js.PublishMsg(t.Context(), msg)
	if err != nil {
		t.Fatal(err)
	}
	return ack.Sequence
}

func get(t testing.TB, js jetstream.JetStream, stream string, seq uint64) *jetstream.RawStreamMsg {
	t.Helper()
	s, err := js.Stream(t.Context(), stream)
	if err != nil {
		t.Fatal(err)
	}
	msg, err := s.GetMsg(t.Context(), seq)
	if err != nil {
		t.Fatal(err)
	}
	return msg
}

func count(t testing.TB, js jetstream.JetStream, stream string) int {
	t.Helper()
	s, err := js.Stream(t.Context(), stream)
	if err != nil {
		t.Fatal(err)
	}
	return int(s.CachedInfo().State.Msgs)
}

func TestReplay_isTheSameEventUnderANewMessageID(t *testing.T) {
	for name, binary := range map[string]bool{"structured": false, "binary": true} {
		t.Run(name, func(t *testing.T) {
			js := startNATS(t)
			e := push("d1")
			store(t, js, e, binary)
			var got []replay.Result
			sum, err := replay.Run(t.Context(), js, replay.Options{Stream: "WEBHOOKS", Run: "r1"}, func(r replay.Result) { got = append(got, r) })
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(replay.Summary{Read: 1, Matched: 1, Published: 1}, sum); diff != "" {
				t.Errorf("summary (-want +got):\n%s", diff)
			}
			if len(got) != 1 || got[0].Stream != "WEBHOOKS" || got[0].Sequence != 2 {
				t.Fatalf("results %+v", got)
			}
			msg := get(t, js, "WEBHOOKS", 2)
			back, err := event.Parse(msg.Header, msg.Data)
			if err != nil {
				t.Fatal(err)
			}
			e.Replayed = true
			if diff := cmp.Diff(e, back); diff != "" {
				t.Errorf("event (-want +got):\n%s", diff)
			}
			if id := msg.Header.Get("Nats-Msg-Id"); id != "github:d1:replay:r1:WEBHOOKS:1" {
				t.Errorf("message id %q", id)
			}
			if msg.Header.Get(replay.OriginHeader) != "WEBHOOKS/1" || msg.Header.Get("traceparent") != "00-1" {
				t.Errorf("headers %v", msg.Header)
			}
			if binary && !bytes.Equal(msg.Data, e.Data) {
				t.Errorf("data %q", msg.Data)
			}
		})
	}
}

func TestReplay_takesOnlyWhatIsAskedFor(t *testing.T) {
	js := startNATS(t)
	issue := push("d2")
	issue.Type, issue.Action = "issues", "opened"
	charge := &event.Event{ID: "e3", Source: "/s", Provider: "stripe", Type: "charge", Action: "created"}
	again := push("d4")
	again.Replayed = true
	for _, e := range []*event.Event{push("d1"), issue, charge, again} {
		store(t, js, e, false)
	}
	if _, err := js.Publish(t.Context(), "webhooks.no.event", []byte("junk")); err != nil {
		t.Fatal(err)
	}
	at := func(seq uint64) time.Time { return get(t, js, "WEBHOOKS", seq).Time }
	tests := map[string]struct {
		o    replay.Options
		want []uint64
	}{
		"everything but replays":  {replay.Options{}, []uint64{1, 2, 3}},
		"replays too":             {replay.Options{Again: true}, []uint64{1, 2, 3, 4}},
		"a provider":              {replay.Options{Provider: "github"}, []uint64{1, 2}},
		"a type":                  {replay.Options{Type: "github.push"}, []uint64{1}},
		"types with a beginning":  {replay.Options{Type: "github.issues.*"}, []uint64{2}},
		"a provider and no type":  {replay.Options{Provider: "stripe", Type: "github.*"}, nil},
		"a pattern of subjects":   {replay.Options{Match: []string{"webhooks.stripe.>", "webhooks.*.*.push"}}, []uint64{1, 3}},
		"from a time":             {replay.Options{From: at(2)}, []uint64{2, 3}},
		"to a time, exclusive":    {replay.Options{To: at(2)}, []uint64{1}},
		"between times":           {replay.Options{From: at(2), To: at(3)}, []uint64{2}},
		"from beyond the end":     {replay.Options{From: time.Now().Add(time.Hour)}, nil},
		"a pattern nothing meets": {replay.Options{Match: []string{"webhooks.slack.>"}}, nil},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			before := count(t, js, "WEBHOOKS")
			tc.o.Stream, tc.o.Run, tc.o.DryRun = "WEBHOOKS", "r1", true
			var got []uint64
			sum, err := replay.Run(t.Context(), js, tc.o, func(r replay.Result) { got = append(got, r.Original.Sequence) })
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" || sum.Matched != len(tc.want) || sum.Published != 0 {
				t.Errorf("%+v, replayed (-want +got):\n%s", sum, diff)
			}
			if after := count(t, js, "WEBHOOKS"); after != before {
				t.Errorf("a dry run published %d messages", after-before)
			}
		})
	}
}

func TestReplay_runCanBeRepeatedUnderItsName(t *testing.T) {
	js := startNATS(t)
	const n = 200
	for i := range n {
		store(t, js, push(fmt.Sprint(i)), false)
	}
	o := replay.Options{Stream: "WEBHOOKS", Run: "r1", Subject: "other.{subject}"}
	for _, want := range []replay.Summary{{Read: n, Matched: n, Published: n}, {Read: n, Matched: n, Doubles: n}} {
		last := uint64(0)
		sum, err := replay.Run(t.Context(), js, o, func(r replay.Result) {
			if r.Original.Sequence != last+1 {
				t.Errorf("%d after %d", r.Original.Sequence, last)
			}
			last = r.Original.Sequence
		})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, sum); diff != "" {
			t.Errorf("summary (-want +got):\n%s", diff)
		}
	}
	if got := count(t, js, "OTHER"); got != n {
		t.Errorf("%d in the other stream", got)
	}
	if msg := get(t, js, "OTHER", n); msg.Subject != "other.webhooks.github._.push" || !strings.Contains(string(msg.Data), fmt.Sprintf(`"id":"%d"`, n-1)) {
		t.Errorf("the last is %s %s", msg.Subject, msg.Data)
	}
	o.Run = "r2"
	if sum, err := replay.Run(t.Context(), js, o, func(replay.Result) {}); err != nil || sum.Published != n {
		t.Errorf("under another name: %+v, %v", sum, err)
	}
}

func TestReplay_keepsTheRate(t *testing.T) {
	js := startNATS(t)
	for i := range 6 {
		store(t, js, push(fmt.Sprint(i)), false)
	}
	began := time.Now()
	sum, err := replay.Run(t.Context(), js, replay.Options{Stream: "WEBHOOKS", Run: "r1", Rate: 50}, func(replay.Result) {})
	if took := time.Since(began); err != nil || sum.Published != 6 || took < 90*time.Millisecond {
		t.Errorf("%+v in %v, %v", sum, took, err)
	}
}

func TestReplay_endsAtASubjectThatNoStreamTakes(t *testing.T) {
	js := startNATS(t)
	for i := range 30 {
		store(t, js, push(fmt.Sprint(i)), false)
	}
	sum, err := replay.Run(t.Context(), js, replay.Options{Stream: "WEBHOOKS", Run: "r1", Subject: "nowhere"}, func(replay.Result) {})
	if !errors.Is(err, replay.ErrGivenUp) || !errors.Is(err, jetstream.ErrNoStreamResponse) || sum.Published != 0 || sum.Failed >= 30 {
		t.Errorf("%+v, %v", sum, err)
	}
}

func TestReplay_refusesOptionsThatMakeNoSense(t *testing.T) {
	now := time.Now()
	for name, o := range map[string]replay.Options{
		"no name":               {},
		"a name with a dot":     {Run: "a.b"},
		"a rate of a millionth": {Run: "r", Rate: 1e-6},
		"a rate below nothing":  {Run: "r", Rate: -1},
		"from after to":         {Run: "r", From: now, To: now.Add(-time.Hour)},
		"a wildcard to go to":   {Run: "r", Subject: "a.>"},
		"a subject of NATS":     {Run: "r", Subject: "$JS.API.INFO"},
	} {
		t.Run(name, func(t *testing.T) {
			if err := o.Validate(); !errors.Is(err, replay.ErrOptions) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func FuzzCopy(f *testing.F) {
	f.Add(push("1").AppendJSON(nil), "webhooks.a")
	f.Add([]byte(`{"specversion":"1.0","id":"1","source":"/","type":"p.t","provider":"p","replayed":false}`), "a")
	f.Fuzz(func(t *testing.T, data []byte, subject string) {
		before := bytes.Clone(data)
		msg, err := replay.Copy(&replay.Original{Stream: "S", Sequence: 1, Header: nats.Header{}, Data: data}, subject, "r")
		if !bytes.Equal(before, data) {
			t.Fatal("the original was changed")
		}
		if err != nil {
			return
		}
		was, err := event.ParseJSON(data)
		if err != nil {
			t.Fatal("copied what is no event")
		}
		e, err := event.ParseJSON(msg.Data)
		if err != nil || !e.Replayed {
			t.Fatalf("the copy is %q: %v", msg.Data, err)
		}
		was.Replayed = true
		if diff := cmp.Diff(was, e); diff != "" {
			t.Errorf("the event changed:\n%s", diff)
		}
	})
}
