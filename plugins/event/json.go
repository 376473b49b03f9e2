package event

import (
	"encoding/base64"
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// SpecVersion is the version of CloudEvents that the encoded forms follow.
const SpecVersion = "1.0"

// ContentType is the media type of the structured JSON form (CloudEvents JSON
// Event Format 1.0.2, section 3).
const ContentType = "application/cloudevents+json"

// ReceivedLayout is how an event says when it was received: RFC 3339 with all
// three digits of milliseconds, so that values sort as text.
const ReceivedLayout = "2006-01-02T15:04:05.000Z07:00"

type attribute struct{ name, value string }

// text is an attribute that is a plain string, and where an event has it.
type text struct {
	name string
	at   *string
}

// textsBeforeTimes is how many of texts stand before the times in the JSON form.
const textsBeforeTimes = 3

// texts returns the attributes that are plain strings in the order of the JSON form,
// all but specversion and type.
func (e *Event) texts() [16]text {
	return [...]text{
		{"id", &e.ID}, {"source", &e.Source}, {"subject", &e.Subject},
		{"datacontenttype", &e.DataContentType}, {"dataschema", &e.DataSchema}, {"provider", &e.Provider}, {"action", &e.Action},
		{"tenant", &e.Tenant}, {"deliveryid", &e.DeliveryID}, {"requestid", &e.RequestID}, {"verification", &e.Verification},
		{"secretid", &e.SecretID}, {"traceparent", &e.TraceParent}, {"invalid", &e.Invalid},
		{"dataref", &e.DataRef}, {"datasha256", &e.DataSHA256},
	}
}

// usualSize is more than the attributes of an event usually take in JSON, in bytes.
const usualSize = 2 << 10

// AppendJSON appends the structured-mode JSON form to dst and returns it. With
// attributes of the usual size it allocates at most once, and not at all when dst has
// Size bytes of room. Bytes of an attribute that are not UTF-8 become U+FFFD; Data
// stays as it is.
func (e *Event) AppendJSON(dst []byte) []byte {
	var room [usualSize]byte
	attributes := e.appendAttributes(room[:0])
	// slices.Grow would take a quarter more than is asked for, which is megabytes of a large body.
	if size := len(attributes) + e.dataSize(); cap(dst)-len(dst) < size {
		dst = append(make([]byte, 0, len(dst)+size), dst...)
	}
	dst = append(dst, attributes...)
	switch {
	case len(e.Data) == 0:
	case e.Binary:
		dst = append(dst, `,"data_base64":"`...)
		dst = base64.StdEncoding.AppendEncode(dst, e.Data)
		dst = append(dst, '"')
	default:
		dst = append(dst, `,"data":`...)
		dst = append(dst, e.Data...)
	}
	return append(dst, '}')
}

// Size returns the exact number of bytes that AppendJSON appends, without encoding
// Data.
func (e *Event) Size() int {
	var room [usualSize]byte
	return len(e.appendAttributes(room[:0])) + e.dataSize()
}

// dataSize is what Data and the last brace take in JSON.
func (e *Event) dataSize() int {
	switch {
	case len(e.Data) == 0:
		return len(`}`)
	case e.Binary:
		return len(`,"data_base64":""}`) + base64.StdEncoding.EncodedLen(len(e.Data))
	}
	return len(`,"data":}`) + len(e.Data)
}

// appendAttributes appends the JSON form up to Data.
func (e *Event) appendAttributes(dst []byte) []byte {
	var room [128]byte
	kind := append(append(append(room[:0], e.Provider...), '.'), e.Type...)
	if e.Action != "" {
		kind = append(append(kind, '.'), e.Action...)
	}
	dst = append(dst, `{"specversion":"`+SpecVersion+`","type":`...)
	dst = appendQuoted(dst, kind)
	texts := e.texts()
	for _, a := range texts[:textsBeforeTimes] {
		dst = appendText(dst, a)
	}
	when, layout := e.when()
	dst = appendTime(dst, "time", when, layout)
	dst = appendTime(dst, "receivedat", e.ReceivedAt, ReceivedLayout)
	for _, a := range texts[textsBeforeTimes:] {
		dst = appendText(dst, a)
	}
	if len(e.Unsigned) > 0 {
		names := room[:0]
		for i, name := range e.Unsigned {
			if i > 0 {
				names = append(names, unsignedSeparator...)
			}
			names = append(names, name...)
		}
		dst = appendQuoted(appendName(dst, "unsigned"), names)
	}
	if e.DataSize > 0 {
		dst = strconv.AppendInt(append(dst, `,"datasize":`...), int64(e.DataSize), 10)
	}
	if e.lacksTime() {
		dst = append(dst, `,"timereceived":true`...)
	}
	if e.Decrypted {
		dst = append(dst, `,"decrypted":true`...)
	}
	if e.Redacted {
		dst = append(dst, `,"redacted":true`...)
	}
	if e.Replayed {
		dst = append(dst, `,"replayed":true`...)
	}
	return dst
}

func appendName(dst []byte, name string) []byte {
	dst = append(dst, ',', '"')
	dst = append(dst, name...)
	return append(dst, '"', ':')
}

func appendText(dst []byte, a text) []byte {
	if *a.at == "" {
		return dst
	}
	return appendQuoted(appendName(dst, a.name), *a.at)
}

func appendTime(dst []byte, name string, t time.Time, layout string) []byte {
	if t = t.UTC(); !present(t) {
		return dst
	}
	dst = append(appendName(dst, name), '"')
	return append(t.AppendFormat(dst, layout), '"')
}

// appendQuoted appends s as a JSON string. Bytes that are not UTF-8 become U+FFFD, which
// is all that the error says.
func appendQuoted[Text ~[]byte | ~string](dst []byte, s Text) []byte {
	dst, _ = jsontext.AppendQuote(dst, s)
	return dst
}

// lacksTime reports whether time is that of the receipt: the SDKs of CloudEvents invent
// one of their own where an event has none.
func (e *Event) lacksTime() bool { return !present(e.Time.UTC()) && present(e.ReceivedAt.UTC()) }

// when is the time that an event says, and how it is written.
func (e *Event) when() (t time.Time, layout string) {
	if e.lacksTime() {
		return e.ReceivedAt, ReceivedLayout
	}
	return e.Time, time.RFC3339Nano
}

// present reports whether a time in UTC can be written: RFC 3339 has four
// digits for the year, and a provider's number may mean any year.
func present(t time.Time) bool { return !t.IsZero() && t.Year() >= 0 && t.Year() <= 9999 }
