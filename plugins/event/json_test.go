package event_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"webhookedge/plugins/event"
)

// decoded is the structured form as a consumer of another make would read it.
type decoded struct {
	SpecVersion     string          `json:"specversion"`
	ID              string          `json:"id"`
	Source          string          `json:"source"`
	Type            string          `json:"type"`
	Subject         string          `json:"subject"`
	Time            time.Time       `json:"time,omitzero"`
	DataContentType string          `json:"datacontenttype"`
	DataSchema      string          `json:"dataschema"`
	Provider        string          `json:"provider"`
	Tenant          string          `json:"tenant"`
	RequestID       string          `json:"requestid"`
	ReceivedAt      time.Time       `json:"receivedat,omitzero"`
	Verification    string          `json:"verification"`
	SecretID        string          `json:"secretid"`
	TraceParent     string          `json:"traceparent"`
	Action          string          `json:"action"`
	DeliveryID      string          `json:"deliveryid"`
	Invalid         string          `json:"invalid"`
	Unsigned        string          `json:"unsigned"`
	Decrypted       bool            `json:"decrypted"`
	Redacted        bool            `json:"redacted"`
	Replayed        bool            `json:"replayed"`
	DataRef         string          `json:"dataref"`
	DataSize        int32           `json:"datasize"`
	DataSHA256      string          `json:"datasha256"`
	Data            json.RawMessage `json:"data"`
	DataBase64      []byte          `json:"data_base64"`
}

// utf8Of is what a consumer reads where an attribute held s.
func utf8Of(s string) string { return string([]rune(s)) }

func want(e *event.Event) decoded {
	d := decoded{
		SpecVersion: "1.0", ID: utf8Of(e.ID), Source: utf8Of(e.Source),
		Type:    utf8Of(e.Provider) + "." + utf8Of(e.Type),
		Subject: utf8Of(e.Subject), DataContentType: utf8Of(e.DataContentType), DataSchema: utf8Of(e.DataSchema),
		Provider: utf8Of(e.Provider), Tenant: utf8Of(e.Tenant), RequestID: utf8Of(e.RequestID),
		Verification: utf8Of(e.Verification), SecretID: utf8Of(e.SecretID), TraceParent: utf8Of(e.TraceParent),
		Action: utf8Of(e.Action), DeliveryID: utf8Of(e.DeliveryID), Invalid: utf8Of(e.Invalid), Unsigned: strings.Join(e.Unsigned, " "), Decrypted: e.Decrypted, Redacted: e.Redacted, Replayed: e.Replayed,
		DataRef: utf8Of(e.DataRef), DataSize: max(e.DataSize, 0), DataSHA256: utf8Of(e.DataSHA256),
	}
	if e.Action != "" {
		d.Type += "." + utf8Of(e.Action)
	}
	if y := e.Time.UTC().Year(); y >= 0 && y <= 9999 {
		d.Time = e.Time.UTC()
	}
	if y := e.ReceivedAt.UTC().Year(); y >= 0 && y <= 9999 {
		d.ReceivedAt = e.ReceivedAt.UTC().Truncate(time.Millisecond)
	}
	if d.Time.IsZero() {
		d.Time = d.ReceivedAt
	}
	switch {
	case len(e.Data) == 0:
	case e.Binary:
		d.DataBase64 = e.Data
	default:
		d.Data = bytes.Trim(e.Data, " \t\r\n")
	}
	return d
}

// check encodes e, reads it back and compares everything.
func check(t *testing.T, e *event.Event) {
	t.Helper()
	encoded := e.AppendJSON(nil)
	if len(encoded) != e.Size() {
		t.Errorf("Size() = %d for %d bytes: %s", e.Size(), len(encoded), encoded)
	}
	var got decoded
	if err := json.Unmarshal(encoded, &got); err != nil {
		t.Fatalf("%v: %q", err, encoded)
	}
	if diff := cmp.Diff(want(e), got); diff != "" {
		t.Errorf("read back (-want +got):\n%s", diff)
	}
	if !e.Binary && len(e.Data) > 0 && !bytes.HasSuffix(encoded, append(append([]byte(`,"data":`), e.Data...), '}')) {
		t.Errorf("data is not byte for byte in %q", encoded)
	}
}

// sampleJSON is the structured form of sample.
const sampleJSON = `{"specversion":"1.0","type":"github.pull_request.opened","id":"72d3162e-cc78-11e3-81ab-4c9367dc0958",` +
	`"source":"/webhooks/github/octo-corp","subject":"octo-corp/hello","time":"2026-03-01T12:00:00Z",` +
	`"receivedat":"2026-03-01T12:00:01.020Z","datacontenttype":"application/json","provider":"github","action":"opened",` +
	`"tenant":"octo-corp","requestid":"5f2c1d","verification":"sha256","secretid":"1",` +
	`"traceparent":"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",` +
	`"data":{"action":"opened","n":1.0,"s":"\u00e9"}}`

