package e2e

import (
	"strings"
	"testing"
)

func TestAnAddressThatMayNotDeliverIsRefused(t *testing.T) {
	tests := map[string]struct {
		setting string
		status  int
	}{
		"on the allow list":                           {`{allow: ["127.0.0.0/8"]}`, 200},
		"on the deny list as well":                    {`{allow: ["127.0.0.0/8"], deny: ["127.0.0.1"]}`, 403},
		"on no list":                                  {`{allow: ["192.0.2.0/24"]}`, 403},
		"on no list, in observe mode":                 {`{mode: observe, allow: ["192.0.2.0/24"]}`, 200},
		"not on the published list":                   {`{provider_ranges: true, ranges: {refresh: false}}`, 403},
		"on one's own list and not on the provider's": {`{provider_ranges: true, allow: ["127.0.0.1"], ranges: {refresh: false}}`, 200},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			g := startGateway(t, one("github", "\n          ipallow: "+tc.setting), nil)
			_, r := g.deliver(senders()["github"], "by-address")
			if r.status != tc.status || tc.status == 403 && !strings.Contains(r.body, `"ip_denied"`) {
				t.Fatalf("%+v\n%s", r, g.logged())
			}
			switch {
			case tc.status == 403:
				eventually(t, "the log names the address", func() bool { return strings.Contains(g.logged(), `"client_ip":"127.0.0.1"`) })
			case strings.HasSuffix(name, "not on the provider's"):
				eventually(t, "somebody notices that the list misses a proved sender", func() bool { return strings.Contains(g.logged(), "may be stale") })
			}
		})
	}
}

func TestIPAllowAloneStandsInFrontOfAService(t *testing.T) {
	b := startBackend(t)
	plugin := func(setting string) string {
		return `          - name: webhook-ipallow
            config: {provider: github, respond: continue, ` + setting + `}
`
	}
	g := startGateway(t, singles(b.URL, plugin(`allow: ["127.0.0.1"]`)), nil)
	if _, r := g.deliver(senders()["github"], "alone"); r.status != 202 || len(b.seen) != 1 {
		t.Fatalf("%+v\n%s", r, g.logged())
	}
	g = startGateway(t, singles(b.URL, plugin(`provider_ranges: true, ranges: {refresh: false}`)), nil)
	if _, r := g.deliver(senders()["github"], "alone"); r.status != 403 || len(b.seen) != 1 {
		t.Errorf("%+v, and the service saw %d requests", r, len(b.seen))
	}
}
