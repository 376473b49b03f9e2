package tojson

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"webhookedge/plugins/internal/formscan"
	"webhookedge/plugins/internal/jsonscan"
)

// ErrText is a form with bytes that are no UTF-8, which JSON cannot hold. It is
// no fault of the sender: the body can be carried as bytes.
var ErrText = errors.New("form holds bytes that are not UTF-8")

// What can be wrong with a form that carries a JSON document in one of its fields. They
// stand beside ErrForm or ErrMultipart.
var (
	ErrTwoDocuments   = formscan.ErrTwoDocuments
	ErrBesideDocument = formscan.ErrBesideDocument
	ErrDocument       = errors.New("form's document is not one JSON value")
)

// FormOptions say what a form may be.
type FormOptions struct {
	// Document names the field that may carry a JSON document, "" where none does. Where it
	// is there, it is the only field and holds one whole JSON value.
	Document string
	// Files says what becomes of files in a multipart form; "" refuses them.
	Files Files
	// Room returns memory for the text of a large field, which lives as long as the
	// result; nil allocates it.
	Room func(size int) ([]byte, error)
}

// largeField is from where on the text of a field is made in FormOptions.Room, in bytes.
const largeField = 64 << 10

// unescape returns what the value of a field stands for.
func (o *FormOptions) unescape(raw []byte) ([]byte, error) {
	if o.Room == nil || len(raw) < largeField || !bytes.ContainsAny(raw, "%+") {
		return formscan.Unescape(raw)
	}
	room, err := o.Room(len(raw))
	if err != nil {
		return nil, err
	}
	return formscan.AppendUnescaped(room[:0], raw)
}

// fields are those of a form in the order of their first appearance.
type fields struct {
	list    []field
	index   map[string]int
	size    int // of the values, in bytes
	n       int
	noText  bool // some name or value is not UTF-8
	carried formscan.Carried
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

// add appends a value to the field name.
func (f *fields) add(name string, v value) {
	if !utf8.ValidString(name) || !v.json && !utf8.Valid(v.text) {
		f.noText = true
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
	f.n++
	f.size += len(name) + len(v.text)
}

// result returns the document that the fields carry, with alone, or the fields as a JSON
// object. The error is ErrText, or kind with what is wrong with the document.
func (f *fields) result(o FormOptions, kind error) (data []byte, alone bool, err error) {
	if o.Document != "" {
		switch err := f.carried.Check(); {
		case err == nil:
			document := f.list[0].values[0].text
			if err := jsonscan.Whole(document); err != nil {
				return nil, false, fmt.Errorf("%w: %w: %w", kind, ErrDocument, err)
			}
			return document, true, nil
		case !errors.Is(err, formscan.ErrNoDocument):
			return nil, false, fmt.Errorf("%w: %w", kind, err)
		}
	}
	if f.noText {
		return nil, false, ErrText
	}
	return f.object(), false, nil
}

// object returns the fields as a JSON object: one value as it is, several as an
// array in order.
func (f *fields) object() []byte {
	dst := make([]byte, 0, f.size+f.size/4+8*f.n+2)
	dst = append(dst, '{')
	for i := range f.list {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst, _ = jsontext.AppendQuote(dst, f.list[i].name) // fails on what is not UTF-8 only
		dst = append(dst, ':')
		dst = appendValues(dst, f.list[i].values)
	}
	return append(dst, '}')
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
