package detail_test

import (
	"strings"
	"testing"
	"unicode/utf16"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/ctl/inspector/api"
	"webhookedge/plugins/internal/ctl/inspector/site"
)

// part is what of a text stands from start to end, as JavaScript counts.
func part(t *testing.T, text string, start, end int) string {
	t.Helper()
	all := utf16.Encode([]rune(text))
	if start > end || end > len(all) {
		t.Fatalf("%d to %d of %d", start, end, len(all))
	}
	return string(utf16.Decode(all[start:end]))
}

func originOf(t *testing.T, d *api.Detail, attribute string) api.Origin {
	t.Helper()
	for _, o := range d.Origins {
		if o.Attribute == attribute {
			return o
		}
	}
	t.Fatalf("no origin of %s in %+v", attribute, d.Origins)
	return api.Origin{}
}

// storedOf stores the events of a request that a scheme proved, and is its delivery.
func (k *kit) storedOf(t *testing.T, name, scheme string, covers []string, r *site.Request) site.Delivery {
	t.Helper()
	d := site.Delivery{
		Row: api.Row{State: api.StateStored, Provider: name, Route: name, Code: "accepted", At: noon()}, Record: proved(name, scheme, covers), Request: r,
	}
	for _, e := range events(t, lookup(t, name), r, scheme, covers) {
		d.Stored = append(d.Stored, k.store(t, e))
	}
	if len(d.Stored) == 0 {
		t.Fatal("no event")
	}
	return d
}

const issue = `{"title":"𝒳 ü","action":"opened","issue":{"number":1},"repository":{"full_name":"octo/hello","owner":{"login":"octo-corp"}}}`

func TestOrigins_showTheValueInTheBody(t *testing.T) {
	k := newKit(t)
	r := post(issue, [2]string{"x-github-event", "issues"}, [2]string{"x-github-delivery", "72d3162e"}, [2]string{"x-hub-signature-256", "sha256=0123456789abcdef"})
	d, _ := k.detail(t, k.storedOf(t, "github", "sha256", []string{"body"}, r))
	for attribute, want := range map[string]struct {
		value, place, header, text string
		signed                     bool
	}{
		"type":    {"issues", "header:x-github-event", "x-github-event", "", false},
		"id":      {"72d3162e", "header:x-github-delivery", "x-github-delivery", "", false},
		"action":  {"opened", "json:action", "", `"opened"`, true},
		"subject": {"octo/hello", "json:repository.full_name", "", `"octo/hello"`, true},
		"tenant":  {"octo-corp", "json:repository.owner.login", "", `"octo-corp"`, true},
	} {
		o := originOf(t, d, attribute)
		if o.Value != want.value || o.Place != want.place || o.Header != want.header || o.Signed != want.signed || o.Event != 0 {
			t.Errorf("%s: %+v", attribute, o)
		}
		if got := part(t, d.Request.Body.Text, o.Start, o.End); got != want.text {
			t.Errorf("%s: %q in the body", attribute, got)
		}
		if got := part(t, d.Stored[0].Data.Text, o.DataStart, o.DataEnd); got != want.text {
			t.Errorf("%s: %q in the data", attribute, got)
		}
	}
	if want := "The signature sha256 covers the body. It does not cover headers or the URL."; !strings.HasPrefix(d.Proof.Text, want) {
		t.Errorf("%s", d.Proof.Text)
	}
	for _, want := range []string{"Type is not signed: it comes from the header x-github-event.", "Id is not signed"} {
		if !strings.Contains(d.Proof.Text, want) {
			t.Errorf("%s", d.Proof.Text)
		}
	}
}

func TestOrigins_withoutTheRequest(t *testing.T) {
	k := newKit(t)
	r := post(issue, [2]string{"x-github-event", "issues"}, [2]string{"x-github-delivery", "72d3162e"})
	given := k.storedOf(t, "github", "sha256", []string{"body"}, r)
	given.Request, given.Record = nil, nil
	d, _ := k.detail(t, given)
	if o := originOf(t, d, "type"); o.Place != "header:x-github-event" || o.Signed || o.End != 0 {
		t.Errorf("%+v", o)
	}
	o := originOf(t, d, "subject")
	if got := part(t, d.Stored[0].Data.Text, o.DataStart, o.DataEnd); got != `"octo/hello"` || !o.Signed || o.End != 0 {
		t.Errorf("%+v: %q", o, got)
	}
	if d.Request != nil || d.Absent == "" || d.Proof == nil || d.Proof.Scheme != "sha256" || d.Proof.SecretID != "2026" {
		t.Errorf("%q, %+v", d.Absent, d.Proof)
	}
	if len(d.Stored) != 1 || d.Stored[0].MessageID != "github:r:72d3162e" || d.Stored[0].Attributes[0] != [2]string{"specversion", "1.0"} || d.Stored[0].Attributes[1] != [2]string{"type", "github.issues.opened"} {
		t.Errorf("%+v", d.Stored)
	}
}

func TestOrigins_ofABatch(t *testing.T) {
	k := newKit(t)
	r := post(`[ {"email":"ä@example.com","event":"open","sg_event_id":"a1","timestamp":1}, {"email":"b@example.com","event":"click","sg_event_id":"b2","timestamp":2} ]`)
	d, _ := k.detail(t, k.storedOf(t, "sendgrid", "ecdsa", []string{"body"}, r))
	if len(d.Stored) != 2 {
		t.Fatalf("%d events", len(d.Stored))
	}
	for _, o := range d.Origins {
		if o.Attribute != "type" {
			continue
		}
		want := []string{`"open"`, `"click"`}[o.Event]
		if got := part(t, d.Request.Body.Text, o.Start, o.End); got != want {
			t.Errorf("event %d: %q in the body, %+v", o.Event, got, o)
		}
		if got := part(t, d.Stored[o.Event].Data.Text, o.DataStart, o.DataEnd); got != want {
			t.Errorf("event %d: %q in the data", o.Event, got)
		}
	}
	if len(d.Decision) != 2 {
		t.Errorf("%d decisions", len(d.Decision))
	}
}

func TestOrigins_ofATenantThatTheRouteSets(t *testing.T) {
	k := newKit(t)
	k.config(t, `_format_version: "3.0"
routes:
  - name: github
    paths: [/webhooks/github]
    plugins:
      - name: webhook-edge
        config:
          provider: github
          normalize: {tenant: ours}
          verify:
            secrets: [{value: "octo-s3cret-0123456789"}]
          publish: {servers: ["nats://127.0.0.1:4222"]}
`)
	e := &event.Event{ID: "hash", Provider: "github", Type: "issues", Source: "/webhooks/github", Tenant: "ours", Verification: "sha256", Data: []byte(issue), ReceivedAt: noon()}
	d, _ := k.detail(t, site.Delivery{Row: api.Row{State: api.StateStored, Provider: "github", Route: "github", At: noon()}, Stored: []site.Stored{k.store(t, e)}})
	if o := originOf(t, d, "tenant"); o.Place != "setting:normalize.tenant" || !o.Signed {
		t.Errorf("%+v", o)
	}
}
