package engine

import (
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// unsteady names the functions whose result depends on more than their arguments. OPA's own
// mark, Nondeterministic, leaves out those that check certificates against the clock or read
// zone files. A test fails for a function that nobody has classified.
const unsteady = `
	time.now_ns io.jwt.decode_verify
	crypto.x509.parse_and_verify_certificates crypto.x509.parse_and_verify_certificates_with_options
	rand.intn uuid.rfc4122 io.jwt.encode_sign io.jwt.encode_sign_raw
	http.send net.lookup_ip_addr json.match_schema json.verify_schema
	opa.runtime time.add_date time.clock time.date time.diff time.format time.parse_ns time.weekday`

// Unsteady returns the built-in functions that can give another result for equal arguments.
func Unsteady() map[string]bool {
	all := map[string]bool{}
	for name := range strings.FieldsSeq(unsteady) {
		all[name] = true
	}
	for _, b := range ast.Builtins {
		if b.Nondeterministic {
			all[b.Name] = true
		}
	}
	return all
}
