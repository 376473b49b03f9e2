package formscan

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
)

// MaxPairs is how many pairs a form may have, empty ones too. The largest form that a
// sender documents has some hundred.
const MaxPairs = 10_000

// What can be wrong with a form.
var (
	ErrEscape = errors.New("form has a percent sign that no two hex digits follow")
	ErrPairs  = errors.New("form has too many fields")
)

// Pairs gives the name and value of each pair of body as they stand there,
// still escaped. Empty pairs are passed over. The error is ErrPairs.
func Pairs(body []byte) (iter.Seq2[[]byte, []byte], error) {
	if n := bytes.Count(body, []byte("&")) + 1; n > MaxPairs {
		return nil, fmt.Errorf("%w: more than %d", ErrPairs, MaxPairs)
	}
	return func(yield func(name, value []byte) bool) {
		for pair := range bytes.SplitSeq(body, []byte("&")) {
			if len(pair) == 0 {
				continue
			}
			name, value, _ := bytes.Cut(pair, []byte("="))
			if !yield(name, value) {
				return
			}
		}
	}, nil
}

// Next parts the first pair off body, which is not empty, and returns the rest: for a
// loop that takes no memory. Unlike Pairs it gives empty pairs, too, and counts none.
func Next(body []byte) (name, value, rest []byte) {
	pair, rest, _ := bytes.Cut(body, []byte("&"))
	name, value, _ = bytes.Cut(pair, []byte("="))
	return name, value, rest
}

// Unescape returns what raw stands for. Without escapes that is raw itself. The error
// is ErrEscape.
func Unescape(raw []byte) ([]byte, error) {
	escapes, spaces := bytes.Count(raw, []byte("%")), bytes.IndexByte(raw, '+') >= 0
	if escapes == 0 && !spaces {
		return raw, nil
	}
	return AppendUnescaped(make([]byte, 0, max(len(raw)-2*escapes, 0)), raw)
}

// AppendUnescaped appends to dst what raw stands for. The error is ErrEscape.
func AppendUnescaped(dst, raw []byte) ([]byte, error) {
	for i := 0; i < len(raw); i++ {
		switch b := raw[i]; b {
		case '+':
			dst = append(dst, ' ')
		case '%':
			b, ok := escaped(raw[i:])
			if !ok {
				return nil, ErrEscape
			}
			dst = append(dst, b)
			i += 2
		default:
			dst = append(dst, b)
		}
	}
	return dst, nil
}

// escaped returns the byte that the escape at the beginning of raw stands for.
func escaped(raw []byte) (byte, bool) {
	if len(raw) < 3 {
		return 0, false
	}
	var b [1]byte
	_, err := hex.Decode(b[:], raw[1:3])
	return b[0], err == nil
}

// Is reports whether raw stands for text, without a copy of it. A broken escape stands
// for nothing.
func Is(raw []byte, text string) bool {
	for i := 0; i < len(raw); i++ {
		b := raw[i]
		switch b {
		case '+':
			b = ' '
		case '%':
			var ok bool
			if b, ok = escaped(raw[i:]); !ok {
				return false
			}
			i += 2
		}
		if text == "" || text[0] != b {
			return false
		}
		text = text[1:]
	}
	return text == ""
}
