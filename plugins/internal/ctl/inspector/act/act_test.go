package act

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"webhookedge/plugins/internal/ctl/inspector/api"
	"webhookedge/plugins/internal/ctl/inspector/site"
	"webhookedge/plugins/internal/pipeline"
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
