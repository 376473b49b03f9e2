package tojson

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"webhookedge/plugins/internal/formscan"
)

// ErrForm is a body that is not the form that it claims to be.
var ErrForm = errors.New("body is not a valid form")

// Form converts a form (WHATWG URL Standard, section 5.1) to a JSON object with
// the fields in order of their first appearance: one value as a string, several
// as an array in order. A document that it carries is the result, byte for byte, as if
// it had been sent as JSON, and alone is true. That no name in it is there twice is
// for the reader of the result to check. A byte order mark is passed over.
//
// The error is ErrText where there is no document, or ErrForm with the cause beside it.
// The result may refer to body; nothing that is large is copied more than once.
func Form(body []byte, o FormOptions) (data []byte, alone bool, err error) {
	pairs, err := formscan.Pairs(WithoutBOM(body))
	if err != nil {
		return nil, false, fmt.Errorf("%w: %w", ErrForm, err)
	}
	var f fields
	for rawName, rawValue := range pairs {
		name, err := formscan.Unescape(rawName)
		text, err2 := o.unescape(rawValue)
		if err := errors.Join(err, err2); err != nil {
			return nil, false, fmt.Errorf("%w: %w", ErrForm, err)
		}
		if string(name) == o.Document {
			f.carried.Documents++
		} else {
			f.carried.Others++
		}
		f.add(string(name), value{text: text})
	}
	return f.result(o, ErrForm)
}

// WithoutFields returns a form without the fields of some names, the others as
// they stand there. A field whose name is broken stays, for Form to refuse.
func WithoutFields(body []byte, names []string) []byte {
	if len(names) == 0 {
		return body
	}
	kept := make([]byte, 0, len(body))
	for pair := range bytes.SplitSeq(body, []byte("&")) {
		rawName, _, _ := bytes.Cut(pair, []byte("="))
		if slices.ContainsFunc(names, func(name string) bool { return formscan.Is(rawName, name) }) {
			continue
		}
		if len(kept) > 0 {
			kept = append(kept, '&')
		}
		kept = append(kept, pair...)
	}
	return kept
}
