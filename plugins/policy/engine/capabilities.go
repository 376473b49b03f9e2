package engine

import (
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

// SwitchedOff returns the built-in functions that policies cannot call unless
// Options.Builtins names them. They reach the network, read zone files of the host, show
// secrets of the environment (opa.runtime), or cannot be stopped by the deadline although
// they may take minutes, or gigabytes, on arguments of a few bytes.
func SwitchedOff() []string {
	return []string{
		"http.send", "net.lookup_ip_addr", "opa.runtime",
		"time.add_date", "time.clock", "time.date", "time.diff", "time.format", "time.parse_ns", "time.weekday",
		"bits.lsh", "graph.reachable_paths", "net.cidr_contains_matches", "product", "strings.render_template",
	}
}

// Capabilities returns OPA's without what is switched off and not allowed, and no network.
func Capabilities(allowed ...string) *ast.Capabilities {
	c := ast.CapabilitiesForThisVersion()
	off := SwitchedOff()
	c.Builtins = slices.DeleteFunc(c.Builtins, func(b *ast.Builtin) bool {
		return slices.Contains(off, b.Name) && !slices.Contains(allowed, b.Name)
	})
	if !slices.Contains(allowed, "http.send") {
		c.AllowNet = []string{}
	}
	return c
}
