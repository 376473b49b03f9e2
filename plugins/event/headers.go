package event

import (
	"iter"
	"strconv"
	"strings"
	"time"
)

// Names of the binary mode. They are in lower case because the CloudEvents SDKs
// compare them as bytes, and NATS headers keep their case.
const (
	headerPrefix      = "ce-"
	contentTypeHeader = "content-type"
	specVersionHeader = headerPrefix + "specversion"
)

// Headers gives the headers of the binary mode, each name once: content-type
// and an attribute each, as ce-<name> (CloudEvents 1.0.2, HTTP Protocol Binding,
// section 3.1.3, which the SDKs follow for NATS too). The body of the message
// is then Data alone. White space, control characters, '"', '%' and what is not
// ASCII are percent-encoded, so that no attribute can end its header.
func (e *Event) Headers() iter.Seq2[string, string] {
	return func(yield func(name, value string) bool) {
		if e.DataContentType != "" && !yield(contentTypeHeader, e.DataContentType) {
			return
		}
		for name, value := range e.attributes() {
			if !yield(headerPrefix+name, percentEncoded(value)) {
				return
			}
		}
	}
}

// attributes gives every attribute that is there, but for datacontenttype, with
// its canonical text (CloudEvents 1.0.2, Type System).
func (e *Event) attributes() iter.Seq2[string, string] {
	return func(yield func(name, value string) bool) {
		list := append(make([]attribute, 0, 25), attribute{"specversion", SpecVersion}, attribute{"type", e.FullType()})
		for _, a := range e.texts() {
			if a.name != "datacontenttype" {
				list = append(list, attribute{a.name, *a.at})
			}
		}
		list = append(list,
			attribute{"time", timeText(e.when())},
			attribute{"receivedat", timeText(e.ReceivedAt, ReceivedLayout)})
		if len(e.Unsigned) > 0 {
			list = append(list, attribute{"unsigned", strings.Join(e.Unsigned, unsignedSeparator)})
		}
		if e.DataSize > 0 {
			list = append(list, attribute{"datasize", strconv.Itoa(int(e.DataSize))})
		}
		if e.lacksTime() {
			list = append(list, attribute{"timereceived", literalTrue})
		}
		if e.Decrypted {
			list = append(list, attribute{"decrypted", literalTrue})
		}
		if e.Redacted {
			list = append(list, attribute{"redacted", literalTrue})
		}
		if e.Replayed {
			list = append(list, attribute{"replayed", literalTrue})
		}
		for _, a := range list {
			if a.value != "" && !yield(a.name, a.value) {
				return
			}
		}
	}
}

const literalTrue = "true"

func timeText(t time.Time, layout string) string {
	if t = t.UTC(); !present(t) {
		return ""
	}
	return t.Format(layout)
}

// percentEncoded follows section 3.1.3.2 of the HTTP Protocol Binding.
func percentEncoded(value string) string {
	if !strings.ContainsFunc(value, mustEncode) {
		return value
	}
	dst := make([]byte, 0, len(value)+32)
	for i := range len(value) {
		if b := value[i]; mustEncode(rune(b)) {
			dst = appendPercent(dst, b)
		} else {
			dst = append(dst, b)
		}
	}
	return string(dst)
}

func mustEncode(r rune) bool { return r <= ' ' || r > '~' || r == '"' || r == '%' }
