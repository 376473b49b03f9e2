package detail_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/internal/ctl/inspector/api"
	"webhookedge/plugins/internal/ctl/inspector/site"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/streams/archive"
)

func TestDetail_unknown(t *testing.T) {
	k := newKit(t)
	if _, err := k.Detail(t.Context(), 7); !errors.Is(err, site.ErrUnknown) {
		t.Errorf("%v", err)
	}
}

func TestDetail_withoutNATS(t *testing.T) {
	k := newKit(t)
	k.site.JetStream = func(context.Context) (jetstream.JetStream, error) { return nil, errors.New("away") }
	given := refused("github", pipeline.SignatureInvalid, nil)
	given.Kept, given.Stored = 3, []site.Stored{{Stream: "WEBHOOKS", Sequence: 9, Subject: "webhooks.github"}}
	d, _ := k.detail(t, given)
	if d.Kept == nil || d.Kept.Error == "" || len(d.Stored) != 1 || d.Stored[0].Error == "" || d.Stored[0].Sequence != 9 || d.Request != nil || d.Absent == "" {
		t.Errorf("%+v %+v %q", d.Kept, d.Stored, d.Absent)
	}
}

func TestDetail_anEventThatIsGone(t *testing.T) {
	k := newKit(t)
	d, _ := k.detail(t, site.Delivery{Row: api.Row{State: api.StateStored, Provider: "github"}, Stored: []site.Stored{{Stream: "WEBHOOKS", Sequence: 9}}})
	if len(d.Stored) != 1 || !strings.Contains(d.Stored[0].Error, "no message 9") {
		t.Errorf("%+v", d.Stored)
	}
}

func TestDetail_otherDeliveriesOfTheEvent(t *testing.T) {
	k := newKit(t)
	k.known.same = []uint64{5, 1, 3}
	given := k.storedOf(t, "stripe", "v1", []string{"body"}, post(`{"id":"evt_1","type":"charge.created","created":1}`))
	given.Stored[0].Duplicate = true
	d, _ := k.detail(t, given)
	if !slices.Equal(d.Stored[0].Deliveries, []uint64{5, 3}) || !d.Stored[0].Duplicate {
		t.Errorf("%+v", d.Stored[0])
	}
}

func TestDetail_ofTheQuarantine(t *testing.T) {
	k := newKit(t)
	if err := k.site.Keys.Add("2026", bytes.Repeat([]byte("k"), archive.KeySize)); err != nil {
		t.Fatal(err)
	}
	body := `{"type":"charge.created","id":"evt_1"}`
	sequence := k.keep(t, &archive.Record{
		ID: "r1", Code: "policy_denied", Stage: "policy", Reason: "the policy refuses the event", Provider: "stripe", Route: "stripe", ReceivedAt: noon(), KeptAt: noon(),
		Method: "POST", Path: []byte("/webhooks/stripe"), Query: []byte("token=[removed]"), PublicURL: []byte("https://hooks.example.com/webhooks/stripe"),
		Headers: []archive.Line{{Name: "content-type", Value: []byte("application/json")}, {Name: "authorization", Value: []byte(archive.Removed)}, {Name: "stripe-signature", Value: []byte("t=1,v1=abcdefabcdefabcdef")}},
		Removed: []string{"header:authorization", "query:token"}, Size: len(body), Body: []byte(body),
		Verification: &pipeline.Verification{Provider: "stripe", Scheme: "v1", SecretID: "old", Covers: []string{"body", "time"}},
	})
	given := site.Delivery{Row: api.Row{Kind: api.KindKept, State: api.StateRefused, Provider: "stripe", Route: "stripe", Code: "policy_denied", At: noon()}, Kept: sequence}
	d, text := k.detail(t, given)
	if d.Request == nil || d.Request.From != "quarantine" || d.Request.Body.Text != body || d.Kept.Sequence != sequence || len(d.Kept.Removed) != 2 || d.Kept.Error != "" {
		t.Fatalf("%s", text)
	}
	for _, h := range d.Request.Headers {
		if h.Masked != (h.Name != "content-type") {
			t.Errorf("%+v", h)
		}
	}
	if strings.Contains(text, "abcdefabcdef") {
		t.Errorf("the signature is shown: %s", text)
	}
	if r := d.Refusal; r == nil || r.Code != "policy_denied" || r.Stage != "policy" || r.Reason != "the policy refuses the event" || r.Status != 403 {
		t.Errorf("%+v", d.Refusal)
	}
	if d.Proof == nil || d.Proof.SecretID != "old" || !slices.Equal(d.Acts, []string{api.ActRelease, api.ActDrop}) {
		t.Errorf("%+v %v", d.Proof, d.Acts)
	}
	k.site.Keys = &archive.Keys{}
	if d, _ = k.detail(t, given); d.Request != nil || d.Kept.Error == "" || d.Absent == "" || !slices.Equal(d.Acts, []string{api.ActDrop}) {
		t.Errorf("%+v %q %v", d.Kept, d.Absent, d.Acts)
	}
}

