package local

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"webhookedge/plugins/internal/ctl/ctltest"
	"webhookedge/plugins/internal/ctl/delivery"
	"webhookedge/plugins/internal/ctl/inspector/api"
	"webhookedge/plugins/provider/catalogue"
)

const inspectedConfig = `_format_version: "3.0"
routes:
  - name: hub
    paths: [/webhooks/hub]
    plugins:
      - name: webhook-edge
        config:
          provider: github
          ipallow: {mode: observe}
          verify: {secrets: [{value: "{vault://env/octo-inspector-secret}"}]}
          policy: {directory: "{vault://env/webhook-policies-dir}"}
          publish: {servers: ["{vault://env/nats-url}"], username: webhooks, password: "{vault://env/nats-password}", stream: {ensure: create}}
`

// TestLocal_inspectorShowsDeliveries sends a signed and a forged delivery through the
// plugins, whose config asks for no records.
func TestLocal_inspectorShowsDeliveries(t *testing.T) {
	const secret = "octo-secret-0123456789abcdef-of-the-test"
	file := filepath.Join(t.TempDir(), "kong.yml")
	if err := os.WriteFile(file, []byte(inspectedConfig), 0o600); err != nil {
		t.Fatal(err)
	}
	policies, err := filepath.Abs("../../../../policies")
	if err != nil {
		t.Fatal(err)
	}
	s, err := stackOptions{
		config: file, listen: "127.0.0.1:0", natsPort: -1, inspect: "127.0.0.1:0",
		env: map[string]string{"OCTO_INSPECTOR_SECRET": secret, policiesVariable: policies},
	}.start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.close(); err != nil {
			t.Error(err)
		}
	}()
	row, _ := catalogue.Lookup("github")
	d := delivery.Delivery{Row: row, Secret: secret, Event: "push", URL: "http://" + s.server.Addr().String() + "/webhooks/hub"}
	for _, d.Mutate = range []string{delivery.MutateNone, delivery.MutateForge} {
		if _, err := d.Send(t.Context(), http.DefaultClient); err != nil {
			t.Fatal(err)
		}
	}
	address := s.page.Load().URL()
	if session := ctltest.GetJSON[api.Session](t, address+"api/session"); session.Mode != "local" || !session.Changes || session.Gateway == "" || session.Config != file {
		t.Errorf("%+v", session)
	}
	deadline := time.Now().Add(20 * time.Second)
	for {
		p := ctltest.GetJSON[api.Page](t, address+"api/deliveries")
		if done := p.Matched == 2 && p.Rows[0].Code == "signature_invalid" && p.Rows[1].Code == "accepted" && p.Rows[1].Events == 1; done {
			good, bad := p.Rows[1], p.Rows[0]
			if good.Status != 200 || good.Ack == "" || good.Type != "push" || good.Route != "hub" || good.State != api.StateStored || good.Micros == 0 || good.RequestID == "" {
				t.Errorf("%+v", good)
			}
			if bad.Status != 401 || bad.State != api.StateRefused || bad.Provider != "github" || bad.Kind != api.KindDelivery {
				t.Errorf("%+v", bad)
			}
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("%+v", p)
		}
		time.Sleep(10 * time.Millisecond)
	}
	if !strings.HasPrefix(address, "http://127.0.0.1:") {
		t.Error(address)
	}
}

// TestLocal_triesWithoutASecret has nothing set, and one secret.
func TestLocal_triesWithoutASecret(t *testing.T) {
	for _, r := range demoRoutes() {
		t.Setenv(r.variable, "")
	}
	t.Setenv("GITHUB_WEBHOOK_SECRET", "octo-secret-0123456789abcdef-of-the-test")
	o := stackOptions{listen: "127.0.0.1:0", natsPort: -1, inspect: "127.0.0.1:0"}
	tried := o.trial()
	if made := secretsOf(tried); len(made) != len(tried)-1 || o.env["GITHUB_WEBHOOK_SECRET"] != "octo-secret-0123456789abcdef-of-the-test" {
		t.Errorf("made %v", made)
	}
	s, err := o.start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.close(); err != nil {
			t.Error(err)
		}
	}()
	if err := s.sendSamples(t.Context(), tried); err != nil {
		t.Fatal(err)
	}
	address := s.page.Load().URL()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		p := ctltest.GetJSON[api.Page](t, address+"api/deliveries?status=200")
		if p.Matched == len(tried) {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d of %d samples are taken: %+v", p.Matched, len(tried), ctltest.GetJSON[api.Page](t, address+"api/deliveries").Rows)
		}
	}
}
