package config_test

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"webhookedge/plugins/internal/config"
)

func compiled(t *testing.T, v any) *jsonschema.Schema {
	t.Helper()
	text, err := config.JSONSchema("https://example.com/example.json", "An example", v)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource("example.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("example.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// agree fails unless both the JSON Schema of v and Decode judge data as wanted.
func agree(t *testing.T, v any, data string, valid bool) {
	t.Helper()
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if err := compiled(t, v).Validate(value); (err == nil) != valid {
		t.Errorf("the schema says: %v", err)
	}
	if err := config.Decode([]byte(data), reflect.New(reflect.TypeOf(v)).Interface()); (err == nil) != valid {
		t.Errorf("Decode says: %v", err)
	}
}

func TestJSONSchema_agreesWithDecode(t *testing.T) {
	for name, tc := range agreement {
		t.Run(name, func(t *testing.T) { agree(t, settings{}, tc.data, tc.valid) })
	}
}

func TestJSONSchema_letsVaultReferencesPass(t *testing.T) {
	schema := compiled(t, settings{})
	for name, tc := range map[string]struct {
		data  string
		valid bool
	}{
		"in a secret":                   {`{"verify":{"provider":"red","secrets":[{"id":"a","value":"{vault://env/a}"}]}}`, true},
		"in a list that may hold some":  {`{` + least + `,"urls":["{vault://env/a}"]}`, true},
		"in a choice that may not":      {`{` + least + `,"mode":"{vault://env/a}"}`, false},
		"a short text that is no vault": {`{"verify":{"provider":"red","secrets":[{"id":"a","value":"{v}"}]}}`, false},
	} {
		t.Run(name, func(t *testing.T) {
			value, err := jsonschema.UnmarshalJSON(strings.NewReader(tc.data))
			if err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(value); (err == nil) != tc.valid {
				t.Errorf("the schema says: %v", err)
			}
		})
	}
}

var agreement = map[string]struct {
	data  string
	valid bool
}{
	"the least":                      {`{` + least + `}`, true},
	"nothing":                        {`{}`, false},
	"an empty record":                {`{"verify":{}}`, false},
	"everything":                     {`{` + least + `,"deadline_ms":1,"ratio":0,"mode":"continue","urls":["a","b"],"labels":{"a":"b"},"ports":[1],"max_bytes":1,"strict":true,"tls":{"cert":"c","key":"k"},"token":"t"}`, true},
	"an unknown key":                 {`{` + least + `,"x":1}`, false},
	"an unknown key in a record":     {`{` + least + `,"tls":{"x":"c"}}`, false},
	"an unknown choice":              {`{` + least + `,"mode":"quit"}`, false},
	"a choice of a type":             {`{"verify":{"provider":"pink","secrets":[{"id":"a","value":"long"}]}}`, false},
	"an integer that is none":        {`{` + least + `,"deadline_ms":1.5}`, false},
	"an integer with a point":        {`{` + least + `,"deadline_ms":5.0}`, true},
	"below the minimum":              {`{` + least + `,"deadline_ms":0}`, false},
	"above the maximum":              {`{` + least + `,"ratio":10}`, false},
	"a bound on elements":            {`{` + least + `,"ports":[0]}`, false},
	"an element of another type":     {`{` + least + `,"ports":["1"]}`, false},
	"an empty array":                 {`{` + least + `,"ports":[]}`, true},
	"no secrets":                     {`{"verify":{"provider":"red","secrets":[]}}`, false},
	"too many entries":               {`{` + least + `,"labels":{"a":"1","b":"2","c":"3"}}`, false},
	"an empty key in a map":          {`{` + least + `,"labels":{"":"1"}}`, false},
	"an empty string":                {`{` + least + `,"user":""}`, false},
	"an empty string in a list":      {`{` + least + `,"urls":[""]}`, false},
	"an empty string where allowed":  {`{"verify":{"note":"","provider":"red","secrets":[{"id":"a","value":"long"}]}}`, true},
	"a short secret":                 {`{"verify":{"provider":"red","secrets":[{"id":"a","value":"abc"}]}}`, false},
	"a long name":                    {`{"verify":{"provider":"red","secrets":[{"id":"aaaaaaaaaaaaaaaaa","value":"long"}]}}`, false},
	"two that exclude each other":    {`{` + least + `,"token":"t","user":"u"}`, false},
	"the other two":                  {`{` + least + `,"user":"u","file":"f"}`, false},
	"one of them":                    {`{` + least + `,"file":"f"}`, true},
	"one that needs another":         {`{` + least + `,"tls":{"key":"k"}}`, false},
	"none of both":                   {`{` + least + `,"tls":{}}`, true},
	"a condition met by the default": {`{` + least + `,"mode":"continue"}`, true},
}
