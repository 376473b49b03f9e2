package jsonscan

import (
	"errors"
	"fmt"
	"hash/maphash"
	"strconv"
	"unicode/utf8"
)

// What can be wrong with a body, beside what it has too much of. The errors of Scan
// add the byte offset and nothing of the body.
var (
	ErrSyntax    = errors.New("not JSON")
	ErrTruncated = errors.New("JSON ends too early")
	ErrTrailing  = errors.New("more than one JSON value")
	ErrDuplicate = errors.New("JSON object has a duplicate name")
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

// keep puts v down for the paths that end at n.
func (all Values) keep(n *node, v Value) {
	for _, i := range n.wants {
		all[i] = v
	}
}

// Scan checks body, whose sender is proved, and returns the scalars at paths, which
// may be nil. On error there are no values. The values do not refer to body.
func Scan(body []byte, paths *Paths) (Values, error) { return Limits{}.Scan(body, paths) }

// ScanUnproved is Scan for a body that is read before its sender is proved.
func ScanUnproved(body []byte, paths *Paths) (Values, error) { return Unproved().Scan(body, paths) }

// Whole checks that document is one JSON value, to be put into another: it is Scan
// without the search for names that are twice.
func Whole(document []byte) error {
	s := scanner{names: namespace{duplicates: allowDuplicates}}
	return s.document(document, nil, Limits{})
}

// Scan is the function Scan with other limits. The error of a body that exceeds
// them is ErrLimit.
func (l Limits) Scan(body []byte, paths *Paths) (Values, error) {
	if paths == nil {
		paths = &Paths{root: &node{}}
	}
	s, ok := paths.scanners.Get().(*scanner)
	if !ok {
		s = &scanner{names: namespace{seed: maphash.MakeSeed()}}
	}
	defer func() {
		s.release()
		paths.scanners.Put(s)
	}()
	if paths.n > 0 {
		s.values = make(Values, paths.n)
	}
	if err := s.document(body, paths.root, l); err != nil {
		return nil, err
	}
	return s.values, nil
}

// scanner goes through one document.
type scanner struct {
	body   []byte
	at     int // what was passed; at an error, where it is
	limits Limits
	values Values
	names  namespace
}

// release lets go of the body and of large scratch, so that a pooled scanner keeps
// none alive.
func (s *scanner) release() {
	s.body, s.values = nil, nil
	s.names.reset()
}

// document reads all of body. Its errors have the offset.
func (s *scanner) document(body []byte, root *node, limits Limits) error {
	s.body, s.at, s.limits = body, 0, limits.complete()
	err := s.whole(root)
	if err != nil {
		return fmt.Errorf("%w at byte %d", err, s.at)
	}
	return nil
}

func (s *scanner) whole(root *node) error {
	if len(s.body) > s.limits.Bytes {
		s.at = s.limits.Bytes
		return ErrLimit
	}
	if !utf8.Valid(s.body) {
		return ErrUTF8
	}
	if err := s.value(root, 0); err != nil {
		return err
	}
	if s.peek(); s.at < len(s.body) {
		return ErrTrailing
	}
	return nil
}

// value reads the next value, which stands below depth arrays and objects. n
// is nil when no path leads there.
func (s *scanner) value(n *node, depth int) error {
	kind := s.peek()
	start := s.at
	var err error
	switch kind {
	case '{', '[':
		if depth == s.limits.Depth {
			return ErrDepth
		}
		if n != nil {
			s.values.keep(n, Value{Kind: Container})
		}
		s.at++
		if kind == '{' {
			return s.object(n, depth+1)
		}
		return s.array(n, depth+1)
	case '"':
		_, err = s.quoted()
	case 't':
		err = s.word("true")
	case 'f':
		err = s.word("false")
	case 'n':
		err = s.word("null")
	case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		err = s.number()
	default:
		err = s.wrong()
	}
	if err == nil && n != nil && len(n.wants) > 0 {
		s.values.keep(n, scalar(s.body[start:s.at]))
	}
	return err
}

// object reads an object behind its brace.
func (s *scanner) object(n *node, depth int) error {
	if s.peek() == '}' {
		s.at++
		return nil
	}
	first := len(s.names.names)
	for {
		if s.peek() != '"' {
			return s.wrong()
		}
		child, err := s.member(n, first)
		if err != nil {
			return err
		}
		if s.peek() != ':' {
			return s.wrong()
		}
		s.at++
		if err := s.value(child, depth); err != nil {
			return err
		}
		switch s.peek() {
		case ',':
			s.at++
		case '}':
			if at, ok := s.names.end(s.body, first); !ok {
				s.at = at
				return ErrDuplicate
			}
			s.at++
			return nil
		default:
			return s.wrong()
		}
	}
}

// member reads the name of a member of an object whose names begin at first, and
// returns where the paths through n go on.
func (s *scanner) member(n *node, first int) (*node, error) {
	start := s.at
	escaped, err := s.quoted()
	if err != nil {
		return nil, err
	}
	members, total := s.names.add(span{uint32(start), uint32(s.at)}, escaped, first)
	if members > s.limits.ObjectNames || total > s.limits.Names {
		s.at = start
		return nil, ErrLimit
	}
	if n == nil || len(n.nodes) == 0 {
		return nil, nil
	}
	return n.child(s.names.text(s.body, &s.names.names[len(s.names.names)-1], 0)), nil
}

// array reads an array behind its bracket.
func (s *scanner) array(n *node, depth int) error {
	if s.peek() == ']' {
		s.at++
		return nil
	}
	for i := 0; ; i++ {
		var child *node
		if n != nil && len(n.nodes) > 0 {
			var digits [20]byte
			child = n.child(strconv.AppendInt(digits[:0], int64(i), 10))
		}
		if err := s.value(child, depth); err != nil {
			return err
		}
		switch s.peek() {
		case ',':
			s.at++
		case ']':
			s.at++
			return nil
		default:
			return s.wrong()
		}
	}
}
