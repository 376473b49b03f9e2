package act

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/ctl/inspector/api"
	"webhookedge/plugins/internal/ctl/inspector/site"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/streams/deadletter"
	"webhookedge/plugins/streams/replay"
)

func TestSend_sendsWhatThePreviewShows(t *testing.T) {
	b := newBench(t)
	done := b.runs(t, api.Order{Act: api.ActSend, Route: "gh", Sample: "issues"})
	if !done.OK || done.Status != 200 || done.RequestID != "req-1" || len(b.got) != 1 {
		t.Fatalf("%+v, %d requests", done, len(b.got))
	}
	r := b.got[0]
	if r.Host != "hooks.example.com" || r.URL.Path != "/webhooks/github" || r.Header.Get("X-GitHub-Event") != "issues" || r.Header.Get("X-Hub-Signature-256") == "" {
		t.Errorf("%s %s %v", r.Host, r.URL, r.Header)
	}
	plan := b.preview(t, api.Order{Act: api.ActSend, Route: "gh", ID: "one'two"})
	if want := `--id 'one'\''two'`; !strings.Contains(plan.Command, want) || plan.Request == nil || !strings.HasPrefix(plan.Request.Body.Text, "{") {
		t.Errorf("%q, %+v", plan.Command, plan.Request)
	}
	for _, h := range plan.Request.Headers {
		if strings.Contains(h.Name, "signature") != h.Masked {
			t.Errorf("%+v", h)
		}
	}
	id := ""
	o := api.Order{Act: api.ActSend, Route: "gh", Body: `{"own":true}`, Sample: "push", Mutation: "replay"}
	plan = b.preview(t, o)
	for _, h := range plan.Request.Headers {
		if h.Name == "x-github-delivery" {
			id = h.Value
		}
	}
	o.Key = plan.Key
	if done, err := b.Run(t.Context(), o); err != nil || len(done.Lines) != 2 || len(b.got) != 3 || string(b.bodies[2]) != `{"own":true}` || id == "" || b.got[2].Header.Get("X-GitHub-Delivery") != id {
		t.Errorf("%v %+v, %d requests, id %q", err, done, len(b.got), id)
	}
}

func TestSend_whatCannotBeSent(t *testing.T) {
	b := newBench(t)
	for name, tc := range map[string]struct {
		o      api.Order
		denied string // or the error
	}{
		"a route that is not there":  {api.Order{Route: "ghh"}, "did you mean gh?"},
		"a secret that is not set":   {api.Order{Route: "unset"}, "not-set"},
		"what verifies only":         {api.Order{Route: "keys"}, "not what signs"},
		"regular expressions":        {api.Order{Route: "regular"}, "regular expressions"},
		"a sample that is not there": {api.Order{Route: "gh", Sample: "pushh"}, "no sample"},
		"a mutation of no name":      {api.Order{Route: "gh", Mutation: "x"}, "no mutation"},
		"an id that breaks JSON":     {api.Order{Route: "gh", ID: `a"b`}, "the id"},
		"a body without its event":   {api.Order{Route: "gh", Body: "{}"}, "choose one"},
		"a body that is too large":   {api.Order{Route: "gh", Body: strings.Repeat("x", maxBody+1)}, "25 MiB"},
		"an id that is too long":     {api.Order{Route: "gh", ID: strings.Repeat("x", maxWord+1)}, "bytes"},
		"an age that nobody signs":   {api.Order{Route: "gh", Mutation: "age"}, "signs no time"},
	} {
		tc.o.Act = api.ActSend
		plan, err := b.Preview(t.Context(), tc.o)
		text := fmt.Sprint(err)
		if err == nil {
			text = plan.Denied
		}
		if !strings.Contains(text, tc.denied) || err == nil && plan.Key != "" {
			t.Errorf("%s: %s", name, text)
		}
	}
	if _, err := b.Preview(t.Context(), api.Order{Act: "else"}); !errors.Is(err, ErrOrder) {
		t.Error(err)
	}
	if len(b.got) != 0 {
		t.Errorf("%d requests", len(b.got))
	}
}

