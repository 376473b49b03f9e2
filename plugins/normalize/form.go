package normalize

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"webhookedge/plugins/internal/formscan"
)

// maxFields bounds the pairs of a form, so that a large body of nothing but
// separators does not become many times its size.
const maxFields = 10_000

// The ways in which a form cannot be converted.
var (
	ErrForm    = errors.New("body is not the form that it claims to be")
	errNotText = errors.New("form holds bytes that are not UTF-8")
)

type field struct {
	name   string
	values [][]byte
}

// formToJSON converts a form (WHATWG URL Standard, section 5.1) to a JSON object
// with the fields in order of their first appearance: one value as a string,
// several as an array in order. The document in the field document, where that
// is there once, is put in as the JSON that it is; where it is the only field it
// is the result, byte for byte, as if it had been sent as JSON. The caller has
// checked the document. Values that JSON cannot hold give errNotText. The result
// may refer to body; nothing that is large is copied more than once.
func formToJSON(body []byte, document string) ([]byte, error) {
	fields, err := parseForm(body)
	if err != nil {
		return nil, err
	}
	isDocument := func(f *field) bool { return document != "" && f.name == document && len(f.values) == 1 }
	if len(fields) == 1 && isDocument(&fields[0]) {
		return fields[0].values[0], nil
	}
	dst := make([]byte, 0, len(body)+len(body)/4+2)
	dst = append(dst, '{')
	for i := range fields {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst, _ = jsontext.AppendQuote(dst, fields[i].name) // fails on what is not UTF-8 only
		dst = append(dst, ':')
		if isDocument(&fields[i]) {
			dst = append(dst, fields[i].values[0]...)
		} else {
			dst = appendValues(dst, fields[i].values)
		}
	}
	return append(dst, '}'), nil
}

func appendValues(dst []byte, values [][]byte) []byte {
	if len(values) == 1 {
		dst, _ = jsontext.AppendQuote(dst, values[0])
		return dst
	}
	dst = append(dst, '[')
	for i, value := range values {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst, _ = jsontext.AppendQuote(dst, value)
	}
	return append(dst, ']')
}

func parseForm(body []byte) ([]field, error) {
	if n := bytes.Count(body, []byte("&")); n >= maxFields {
		return nil, fmt.Errorf("%w: more than %d fields", ErrForm, maxFields)
	}
	var fields []field
	index := map[string]int{}
	for rawName, rawValue := range formscan.Pairs(body) {
		name, err := formscan.Unescape(rawName)
		value, err2 := formscan.Unescape(rawValue)
		if err := errors.Join(err, err2); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrForm, err)
		}
		if !utf8.Valid(name) || !utf8.Valid(value) {
			return nil, errNotText
		}
		at, ok := index[string(name)]
		if !ok {
			at = len(fields)
			index[string(name)] = at
			fields = append(fields, field{name: string(name)})
		}
		fields[at].values = append(fields[at].values, value)
	}
	return fields, nil
}
