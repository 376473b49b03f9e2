package chain

import (
	"context"
	"errors"
	"net/netip"
	"slices"
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
	edgeWith := func(more string) string {
		return `{"provider":"github","verify":{"secrets":[{"value":"a-secret-of-the-tests"}]},"publish":{"servers":["nats://127.0.0.1:1"]},` + more + `}`
	}
	type test struct {
		plugin, config string
		loads          bool // whether the second delivery's body is asked for
		code           pipeline.Code
	}
	tests := map[string]test{
		"webhook-edge, nothing in front":        {"webhook-edge", edgeWith(`"ipallow":{` + allow + `}`), true, pipeline.Internal},
		"webhook-edge, an address on no list":   {"webhook-edge", edgeWith(`"ipallow":{` + deny + `}`), false, pipeline.IPDenied},
		"webhook-edge, a limit that is used up": {"webhook-edge", edgeWith(`"ratelimit":{` + once + `}`), false, pipeline.RateLimited},
	}
	for plugin, s := range samples() {
		tests[plugin] = test{plugin, s.with("a-secret-of-the-tests", ""), false, pipeline.Accepted}
		if slices.Contains(strings.Fields(s.stages), "body") {
			tests[plugin] = test{plugin, tests[plugin].config, true, pipeline.Internal}
		}
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
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
}

// TestStages_areEachOnce keeps second halves out of what is counted a stage.
func TestStages_areEachOnce(t *testing.T) {
	var each []string
	for _, name := range strings.Fields(order) {
		if !slices.Contains(each, name) {
			each = append(each, name)
		}
	}
	if got := Stages(); !slices.Equal(got, each) {
		t.Errorf("got %s", got)
	}
	if got := Packages(); !slices.Equal(got, slices.DeleteFunc(each, func(name string) bool { return name == "body" })) {
		t.Errorf("got %s", got)
	}
}