func TestAppendJSON(t *testing.T) {
	tests := map[string]struct {
		change func(*event.Event)
		want   string
	}{
		"only what is required": {
			func(e *event.Event) {
				*e = event.Event{ID: "1", Source: "/s", Provider: "p", Type: "t"}
			},
			`{"specversion":"1.0","type":"p.t","id":"1","source":"/s","provider":"p"}`,
		},
		"everything": {
			func(*event.Event) {}, sampleJSON,
		},
		"what later stages add": {
			func(e *event.Event) {
				*e = event.Event{
					ID: "1", Source: "/s", Provider: "p", Type: "t", DeliveryID: "d", Invalid: "type at #/a", Unsigned: []string{"id", "type"},
					Decrypted: true, Redacted: true, Replayed: true,
					DataRef: "nats://objects/1", DataSize: 1<<31 - 1, DataSHA256: "ab",
				}
			},
			`{"specversion":"1.0","type":"p.t","id":"1","source":"/s","provider":"p","deliveryid":"d","invalid":"type at #/a",` +
				`"dataref":"nats://objects/1","datasha256":"ab","unsigned":"id type","datasize":2147483647,"decrypted":true,"redacted":true,"replayed":true}`,
		},
		"bytes that are not JSON": {
			func(e *event.Event) {
				*e = event.Event{ID: "1", Source: "/s", Provider: "p", Type: "t", Data: []byte("\x00\xff<a/>"), Binary: true}
			},
			`{"specversion":"1.0","type":"p.t","id":"1","source":"/s","provider":"p","data_base64":"AP88YS8+"}`,
		},
		"escapes": {
			func(e *event.Event) {
				*e = event.Event{ID: "\"\\\b\f\n\r\t\x01\x1f\x7f", Source: "é\u2028\xff\xc3", Provider: "p", Type: "t"}
			},
			`{"specversion":"1.0","type":"p.t","id":"\"\\\b\f\n\r\t\u0001\u001f` + "\x7f" + `","source":"é` + "\u2028\uFFFD\uFFFD" + `","provider":"p"}`,
		},
		"a year that RFC 3339 cannot write is absent": {
			func(e *event.Event) {
				*e = event.Event{ID: "1", Source: "/s", Provider: "p", Type: "t", Time: time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC)}
			},
			`{"specversion":"1.0","type":"p.t","id":"1","source":"/s","provider":"p"}`,
		},
		"the time of receipt where the provider says none": {
			func(e *event.Event) {
				*e = event.Event{ID: "1", Source: "/s", Provider: "p", Type: "t", ReceivedAt: time.Date(2026, 1, 1, 0, 0, 0, 5_000_999, time.UTC)}
			},
			`{"specversion":"1.0","type":"p.t","id":"1","source":"/s","time":"2026-01-01T00:00:00.005Z","receivedat":"2026-01-01T00:00:00.005Z","provider":"p","timereceived":true}`,
		},
		"another zone is written in UTC": {
			func(e *event.Event) {
				*e = event.Event{ID: "1", Source: "/s", Provider: "p", Type: "t", Time: time.Date(2026, 1, 1, 1, 0, 0, 5000, time.FixedZone("", 3600))}
			},
			`{"specversion":"1.0","type":"p.t","id":"1","source":"/s","time":"2026-01-01T00:00:00.000005Z","provider":"p"}`,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			e := sample()
			tt.change(&e)
			if diff := cmp.Diff(tt.want, string(e.AppendJSON(nil))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			check(t, &e)
		})
	}
}

func TestAppendJSON_keepsWhatIsThere(t *testing.T) {
	e := sample()
	got := e.AppendJSON([]byte("before"))
	if !bytes.Equal(got, append([]byte("before"), e.AppendJSON(nil)...)) {
		t.Errorf("got %q", got)
	}
}

func TestAppendJSON_allocations(t *testing.T) {
	e := whole()
	room := make([]byte, 0, e.Size())
	if n := testing.AllocsPerRun(100, func() { room = e.AppendJSON(room[:0]) }); n != 0 {
		t.Errorf("%v allocations with room, want none", n)
	}
	if n := testing.AllocsPerRun(100, func() { _ = e.AppendJSON(nil) }); n != 1 {
		t.Errorf("%v allocations without room, want 1", n)
	}
}

func FuzzAppendJSON(f *testing.F) {
	f.Add("id", "/source", "github", "push", "opened", "subject", "tenant", []byte(`{"a":[1,2]}`), false, int64(1_700_000_000))
	f.Add("\xff", "\"", "\\", "\u2028", "\x00", "<&>", "\xed\xa0\x80", []byte("\xff\xfe"), true, int64(-1<<62))
	f.Add("", "", "", "", "", "", "", []byte(" 1 "), false, int64(0))
	f.Fuzz(func(t *testing.T, id, source, provider, typ, action, subject, tenant string, data []byte, binary bool, unix int64) {
		check(t, &event.Event{
			ID: id, Source: source, Provider: provider, Type: typ, Action: action, Subject: subject, Tenant: tenant,
			Time: time.Unix(unix, unix&0xFFFF), ReceivedAt: time.UnixMicro(unix), DataContentType: tenant + id,
			DataSchema: subject + source, RequestID: action, Verification: typ, SecretID: id, TraceParent: tenant,
			DeliveryID: typ, Invalid: source, Unsigned: event.Unsignable()[:unix&7%6], Decrypted: binary, Redacted: binary, Replayed: !binary, DataRef: id, DataSize: int32(unix), DataSHA256: action,
			Data: data, Binary: binary || !json.Valid(data),
		})
	})
}

func BenchmarkAppendJSON(b *testing.B) {
	sizes := map[string]int{"2KB": 2 << 10, "64KB": 64 << 10, "1MB": 1 << 20}
	for name, size := range sizes {
		e := sample()
		e.Data = []byte(`{"x":"` + strings.Repeat("x", size-8) + `"}`)
		b.Run(name, func(b *testing.B) {
			room := make([]byte, 0, e.Size())
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				room = e.AppendJSON(room[:0])
			}
		})
	}
}
