package act

import (
	"slices"
	"strings"
	"testing"
	"time"

	"webhookedge/plugins/internal/ctl/inspector/api"
	"webhookedge/plugins/internal/ctl/inspector/site"
)

func TestAgain_ofEverySender(t *testing.T) {
	file, secrets := everySender(t)
	deliveries := &bench{all: map[uint64]site.Delivery{}}
	d := New(&site.Site{Config: file, Gateway: "http://127.0.0.1:8000", Changes: true, Deliveries: deliveries})
	defer d.Close()
	for _, sender := range d.Senders() {
		t.Run(sender.Route, func(t *testing.T) {
			s, err := d.sender(sender.Route)
			if err != nil {
				t.Fatal(err)
			}
			s.Event = sender.Events[0]
			sent, err := s.Mutated(time.Now())
			if err != nil {
				t.Fatal(err)
			}
			was := &site.Request{Method: sent.Method, Path: "/in/" + sender.Route, Body: sent.Body, Size: len(sent.Body), At: time.Now()}
			_, was.Query, _ = strings.Cut(sent.URL, "?")
			for _, h := range sent.Headers {
				was.Headers = append(was.Headers, [2]string{h.Name, h.Value})
			}
			deliveries.all[1] = site.Delivery{Row: api.Row{N: 1, Provider: s.Row.Name, Route: sender.Route}, Request: was}
			scheme, _ := s.Row.Scheme(s.Scheme)
			scheme = scheme.Filled(s.Settings)
			for _, resign := range []bool{false, true} {
				plan, err := d.Preview(t.Context(), api.Order{Act: api.ActAgain, N: 1, Resign: resign})
				if err != nil {
					t.Fatal(err)
				}
				if plan.Denied != "" && !slices.Contains(unsignable(), sender.Route) || plan.Denied == "" && resign && slices.Contains(unsignable(), sender.Route) {
					t.Errorf("resign %t: denied for %q", resign, plan.Denied)
				}
				text := plain(t, plan)
				for _, word := range secrets[sender.Route] {
					if strings.Contains(text, word) {
						t.Errorf("the plan has a secret: %s", text)
					}
				}
				for _, proof := range proofs(t, s.Row, &scheme, &sent) {
					for _, part := range parts(proof) {
						if strings.Contains(text, part) {
							t.Errorf("%q of the proof is shown: %s", part, text)
						}
					}
				}
			}
		})
	}
}

func unsignable() []string {
	return []string{"dropbox-sign-event-hash", "lark-encrypted", "wecom-msg-signature"}
}
