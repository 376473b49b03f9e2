package signedtext

import (
	"io"
	"strings"
)

// Write gives the text of t to w. The error is ErrMissing, ErrRepeated or
// ErrMalformed; what was written before it means nothing then. Scratch is
// memory that may be used, and is returned for the next time.
func (t *Template) Write(w io.Writer, scratch []byte, v *Input) ([]byte, error) {
	scratch = scratch[:0]
	for i := range t.Segments {
		s := &t.Segments[i]
		if s.Optional && s.missing(v) {
			continue
		}
		for j := range s.Parts {
			p := &s.Parts[j]
			if p.Name == PartBody && len(p.Filters) == 0 {
				_, _ = w.Write(scratch) // hashes and buffers do not fail
				_, _ = w.Write(v.Request.Body)
				scratch = scratch[:0]
				continue
			}
			text, err := p.text(v)
			if err != nil {
				return scratch, err
			}
			for _, f := range p.Filters {
				text = f(text)
			}
			scratch = flow(w, scratch, text)
		}
	}
	_, _ = w.Write(scratch)
	return scratch, nil
}

// maxPending is the most text in bytes that waits for what is behind it.
const maxPending = 8 << 10

// flow appends text to what waits to be written to w, a piece at a time: one that is as
// long as a body is never there twice.
func flow(w io.Writer, pending []byte, text string) []byte {
	for len(pending)+len(text) > maxPending {
		n := maxPending - len(pending)
		pending = append(pending, text[:n]...)
		_, _ = w.Write(pending)
		pending, text = pending[:0], text[n:]
	}
	return append(pending, text...)
}

// missing reports whether a value of an optional segment is not there.
func (s *segment) missing(v *Input) bool {
	for i := range s.Parts {
		if p := &s.Parts[i]; p.Name == PartPlace {
			if text, n := v.Get(p.At); n == 0 || text == "" && !p.empty {
				return true
			}
		}
	}
	return false
}

// Text returns the text of t for v.
func (t *Template) Text(v *Input) (string, error) {
	var b strings.Builder
	_, err := t.Write(&b, nil, v)
	return b.String(), err
}

// Streams reports whether t can be written without a copy of the body.
func (t *Template) Streams() bool {
	for p := range t.parts() {
		switch p.Name {
		case PartBody:
			if len(p.Filters) > 0 {
				return false
			}
		case PartForm, PartParams, partOnly, partPHP, partPlivo:
			return false
		case PartPlace:
			if InForm(p.At) {
				return false
			}
		}
	}
	return true
}
