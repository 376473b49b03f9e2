package event_test

import (
	"bytes"
	"path/filepath"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"webhookedge/plugins/event"
)

func compileSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	s, err := c.Compile(filepath.Join("..", "..", "schemas", "event", "v1.json"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func validate(t *testing.T, s *jsonschema.Schema, doc []byte) error {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(doc))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(v)
}

func TestEncodedEventsFollowTheSchema(t *testing.T) {
	schema := compileSchema(t)
	tests := map[string]func(*event.Event){
		"everything":     func(*event.Event) {},
		"bytes":          func(e *event.Event) { e.Data, e.Binary = []byte{0xff}, true },
		"no payload":     func(e *event.Event) { e.Data = nil },
		"a scalar":       func(e *event.Event) { e.Data = []byte("null") },
		"a schema":       func(e *event.Event) { e.DataSchema = "https://example.com/push.json" },
		"a hostile name": func(e *event.Event) { e.Type, e.Tenant = "a\xff\n.b", "x/../>" },
		"only what it must have": func(e *event.Event) {
			*e = event.Event{ID: "1", Source: "/webhooks/stripe", Provider: "stripe", Type: "unknown"}
		},
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			e := sample()
			change(&e)
			if err := validate(t, schema, e.AppendJSON(nil)); err != nil {
				t.Errorf("%s: %v", e.AppendJSON(nil), err)
			}
		})
	}
}

func TestSchemaRefuses(t *testing.T) {
	schema := compileSchema(t)
	tests := map[string]struct{ old, new string }{
		"another version":           {`"specversion":"1.0"`, `"specversion":"0.3"`},
		"no id":                     {`"id":"72d3162e-cc78-11e3-81ab-4c9367dc0958",`, ``},
		"an empty attribute":        {`"tenant":"octo-corp"`, `"tenant":""`},
		"a type without provider":   {`"type":"github.pull_request.opened"`, `"type":"push"`},
		"a time in another form":    {`"time":"2026-03-01T12:00:00Z"`, `"time":"1 March 2026"`},
		"a time in another zone":    {`"time":"2026-03-01T12:00:00Z"`, `"time":"2026-03-01T12:00:00+01:00"`},
		"an upper-case extension":   {`"tenant"`, `"Tenant"`},
		"an extension of an object": {`"tenant":"octo-corp"`, `"other":{}`},
		"a traceparent in capitals": {`4bf92f`, `4BF92F`},
		"two payloads":              {`"data":`, `"data_base64":"AA==","data":`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			e := sample()
			good := e.AppendJSON(nil)
			bad := bytes.Replace(good, []byte(tt.old), []byte(tt.new), 1)
			if bytes.Equal(good, bad) {
				t.Fatalf("%s is not in %s", tt.old, good)
			}
			if err := validate(t, schema, bad); err == nil {
				t.Errorf("passed: %s", bad)
			}
		})
	}
}
