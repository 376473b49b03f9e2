package normalize_test

import (
	"bytes"
	"encoding/json"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/normalize"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/catalogue"
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

// sampleDelivery is a verified delivery of a sample, with the headers that real ones have.
func sampleDelivery(p *provider.Provider, event string) *pipeline.Delivery {
	body, contentType, _ := catalogue.Sample(p, event)
	d := &pipeline.Delivery{
		Method: "POST", Body: body, Route: p.Name, RequestID: "r1", ReceivedAt: received(),
		Verification: &pipeline.Verification{Provider: p.Name, Scheme: p.Schemes[0].Name, SecretID: "1", Covers: []string{provider.CoversBody}},
	}
	for _, h := range p.Sends {
		value := strings.NewReplacer("{event}", event, "{id}", "d1", "{time}", "2026-03-01T12:00:00Z").Replace(h.Value)
		if h.Name != "content-type" {
			d.Headers = append(d.Headers, pipeline.Header{Name: h.Name, Value: value})
		}
	}
	d.Headers = append(d.Headers, pipeline.Header{Name: "content-type", Value: contentType})
	return d
}

// oneLevel are the samples whose names hold an escape all the same, as they are published,
// and why.
var oneLevel = map[string]string{
	"EC2%20Instance%20State-change%20Notification": "a title, of one level",
	"event.klaviyo%2Esubscribed_to_email":          "a colon stands between levels, and a dot in the name of a metric",
	"payment.payment%2Ecreated":                    "an action of a type that stands apart",
	"app.user%2Ecreated":                           "a slash stands between levels, and the name behind it is the sender's",
	"track.Order%20Completed":                      "the title that a customer gave an event",
	"https%3A%2F%2Fschemas%2Eopenid%2Enet%2Fsecevent%2Fcaep%2Fevent-type%2Fsession-revoked": "a URI",
	"%2Fdeploy": "the name of a slash command",
}

// hasLevels holds that a person can filter by the event of e.
func hasLevels(t *testing.T, e *event.Event) {
	t.Helper()
	name := strings.Join(strings.Split(e.NATSSubject("webhooks"), ".")[3:], ".")
	if _, known := oneLevel[name]; strings.Contains(name, "%") && !known {
		t.Errorf("the event is %s in subjects: the row's facts say no levels for its separator", name)
	}
}

func TestSamples_becomeEvents(t *testing.T) {
	schema := compileSchema(t)
	for _, p := range catalogue.All() {
		for _, name := range catalogue.SampleEvents(p) {
			t.Run(p.Name+" "+name, func(t *testing.T) {
				body, contentType, _ := catalogue.Sample(p, name)
				d := sampleDelivery(p, name)
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
					hasLevels(t, d.Items[i].Event)
				}
				if strings.HasPrefix(contentType, "application/json") && p.Batch == nil && !bytes.Equal(d.Event().Data, body) {
					t.Errorf("data %s, want the sample as it is", d.Event().Data)
				}
				follow(t, schema, d.Event().AppendJSON(nil))
			})
		}
	}
}

// FuzzHandle hands bodies to rows of the catalogue, chosen by n: every body is
// refused, or becomes events that follow the schema, hold the body and nothing
// that the body made up.
func FuzzHandle(f *testing.F) {
	type seed struct{ contentType, body, name, id string }
	rows := catalogue.All()
	for _, s := range []seed{
		{"application/json", push, "issues", "d1"},
		{"application/x-www-form-urlencoded", "payload=%7B%7D&a=1", "push", ""},
		{"text/plain", "\xff", "\x00", "\r\n"},
		{"", "", "", ""},
		{"multipart/form-data; boundary=B", "--B\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n1\r\n--B\r\nContent-Disposition: form-data; name=\"payload\"\r\n\r\n1},\"a\":{\r\n--B--\r\n", "push", "d1"},
		{"text/xml; charset=latin1", "<a b='1'>\xe9<c/>&amp;</a>", "push", "d1"},
		{"application/x-ndjson", "1\n[2]\n{}", "push", "d1"},
		{"application/json", `[{"event":"a","events":[1,{"id":2}]},2]`, "push", "d1"},
		{"application/json", `{"events":[{"id":1},{"id":2}],"entry":[{}]}`, "push", "d1"},
	} {
		for n := range rows {
			f.Add(s.contentType, []byte(s.body), s.name, s.id, uint8(n))
		}
	}
	schema := compileSchema(f)
	f.Fuzz(func(t *testing.T, contentType string, body []byte, name, id string, n uint8) {
		p := rows[int(n)%len(rows)]
		stage, err := normalize.New(p, normalize.Config{}, normalize.WithUnverified())
		if err != nil {
			t.Fatal(err)
		}
		d := github(string(body), "content-type", contentType, "x-shopify-topic", name, "webhook-id", id)
		d.Headers[0].Value, d.Headers[1].Value = name, id
		if stage.Handle(t.Context(), d) != nil {
			return
		}
		for i := range d.Items {
			follow(t, schema, comesBack(t, d.Items[i].Event))
		}
		nothingIsLost(t, p, d, contentType)
	})
}

