package redact

import (
	"bytes"
	"iter"

	"webhookedge/plugins/internal/jsonscan"
)

// Texts gives the text of every value of data that is no object and no array: of a
// string what it spells, of a number or a word how it is written. Names are no
// values. A text is valid until the next one. data is JSON that jsonscan.Scan took.
func Texts(data []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		r := texts{cursor: jsonscan.NewCursor(data), yield: yield}
		r.value(0)
	}
}

type texts struct {
	cursor jsonscan.Cursor
	walk   walk // for its scratch
	yield  func([]byte) bool
}

// value reports whether more is asked for.
func (r *texts) value(depth int) bool {
	switch kind := r.cursor.Kind(); kind {
	case '{', '[':
		if depth == jsonscan.MaxDepth {
			r.cursor.Raw()
			return true
		}
		r.cursor.Enter()
		for r.cursor.More() {
			if kind == '{' {
				r.cursor.Raw()
			}
			if !r.value(depth + 1) {
				return false
			}
		}
		return true
	case '"':
		return r.yield(r.walk.text(r.cursor.Raw()))
	default:
		return r.yield(r.cursor.Raw())
	}
}

// Holds reports whether text is one of the Texts of data.
func Holds(data, text []byte) bool {
	for t := range Texts(data) {
		if bytes.Equal(t, text) {
			return true
		}
	}
	return false
}
