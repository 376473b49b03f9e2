package detail

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/format"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/ctl/inspector/api"
)

// test is a test of the live policy in Rego, which holds it to what it decides about the
// first event; "" where none can be written.
func (v *view) test(d *api.Decision) string {
	entry, err := v.route.settings.Policy.Compiled().Entry()
	if err != nil || len(entry) < 3 || v.input == nil {
		return ""
	}
	input, err := ast.JSON(v.input)
	if err != nil {
		return ""
	}
	shown, err := marshal(input)
	if err != nil {
		return ""
	}
	rule := entry.String()
	pkg := strings.TrimPrefix(entry[:len(entry)-1].String(), "data.")
	if strings.ContainsAny(pkg, `["`) {
		return "" // a package whose name is no word
	}
	text := fmt.Sprintf("package %s_test\n\ntest_%s if {\n\tdecision := %s with input as %s\n\tdecision == %s\n}\n",
		pkg, testName(v.first), rule, shown, v.hide.sweep(d.Live.Decision))
	formatted, err := format.SourceWithOpts("decision_test.rego", []byte(text), format.Opts{RegoVersion: ast.RegoV1})
	if err != nil {
		return ""
	}
	return string(formatted)
}

// marshal writes JSON without the escapes for HTML.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return bytes.TrimSpace(b.Bytes()), err
}

// testName is the name of a test for an event.
func testName(e *event.Event) string {
	name := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return '_'
	}, e.FullType())
	return name[:min(len(name), 80)] + "_is_decided_as_now"
}
