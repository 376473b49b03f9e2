package local

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/kong/local"
)

// TestMonitor_showsWhatEveryStreamStores plays what plugins publish and Kong answers.
func TestMonitor_showsWhatEveryStreamStores(t *testing.T) {
	b, err := startBroker(t.TempDir(), "of-the-test", -1)
	if err != nil {
		t.Fatal(err)
	}
	defer b.stop()
	shown := make(chan delivered, 8)
	m := newMonitor(func(d delivered) { shown <- d }, func(route string) bool { return route == "edge" })
	go m.follow(t.Context(), b, func(stream string) bool { return stream == "REFUSED" })
	publish := func(stream, subject, data string, header nats.Header) {
		t.Helper()
		if _, err := b.js.CreateOrUpdateStream(t.Context(), jetstream.StreamConfig{Name: stream, Subjects: []string{subject}}); err != nil {
			t.Fatal(err)
		}
		if _, err := b.js.PublishMsg(t.Context(), &nats.Msg{Subject: subject, Data: []byte(data), Header: header}); err != nil {
			t.Fatal(err)
		}
	}
	publish("REFUSED", "refused.x", `{"requestid":"r5"}`, nil)
	publish("WEBHOOKS", "webhooks.a", `{"requestid":"r1"}`, nil)
	publish("ORDERS", "orders.b", `{"requestid":"r2"}`, nil)
	publish("BINARY", "binary.c", `{"requestid":"of the payload"}`, nats.Header{"ce-requestid": {"r3"}})
	acked := http.Header{"Webhook-Ack": {"broker"}}
	tests := map[string]struct {
		d    local.Delivery
		want []string // code and subject
	}{
		"the usual stream":           {local.Delivery{RequestID: "r1", Status: 200, Headers: acked, Route: "edge"}, []string{"accepted", "webhooks.a"}},
		"a stream of another name":   {local.Delivery{RequestID: "r2", Status: 200, Headers: acked, Route: "edge"}, []string{"accepted", "orders.b"}},
		"binary mode":                {local.Delivery{RequestID: "r3", Status: 200, Headers: acked, Route: "edge"}, []string{"accepted", "binary.c"}},
		"without the header":         {local.Delivery{RequestID: "r3", Status: 200, Route: "edge"}, []string{"accepted", "binary.c"}},
		"a handshake":                {local.Delivery{RequestID: "r4", Status: 200, Route: "edge"}, []string{"handshake", ""}},
		"a route of other plugins":   {local.Delivery{RequestID: "r4", Status: 200, Route: "other"}, []string{"", ""}},
		"what the quarantine stores": {local.Delivery{RequestID: "r5", Status: 401, Route: "edge"}, []string{"", ""}},
		"a duplicate":                {local.Delivery{RequestID: "r6", Status: 200, Headers: http.Header{"Webhook-Ack": {"duplicate"}}, Route: "edge"}, []string{"duplicate", ""}},
	}
	// Each once before it is judged: an event may come after its answer.
	for name, tt := range tests {
		deadline := time.Now().Add(10 * time.Second)
		var got []string
		for time.Now().Before(deadline) {
			if name == "without the header" { // the event of r3 is shown once
				m.tell("r3", delivered{code: "accepted", subject: "binary.c"})
			}
			m.answered(tt.d)
			d := <-shown
			if got = []string{d.code, d.subject}; cmp.Equal(tt.want, got) {
				break
			}
			if tt.want[0] != "accepted" {
				break
			}
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
