package tojson

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
)

// ErrCharset is a text in a charset that is not known, not allowed, or not its own.
var ErrCharset = errors.New("charset is unknown or does not match the body")

var bom = []byte("\ufeff")

// WithoutBOM returns body without the byte order mark of UTF-8, which Excel, SharePoint
// and .NET write and RFC 8259 lets a reader pass over. Those of UTF-16 and UTF-32 stay,
// and are no UTF-8.
func WithoutBOM(body []byte) []byte { return bytes.TrimPrefix(body, bom) }

// UTF8 returns body as UTF-8 without a byte order mark. A body that is UTF-8 stays as it
// is, whatever charset says: labels such as 'utf-8', utf8mb4, None and binary stand at
// such bodies, and another label must not make another text of signed bytes. A label
// counts only for a body that is none, and where relabel allows it; it is a name of the
// WHATWG Encoding Standard. The text then depends on the label, so it is best that of
// the row and not that of a header, which no signature covers. Charsets that are
// written in ASCII (ISO-2022-JP, HZ) are UTF-8, and stay. The error is ErrCharset.
func UTF8(body []byte, charset string, relabel bool) ([]byte, error) {
	charset = strings.ToLower(strings.Trim(charset, " \t'\""))
	from, wide := wideCharset(charset)
	text := WithoutBOM(body)
	// UTF-16 of ASCII alone is UTF-8, too: ASCII with zero bytes, which no text has.
	wide = wide && relabel && len(text) == len(body) && bytes.IndexByte(body, 0) >= 0
	switch {
	case !wide && utf8.Valid(text):
		return text, nil
	case !relabel, len(text) < len(body): // a byte order mark is clear about what the body is
		return nil, fmt.Errorf("%w: it is not UTF-8", ErrCharset)
	case isUTF8Label(charset):
		return nil, fmt.Errorf("%w: some bytes are none of it", ErrCharset)
	case from == nil:
		var err error
		if from, err = htmlindex.Get(charset); err != nil {
			return nil, fmt.Errorf("%w: it is not known", ErrCharset)
		}
	}
	return decode(body, from)
}

// wideCharset returns what decodes UTF-16: in the order of the byte order mark, else of
// the label, else big endian (RFC 2781, section 4.3).
func wideCharset(charset string) (encoding.Encoding, bool) {
	switch charset {
	case "utf-16", "utf-16be":
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM), true
	case "utf-16le":
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), true
	}
	return nil, false
}

// isUTF8Label reports whether a charset that a sender names is UTF-8 or a part of it.
func isUTF8Label(charset string) bool {
	switch charset {
	case "", "utf-8", "utf8", "us-ascii", "ascii":
		return true
	}
	return false
}

// decode returns text as UTF-8. Bytes that are none of the charset are an error, and so
// is the replacement character itself.
func decode(text []byte, from encoding.Encoding) ([]byte, error) {
	out, err := from.NewDecoder().Bytes(text)
	if err != nil || bytes.ContainsRune(out, utf8.RuneError) || !utf8.Valid(out) {
		return nil, fmt.Errorf("%w: some bytes are none of it", ErrCharset)
	}
	return WithoutBOM(out), nil
}
