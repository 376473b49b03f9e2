package event_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"webhookedge/plugins/event"
)

// whole has every attribute.
func whole() event.Event {
	e := sample()
	e.DataSchema, e.DeliveryID, e.Invalid = "urn:x:1", "d1", "required at #/properties/a b"
	e.Unsigned = event.Unsignable()
	e.Redacted, e.Replayed = true, true
	e.DataRef, e.DataSize, e.DataSHA256 = "nats-object://b/k", 12, strings.Repeat("0f", 32)
	return e
}

func headersOf(e *event.Event) map[string][]string {
	headers := map[string][]string{}
	for name, value := range e.Headers() {
		headers[name] = append(headers[name], value)
	}
	return headers
}

func TestParse_readsWhatWasWritten(t *testing.T) {
	tests := map[string]func(*event.Event){
		"everything":         func(*event.Event) {},
		"no action":          func(e *event.Event) { e.Action = "" },
		"dots in the type":   func(e *event.Event) { e.Type, e.Action = "charge.dispute", "funds.created" },
		"bytes":              func(e *event.Event) { e.Data, e.Binary, e.DataContentType = []byte("\x00\xff"), true, "image/png" },
		"no payload":         func(e *event.Event) { e.Data = nil },
		"text in attributes": func(e *event.Event) { e.Subject, e.Tenant = "a b\"%\r\nce-id: x é", "100%25" },
		"one fact unsigned":  func(e *event.Event) { e.Unsigned = []string{"id"} },
		"only what it must have": func(e *event.Event) {
			*e = event.Event{ID: "1", Source: "/webhooks/stripe", Provider: "stripe", Type: "unknown"}
		},
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			e := whole()
			change(&e)
			got, err := event.Parse(map[string][]string{"Content-Type": {event.ContentType}}, e.AppendJSON(nil))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(&e, got); diff != "" {
				t.Errorf("structured (-want +got):\n%s", diff)
			}
			got, err = event.Parse(headersOf(&e), e.Data)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(&e, got); diff != "" {
				t.Errorf("binary (-want +got):\n%s", diff)
			}
		})
	}
}

func TestHeaders_binaryMode(t *testing.T) {
	e := sample()
	e.Subject, e.Redacted, e.Unsigned = "a \"b\"\r\n100%", true, []string{"id", "type"}
	want := map[string][]string{
		"content-type": {"application/json"}, "ce-specversion": {"1.0"}, "ce-type": {"github.pull_request.opened"}, "ce-action": {"opened"},
		"ce-id": {"72d3162e-cc78-11e3-81ab-4c9367dc0958"}, "ce-source": {"/webhooks/github/octo-corp"}, "ce-subject": {"a%20%22b%22%0D%0A100%25"},
		"ce-time": {"2026-03-01T12:00:00Z"}, "ce-receivedat": {"2026-03-01T12:00:01.020Z"}, "ce-provider": {"github"}, "ce-tenant": {"octo-corp"},
		"ce-requestid": {"5f2c1d"}, "ce-verification": {"sha256"}, "ce-secretid": {"1"}, "ce-redacted": {"true"}, "ce-unsigned": {"id%20type"},
		"ce-traceparent": {"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"},
	}
	if diff := cmp.Diff(want, headersOf(&e)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for range e.Headers() {
		break // a consumer may stop
	}
}

func TestParseJSON_refuses(t *testing.T) {
	tests := map[string]struct{ old, new string }{
		"another version":       {`"specversion":"1.0"`, `"specversion":"0.3"`},
		"a version of a number": {`"specversion":"1.0"`, `"specversion":1.0`},
		"no id":                 {`"id":"72d3162e-cc78-11e3-81ab-4c9367dc0958",`, ``},
		"no provider":           {`"provider":"github",`, ``},
		"a type of another":     {`"type":"github.`, `"type":"gitlab.`},
		"an action of another":  {`"action":"opened","tenant"`, `"action":"closed","tenant"`},
		"a time that is none":   {`"time":"2026-03-01T12:00:00Z"`, `"time":"yesterday"`},
		"a flag that is text":   {`"tenant"`, `"redacted":"true","tenant"`},
		"unsigned, empty":       {`"tenant"`, `"unsigned":"","tenant"`},
		"unsigned, of another":  {`"tenant"`, `"unsigned":"id source","tenant"`},
		"unsigned, not sorted":  {`"tenant"`, `"unsigned":"type id","tenant"`},
		"unsigned, twice":       {`"tenant"`, `"unsigned":"id id","tenant"`},
		"unsigned, two blanks":  {`"tenant"`, `"unsigned":"id  type","tenant"`},
		"unsigned, a list":      {`"tenant"`, `"unsigned":["id"],"tenant"`},
		"a size too large":      {`"tenant"`, `"datasize":2147483648,"tenant"`},
		"an object for a text":  {`"octo-corp/hello"`, `{"secret":1}`},
		"a member twice":        {`"tenant"`, `"id":"2","tenant"`},
		"two payloads":          {`"data":`, `"data_base64":"AA==","data":`},
		"base64 that is none":   {`"data":`, `"data_base64":"A","other":`},
		"base64 of a number":    {`"data":`, `"data_base64":1,"other":`},
		"no object":             {`{"specversion"`, `["specversion"`},
		"a cut document":        {`}}`, `}`},
		"two documents":         {`}}`, `}}{}`},
		"text after it":         {`}}`, `}} x`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			e := sample()
			e.Data = []byte(`{"a":{}}`)
			good := e.AppendJSON(nil)
			bad := bytes.Replace(good, []byte(tt.old), []byte(tt.new), 1)
			if bytes.Equal(good, bad) {
				t.Fatalf("%s is not in %s", tt.old, good)
			}
			if got, err := event.ParseJSON(bad); !errors.Is(err, event.ErrNotEvent) || got != nil {
				t.Errorf("got %+v, %v, want ErrNotEvent", got, err)
			}
		})
	}
}

