package tojson

import (
	"bytes"
	"encoding/base64"

	"webhookedge/plugins/internal/formscan"
	"webhookedge/plugins/internal/jsonscan"
)

// Shape is the form that the bytes of a body have. No body has two.
type Shape uint8

// The shapes, in which blanks are space, tab, CR and LF. That a body has one does not
// mean that it is valid: what is made for it says that.
const (
	ShapeOther     Shape = iota // a form, text, a JSON scalar, or bytes
	ShapeEmpty                  // nothing but blanks
	ShapeJSON                   // the first byte behind blanks is { or [, and it is not Lines
	ShapeXML                    // the first byte behind blanks is <
	ShapeMultipart              // it begins with the line of a boundary and ends with the last one
	ShapeJWT                    // three parts in base64url with dots between, the first a JSON object
	ShapeLines                  // more than one line that is not blank, each of them a JSON value
)

// String returns the name of a shape, for messages.
func (s Shape) String() string {
	names := [...]string{"other", "empty", "JSON", "XML", "multipart", "JWT", "lines of JSON"}
	if int(s) < len(names) {
		return names[s]
	}
	return names[ShapeOther]
}

// Sniff returns the shape of body, which a byte order mark of UTF-8 does not change.
// Headers are not asked. A form has no mark of its own and is ShapeOther; one that begins
// like another shape is that. UTF-16 is ShapeOther until UTF8 has converted it. A single line of JSON is ShapeJSON. The time is linear,
// and nothing takes memory but the head of what can be a JWT.
func Sniff(body []byte) Shape {
	body = WithoutBOM(body)
	text := bytes.Trim(body, blanks)
	if len(text) == 0 {
		return ShapeEmpty
	}
	switch {
	case areLines(text):
		return ShapeLines
	case text[0] == '{', text[0] == '[':
		return ShapeJSON
	case text[0] == '<':
		return ShapeXML
	case formscan.IsMultipart(body):
		return ShapeMultipart
	case isToken(text):
		return ShapeJWT
	}
	return ShapeOther
}

const blanks = " \t\r\n"

// areLines reports whether text, which has no blanks around it, is several lines of JSON.
// Of more lines than Lines takes only so many are looked at.
func areLines(text []byte) bool {
	if bytes.IndexByte(text, '\n') < 0 {
		return false
	}
	n := 0
	for line := range bytes.SplitSeq(text, []byte("\n")) {
		line = bytes.Trim(line, blanks)
		if n++; n > maxLines {
			break
		}
		if len(line) > 0 && !jsonscan.Valid(line) {
			return false
		}
	}
	return true
}

// base64url has no padding, and no bits that count for nothing. It passes over line ends,
// which isBase64URL does not.
var base64url = base64.RawURLEncoding.Strict()

// isToken reports whether text is a JSON Web Token in compact form (RFC 7515, section
// 7.1) with a signature.
func isToken(text []byte) bool {
	if bytes.Count(text, []byte(".")) != 2 {
		return false
	}
	head, rest, _ := bytes.Cut(text, []byte("."))
	claims, signature, _ := bytes.Cut(rest, []byte("."))
	if !isBase64URL(head) || !isBase64URL(claims) || !isBase64URL(signature) {
		return false
	}
	decoded, err := base64url.AppendDecode(nil, head)
	return err == nil && bytes.HasPrefix(bytes.TrimLeft(decoded, blanks), []byte("{")) && jsonscan.Valid(decoded)
}

// isBase64URL reports whether text is base64url of one byte or more.
func isBase64URL(text []byte) bool {
	for _, b := range text {
		switch {
		case '0' <= b && b <= '9', 'a' <= b && b <= 'z', 'A' <= b && b <= 'Z', b == '-', b == '_':
		default:
			return false
		}
	}
	var last [3]byte // bytes that the last four characters stand for
	_, err := base64url.Decode(last[:], text[len(text)-len(text)%4:])
	return err == nil && len(text) > 0
}
