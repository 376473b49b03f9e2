package chain

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"webhookedge/plugins/internal/pipeline"
)

// errLoaded is how the server of these tests answers for a body.
var errLoaded = errors.New("the body was asked for")

// elsewhere is a server that has the body in a file.
type elsewhere struct{}

func (elsewhere) LoadBody(context.Context) ([]byte, error) { return nil, errLoaded }
func (elsewhere) Copy(int) ([]byte, error)                 { return nil, errLoaded }

// TestBody_isReadBehindThePerimeterAndBeforeAllElse holds every chain to the order of
// the table: strangers are refused without a body, and what reads a body has one.
func TestBody_isReadBehindThePerimeterAndBeforeAllElse(t *testing.T) {
	const allow, deny = `"allow":["192.0.2.1"]`, `"deny":["192.0.2.1"]`
	const once = `"limits":[{"rate":"1-H","by":"client_ip"}]`
	of := func(plugin, more string) string {
		return fmt.Sprintf(parts()[plugin], "a-secret-of-the-tests", more)
	}
	edgeWith := func(more string) string {
		return `{"provider":"github","verify":{"secrets":[{"value":"a-secret-of-the-tests"}]},"publish":{"servers":["nats://127.0.0.1:1"]},` + more + `}`
	}
	tests := map[string]struct {
		plugin, config string
		loads          bool // whether the second delivery's body is asked for
		code           pipeline.Code
	}{
		"webhook-edge, nothing in front":        {"webhook-edge", edgeWith(`"ipallow":{` + allow + `}`), true, pipeline.Internal},
		"webhook-edge, an address on no list":   {"webhook-edge", edgeWith(`"ipallow":{` + deny + `}`), false, pipeline.IPDenied},
		"webhook-edge, a limit that is used up": {"webhook-edge", edgeWith(`"ratelimit":{` + once + `}`), false, pipeline.RateLimited},
		"webhook-verify":                        {"webhook-verify", of("webhook-verify", ""), true, pipeline.Internal},
		"webhook-policy":                        {"webhook-policy", of("webhook-policy", ""), true, pipeline.Internal},
		"webhook-publish":                       {"webhook-publish", of("webhook-publish", ""), true, pipeline.Internal},
		"webhook-ipallow, which reads none":     {"webhook-ipallow", `{"provider":"github",` + allow + `}`, false, pipeline.Accepted},
		"webhook-ratelimit, which reads none":   {"webhook-ratelimit", `{"provider":"github","limits":[{"rate":"10-S","by":"client_ip"}]}`, false, pipeline.Accepted},
	}
	tested := map[string]bool{}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			tested[tc.plugin] = true
			for _, p := range Plugins() {
				if p.Name != tc.plugin {
					continue
				}
				process, _ := opened(t)
				h, err := process.Build(p.Name, []byte(tc.config))
				if err != nil {
					t.Fatal(err)
				}
				defer h.Close()
				var out pipeline.Outcome
				for range 2 {
					d := &pipeline.Delivery{Method: "POST", ClientIP: netip.MustParseAddr("192.0.2.1"), Source: elsewhere{}}
					out = h.Chain.Run(t.Context(), d)
				}
				if loaded := errors.Is(out.Err, errLoaded); loaded != tc.loads || out.Code != tc.code {
					t.Errorf("got %s (%v), want %s", out.Code, out.Err, tc.code)
				}
				if tc.loads && out.Stage != "body" {
					t.Errorf("stage %s asked for the body", out.Stage)
				}
			}
		})
	}
	for _, p := range Plugins() {
		if !tested[p.Name] {
			t.Errorf("%s is not tested", p.Name)
		}
	}
}

// TestStages_areEachOnce keeps second halves out of what is counted a stage.
func TestStages_areEachOnce(t *testing.T) {
	if got := strings.Join(Stages(), " "); got != "ipallow ratelimit body verify normalize policy publish" {
		t.Errorf("got %s", got)
	}
	if got := strings.Join(Packages(), " "); got != "ipallow ratelimit verify normalize policy publish" {
		t.Errorf("got %s", got)
	}
}
