package jsonscan

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// MaxDepth is how many arrays and objects may stand in one another.
const MaxDepth = 64

// What can be wrong with a body. The errors of Scan add the byte offset and
// nothing of the body.
var (
	ErrSyntax    = errors.New("not JSON")
	ErrTruncated = errors.New("JSON ends too early")
	ErrTrailing  = errors.New("more than one JSON value")
	ErrDepth     = errors.New("JSON is nested too deeply")
	ErrDuplicate = errors.New("JSON object has two members of one name")
	ErrUTF8      = errors.New("JSON text is not valid UTF-8")
)

// Kind is the kind of a scalar.
type Kind uint8

// The kinds. Null counts as absent. Of an object or an array only its being
// there is told, without a text.
const (
	Absent Kind = iota
	String
	Number
	Bool
	Container
)

// Value is a scalar: the text of a string without quotes and escapes, the
// literal of a number as it stands in the body, or true or false.
type Value struct {
	Text string
	Kind Kind
}

// Values holds what was found for each path, in the order of Compile. Where
// nothing or null stands, the value is Absent.
type Values []Value

// Scan checks body and returns the scalars at paths, which may be nil. On
// error there are no values. The values do not refer to body.
func Scan(body []byte, paths *Paths) (Values, error) {
	if paths == nil {
		paths = &Paths{root: &node{}}
	}
	s, ok := paths.scanners.Get().(*scanner)
	if !ok {
		s = newScanner()
	}
	defer func() {
		s.release()
		paths.scanners.Put(s)
	}()
	if paths.n > 0 {
		s.values = make(Values, paths.n)
	}
	s.body = body
	if !utf8.Valid(body) {
		return nil, s.classify(ErrUTF8)
	}
	s.buf = *bytes.NewBuffer(body) // read only: the decoder parses in place
	s.dec.Reset(&s.buf, loneSurrogates)
	if err := s.document(paths.root); err != nil {
		return nil, s.classify(err)
	}
	return s.values, nil
}

type scanner struct {
	dec    *jsontext.Decoder
	buf    bytes.Buffer
	body   []byte
	values Values
	name   []byte // scratch of an unescaped name
}

// loneSurrogates lets an escape such as \ud83d pass that is half of a pair. The
// grammar of RFC 8259 allows it, JSON.stringify writes it where a sender cuts a
// text inside an emoji, and refusing the delivery for ever would lose it. The
// bytes of the body themselves are valid UTF-8, which is checked before.
var loneSurrogates = jsontext.AllowInvalidUTF8(true)

func newScanner() *scanner {
	s := &scanner{}
	s.dec = jsontext.NewDecoder(&s.buf, loneSurrogates)
	return s
}

// release lets go of the body, so that a pooled scanner keeps none alive.
func (s *scanner) release() {
	s.buf, s.body, s.values = bytes.Buffer{}, nil, nil
	s.dec.Reset(&s.buf, loneSurrogates)
}

func (s *scanner) document(root *node) error {
	if err := s.value(root, 0); err != nil {
		return err
	}
	if _, err := s.dec.ReadToken(); !errors.Is(err, io.EOF) {
		return ErrTrailing
	}
	return nil
}

// value reads the next value, which stands below depth arrays and objects. n
// is nil when no path leads there.
func (s *scanner) value(n *node, depth int) error {
	kind := s.dec.PeekKind()
	inside := n != nil && len(n.nodes) > 0
	if n != nil && (kind == '{' || kind == '[') {
		s.keep(n, Value{Kind: Container})
	}
	switch {
	case inside && kind == '{':
		return s.object(n, depth+1)
	case inside && kind == '[':
		return s.array(n, depth+1)
	}
	raw, err := s.dec.ReadValue()
	if err != nil {
		return err
	}
	if kind == '{' || kind == '[' {
		return checkDepth(raw, MaxDepth-depth)
	}
	if n != nil && len(n.wants) > 0 {
		s.keep(n, s.scalar(kind, raw))
	}
	return nil
}

func (s *scanner) object(n *node, depth int) error {
	if depth > MaxDepth {
		return ErrDepth
	}
	if _, err := s.dec.ReadToken(); err != nil {
		return err
	}
	for s.dec.PeekKind() != '}' {
		raw, err := s.dec.ReadValue()
		if err != nil {
			return err
		}
		if err := s.value(n.child(s.unquote(raw)), depth); err != nil {
			return err
		}
	}
	_, err := s.dec.ReadToken()
	return err
}

func (s *scanner) array(n *node, depth int) error {
	if depth > MaxDepth {
		return ErrDepth
	}
	if _, err := s.dec.ReadToken(); err != nil {
		return err
	}
	var digits [20]byte
	for i := 0; s.dec.PeekKind() != ']'; i++ {
		child := n.child(strconv.AppendInt(digits[:0], int64(i), 10))
		if err := s.value(child, depth); err != nil {
			return err
		}
	}
	_, err := s.dec.ReadToken()
	return err
}

// unquote returns the text that raw, a valid string, spells, with the
// replacement character for half a surrogate pair. Nearly all strings have no
// escapes and need no copy.
func (s *scanner) unquote(raw jsontext.Value) []byte {
	if len(raw) >= 2 && raw[0] == '"' && bytes.IndexByte(raw, '\\') < 0 {
		return raw[1 : len(raw)-1]
	}
	s.name, _ = jsontext.AppendUnquote(s.name[:0], raw)
	return s.name
}

func (s *scanner) scalar(kind jsontext.Kind, raw jsontext.Value) Value {
	switch kind {
	case '"':
		return Value{Text: string(s.unquote(raw)), Kind: String}
	case '0':
		return Value{Text: string(raw), Kind: Number}
	case 't', 'f':
		return Value{Text: string(raw), Kind: Bool}
	}
	return Value{}
}

// keep puts v down for the paths that end at n.
func (s *scanner) keep(n *node, v Value) {
	for _, i := range n.wants {
		s.values[i] = v
	}
}

// checkDepth refuses a valid value that is nested deeper than most. Counting
// brackets first is a bound that nearly every value keeps, and far cheaper
// than following them.
func checkDepth(raw []byte, most int) error {
	if bytes.Count(raw, []byte{'{'})+bytes.Count(raw, []byte{'['}) <= most {
		return nil
	}
	depth, quoted := 0, false
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{', c == '[':
			if depth++; depth > most {
				return ErrDepth
			}
		case c == '}', c == ']':
			depth--
		}
	}
	return nil
}

// classify turns err into a sentinel with an offset. The decoder's own text
// quotes names and characters of the body, so none of it goes on.
func (s *scanner) classify(err error) error {
	at := s.dec.InputOffset()
	var syntax *jsontext.SyntacticError
	if errors.As(err, &syntax) {
		at = syntax.ByteOffset
	}
	kind := ErrSyntax
	switch {
	case errors.Is(err, ErrDepth), errors.Is(err, ErrTrailing), errors.Is(err, ErrUTF8):
		kind = err
	case errors.Is(err, jsontext.ErrDuplicateName):
		kind = ErrDuplicate
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		kind = ErrTruncated
	case checkDepth(s.body[:at], MaxDepth) != nil:
		kind = ErrDepth // the decoder gives up far behind our bound, with an error that it does not export
	}
	return fmt.Errorf("%w at byte %d", kind, at)
}
