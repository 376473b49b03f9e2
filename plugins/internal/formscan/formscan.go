// Package formscan reads bodies of the type application/x-www-form-urlencoded
// (WHATWG URL Standard, section 5.1) in place.
//
// net/url would turn a body of 25 MiB into several copies of it and quote parts
// of it in its errors; here nothing is copied but what has escapes, and the one
// error says nothing of the body.
package formscan

import (
	"bytes"
	"encoding/hex"
	"errors"
	"iter"
)

// ErrEscape means that a percent sign is not followed by two hex digits.
var ErrEscape = errors.New("form has a broken escape")

// Pairs gives the name and value of each pair of body as they stand there,
// still escaped. Empty pairs are passed over.
func Pairs(body []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func(name, value []byte) bool) {
		for pair := range bytes.SplitSeq(body, []byte("&")) {
			if len(pair) == 0 {
				continue
			}
			name, value, _ := bytes.Cut(pair, []byte("="))
			if !yield(name, value) {
				return
			}
		}
	}
}

// Unescape returns what raw stands for. Without escapes that is raw itself.
func Unescape(raw []byte) ([]byte, error) {
	escapes, spaces := bytes.Count(raw, []byte("%")), bytes.IndexByte(raw, '+') >= 0
	if escapes == 0 && !spaces {
		return raw, nil
	}
	return AppendUnescaped(make([]byte, 0, max(len(raw)-2*escapes, 0)), raw)
}

// AppendUnescaped appends to dst what raw stands for.
func AppendUnescaped(dst, raw []byte) ([]byte, error) {
	for i := 0; i < len(raw); i++ {
		switch raw[i] {
		case '+':
			dst = append(dst, ' ')
		case '%':
			if i+2 >= len(raw) {
				return nil, ErrEscape
			}
			var err error
			if dst, err = hex.AppendDecode(dst, raw[i+1:i+3]); err != nil {
				return nil, ErrEscape
			}
			i += 2
		default:
			dst = append(dst, raw[i])
		}
	}
	return dst, nil
}

// Field returns the value of a field that is in body exactly once and is not
// broken.
func Field(body []byte, name string) (value []byte, ok bool) {
	found := 0
	for rawName, raw := range Pairs(body) {
		if got, err := Unescape(rawName); err != nil || string(got) != name {
			continue
		}
		if found++; found > 1 {
			return nil, false
		}
		value = raw
	}
	if found == 0 {
		return nil, false
	}
	value, err := Unescape(value)
	return value, err == nil
}