func TestParseJSON_ignoresUnknownAttributes(t *testing.T) {
	e := sample()
	doc := bytes.Replace(e.AppendJSON(nil), []byte(`"tenant"`), []byte(`"later":7,"laterstill":"x","tenant"`), 1)
	got, err := event.ParseJSON(doc)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(&e, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestParseBinary_refuses(t *testing.T) {
	tests := map[string]func(map[string][]string){
		"another version":         func(h map[string][]string) { h["ce-specversion"] = []string{"0.3"} },
		"a header twice":          func(h map[string][]string) { h["ce-id"] = []string{"1", "2"} },
		"a header in two cases":   func(h map[string][]string) { h["CE-ID"] = []string{"2"} },
		"an escape that is cut":   func(h map[string][]string) { h["ce-subject"] = []string{"%2"} },
		"an escape that is none":  func(h map[string][]string) { h["ce-subject"] = []string{"%zz"} },
		"no source":               func(h map[string][]string) { delete(h, "ce-source") },
		"a flag that is no flag":  func(h map[string][]string) { h["ce-redacted"] = []string{"maybe"} },
		"a content type of three": func(h map[string][]string) { h["content-type"] = nil },
	}
	for name, spoil := range tests {
		t.Run(name, func(t *testing.T) {
			e := sample()
			headers := maps.Clone(headersOf(&e))
			spoil(headers)
			if got, err := event.ParseBinary(headers, e.Data); !errors.Is(err, event.ErrNotEvent) || got != nil {
				t.Errorf("got %+v, %v, want ErrNotEvent", got, err)
			}
		})
	}
}

func TestParseBinary_bodyThatIsNoJSON(t *testing.T) {
	e := sample()
	got, err := event.ParseBinary(headersOf(&e), []byte("{"))
	if err != nil || !got.Binary {
		t.Errorf("got %+v, %v", got, err)
	}
}

func FuzzParseJSON(f *testing.F) {
	f.Add([]byte(sampleJSON))
	f.Add([]byte(`{"specversion":"1.0","id":"1","source":"/s","provider":"p","type":"p.t","data_base64":"AA=="}`))
	f.Add([]byte(`{"type":"p.t","type":"p.t"}`))
	f.Fuzz(func(t *testing.T, doc []byte) {
		e, err := event.ParseJSON(doc)
		if err != nil {
			if e != nil || !errors.Is(err, event.ErrNotEvent) {
				t.Fatalf("got %+v beside %v", e, err)
			}
			return
		}
		if !json.Valid(doc) {
			t.Fatalf("took what is no JSON: %q", doc)
		}
		again, err := event.ParseJSON(e.AppendJSON(nil))
		if err != nil {
			t.Fatalf("what was written again is refused: %v", err)
		}
		e.Time, e.ReceivedAt = written(e.Time, time.Nanosecond), written(e.ReceivedAt, time.Millisecond)
		e.DataSize = max(e.DataSize, 0)
		if diff := cmp.Diff(e, again); diff != "" {
			t.Fatalf("(-first +again):\n%s", diff)
		}
	})
}

// written is what is left of a time in the encoded form.
func written(at time.Time, unit time.Duration) time.Time {
	at = at.UTC().Truncate(unit)
	if at.Year() < 0 || at.Year() > 9999 {
		return time.Time{}
	}
	return at
}
