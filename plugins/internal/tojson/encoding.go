package tojson

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
)

// What can be wrong with encodings.
var (
	ErrEncoding = errors.New("content encoding is unknown or broken")
	ErrExpanded = errors.New("body is too large when it is expanded")
	ErrCharset  = errors.New("charset is unknown or not that of the body")
)

// Expand undoes a content encoding (RFC 9110, section 8.4): gzip, x-gzip or
// deflate, the latter with or without the zlib frame that it should have. The
// result has at most limit bytes, else the error is ErrExpanded; anything else
// wrong is an ErrEncoding.
func Expand(body []byte, coding string, limit int) ([]byte, error) {
	var r io.ReadCloser
	var err error
	in := bytes.NewReader(body)
	switch strings.ToLower(strings.TrimSpace(coding)) {
	case "", "identity":
		return body, nil
	case "gzip", "x-gzip":
		r, err = gzip.NewReader(in)
	case "deflate":
		if isZlib(body) {
			r, err = zlib.NewReader(in)
		} else {
			r = flate.NewReader(in)
		}
	default:
		return nil, fmt.Errorf("%w: only gzip and deflate are known", ErrEncoding)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: it has no head", ErrEncoding)
	}
	defer r.Close() //nolint:errcheck // it reads from memory
	var out bytes.Buffer
	n, err := io.Copy(&out, io.LimitReader(r, int64(limit)+1))
	switch {
	case n > int64(limit):
		return nil, fmt.Errorf("%w: more than %d bytes", ErrExpanded, limit)
	case err != nil:
		return nil, fmt.Errorf("%w: it breaks off or its sum is wrong", ErrEncoding)
	case in.Len() > 0: // signed bytes that nobody would see; gzip takes them for another member
		return nil, fmt.Errorf("%w: something follows it", ErrEncoding)
	}
	return out.Bytes(), nil
}

// isZlib reports whether body begins with the two bytes of RFC 1950, section 2.2.
func isZlib(body []byte) bool {
	return len(body) > 1 && body[0]&0x0f == 8 && (int(body[0])<<8|int(body[1]))%31 == 0
}

// UTF8 converts body from charset, a name of the WHATWG Encoding Standard.
// Without a charset, and with UTF-8 and US-ASCII, body is returned as it is. The
// error is ErrCharset, also where body has bytes that are none in that charset.
func UTF8(body []byte, charset string) ([]byte, error) {
	var from encoding.Encoding
	var err error
	switch charset = strings.ToLower(strings.TrimSpace(charset)); charset {
	case "", "utf-8", "utf8", "us-ascii", "ascii":
		return body, nil
	case "utf-16":
		from = unicode.UTF16(unicode.BigEndian, unicode.UseBOM) // RFC 2781, section 4.3
	default:
		from, err = htmlindex.Get(charset)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: it is not known", ErrCharset)
	}
	text, err := from.NewDecoder().Bytes(body)
	if err != nil || bytes.ContainsRune(text, utf8.RuneError) {
		return nil, fmt.Errorf("%w: some bytes are none of it", ErrCharset)
	}
	return text, nil
}
