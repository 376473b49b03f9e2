package normalize_test

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/normalize"
	"webhookedge/plugins/provider"
)

func compileSchema(t testing.TB) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	s, err := c.Compile(filepath.Join("..", "..", "schemas", "event", "v1.json"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func follow(t testing.TB, s *jsonschema.Schema, doc []byte) {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(doc))
	if err == nil {
		err = s.Validate(v)
	}
	if err != nil {
		t.Errorf("%s: %v", doc, err)
	}
}

func TestEverySampleBecomesAnEvent(t *testing.T) {
	schema := compileSchema(t)
	for _, p := range provider.Catalogue() {
		for _, name := range p.SampleEvents() {
			t.Run(p.Name+" "+name, func(t *testing.T) {
				body, contentType, _ := p.Sample(name)
				d := &pipeline.Delivery{
					Method: "POST", Body: body, Route: p.Name, RequestID: "r1", ReceivedAt: received(),
					Verification: &pipeline.Verification{Provider: p.Name, Scheme: p.Schemes[0].Name, SecretID: "1"},
				}
				for _, h := range p.Sends {
					value := strings.NewReplacer("{event}", name, "{id}", "d1", "{time}", "2026-03-01T12:00:00Z").Replace(h.Value)
					if h.Name != "content-type" {
						d.Headers = append(d.Headers, pipeline.Header{Name: h.Name, Value: value})
					}
				}
				d.Headers = append(d.Headers, pipeline.Header{Name: "content-type", Value: contentType})
				stage, err := normalize.New(p, normalize.Config{})
				if err != nil {
					t.Fatal(err)
				}
				if err := stage.Handle(t.Context(), d); err != nil {
					t.Fatal(err)
				}
				for i := range d.Items {
					if e := d.Items[i].Event; e.Validate() != nil || e.Type == "unknown" || e.Binary && len(body) > 0 {
						t.Errorf("event %+v: %v", e, e.Validate())
					}
				}
				if strings.HasPrefix(contentType, "application/json") && p.Batch == nil && !bytes.Equal(d.Event().Data, body) {
					t.Errorf("data %s, want the sample as it is", d.Event().Data)
				}
				follow(t, schema, d.Event().AppendJSON(nil))
			})
		}
	}
}

func FuzzHandle(f *testing.F) {
	f.Add("application/json", []byte(push), "issues", "d1")
	f.Add("application/x-www-form-urlencoded", []byte("payload=%7B%7D&a=1"), "push", "")
	f.Add("text/plain", []byte("\xff"), "\x00", "\r\n")
	f.Add("", []byte(""), "", "")
	schema := compileSchema(f)
	stages := map[string]*normalize.Stage{}
	for _, p := range provider.Catalogue() {
		s, err := normalize.New(p, normalize.Config{}, normalize.WithUnverified())
		if err != nil {
			f.Fatal(err)
		}
		stages[p.Name] = s
	}
	f.Fuzz(func(t *testing.T, contentType string, body []byte, name, id string) {
		for _, stage := range stages {
			d := github(string(body), "content-type", contentType, "x-shopify-topic", name, "webhook-id", id)
			d.Headers[0].Value, d.Headers[1].Value = name, id
			if stage.Handle(t.Context(), d) != nil {
				continue
			}
			if err := d.Event().Validate(); err != nil {
				t.Fatalf("an event that is not whole: %v", err)
			}
			encoded := d.Event().AppendJSON(nil)
			if !json.Valid(encoded) {
				t.Fatalf("not JSON: %q", encoded)
			}
			if !d.Event().Binary && !json.Valid(d.Event().Data) {
				t.Fatalf("data is no JSON: %q", d.Event().Data)
			}
			follow(t, schema, encoded)
		}
	})
}
