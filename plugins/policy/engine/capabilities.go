package engine

import (
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

// SwitchedOff returns the built-in functions that policies cannot call unless
// Options.Builtins names them: those that reach the network, those that read the
// zone files of the host, opa.runtime, which shows the environment of the process
// and with it secrets, and those that the deadline of an evaluation cannot stop
// although they may take minutes, or gigabytes, on arguments of a few bytes.
func SwitchedOff() []string {
	return []string{
		"http.send", "net.lookup_ip_addr", "opa.runtime",
		"time.add_date", "time.clock", "time.date", "time.diff", "time.format", "time.parse_ns", "time.weekday",
		"bits.lsh", "graph.reachable_paths", "net.cidr_contains_matches", "product", "strings.render_template",
	}
}

// Capabilities returns what the Rego of a policy may use: all of OPA's but what
// is switched off and not in allowed. Schemas are never fetched over the network.
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
