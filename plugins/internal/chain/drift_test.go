package chain

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/drift"
	"webhookedge/plugins/internal/drift/bucket"
	"webhookedge/plugins/internal/natstest"
	"webhookedge/plugins/internal/pipeline"
)

// TestLearn_publishesWhatChanged plays deliveries of a route with normalize.learn, of which
// an event is known already.
func TestLearn_publishesWhatChanged(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t)
	js := natstest.Client(t, s)
	b, err := bucket.OpenOrCreate(t.Context(), js, "WEBHOOKS")
	if err != nil {
		t.Fatal(err)
	}
	var known drift.Tally
	for range drift.Confirm {
		known.Observe([]byte(`{"ref":"refs/heads/main","pusher":{"name":"x"},"commits":[]}`))
	}
	if _, err := b.Change(t.Context(), "github", "push", time.Now(), false, func(m *drift.Model) bool {
		m.Merge(&known, time.Now())
		m.Accept("")
		return true
	}); err != nil {
		t.Fatal(err)
	}
	const secret = "octo-secret-0123456789abcdef"
	process, log := opened(t)
	h, err := process.Build(Server, fmt.Appendf(nil, `{"provider":"github","verify":{"secrets":[{"value":%q}]},"publish":{"servers":[%q],"stream":{"ensure":"create"}},
		"normalize":{"learn":true,"redact":[{"path":"$.pusher.email","action":"mask"},{"path":"$.gone","action":"drop"}]}}`, secret, s.ClientURL()))
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	for i := range drift.Confirm {
		body := fmt.Appendf(nil, `{"ref":%d,"pusher":{"name":"x","email":"octo@example.com"},"gone":1,"commits":[]}`, i)
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write(body)
		d := &pipeline.Delivery{Method: "POST", Body: body, Route: "github", ReceivedAt: time.Now().Add(time.Duration(i) * time.Second), Headers: pipeline.Headers{
			{Name: "content-type", Value: "application/json"}, {Name: "x-github-event", Value: "push"}, {Name: "x-github-delivery", Value: fmt.Sprint("d", i)},
			{Name: "x-hub-signature-256", Value: "sha256=" + hex.EncodeToString(mac.Sum(nil))},
		}}
		if out := h.Chain.Run(t.Context(), d); out.Err != nil {
			t.Fatal(out.Err)
		}
		h.Stored(d)
	}
	e := waitEvent(t, js, log)
	if e.FullType() != "edge.schema.drift" || e.Subject != "github.push" || strings.Contains(string(e.Data), "octo@example.com") || strings.Contains(string(e.Data), "gone") {
		t.Errorf("%s about %s: %s", e.FullType(), e.Subject, e.Data)
	}
	var n drift.Notice
	if err := json.Unmarshal(e.Data, &n); err != nil {
		t.Fatal(err)
	}
	want := map[string][]drift.Reader{
		"appeared $.pusher.email": {{Kind: drift.ReadByRedaction, Name: "$.pusher.email"}},
		"retyped $.ref":           nil,
	}
	got := map[string][]drift.Reader{}
	for _, c := range n.Changes {
		got[string(c.Kind)+" "+c.Path] = c.ReadBy
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// waitEvent returns the first event of the edge about itself.
func waitEvent(t *testing.T, js jetstream.JetStream, log *lines) *event.Event {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		stream, err := js.Stream(t.Context(), "WEBHOOKS_EDGE")
		if err != nil {
			continue
		}
		m, err := stream.GetLastMsgForSubject(t.Context(), "webhooks-edge.drift.github.push")
		if err != nil {
			continue
		}
		e, err := event.Parse(m.Header, m.Data)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	t.Fatalf("no event\n%s", log)
	return nil
}

func TestLearn_needsAStore(t *testing.T) {
	build, _ := builder(t, "webhook-policy")
	if err := build(`{"provider":"github","directory":"../../../policies","normalize":{"learn":true}}`); err == nil || !strings.Contains(err.Error(), "normalize.learn: ") {
		t.Errorf("got %v", err)
	}
}
