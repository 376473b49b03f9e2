package event_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"webhookedge/plugins/event"
)

// frozen is the SHA-256 of version 1 of the schema. Consumers rely on it: an
// optional attribute may be added, what must change becomes
// schemas/event/v2.json, beside the first.
const frozen = "32bee51dab2f7e146ae572b540640ce5c5c8c703a5c1d2699e20b65a33e75702"

func TestSchema_version1IsFrozen(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "schemas", "event", "v1.json"))
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(text)
	if got := hex.EncodeToString(sum[:]); got != frozen {
		t.Errorf("schemas/event/v1.json was changed (its SHA-256 is %s): it is frozen but for further optional attributes, a change is a new version", got)
	}
}

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

func TestSchema_acceptsEncodedEvents(t *testing.T) {
	schema := compileSchema(t)
	tests := map[string]func(*event.Event){
		"everything":    func(*event.Event) {},
		"bytes":         func(e *event.Event) { e.Data, e.Binary = []byte{0xff}, true },
		"no payload":    func(e *event.Event) { e.Data = nil },
		"a scalar":      func(e *event.Event) { e.Data = []byte("null") },
		"a schema":      func(e *event.Event) { e.DataSchema = "https://example.com/push.json" },
		"a list's item": func(e *event.Event) { e.ID, e.DeliveryID = "d/0", "d" },
		"what may be said of it": func(e *event.Event) {
			e.Invalid, e.Decrypted, e.Redacted, e.Replayed = "type at #/a", true, true, true
		},
		"every fact unsigned": func(e *event.Event) { e.Unsigned = event.Unsignable() },
		"one fact unsigned":   func(e *event.Event) { e.Unsigned = []string{"type"} },
		"a payload elsewhere": func(e *event.Event) {
			e.Data, e.DataRef, e.DataSize, e.DataSHA256 = nil, "nats-object://WEBHOOKS/x", 5, strings.Repeat("ab", 32)
		},
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

func TestSchema_refuses(t *testing.T) {
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
		"a flag that is false":      {`"tenant"`, `"redacted":false,"tenant"`},
		"a flag that is text":       {`"tenant"`, `"replayed":"true","tenant"`},
		"a size that is text":       {`"tenant"`, `"datasize":"1","tenant"`},
		"a hash in capitals":        {`"tenant"`, `"datasha256":"` + strings.Repeat("AB", 32) + `","tenant"`},
		"unsigned, empty":           {`"tenant"`, `"unsigned":"","tenant"`},
		"unsigned, of another":      {`"tenant"`, `"unsigned":"id source","tenant"`},
		"unsigned, not sorted":      {`"tenant"`, `"unsigned":"type id","tenant"`},
		"unsigned, twice":           {`"tenant"`, `"unsigned":"id id","tenant"`},
		"unsigned, a blank at last": {`"tenant"`, `"unsigned":"id ","tenant"`},
		"unsigned, two blanks":      {`"tenant"`, `"unsigned":"id  type","tenant"`},
		"an empty action":           {`"action":"opened","tenant"`, `"action":"","tenant"`},
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