func TestSend_reachesTheGatewayAndNothingElse(t *testing.T) {
	b := newBench(t)
	b.answer = func(w http.ResponseWriter) {
		w.Header().Set("Location", "http://127.0.0.1:1/elsewhere")
		w.WriteHeader(http.StatusFound)
		fmt.Fprint(w, strings.Repeat("x", 1<<20)+secret)
	}
	done := b.runs(t, api.Order{Act: api.ActSend, Route: "pay"})
	if done.OK || done.Status != 302 || len(b.got) != 1 || len(done.Body) > 64<<10 {
		t.Errorf("%d, %d requests, %d bytes", done.Status, len(b.got), len(done.Body))
	}
	b.answer = func(w http.ResponseWriter) { fmt.Fprint(w, "echo "+secret) }
	if done := b.runs(t, api.Order{Act: api.ActSend, Route: "pay"}); done.Body != "echo "+masked {
		t.Error("an answer is shown with the secret")
	}
	_, err := b.client.Get("http://127.0.0.1:1/?signature=" + secret)
	if !errors.Is(err, errElsewhere) {
		t.Errorf("another address: %v", err)
	}
	b.all[1] = site.Delivery{Row: api.Row{Route: "gh"}, Request: &site.Request{Method: "GET", Path: "@127.0.0.1:1/", At: time.Now()}}
	if plan := b.preview(t, api.Order{Act: api.ActAgain, N: 1}); plan.Key != "" {
		t.Error("a path that is a host is sent to")
	}
}

