package verify_test

import (
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"webhookedge/plugins/verify"
)

// BenchmarkHandle shows the whole stage on a delivery of 2 KB, with metrics.
func BenchmarkHandle(b *testing.B) {
	body := `{"ref":"refs/heads/main","commits":[],"action":"opened","text":"` + strings.Repeat("0123456789abcdef", 126) + `"}`
	m, err := verify.NewMetrics(prometheus.NewRegistry(), func(name string) string { return name })
	if err != nil {
		b.Fatal(err)
	}
	for name, opts := range map[string][]verify.Option{
		"verify":              {verify.WithMetrics(m)},
		"verify and describe": {verify.WithMetrics(m), verify.WithUpstream()},
	} {
		for _, provider := range []string{"github", "stripe", "slack"} {
			b.Run(name+"/"+provider, func(b *testing.B) {
				p := row(b, provider)
				s := stage(b, p, settings(secretText), opts...)
				d := delivery(b, p, body, "")
				b.ReportAllocs()
				for b.Loop() {
					d.Verification, d.Upstream = nil, nil
					if err := s.Handle(b.Context(), d); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
