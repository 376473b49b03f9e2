package engine

import (
	"maps"
	"slices"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
)

// TestBuiltins_areAllClassified fails for a function of a new version of OPA:
// whoever takes that over says what the function depends on.
func TestBuiltins_areAllClassified(t *testing.T) {
	classes := dependences()
	known := map[string]bool{}
	for _, b := range ast.Builtins {
		known[b.Name] = true
		if classes[b.Name] == unclassified {
			t.Errorf("%s: %s; say in dependences what its result depends on", b.Name, b.Description)
		}
		if b.Nondeterministic && classes[b.Name] == onArguments {
			t.Errorf("%s depends on its arguments alone here, and on more for OPA", b.Name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(classes)) {
		if !known[name] {
			t.Errorf("%s is no function of OPA any more", name)
		}
	}
}

func TestUnsteady_holdsWhatDependsOnMoreThanArguments(t *testing.T) {
	unsteady := Unsteady()
	for name, want := range map[string]bool{
		"time.now_ns": true, "http.send": true, "crypto.x509.parse_and_verify_certificates": true,
		"crypto.x509.parse_and_verify_certificates_with_options": true, "time.format": true, "rand.intn": true,
		"json.marshal": false, "sprintf": false, "crypto.x509.parse_certificates": false, "time.parse_rfc3339_ns": false,
	} {
		if unsteady[name] != want {
			t.Errorf("%s: %v, want %v", name, unsteady[name], want)
		}
	}
}