func TestDetail_headersThatAreSigned(t *testing.T) {
	k := newKit(t)
	r := post(`{"type":"a.b"}`, [2]string{"webhook-id", "msg_1"}, [2]string{"webhook-timestamp", "1"}, [2]string{"webhook-signature", "v1,abcdefghijklmnopqrst"}, [2]string{"x-other", "1"})
	d, _ := k.detail(t, k.storedOf(t, "standard-webhooks", "v1", []string{"body", "header:webhook-id", "header:webhook-timestamp"}, r))
	for _, h := range d.Request.Headers {
		if h.Signed != (h.Name == "webhook-id" || h.Name == "webhook-timestamp") {
			t.Errorf("%+v", h)
		}
	}
}

func TestDetail_ofASenderThatNobodyKnows(t *testing.T) {
	k := newKit(t)
	r := post(`{"user":{"access_token":"abcdefghijklmnop","name":"mona"},"list":[{"password":"hunter2"}]}`, [2]string{"x-acme-signature", "0123456789abcdef"}, [2]string{"cookie", "a=b"}, [2]string{"x-acme-event", "a"})
	r.Query = "api_key=abc&page=2"
	d, text := k.detail(t, refused("acme", pipeline.SignatureInvalid, r))
	for _, secret := range []string{"abcdefghijklmnop", "hunter2", "0123456789abcdef", "a=b", "=abc"} {
		if strings.Contains(text, secret) {
			t.Errorf("%s is in %s", secret, text)
		}
	}
	if d.Request.URL != "/webhooks/x?api_key=[redacted]&page=2" || !strings.Contains(d.Request.Body.Text, "mona") || len(d.Request.Body.Masked) == 0 {
		t.Errorf("%+v", d.Request)
	}
}

// TestDetail_hidesABodyThatItCannotSearch has secrets in bodies that are cut or compressed.
func TestDetail_hidesABodyThatItCannotSearch(t *testing.T) {
	k := newKit(t)
	cutOff := post(`{"token":"abcdefghijklmnop","a":"`)
	cutOff.Size = 30 << 20
	twice := post(`{"a":1,"a":{"token":"abcdefghijklmnop"}}`)
	packed := post("\x1f\x8babcdefghijklmnop", [2]string{"content-encoding", "gzip"})
	for name, r := range map[string]*site.Request{"cut": cutOff, "a name twice": twice, "compressed": packed} {
		d, text := k.detail(t, refused("acme", pipeline.Malformed, r))
		if strings.Contains(text, "abcdefghijklmnop") || d.Absent == "" || d.Request == nil || d.Request.Body.Size != r.Size || !d.Request.Body.Cut {
			t.Errorf("%s: %s", name, text)
		}
	}
}

// TestDetail_isBounded has what a hostile sender makes.
func TestDetail_isBounded(t *testing.T) {
	var keys strings.Builder
	for n := range 10_000 {
		fmt.Fprintf(&keys, `,"key%d":"%d"`, n, n)
	}
	large := `{"action":"opened","text":"` + strings.Repeat("ü𝒳", 25<<20/6) + `"}`
	for name, tc := range map[string]struct {
		body string
		kind string
		cut  bool
	}{
		"25 MiB":             {large, "json", true},
		"10,000 keys":        {`{"action":"opened"` + keys.String() + "}", "json", false},
		"deep":               {strings.Repeat(`{"a":`, 100_000) + strings.Repeat("}", 100_000), "json", true},
		"deep lists":         {strings.Repeat("[", 1<<20), "json", true},
		"invalid UTF-8":      {`{"action":"` + strings.Repeat("ok ok ok \xff", 100) + `"}`, "json", false},
		"bidirectional text": {"{\"action\":\"\u202e\u2066gpj.exe\"}", "json", false},
		"HTML":               {`{"action":"<script>alert(1)</script>"}`, "json", false},
		"binary":             {strings.Repeat("\x00\xff\xfe", 1<<20), "binary", true},
		"text":               {strings.Repeat("ü", 300<<10), "text", true},
		"quotes":             {strings.Repeat(`"`, 1<<20), "text", true},
		"empty":              {"", "text", false},
	} {
		t.Run(name, func(t *testing.T) {
			k := newKit(t)
			given := refused("github", pipeline.SignatureInvalid, post(tc.body, [2]string{"x-github-event", "issues"}, [2]string{"x-hub-signature-256", strings.Repeat("a1b2c3d4e5f6 ,", 5000)}))
			given.Record = proved("github", "sha256", []string{"body"}) // so that an event is made, too
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			begin := time.Now()
			d, text := k.detail(t, given)
			took := time.Since(begin)
			runtime.ReadMemStats(&after)
			if took > 5*time.Second || after.TotalAlloc-before.TotalAlloc > 600<<20 {
				t.Errorf("%v, %d MiB", took, (after.TotalAlloc-before.TotalAlloc)>>20)
			}
			b := d.Request.Body
			if b.Kind != tc.kind || b.Cut != tc.cut || b.Size != len(tc.body) || len(b.Text) > 256<<10 || !utf8.ValidString(text) {
				t.Errorf("%s, cut %v, %d of %d bytes", b.Kind, b.Cut, len(b.Text), b.Size)
			}
			if len(text) > 8<<20 {
				t.Errorf("an answer of %d bytes", len(text))
			}
		})
	}
}
