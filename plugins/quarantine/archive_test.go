package quarantine

import (
	"strings"
	"testing"

	"github.com/nats-io/nats.go"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/streams/archive"
)

// TestArchive_doesNotTrustTheHeadersOfAMessage changes what anybody with access
// to the stream can: the headers, by which a release finds the route.
func TestArchive_doesNotTrustTheHeadersOfAMessage(t *testing.T) {
	js := client(t, startNATS(t, nil))
	k := newKit(t, js, nil, object{"keys": []any{keyOf("a")}})
	d, item := held("1", []byte("{}"))
	if err := k.Hold(t.Context(), d, item, pipeline.PayloadInvalid); err != nil {
		t.Fatal(err)
	}
	e := entries(t, k.archive(t), archive.Filter{})[0]
	if r, _, err := k.archive(t).Get(t.Context(), e.Sequence); err != nil || r.Proved() == nil {
		t.Fatalf("got %+v, %v", r, err)
	}
	for name, change := range map[string]func(m *nats.Msg){
		"another route":       func(m *nats.Msg) { m.Header.Set("Webhook-Route", "other") },
		"not held":            func(m *nats.Msg) { m.Header.Del("Webhook-Held") },
		"another id":          func(m *nats.Msg) { m.Header.Set("Webhook-Record", "R2") },
		"another code":        func(m *nats.Msg) { m.Subject = "webhooks-rejected.github.signature_invalid" },
		"a byte of its data":  func(m *nats.Msg) { m.Data[len(m.Data)-1] ^= 1 },
		"another key's name":  func(m *nats.Msg) { m.Data[len("WQS\x01")+1] = 'b' },
		"no sealing any more": func(m *nats.Msg) { m.Data = append([]byte("WQR\x01"), m.Data...) },
	} {
		t.Run(name, func(t *testing.T) {
			raw, err := stored(t, k).GetMsg(t.Context(), e.Sequence)
			if err != nil {
				t.Fatal(err)
			}
			m := &nats.Msg{Subject: raw.Subject, Header: raw.Header, Data: raw.Data}
			for name := range m.Header { // what the broker says of the message, and its id
				if strings.HasPrefix(name, "Nats-") {
					m.Header.Del(name)
				}
			}
			change(m)
			ack, err := js.PublishMsg(t.Context(), m)
			if err != nil {
				t.Fatal(err)
			}
			if r, _, err := k.archive(t).Get(t.Context(), ack.Sequence); err == nil {
				t.Errorf("opened: %+v", r)
			}
		})
	}
}