func TestRun_onlyWhatWasPreviewed(t *testing.T) {
	b := newBench(t)
	o := api.Order{Act: api.ActSend, Route: "gh", Sample: "push"}
	other := o
	other.Key, other.Sample = b.preview(t, o).Key, "issues"
	if _, err := b.Run(t.Context(), other); !errors.Is(err, ErrChanged) {
		t.Errorf("another order: %v", err)
	}
	other.Sample = o.Sample
	if _, err := b.Run(t.Context(), other); !errors.Is(err, ErrKey) {
		t.Errorf("its key after that: %v", err)
	}
	for _, key := range []string{"", "x"} {
		o.Key = key
		if _, err := b.Run(t.Context(), o); !errors.Is(err, ErrKey) {
			t.Errorf("key %q: %v", key, err)
		}
	}
	now := time.Now()
	b.plans.now = func() time.Time { return now }
	o.Key = b.preview(t, o).Key
	now = now.Add(planTTL + time.Second)
	if _, err := b.Run(t.Context(), o); !errors.Is(err, ErrKey) {
		t.Errorf("an old preview: %v", err)
	}
	o.Key = b.preview(t, o).Key
	text, err := os.ReadFile(b.site.Config)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(b.site.Config, []byte(strings.Replace(string(text), "/webhooks/github]", "/webhooks/github-2]", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Run(t.Context(), o); !errors.Is(err, ErrChanged) {
		t.Errorf("another kong.yml: %v", err)
	}
	first := b.preview(t, o).Key
	for range maxPlans {
		b.preview(t, o)
	}
	o.Key = first
	if _, err := b.Run(t.Context(), o); !errors.Is(err, ErrKey) || len(b.plans.all) != maxPlans {
		t.Errorf("the oldest of many: %v, %d plans", err, len(b.plans.all))
	}
	if len(b.got) != 0 {
		t.Errorf("%d requests", len(b.got))
	}
}

func TestRun_readOnly(t *testing.T) {
	b := newBench(t, func(s *site.Site) { s.Changes = false })
	n := b.keep(t, pipeline.SignatureInvalid, signed(t, "d1"))
	for _, o := range []api.Order{
		{Act: api.ActSend, Route: "gh"}, {Act: api.ActRelease, N: n}, {Act: api.ActDrop, N: n}, {Act: api.ActAgain, N: n, Resign: true},
	} {
		plan := b.preview(t, o)
		if plan.Denied != ErrReadOnly.Error() || plan.Key != "" || len(plan.Steps) == 0 {
			t.Errorf("%s: %+v", o.Act, plan)
		}
		if _, err := b.Run(t.Context(), o); !errors.Is(err, ErrReadOnly) {
			t.Errorf("%s: %v", o.Act, err)
		}
	}
}

func TestAgain_asItCameAndSignedAnew(t *testing.T) {
	b := newBench(t)
	d := signed(t, "d1")
	was := &site.Request{Method: "POST", Host: "hooks.example.com", Path: "/webhooks/github", Query: "token=of-a-stranger", Body: d.Body, Size: len(d.Body), At: time.Now()}
	for _, h := range d.Headers {
		was.Headers = append(was.Headers, [2]string{h.Name, h.Value})
	}
	was.Headers = append(was.Headers, [2]string{"x-own", "value-of-its-own"}, [2]string{"connection", "close"})
	b.all[1] = site.Delivery{Row: api.Row{N: 1, Provider: "github", Route: "gh"}, Request: was}
	plan := b.preview(t, api.Order{Act: api.ActAgain, N: 1})
	text := fmt.Sprintf("%+v %+v", plan, plan.Request)
	signature, _ := d.Headers.Get("x-hub-signature-256")
	if signature == "" || strings.Contains(text, signature[10:]) || strings.Contains(text, "stranger") || strings.Contains(text, "value-of") {
		t.Error("shown: ", text)
	}
	b.runs(t, api.Order{Act: api.ActAgain, N: 1})
	got := b.got[0]
	if got.Host != was.Host || got.URL.RequestURI() != "/webhooks/github?token=of-a-stranger" || got.Header.Get("X-Hub-Signature-256") != signature || got.Header.Get("X-Own") != "value-of-its-own" || string(b.bodies[0]) != string(d.Body) {
		t.Errorf("%s %s %v", got.Host, got.URL, got.Header)
	}
	for i := range was.Headers {
		if was.Headers[i][0] == "x-hub-signature-256" {
			was.Headers[i][1] = "sha256=00"
		}
	}
	b.runs(t, api.Order{Act: api.ActAgain, N: 1, Resign: true})
	if got := b.got[1]; got.Header.Get("X-Hub-Signature-256") != signature || got.Header.Get("X-GitHub-Event") != "octo" || got.Header.Get("X-GitHub-Delivery") != "d1" {
		t.Errorf("signed anew: %v", got.Header)
	}
	was.Size++
	if plan := b.preview(t, api.Order{Act: api.ActAgain, N: 1}); !strings.Contains(plan.Denied, "beginning") {
		t.Errorf("a body that is cut: %+v", plan)
	}
	b.all[2] = site.Delivery{Row: api.Row{N: 2, Provider: "github", Route: "gh"}}
	if plan := b.preview(t, api.Order{Act: api.ActAgain, N: 2, Resign: true}); !strings.Contains(plan.Denied, "not kept") {
		t.Errorf("one that nobody kept: %+v", plan)
	}
	if _, err := b.Preview(t.Context(), api.Order{Act: api.ActAgain, N: 3}); !errors.Is(err, site.ErrUnknown) {
		t.Errorf("an unknown one: %v", err)
	}
}

func TestAgain_warnsOfAnOldSignature(t *testing.T) {
	b := newBench(t)
	b.all[1] = site.Delivery{Row: api.Row{N: 1, Provider: "stripe", Route: "pay"}, Request: &site.Request{Method: "POST", Path: "/webhooks/stripe", At: time.Now().Add(-time.Hour)}}
	b.all[2] = b.all[1]
	was := *b.all[1].Request
	was.At = time.Now()
	b.all[2] = site.Delivery{Row: b.all[1].Row, Request: &was}
	for n, want := range map[uint64]bool{1: true, 2: false} {
		plan := b.preview(t, api.Order{Act: api.ActAgain, N: n})
		if strings.Contains(strings.Join(plan.Warn, " "), "signed time") != want {
			t.Errorf("%d: %q", n, plan.Warn)
		}
	}
}

func TestAgain_fromTheQuarantine(t *testing.T) {
	b := newBench(t)
	forged := signed(t, "d1")
	forged.Body = []byte(`{"n":2}`)
	n := b.keep(t, pipeline.SignatureInvalid, forged)
	if plan := b.preview(t, api.Order{Act: api.ActAgain, N: n}); plan.Denied == "" {
		t.Error("sent with a signature that is not kept whole")
	}
	b.runs(t, api.Order{Act: api.ActAgain, N: n, Resign: true})
	if got := b.got[0]; string(b.bodies[0]) != `{"n":2}` || got.Header.Get("X-GitHub-Event") != "octo" || got.Header.Get("X-GitHub-Delivery") != "d1" {
		t.Errorf("%v %s", got.Header, b.bodies[0])
	}
}

func TestRelease_previewsAndPublishes(t *testing.T) {
	b := newBench(t)
	forged := signed(t, "d2")
	forged.Body = []byte(`{"n":2}`)
	gone := signed(t, "d3")
	gone.Route = "gone"
	n := b.keep(t, pipeline.SignatureInvalid, signed(t, "d1"), forged, gone)
	plan := b.preview(t, api.Order{Act: api.ActRelease, N: n})
	if want := fmt.Sprintf("webhookctl quarantine release 1 --config %s", b.site.Config); plan.Command != want || !strings.Contains(strings.Join(plan.Steps, " "), "webhooks.github._.octo") {
		t.Errorf("%+v", plan)
	}
	done := b.runs(t, api.Order{Act: api.ActRelease, N: n})
	if !done.OK || len(done.Lines) != 1 {
		t.Errorf("%+v", done)
	}
	all := b.nats.Read(t, "WEBHOOKS")
	if len(all) != 1 || len(b.nats.Read(t, "WEBHOOKS_REJECTED")) != 2 {
		t.Fatalf("%d events", len(all))
	}
	if e, err := event.Parse(all[0].Headers(), all[0].Data()); err != nil || e.ID != "d1" || !e.Replayed {
		t.Errorf("%+v %v", e, err)
	}
	for n, want := range map[uint64]string{n + 1: "would not be released", n + 2: `no route "gone"`} {
		if plan := b.preview(t, api.Order{Act: api.ActRelease, N: n}); plan.Key != "" || !strings.Contains(plan.Denied, want) {
			t.Errorf("%+v", plan)
		}
	}
	if _, err := b.Preview(t.Context(), api.Order{Act: api.ActRelease, N: n}); !errors.Is(err, site.ErrUnknown) {
		t.Errorf("a released one: %v", err)
	}
	b.all[9] = site.Delivery{}
	if _, err := b.Preview(t.Context(), api.Order{Act: api.ActRelease, N: 9}); !errors.Is(err, ErrOrder) {
		t.Errorf("one that is not kept: %v", err)
	}
}

func TestRelease_ofNoOtherRecord(t *testing.T) {
	b := newBench(t)
	b.keep(t, pipeline.SignatureInvalid, signed(t, "d1"))
	b.site.Kept, b.keeping = site.Place{Stream: "ELSEWHERE", Prefix: "elsewhere"}, 0
	n := b.keep(t, pipeline.SignatureInvalid, signed(t, "d2")) // of the same sequence
	plan := b.preview(t, api.Order{Act: api.ActRelease, N: n})
	if plan.Key != "" || !strings.Contains(plan.Denied, "elsewhere") {
		t.Errorf("%+v", plan)
	}
}

func TestRelease_previewCreatesNoStream(t *testing.T) {
	b := newBench(t)
	n := b.keep(t, pipeline.SignatureInvalid, signed(t, "d1"))
	if err := b.nats.JS.DeleteStream(t.Context(), "WEBHOOKS"); err != nil {
		t.Fatal(err)
	}
	b.preview(t, api.Order{Act: api.ActRelease, N: n}) // which compares the streams
	if _, err := b.nats.JS.Stream(t.Context(), "WEBHOOKS"); !errors.Is(err, jetstream.ErrStreamNotFound) {
		t.Error(err)
	}
}

func TestDrop_canBeTakenBack(t *testing.T) {
	b := newBench(t)
	n := b.keep(t, pipeline.SignatureInvalid, signed(t, "d1"), signed(t, "d2"))
	b.wait(time.Hour)
	done := b.runs(t, api.Order{Act: api.ActDrop, N: n})
	if done.Undo == "" || done.Until == nil || len(b.nats.Read(t, "WEBHOOKS_REJECTED")) != 2 {
		t.Fatalf("%+v", done)
	}
	for _, act := range []string{api.ActDrop, api.ActRelease} {
		if _, err := b.Preview(t.Context(), api.Order{Act: act, N: n}); !errors.Is(err, ErrWaiting) {
			t.Errorf("%s of one that is about to go: %v", act, err)
		}
	}
	if back, err := b.Undo(t.Context(), api.Undo{Key: done.Undo}); err != nil || !back.OK {
		t.Fatal(err)
	}
	if _, err := b.Undo(t.Context(), api.Undo{Key: done.Undo}); !errors.Is(err, ErrUndo) {
		t.Errorf("a second undo: %v", err)
	}
	b.wait(20 * time.Millisecond)
	done = b.runs(t, api.Order{Act: api.ActDrop, N: n})
	eventually(t, "the removal", func() bool { return len(b.nats.Read(t, "WEBHOOKS_REJECTED")) == 1 })
	if _, err := b.Undo(t.Context(), api.Undo{Key: done.Undo}); !errors.Is(err, ErrLate) {
		t.Errorf("too late: %v", err)
	}
}

func TestDrop_closingKeeps(t *testing.T) {
	b := newBench(t)
	n := b.keep(t, pipeline.SignatureInvalid, signed(t, "d1"))
	b.wait(time.Hour)
	b.runs(t, api.Order{Act: api.ActDrop, N: n})
	b.Close()
	b.removals.run(b.removals.all[0]) // a timer that fired in that moment
	if len(b.nats.Read(t, "WEBHOOKS_REJECTED")) != 1 {
		t.Error("removed by closing")
	}
	o := api.Order{Act: api.ActDrop, N: n}
	if _, err := b.Preview(t.Context(), o); !errors.Is(err, ErrWaiting) {
		t.Errorf("a drop after closing: %v", err)
	}
}

func TestReplay_ofAStoredEvent(t *testing.T) {
	b := newBench(t)
	b.nats.Publish(t, &event.Event{ID: "d1", Source: "/s", Provider: "github", Type: "push", Data: []byte(`{"a":1}`), DataContentType: "application/json"}, "gh", true)
	b.all[1] = site.Delivery{Row: api.Row{N: 1}, Stored: []site.Stored{{Stream: "WEBHOOKS", Sequence: 1}, {Stream: "WEBHOOKS", Sequence: 7}}}
	plan := b.preview(t, api.Order{Act: api.ActReplay, N: 1})
	if !strings.Contains(strings.Join(plan.Steps, " "), "webhooks.github._.push") || !strings.Contains(plan.Command, "--match webhooks.github._.push --from 20") {
		t.Errorf("%+v", plan)
	}
	done := b.runs(t, api.Order{Act: api.ActReplay, N: 1, Subject: "other.{subject}"})
	all := b.nats.Read(t, "OTHER")
	if !done.OK || len(all) != 1 || all[0].Subject() != "other.webhooks.github._.push" {
		t.Fatalf("%+v, %d messages", done, len(all))
	}
	if e, err := event.Parse(all[0].Headers(), all[0].Data()); err != nil || !e.Replayed || e.ID != "d1" || all[0].Headers().Get(replay.OriginHeader) != "WEBHOOKS/1" {
		t.Errorf("%+v %v", e, err)
	}
	for subject, want := range map[string]string{
		"nobody.x": "No stream takes", "other.>": "not a subject", "$JS.API.STREAM.DELETE.WEBHOOKS": "not a subject", deadletter.Prefix + ".a.b": "not for events",
	} {
		if plan := b.preview(t, api.Order{Act: api.ActReplay, N: 1, Subject: subject}); plan.Key != "" || !strings.Contains(plan.Denied, want) {
			t.Errorf("%s: %+v", subject, plan)
		}
	}
	if _, err := b.Preview(t.Context(), api.Order{Act: api.ActReplay, N: 1, Event: 1}); !errors.Is(err, site.ErrUnknown) {
		t.Errorf("one that is gone: %v", err)
	}
	if _, err := b.Preview(t.Context(), api.Order{Act: api.ActReplay, N: 1, Event: 2}); !errors.Is(err, ErrOrder) {
		t.Errorf("one that is none: %v", err)
	}
}

func TestLetters_listRetryDiscard(t *testing.T) {
	b := newBench(t)
	for i := range 3 {
		id := fmt.Sprint("d", i+1)
		b.nats.Publish(t, &event.Event{ID: id, Source: "/s", Provider: "github", Type: "push", Data: []byte(`{}`), DataContentType: "application/json"}, "gh", true)
		m := b.nats.Read(t, "WEBHOOKS")[i]
		o := &replay.Original{Stream: "WEBHOOKS", Sequence: m.Sequence, Subject: m.Subject(), Header: m.Headers(), Data: m.Data()}
		if _, err := b.nats.JS.PublishMsg(t.Context(), deadletter.Message(deadletter.Prefix, "billing", o, 3, "no money")); err != nil {
			t.Fatal(err)
		}
	}
	all, err := b.Letters(t.Context())
	if err != nil || len(all.Letters) != 3 || all.More || all.Letters[0].Sequence != 3 || all.Letters[0].Consumer != "billing" {
		t.Fatalf("%+v %v", all, err)
	}
	done := b.runs(t, api.Order{Act: api.ActRetry, Sequence: 1, Subject: "other.{subject}"})
	if !done.OK || len(b.nats.Read(t, "OTHER")) != 1 || len(b.nats.Read(t, deadletter.Stream)) != 2 {
		t.Errorf("%+v", done)
	}
	if plan := b.preview(t, api.Order{Act: api.ActRetry, Sequence: 2, Subject: "nobody.x"}); plan.Key != "" || plan.Denied == "" {
		t.Errorf("%+v", plan)
	}
	b.wait(time.Hour)
	done = b.runs(t, api.Order{Act: api.ActDiscard, Sequence: 2})
	if _, err := b.Preview(t.Context(), api.Order{Act: api.ActRetry, Sequence: 2}); !errors.Is(err, ErrWaiting) {
		t.Errorf("a retry of what is about to go: %v", err)
	}
	if _, err := b.Undo(t.Context(), api.Undo{Key: done.Undo}); err != nil {
		t.Fatal(err)
	}
	b.wait(20 * time.Millisecond)
	b.runs(t, api.Order{Act: api.ActDiscard, Sequence: 2})
	eventually(t, "the removal", func() bool { return len(b.nats.Read(t, deadletter.Stream)) == 1 })
	if _, err := b.Preview(t.Context(), api.Order{Act: api.ActDiscard, Sequence: 2}); !errors.Is(err, site.ErrUnknown) {
		t.Errorf("one that is gone: %v", err)
	}
	if err := b.nats.JS.DeleteStream(t.Context(), deadletter.Stream); err != nil {
		t.Fatal(err)
	}
	if all, err := b.Letters(t.Context()); err != nil || all.Absent == "" || all.Letters == nil {
		t.Errorf("no stream: %+v %v", all, err)
	}
}

func TestSenders_areReadAgainWhenTheFileChanges(t *testing.T) {
	b := newBench(t)
	got := map[string]api.Sender{}
	for _, s := range b.Senders() {
		got[s.Route] = s
	}
	if s := got["gh"]; !s.Signs || s.Why != "" || s.Provider != "github" || len(s.Events) == 0 {
		t.Errorf("%+v", s)
	}
	for route, want := range map[string]string{"unset": "not-set", "keys": "not what signs", "regular": "regular expressions"} {
		if s := got[route]; s.Signs || !strings.Contains(s.Why, want) || s.Provider == "" {
			t.Errorf("%+v", s)
		}
	}
	b.mute(t, fmt.Sprint(got))
	if err := os.WriteFile(b.site.Config, []byte(strings.Replace(routesYML, "name: gh", "name: hub", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if all := b.Senders(); len(all) != len(got) || all[0].Route != "hub" {
		t.Errorf("%+v", all)
	}
	if err := os.Remove(b.site.Config); err != nil {
		t.Fatal(err)
	}
	if all := b.Senders(); len(all) != 0 {
		t.Errorf("%+v", all)
	}
}
