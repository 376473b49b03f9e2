package event

import (
	"encoding/base64"
	"strconv"
	"time"
	"unicode/utf8"
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

// before and after are the attributes in the order of the encoded form, split
// where the times and the type stand, which are no plain strings.
func (e *Event) before() [3]attribute {
	return [...]attribute{{"id", e.ID}, {"source", e.Source}, {"subject", e.Subject}}
}

func (e *Event) after() [13]attribute {
	return [...]attribute{
		{"datacontenttype", e.DataContentType}, {"dataschema", e.DataSchema}, {"provider", e.Provider}, {"action", e.Action},
		{"tenant", e.Tenant}, {"deliveryid", e.DeliveryID}, {"requestid", e.RequestID}, {"verification", e.Verification},
		{"secretid", e.SecretID}, {"traceparent", e.TraceParent}, {"invalid", e.Invalid},
		{"dataref", e.DataRef}, {"datasha256", e.DataSHA256},
	}
}

// appendRest appends the members after those of after: a list of names, a number
// and flags.
func (e *Event) appendRest(dst []byte) []byte {
	for i, name := range e.Unsigned {
		if i == 0 {
			dst = append(dst, `,"unsigned":"`...)
		} else {
			dst = append(dst, unsignedSeparator...)
		}
		dst = appendEscaped(dst, name)
	}
	if len(e.Unsigned) > 0 {
		dst = append(dst, '"')
	}
	if e.DataSize > 0 {
		dst = strconv.AppendInt(append(dst, `,"datasize":`...), int64(e.DataSize), 10)
	}
	if e.Redacted {
		dst = append(dst, `,"redacted":true`...)
	}
	if e.Replayed {
		dst = append(dst, `,"replayed":true`...)
	}
	return dst
}

// AppendJSON appends the structured-mode JSON form to dst and returns it. It
// allocates at most once, and not at all when dst has Size bytes of room. Bytes
// of an attribute that are not UTF-8 become U+FFFD; Data stays as it is.
func (e *Event) AppendJSON(dst []byte) []byte {
	// slices.Grow would take a quarter more than is asked for, which is megabytes of a large body.
	if size := e.Size(); cap(dst)-len(dst) < size {
		dst = append(make([]byte, 0, len(dst)+size), dst...)
	}
	dst = append(dst, `{"specversion":"`+SpecVersion+`","type":"`...)
	dst = appendEscaped(dst, e.Provider)
	dst = append(dst, '.')
	dst = appendEscaped(dst, e.Type)
	if e.Action != "" {
		dst = append(dst, '.')
		dst = appendEscaped(dst, e.Action)
	}
	dst = append(dst, '"')
	for _, a := range e.before() {
		dst = appendAttribute(dst, a)
	}
	dst = appendTime(dst, "time", e.Time, time.RFC3339Nano)
	dst = appendTime(dst, "receivedat", e.ReceivedAt, ReceivedLayout)
	for _, a := range e.after() {
		dst = appendAttribute(dst, a)
	}
	dst = e.appendRest(dst)
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

// Size returns the exact number of bytes that AppendJSON appends, without
// encoding anything.
func (e *Event) Size() int {
	n := len(`{"specversion":"","type":"."}`) + len(SpecVersion) + escapedLen(e.Provider) + escapedLen(e.Type)
	if e.Action != "" {
		n += 1 + escapedLen(e.Action)
	}
	for _, a := range e.before() {
		n += attributeLen(a)
	}
	n += timeLen("time", e.Time, time.RFC3339Nano) + timeLen("receivedat", e.ReceivedAt, ReceivedLayout)
	for _, a := range e.after() {
		n += attributeLen(a)
	}
	var room [len(`,"unsigned":"action id subject tenant time type","datasize":2147483647,"redacted":true,"replayed":true`)]byte
	n += len(e.appendRest(room[:0]))
	switch {
	case len(e.Data) == 0:
	case e.Binary:
		n += len(`,"data_base64":""`) + base64.StdEncoding.EncodedLen(len(e.Data))
	default:
		n += len(`,"data":`) + len(e.Data)
	}
	return n
}

func appendAttribute(dst []byte, a attribute) []byte {
	if a.value == "" {
		return dst
	}
	dst = append(dst, ',', '"')
	dst = append(dst, a.name...)
	dst = append(dst, `":"`...)
	dst = appendEscaped(dst, a.value)
	return append(dst, '"')
}

func attributeLen(a attribute) int {
	if a.value == "" {
		return 0
	}
	return len(`,"":""`) + len(a.name) + escapedLen(a.value)
}

func appendTime(dst []byte, name string, t time.Time, layout string) []byte {
	t = t.UTC()
	if !present(t) {
		return dst
	}
	dst = append(dst, ',', '"')
	dst = append(dst, name...)
	dst = append(dst, `":"`...)
	dst = t.AppendFormat(dst, layout)
	return append(dst, '"')
}

func timeLen(name string, t time.Time, layout string) int {
	t = t.UTC()
	if !present(t) {
		return 0
	}
	return len(`,"":""`) + len(name) + len("2006-01-02T15:04:05Z") + fractionLen(t.Nanosecond(), layout)
}

// fractionLen is how much of a second layout writes: three digits, or as many as ns has.
func fractionLen(ns int, layout string) int {
	if layout == ReceivedLayout {
		return len(".000")
	}
	if ns == 0 {
		return 0
	}
	n := len(".000000000")
	for ; ns%10 == 0; ns /= 10 {
		n--
	}
	return n
}

// present reports whether a time in UTC can be written: RFC 3339 has four
// digits for the year, and a provider's number may mean any year.
func present(t time.Time) bool { return !t.IsZero() && t.Year() >= 0 && t.Year() <= 9999 }

const (
	hexLower    = "0123456789abcdef"
	replacement = "\uFFFD"
)

// shortEscapes holds the letter of a two-byte escape at the byte's place.
const shortEscapes = "\x00\x00\x00\x00\x00\x00\x00\x00btn\x00fr"

// appendEscaped appends s as the inside of a JSON string (RFC 8259, section 7).
func appendEscaped(dst []byte, s string) []byte {
	start := 0
	for i := 0; i < len(s); {
		b := s[i]
		switch {
		case b >= utf8.RuneSelf:
			r, size := utf8.DecodeRuneInString(s[i:])
			if r != utf8.RuneError || size > 1 {
				i += size
				continue
			}
			dst = append(append(dst, s[start:i]...), replacement...)
		case b == '"' || b == '\\':
			dst = append(append(dst, s[start:i]...), '\\', b)
		case b >= ' ':
			i++
			continue
		case int(b) < len(shortEscapes) && shortEscapes[b] != 0:
			dst = append(append(dst, s[start:i]...), '\\', shortEscapes[b])
		default:
			dst = append(append(dst, s[start:i]...), '\\', 'u', '0', '0', hexLower[b>>4], hexLower[b&0xF])
		}
		i++
		start = i
	}
	return append(dst, s[start:]...)
}

// escapedLen returns the number of bytes that appendEscaped appends.
func escapedLen(s string) int {
	n := len(s)
	for i := 0; i < len(s); {
		b := s[i]
		switch {
		case b >= utf8.RuneSelf:
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				n += len(replacement) - 1
			}
			i += size
			continue
		case b == '"' || b == '\\':
			n++
		case b >= ' ':
		case int(b) < len(shortEscapes) && shortEscapes[b] != 0:
			n++
		default:
			n += len(`\u0000`) - 1
		}
		i++
	}
	return n
}
