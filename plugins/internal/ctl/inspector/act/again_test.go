package act

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"webhookedge/plugins/internal/ctl/inspector/api"
	"webhookedge/plugins/internal/ctl/inspector/site"
	"webhookedge/plugins/internal/pipeline"
)

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
