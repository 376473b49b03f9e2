package typegen

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"webhookedge/plugins/internal/payloadschema"
)

// source has the built-in schemas of a provider, or those of a test.
func source(t *testing.T, provider string, schemas map[string]string) *Source {
	t.Helper()
	dir := ""
	if schemas != nil {
		dir = t.TempDir()
		if err := os.Mkdir(filepath.Join(dir, provider), 0o700); err != nil {
			t.Fatal(err)
		}
		for event, text := range schemas {
			if err := os.WriteFile(filepath.Join(dir, provider, event+".json"), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	docs, err := payloadschema.Documents(provider, dir)
	if err != nil {
		t.Fatal(err)
	}
	var events []string
	for _, d := range docs {
		events = append(events, d.Event)
	}
	s, err := New(provider, docs, events)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// hostile are schemas that try to get out of their place, or to recur without an end.
func hostile(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile("testdata/hostile.json")
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	schemas := map[string]string{}
	for event, schema := range all {
		schemas[event] = string(schema)
	}
	return schemas
}

// noJSON stands for encoding/json, whose export data would have to be built.
type noJSON struct{}

func (noJSON) Import(path string) (*types.Package, error) {
	pkg := types.NewPackage(path, "json")
	pkg.Scope().Insert(types.NewTypeName(token.NoPos, pkg, "RawMessage", nil))
	raw, _ := pkg.Scope().Lookup("RawMessage").(*types.TypeName)
	types.NewNamed(raw, types.NewSlice(types.Typ[types.Byte]), nil)
	pkg.MarkComplete()
	return pkg, nil
}

// compiled type-checks what is written in Go.
func compiled(t *testing.T, s *Source) string {
	t.Helper()
	text, err := s.Go("events")
	if err != nil {
		t.Fatal(err)
	}
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, "events.go", text, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := (&types.Config{Importer: noJSON{}}).Check("events", files, []*ast.File{file}, nil); err != nil {
		t.Errorf("%v in\n%s", err, text)
	}
	for _, d := range file.Decls {
		if _, ok := d.(*ast.GenDecl); !ok {
			t.Errorf("it declares more than types and constants:\n%s", text)
		}
	}
	if again, err := s.Go("events"); err != nil || string(again) != string(text) {
		t.Errorf("it is another one the second time: %v", err)
	}
	return string(text)
}

func TestGo_compiles(t *testing.T) {
	for _, provider := range []string{"github", "stripe", "slack", "shopify", "svix"} {
		compiled(t, source(t, provider, nil))
	}
	text := compiled(t, source(t, "hostile", hostile(t)))
	for _, want := range []string{
		"The name of the member \"a`b\" does not fit into a tag", "`json:\"-,\"`", "FooBar3", "Next *HostileRecursionNode ", "HostileNamesTypeA2 ",
		"type HostileItself = json.RawMessage", "Kind *string", "Shared json.RawMessage",
	} {
		text := strings.Join(strings.Fields(text), " ")
		if !strings.Contains(text, want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
}

// shaped is what an object with the members of a schema looks like.
func shaped(members string) map[string]string {
	return map[string]string{"e": `{"type":"object","required":["must"],"properties":{"must":` + members + `,"may":` + members + `},"$defs":{"o":{"type":"object","properties":{"x":{"type":"integer"}}},"s":{"enum":["a","b"]}}}`}
}

func TestTypes_ofASchema(t *testing.T) {
	for name, tc := range map[string]struct{ schema, goMust, goMay, ts string }{
		"a string":              {`{"type":"string"}`, "string", "*string", "string"},
		"a string or null":      {`{"type":["string","null"]}`, "*string", "*string", "string | null"},
		"an integer":            {`{"type":"integer"}`, "int64", "*int64", "number"},
		"a number":              {`{"type":["integer","number"]}`, "float64", "*float64", "number"},
		"a constant":            {`{"const":"x"}`, "string", "*string", `"x"`},
		"a constant number":     {`{"const":1.5}`, "float64", "*float64", "1.5"},
		"anything":              {`true`, "json.RawMessage", "json.RawMessage", "unknown"},
		"nothing":               {`false`, "json.RawMessage", "json.RawMessage", "never"},
		"a list":                {`{"type":"array","items":{"type":"string"}}`, "[]string", "[]string", "string[]"},
		"a list of nullables":   {`{"type":"array","items":{"type":["string","null"]}}`, "[]*string", "[]*string", "(string | null)[]"},
		"a list of anything":    {`{"type":"array"}`, "[]json.RawMessage", "[]json.RawMessage", "unknown[]"},
		"a tuple":               {`{"prefixItems":[{"type":"string"}]}`, "[]json.RawMessage", "[]json.RawMessage", "unknown[]"},
		"a map":                 {`{"type":"object","additionalProperties":{"type":"integer"}}`, "map[string]int64", "map[string]int64", "{ [key: string]: number }"},
		"any object":            {`{"type":"object"}`, "json.RawMessage", "json.RawMessage", "{ [key: string]: unknown }"},
		"a reference":           {`{"$ref":"#/$defs/o"}`, "HostileEO", "*HostileEO", "HostileEO"},
		"one with a text":       {`{"$ref":"#/$defs/o","description":"d"}`, "HostileEO", "*HostileEO", "HostileEO"},
		"one or null":           {`{"anyOf":[{"$ref":"#/$defs/o"},{"type":"null"}]}`, "*HostileEO", "*HostileEO", "HostileEO | null"},
		"a union":               {`{"oneOf":[{"type":"string"},{"$ref":"#/$defs/o"}]}`, "json.RawMessage", "json.RawMessage", "string | HostileEO"},
		"a union with anything": {`{"anyOf":[{"type":"string"},{}]}`, "json.RawMessage", "json.RawMessage", "unknown"},
		"alike in a union":      {`{"anyOf":[{"type":"string"},{"type":"string","maxLength":3}]}`, "string", "*string", "string"},
		"a part":                {`{"allOf":[{"type":"string"},{"minLength":1}]}`, "string", "*string", "string"},
		"a type and a union":    {`{"type":"string","anyOf":[{"minLength":1},{"pattern":"x"}]}`, "string", "*string", "string"},
		"values of any type":    {`{"enum":["a",1,null,{}]}`, "json.RawMessage", "json.RawMessage", "unknown"},
	} {
		s := source(t, "hostile", shaped(tc.schema))
		text := strings.Join(strings.Fields(compiled(t, s)), " ")
		for _, want := range []string{"Must " + tc.goMust + ` ` + "`json:\"must\"`", "May " + tc.goMay + ` ` + "`json:\"may,omitempty\"`"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %s in\n%s", name, want, text)
			}
		}
		ts, err := s.TypeScript()
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{`"must": ` + tc.ts + ";", `"may"?: ` + tc.ts + ";"} {
			if !strings.Contains(string(ts), want) {
				t.Errorf("%s: no %s in\n%s", name, want, ts)
			}
		}
	}
	text := compiled(t, source(t, "hostile", shaped(`{"enum":["open","","open now"]}`)))
	if !strings.Contains(text, `HostileEMustOpenNow HostileEMust = "open now"`) {
		t.Errorf("no constants:\n%s", text)
	}
}

// TestTypes_areBounded makes a schema of few bytes that stands for millions of types.
func TestTypes_areBounded(t *testing.T) {
	var b strings.Builder
	b.WriteString(`{"type":"object","properties":{"a":{"$ref":"#/$defs/d0"}},"$defs":{`)
	for n := range 30 {
		next := fmt.Sprintf(`{"allOf":[{"$ref":"#/$defs/d%d"}],"minProperties":1}`, n+1)
		fmt.Fprintf(&b, `"d%d":{"type":"object","properties":{"a":%s,"b":%s}},`, n, next, next)
	}
	b.WriteString(`"d30":{"type":"string"}}}`)
	s := source(t, "hostile", map[string]string{"e": b.String()})
	if text, err := s.Go("events"); !errors.Is(err, ErrTooLarge) && len(text) > 4<<20 {
		t.Errorf("%d bytes, %v", len(text), err)
	}
	if text, err := s.TypeScript(); !errors.Is(err, ErrTooLarge) && len(text) > 4<<20 {
		t.Errorf("%d bytes, %v", len(text), err)
	}
}

func TestJSONSchema_takesEvents(t *testing.T) {
	text, err := source(t, "github", nil).JSONSchema()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("types.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("types.json")
	if err != nil {
		t.Fatal(err)
	}
	const event = `{"specversion":"1.0","id":"1","source":"/webhooks/github","provider":"github","type":"github.star.created","data":%s}`
	for name, tc := range map[string]struct {
		data string
		ok   bool
	}{
		"what the provider sends": {`{"action":"created","starred_at":null,"repository":{"id":1,"name":"a","full_name":"o/a","private":false,"owner":{"login":"o","id":1}},"sender":{"login":"o","id":1}}`, true},
		"another payload":         {`{"action":1}`, false},
	} {
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(fmt.Sprintf(event, tc.data)))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(value); (err == nil) != tc.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}
