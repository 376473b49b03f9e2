package verify_test

import (
	"errors"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/probe"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/verify"
)

// TestProbe_isProvedByTheSecretOfTheRoute attacks the mark: what is wrong refuses the
// delivery, and no genuine one becomes a probe.
func TestProbe_isProvedByTheSecretOfTheRoute(t *testing.T) {
	good := func(d *pipeline.Delivery) string { return probe.NewKey(secretText).Mark(at(), d.Body) }
	for name, tc := range map[string]struct {
		mark func(*pipeline.Delivery) string
		more []pipeline.Header
		want bool
		err  error
	}{
		"without a mark":          {nil, nil, false, nil},
		"with the route's secret": {good, nil, true, nil},
		"with another secret":     {func(d *pipeline.Delivery) string { return probe.NewKey("a-guess").Mark(at(), d.Body) }, nil, false, verify.ErrProbe},
		"with the older secret": {func(d *pipeline.Delivery) string {
			return probe.NewKey("octo-private-verify-secret-0000").Mark(at(), d.Body)
		}, nil, false, verify.ErrProbe},
		"of another body":           {func(*pipeline.Delivery) string { return probe.NewKey(secretText).Mark(at(), []byte(`{}`)) }, nil, false, verify.ErrProbe},
		"an hour old":               {func(d *pipeline.Delivery) string { return probe.NewKey(secretText).Mark(at().Add(-time.Hour), d.Body) }, nil, false, verify.ErrProbe},
		"twice":                     {good, []pipeline.Header{{Name: probe.Header, Value: "1"}}, false, verify.ErrProbe},
		"empty":                     {func(*pipeline.Delivery) string { return "" }, nil, false, verify.ErrProbe},
		"its signature as the mark": {func(d *pipeline.Delivery) string { v, _ := d.Headers.Get("x-hub-signature-256"); return v }, nil, false, verify.ErrProbe},
	} {
		r := prometheus.NewRegistry()
		m, err := verify.NewMetrics(r, itself)
		if err != nil {
			t.Fatal(err)
		}
		p := row(t, "github")
		s := stage(t, p, settings(secretText, "octo-private-verify-secret-0000"), verify.WithMetrics(m))
		d := delivery(t, p, `{"zen":"a"}`, "application/json")
		if tc.mark != nil {
			d.Headers = append(d.Headers, pipeline.Header{Name: probe.Header, Value: tc.mark(d)})
		}
		d.Headers = append(d.Headers, tc.more...)
		if err := s.Handle(t.Context(), d); !errors.Is(err, tc.err) {
			t.Errorf("%s: %v", name, err)
		}
		if d.Probed() != tc.want {
			t.Errorf("%s: a probe: %v", name, d.Probed())
		}
		// A probe must not say of a secret that the provider still uses it.
		if got := counts(t, r)["webhook_edge_verify_secret_matches_total github 1"]; (got == 1) != (tc.err == nil && !tc.want) {
			t.Errorf("%s: the secret has %v matches", name, got)
		}
	}
}

func TestProbe_forgedDeliveryIsNone(t *testing.T) {
	p := row(t, "github")
	s := stage(t, p, settings(secretText))
	d := delivery(t, p, `{"zen":"a"}`, "application/json")
	d.Headers = append(d.Headers, pipeline.Header{Name: probe.Header, Value: probe.NewKey(secretText).Mark(at(), d.Body)})
	set(d, "x-hub-signature-256", "sha256=00")
	if err := s.Handle(t.Context(), d); err == nil || d.Probed() {
		t.Errorf("a mark stands for a signature: %v", err)
	}
}

// TestProbe_publicKeyMarksNothing would be a forgery kit: everybody knows the key.
func TestProbe_publicKeyMarksNothing(t *testing.T) {
	p := row(t, "discord")
	pair, err := p.NewKeyPair("")
	if err != nil {
		t.Fatal(err)
	}
	signer, err := p.Signer(provider.Options{Secrets: []provider.Secret{{Value: pair.Private}}})
	if err != nil {
		t.Fatal(err)
	}
	signed, err := signer.Sign(provider.Unsigned{Body: []byte(`{"type":0}`), ContentType: "application/json", At: at()})
	if err != nil {
		t.Fatal(err)
	}
	d, s := &pipeline.Delivery{Method: "POST", Body: signed.Body, ReceivedAt: at()}, stage(t, p, settings(pair.Public))
	for _, h := range signed.Headers {
		d.Headers = append(d.Headers, pipeline.Header(h))
	}
	d.Headers = append(d.Headers, pipeline.Header{Name: probe.Header, Value: probe.NewKey(pair.Public).Mark(at(), d.Body)})
	if err := s.Handle(t.Context(), d); !errors.Is(err, verify.ErrProbe) || d.Probed() {
		t.Errorf("got %v", err)
	}
}
