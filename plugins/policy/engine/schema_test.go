package engine_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/schemas"
	"webhookedge/plugins/policy/engine"
)

func schema(t testing.TB, name string) *jsonschema.Schema {
	t.Helper()
	text, err := fs.ReadFile(schemas.Files(), "policy/"+name)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("urn:"+name, doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("urn:" + name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func asJSON(t testing.TB, v ast.Value) any {
	t.Helper()
	x, err := ast.JSON(v)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(x)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestInput_followsAndFillsItsSchema(t *testing.T) {
	s := schema(t, "input.json")
	p := compile(t, `decision := input`, engine.Options{Headers: []string{"user-agent"}})
	bare := engine.Input{Event: &event.Event{ID: "1", Source: "/webhooks/x", Provider: "x", Type: "unknown", RequestID: "r", Data: []byte(`1`)}}
	for name, in := range map[string]engine.Input{"whole": input(push), "bare": bare} {
		if err := s.Validate(asJSON(t, p.Document(in))); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	document := asJSON(t, p.Document(input(push))).(map[string]any)
	for name, sub := range s.Properties {
		member, ok := document[name]
		if !ok {
			t.Errorf("%s is in the schema and not in the input", name)
		}
		for inner := range sub.Properties {
			if _, ok := member.(map[string]any)[inner]; !ok {
				t.Errorf("%s.%s is in the schema and not in the input", name, inner)
			}
		}
	}
}

// FuzzDecision compares the reader of decisions with the schema.
func FuzzDecision(f *testing.F) {
	s := schema(f, "decision.json")
	for _, seed := range []string{
		`{"allow":true}`, `{"allow":false}`, `{"allow":false,"reason":"x","code":"rate_limited"}`, `{"allow":false,"reason":"","status":4e2}`,
		`{"allow":true,"subject":"a.b","stream":"S"}`, `{"allow":true,"subject":["a",""]}`, `{"allow":true,"targets":[{"subject":"a"},{"subject":["b"],"stream":"_"}]}`,
		`{"allow":true,"headers":{"A":"b","Ce-X":"c"}}`, `{"allow":true,"redact":[{"path":"$.a","action":"hash"}],"labels":{"a":"b"},"quarantine":false}`,
		`{"allow":true,"tenant":"","rule":"a b"}`, `{"allow":null}`, `[]`, `{"allow":true,"x":1}`, `{"allow":true,"status":400}`, `{"allow":true,"headers":{"tracE":"x"}}`,
		`{"allow":true,"labels":{"A":"b"}}`, `{"allow":true,"subject":"a..b"}`, `{"allow":true,"subject":""}`, `{"allow":false,"reason":"x","status":404.5}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			t.Skip() // not JSON, so no decision either
		}
		v, err := ast.InterfaceToValue(doc)
		if err != nil {
			t.Skip() // a number that Rego cannot hold
		}
		want := s.Validate(doc)
		got, err := engine.ParseDecision(v)
		if (err == nil) != (want == nil) || (got == nil) == (err == nil) {
			t.Errorf("%s: read with %v, schema says %v", text, err, want)
		}
	})
}