// comesBack returns the encoded form of e, which must read as e again: nothing
// of a payload may become a part of the event.
func comesBack(t *testing.T, e *event.Event) []byte {
	t.Helper()
	if err := e.Validate(); err != nil {
		t.Fatalf("an event that is not whole: %v", err)
	}
	encoded := e.AppendJSON(nil)
	again, err := event.ParseJSON(encoded)
	if err != nil {
		t.Fatalf("%v: %q", err, encoded)
	}
	want := *e
	want.Data, want.Time = bytes.TrimSpace(e.Data), e.Time.UTC()
	want.Separator = "" // of the subject alone
	if e.Binary {
		want.Data = e.Data
	}
	if len(want.Data) == 0 {
		want.Data, want.Binary = nil, false
	}
	if diff := cmp.Diff(&want, again, cmp.Transformer("text", func(b []byte) string { return string(b) })); diff != "" {
		t.Fatalf("%q came back as another (-want +got):\n%s", encoded, diff)
	}
	return encoded
}

// nothingIsLost holds the data of the events of d against its body: JSON and what
// is not converted is there byte for byte, and a form's texts are all there.
func nothingIsLost(t *testing.T, p *provider.Provider, d *pipeline.Delivery, contentType string) {
	t.Helper()
	e, media := d.Event(), strings.ToLower(strings.TrimSpace(contentType))
	switch {
	case e.Binary, media == "application/json" && e.DeliveryID == "":
		if !bytes.Equal(e.Data, d.Body) {
			t.Fatalf("%q became %q", d.Body, e.Data)
		}
	case media == "application/json" && p.Batch.At == "":
		var list bytes.Buffer
		list.WriteByte('[')
		for i := range d.Items {
			if i > 0 {
				list.WriteByte(',')
			}
			list.Write(d.Items[i].Event.Data)
		}
		list.WriteByte(']')
		if squeezed(list.Bytes()) != squeezed(d.Body) {
			t.Fatalf("%q became %q", d.Body, list.Bytes())
		}
	case media == "application/x-www-form-urlencoded" && e.DeliveryID == "":
		formIsThere(t, p, d)
	}
}

func squeezed(doc []byte) string {
	var b bytes.Buffer
	if json.Compact(&b, doc) != nil {
		return ""
	}
	return b.String()
}

// formIsThere reads the body a second time, by net/url.
func formIsThere(t *testing.T, p *provider.Provider, d *pipeline.Delivery) {
	t.Helper()
	fields, err := url.ParseQuery(string(d.Body))
	if err != nil || len(fields[p.Facts.FormJSON]) == 1 { // a semicolon, or a document instead of a text
		return
	}
	want := map[string]any{}
	for name, texts := range fields {
		if want[name] = any(texts[0]); len(texts) > 1 {
			all := make([]any, len(texts))
			for i, text := range texts {
				all[i] = text
			}
			want[name] = all
		}
	}
	var got any
	if err := json.Unmarshal(d.Event().Data, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(any(want), got); diff != "" {
		t.Fatalf("%q (-want +got):\n%s", d.Body, diff)
	}
}
