package tojson

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// What can be wrong with a content coding.
var (
	ErrEncoding = errors.New("content encoding is unknown or does not match the body")
	ErrExpanded = errors.New("expanded body is too large")
)

// coding is a content coding that can be undone.
type coding uint8

const (
	plain coding = iota
	gzipped
	deflated
)

// Expand undoes the content coding of body (RFC 9110, section 8.4), which the bytes
// decide and the Content-Encoding header can only agree with, since no signature covers
// it: with another header or none the result is the same or an error.
//
//   - gzip begins with the magic number of RFC 1952 and its one method. It is undone
//     whatever the header says, but for deflate.
//   - deflate is a zlib stream (RFC 1950) that begins with one of the four headers that
//     zlib writes and is not valid UTF-8. It is undone where the header says deflate; a
//     whole one without that is an error. Deflate without zlib's frame has no mark, so
//     that an ASCII text can be one, and is not taken.
//   - Any other body is itself, where the header is empty, or names nothing but identity
//     or utf-8, a charset that some senders put there.
//
// Codings beside identity, one after another or unknown, are an ErrEncoding; so is a
// header that the bytes contradict, what breaks off or has a wrong checksum, anything
// behind the end, and a second member of gzip: some readers stop before it. The result
// has at most most bytes, else the error is ErrExpanded.
func Expand(body []byte, header string, most int) ([]byte, error) {
	said, err := codingOf(header)
	if err != nil {
		return nil, err
	}
	is := codingIn(body)
	switch {
	case is == deflated && said == plain:
		if _, err := inflate(body, is, most); errors.Is(err, ErrEncoding) {
			return body, nil // it only begins like one
		}
		return nil, fmt.Errorf("%w: it is deflated, and the header does not say so", ErrEncoding)
	case said != plain && said != is:
		return nil, fmt.Errorf("%w: the body does not begin as the header says", ErrEncoding)
	case is == plain:
		return body, nil
	}
	return inflate(body, is, most)
}

// codingOf returns the one coding that a Content-Encoding header names.
func codingOf(header string) (coding, error) {
	said := plain
	for name := range strings.SplitSeq(header, ",") {
		var one coding
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "", "identity", "utf-8", "utf8":
			continue
		case "gzip", "x-gzip":
			one = gzipped
		case "deflate":
			one = deflated
		default:
			return plain, fmt.Errorf("%w: only gzip and deflate are known", ErrEncoding)
		}
		if said != plain {
			return plain, fmt.Errorf("%w: there is more than one", ErrEncoding)
		}
		said = one
	}
	return said, nil
}

// codingIn returns how body begins. No text that is UTF-8 is taken for compressed: its
// writer could have made it so.
func codingIn(body []byte) coding {
	switch {
	case bytes.HasPrefix(body, []byte("\x1f\x8b\x08")): // 0x8b is no beginning in UTF-8
		return gzipped
	case len(body) > 1 && body[0] == 0x78 && bytes.IndexByte([]byte("\x01\x5e\x9c\xda"), body[1]) >= 0 && !utf8.Valid(body):
		return deflated
	}
	return plain
}

// inflate undoes a coding that body begins like.
func inflate(body []byte, how coding, most int) ([]byte, error) {
	in := bytes.NewReader(body)
	var r io.Reader
	var err error
	if how == gzipped {
		var z *gzip.Reader
		if z, err = gzip.NewReader(in); err == nil {
			z.Multistream(false)
			r = z
		}
	} else {
		r, err = zlib.NewReader(in)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: it has no head", ErrEncoding)
	}
	out, err := readMost(r, len(body), most)
	switch {
	case errors.Is(err, ErrExpanded):
		return nil, err
	case err != nil:
		return nil, fmt.Errorf("%w: it breaks off or its sum is wrong", ErrEncoding)
	case in.Len() > 0:
		return nil, fmt.Errorf("%w: something follows it", ErrEncoding)
	}
	return out, nil
}

// readMost reads at most most bytes of r, and never holds more than twice as many.
func readMost(r io.Reader, packed, most int) ([]byte, error) {
	out := make([]byte, 0, min(4*packed, most)+1)
	for {
		n, err := r.Read(out[len(out):cap(out)])
		out = out[:len(out)+n]
		switch {
		case len(out) > most:
			return nil, fmt.Errorf("%w: more than %d bytes", ErrExpanded, most)
		case errors.Is(err, io.EOF):
			return out, nil
		case err != nil:
			return nil, err
		case len(out) == cap(out):
			out = append(make([]byte, 0, min(2*cap(out), most)+1), out...)
		}
	}
}
