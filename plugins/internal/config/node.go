package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// MaxBytes is the size of a configuration, as JSON, above which Decode refuses
// it unread. A configuration with a hundred secrets is about 20 KB.
const MaxBytes = 1 << 20

const maxDepth = 32

// node is a JSON value whose members keep their order. A nil node is an absent
// value; JSON null inside an object is never a node, because Kong sends it for
// fields that are not set.
type node struct {
	kind    jsontext.Kind // one of: " 0 t f { [ n
	text    string        // of a string, or the literal of a number
	items   []*node
	members []member
}

type member struct {
	key   string
	value *node
}

func (n *node) get(key string) *node {
	if n == nil {
		return nil
	}
	for _, m := range n.members {
		if m.key == key {
			return m.value
		}
	}
	return nil
}

func (n *node) kindName() string {
	switch n.kind {
	case '"':
		return "a string"
	case '0':
		return "a number"
	case 't', 'f':
		return "a boolean"
	case '{':
		return "an object"
	case '[':
		return "an array"
	default:
		return "null"
	}
}

// parse reads one JSON value and nothing behind it. Its errors name a position,
// never the text there.
func parse(data []byte) (*node, error) {
	if len(data) > MaxBytes {
		return nil, fmt.Errorf("%w: %d bytes, %d allowed", ErrSyntax, len(data), MaxBytes)
	}
	dec := jsontext.NewDecoder(bytes.NewReader(data))
	n, err := parseValue(dec, 0)
	if err != nil {
		return nil, syntaxError(dec, err)
	}
	if _, err := dec.ReadToken(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%w: text behind the value, at byte %d", ErrSyntax, dec.InputOffset())
	}
	return n, nil
}

var errTooDeep = fmt.Errorf("more than %d levels", maxDepth)

func syntaxError(dec *jsontext.Decoder, err error) error {
	at := dec.InputOffset()
	var syntactic *jsontext.SyntacticError
	if errors.As(err, &syntactic) {
		at = syntactic.ByteOffset
	}
	switch {
	case errors.Is(err, jsontext.ErrDuplicateName):
		return fmt.Errorf("%w: a key is given twice, at byte %d", ErrSyntax, at)
	case errors.Is(err, errTooDeep):
		return fmt.Errorf("%w: %w, at byte %d", ErrSyntax, errTooDeep, at)
	default:
		return fmt.Errorf("%w at byte %d", ErrSyntax, at)
	}
}

func parseValue(dec *jsontext.Decoder, depth int) (*node, error) {
	if depth > maxDepth {
		return nil, errTooDeep
	}
	tok, err := dec.ReadToken()
	if err != nil {
		return nil, err
	}
	n := &node{kind: tok.Kind()}
	switch n.kind {
	case '"', '0':
		n.text = tok.String()
	case '[':
		for dec.PeekKind() != ']' {
			item, err := parseValue(dec, depth+1)
			if err != nil {
				return nil, err
			}
			n.items = append(n.items, item)
		}
		_, err = dec.ReadToken()
	case '{':
		err = parseMembers(dec, n, depth)
	}
	return n, err
}

func parseMembers(dec *jsontext.Decoder, n *node, depth int) error {
	for dec.PeekKind() != '}' {
		key, err := dec.ReadToken()
		if err != nil {
			return err
		}
		name := key.String() // before the next read makes the token invalid
		value, err := parseValue(dec, depth+1)
		if err != nil {
			return err
		}
		if value.kind != 'n' {
			n.members = append(n.members, member{name, value})
		}
	}
	_, err := dec.ReadToken()
	return err
}
