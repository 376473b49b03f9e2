package redact

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"webhookedge/plugins/internal/jsonscan"
)

const hashPrefix = `"hmac-sha256:`

// state is a rule on its way: its next step is rules[rule][at].
type state struct{ rule, at int }

// walk is one pass over one text.
type walk struct {
	r      *Redactor
	cursor jsonscan.Cursor
	data   []byte
	hit    []bool
	states []state // a stack: each container has its own at the end
	out    []byte  // nil as long as nothing was redacted
	done   int     // data before it is in out, or was redacted
	name   []byte  // scratch of an unescaped string
	mac    hash.Hash
	sum    [sha256.Size]byte
}

func newWalk(r *Redactor) *walk {
	w := &walk{r: r}
	if len(r.key) > 0 {
		w.mac = hmac.New(sha256.New, r.key)
	}
	return w
}

// maxKept is the largest scratch that is used again, in bytes.
const maxKept = 64 << 10

// release lets go of the data, so that a pooled walk keeps none of it.
func (w *walk) release() {
	clear(w.name[:cap(w.name)])
	if cap(w.name) > maxKept {
		w.name = nil
	}
	w.cursor, w.data, w.hit, w.out, w.done = jsonscan.Cursor{}, nil, nil, nil, 0
	w.states, w.name = w.states[:0], w.name[:0]
}

func (w *walk) run(data []byte, hit []bool) error {
	w.cursor, w.data, w.hit = jsonscan.NewCursor(data), data, hit
	for i := range w.r.rules {
		w.states = append(w.states, state{rule: i})
	}
	if err := w.value(0, 0); err != nil {
		return err
	}
	if len(data) == 0 || w.cursor.Kind() != 0 {
		return ErrData
	}
	return nil
}

// value passes the next value, which stands below depth arrays and objects; the
// states from low on are those of its members or elements.
func (w *walk) value(low, depth int) error {
	kind := w.cursor.Kind()
	switch {
	case !begins(kind):
		return ErrData
	case len(w.states) == low || (kind != '{' && kind != '['):
		w.cursor.Raw()
		return nil
	case depth == jsonscan.MaxDepth:
		return ErrData
	}
	w.cursor.Enter()
	c := container{w: w, depth: depth + 1}
	high := len(w.states)
	for i := 0; w.cursor.More(); i++ {
		start := w.cursor.Offset()
		if c.open {
			w.done = start
		}
		var name []byte
		index := i
		if kind == '{' {
			if w.cursor.Kind() != '"' {
				return ErrData
			}
			name, index = w.text(w.cursor.Raw()), -1
		}
		if err := c.value(start, w.advance(low, high, name, index), high); err != nil {
			return err
		}
	}
	if w.data[w.cursor.Offset()-1] != kind+2 { // } and ] stand two behind { and [
		return ErrData
	}
	return nil
}

// begins reports whether a value may begin with c.
func begins(c byte) bool {
	return c == '"' || c == '{' || c == '[' || c == '-' || c >= '0' && c <= '9' || c == 't' || c == 'f' || c == 'n'
}

// advance puts the states of one member or element on the stack and returns the
// first rule that ends there, or -1. index is -1 for a member.
func (w *walk) advance(low, high int, name []byte, index int) int {
	first := -1
	for _, s := range w.states[low:high] {
		steps := w.r.rules[s.rule]
		step := &steps[s.at]
		if step.deep {
			w.push(high, s)
		}
		if !step.matches(name, index) {
			continue
		}
		if s.at+1 < len(steps) {
			w.push(high, state{s.rule, s.at + 1})
			continue
		}
		w.hit[s.rule] = true
		if first < 0 || s.rule < first {
			first = s.rule
		}
	}
	return first
}

// push adds s to the states from low on, once.
func (w *walk) push(low int, s state) {
	if !slices.Contains(w.states[low:], s) {
		w.states = append(w.states, s)
	}
}

func (s *step) matches(name []byte, index int) bool {
	switch s.kind {
	case byAny:
		return true
	case byIndex:
		return s.index == index
	default:
		return index < 0 && string(name) == s.name
	}
}

// text returns the text of raw, a valid string.
func (w *walk) text(raw []byte) []byte {
	if len(raw) >= 2 && raw[0] == '"' && bytes.IndexByte(raw, '\\') < 0 {
		return raw[1 : len(raw)-1]
	}
	w.name, _ = jsontext.AppendUnquote(w.name[:0], raw)
	return w.name
}

// cut leaves data[from:to] out, which begins at or behind what was cut before.
func (w *walk) cut(from, to int) {
	if w.out == nil {
		// Most values become shorter; room for those that do not saves a second copy.
		w.out = make([]byte, 0, len(w.data)+len(w.data)/8+512)
	}
	w.out = append(w.out, w.data[w.done:from]...)
	w.done = to
}

// result is the new text, or data where nothing was cut.
func (w *walk) result() []byte {
	if w.out == nil {
		return w.data
	}
	return append(w.out, w.data[w.done:]...)
}

// replace puts what stands in for raw in the place of data[from:to].
func (w *walk) replace(from, to int, action Action, raw jsontext.Value) {
	w.cut(from, to)
	if action == Mask {
		w.out = append(w.out, `"`+Masked+`"`...)
		return
	}
	text := []byte(raw)
	switch raw.Kind() {
	case '"':
		text = w.text(raw)
	case '{', '[':
		w.name = append(w.name[:0], raw...)
		compact := jsontext.Value(w.name)
		// It is valid, so it fails on nothing.
		_ = compact.Compact(jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))
		text = compact
	}
	w.mac.Reset()
	w.mac.Write(text)
	w.out = append(w.out, hashPrefix...)
	w.out = hex.AppendEncode(w.out, w.mac.Sum(w.sum[:0]))
	w.out = append(w.out, '"')
}

// container follows the members of an object or the elements of an array, to
// know which comma goes with a dropped one.
type container struct {
	w     *walk
	depth int  // of what stands in it
	end   int  // end of the last member that stays, or of those dropped behind it
	kept  bool // one stays before the present one
	open  bool // members at the front are dropped, up to where the next begins
}

// value passes the value of the member or element that begins at start. rule
// redacts it, or none where that is -1; the states from high on are the value's
// own.
func (c *container) value(start, rule, high int) error {
	w := c.w
	if rule < 0 && len(w.states) == high {
		// No rule leads further here.
		w.cursor.Raw()
		c.kept, c.open, c.end = true, false, w.cursor.Offset()
		return nil
	}
	if rule < 0 {
		c.kept, c.open = true, false
		err := w.value(high, c.depth)
		w.states = w.states[:high]
		c.end = w.cursor.Offset()
		return err
	}
	w.states = w.states[:high]
	raw := w.cursor.Raw()
	to := w.cursor.Offset()
	if action := w.r.acts[rule]; action != Drop {
		c.kept, c.open, c.end = true, false, to
		w.replace(to-len(raw), to, action, raw)
		return nil
	}
	switch {
	case c.open:
		w.done = to
	case c.kept:
		w.cut(c.end, to)
		c.end = to
	default:
		w.cut(start, to)
		c.open = true
	}
	return nil
}
