package tojson

import (
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// maxFields bounds the fields of a form, so that a large body of nothing but
// separators does not become many times its size.
const maxFields = 10_000

// ErrText is a form with bytes that are no UTF-8, which JSON cannot hold. It is
// no fault of the sender: the body can be carried as bytes.
var ErrText = errors.New("form holds bytes that are not UTF-8")

// fields are those of a form in the order of their first appearance.
type fields struct {
	list  []field
	index map[string]int
	size  int // of the values, in bytes
	n     int
}

type field struct {
	name   string
	values []value
}

// value is a text, or JSON as it is to stand.
type value struct {
	text []byte
	json bool
}

// add appends a value to the field name. The error is ErrText or full.
func (f *fields) add(name string, v value, full error) error {
	if f.n++; f.n > maxFields {
		return fmt.Errorf("%w: more than %d fields", full, maxFields)
	}
	if !utf8.ValidString(name) || !v.json && !utf8.Valid(v.text) {
		return ErrText
	}
	at, ok := f.index[name]
	if !ok {
		if f.index == nil {
			f.index = map[string]int{}
		}
		at = len(f.list)
		f.index[name] = at
		f.list = append(f.list, field{name: name})
	}
	f.list[at].values = append(f.list[at].values, v)
	f.size += len(name) + len(v.text)
	return nil
}

// object returns the fields as a JSON object: one value as it is, several as an
// array in order. The text of the field document, where that is there once, is
// put in as the JSON that it is. Where it is the only field it is the whole
// result, and alone is true; then nothing is copied.
func (f *fields) object(document string) (data []byte, alone bool) {
	isDocument := func(f *field) bool {
		return document != "" && f.name == document && len(f.values) == 1 && !f.values[0].json
	}
	if len(f.list) == 1 && isDocument(&f.list[0]) {
		return f.list[0].values[0].text, true
	}
	dst := make([]byte, 0, f.size+f.size/4+8*f.n+2)
	dst = append(dst, '{')
	for i := range f.list {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst, _ = jsontext.AppendQuote(dst, f.list[i].name) // fails on what is not UTF-8 only
		dst = append(dst, ':')
		if isDocument(&f.list[i]) {
			dst = append(dst, f.list[i].values[0].text...)
		} else {
			dst = appendValues(dst, f.list[i].values)
		}
	}
	return append(dst, '}'), false
}

func appendValues(dst []byte, values []value) []byte {
	if len(values) > 1 {
		dst = append(dst, '[')
	}
	for i, v := range values {
		if i > 0 {
			dst = append(dst, ',')
		}
		if v.json {
			dst = append(dst, v.text...)
		} else {
			dst, _ = jsontext.AppendQuote(dst, v.text)
		}
	}
	if len(values) > 1 {
		dst = append(dst, ']')
	}
	return dst
}
