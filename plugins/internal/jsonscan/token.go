package jsonscan

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// peek returns the byte of the next token behind white space, 0 at the end.
func (s *scanner) peek() byte {
	for ; s.at < len(s.body); s.at++ {
		switch b := s.body[s.at]; b {
		case ' ', '\t', '\n', '\r':
		default:
			return b
		}
	}
	return 0
}

// wrong is the error of a token that cannot stand here.
func (s *scanner) wrong() error {
	if s.at >= len(s.body) {
		return ErrTruncated
	}
	return ErrSyntax
}

// quoted passes the string that is next, and reports whether it has escapes.
func (s *scanner) quoted() (escaped bool, err error) {
	s.at++
	for {
		s.at += plain(s.body[s.at:])
		if s.at >= len(s.body) {
			return false, ErrTruncated
		}
		switch s.body[s.at] {
		case '"':
			s.at++
			return escaped, nil
		case '\\':
			escaped = true
			if err := s.escape(); err != nil {
				return false, err
			}
		default: // a control character
			return false, ErrSyntax
		}
	}
}

// plain returns how many bytes of text are neither quote, backslash nor control
// character. It looks at eight at once, since it passes most of a body.
func plain(text []byte) int {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	i := 0
	for ; i+8 <= len(text); i += 8 {
		x := binary.LittleEndian.Uint64(text[i:])
		quotes, escapes := x^ones*'"', x^ones*'\\'
		// Of each term the lowest bit is exact; those above it can be set by a borrow.
		found := ((quotes-ones)&^quotes | (escapes-ones)&^escapes | (x-ones*' ')&^x) & tops
		if found != 0 {
			return i + bits.TrailingZeros64(found)/8
		}
	}
	for ; i < len(text); i++ {
		if b := text[i]; b == '"' || b == '\\' || b < ' ' {
			break
		}
	}
	return i
}

// escape passes the escape that is next. Half a surrogate pair passes: the grammar of
// RFC 8259 allows it, JSON.stringify writes it where a sender cuts a text inside an
// emoji, and refusing the delivery for ever would lose it.
func (s *scanner) escape() error {
	rest := s.body[s.at:]
	if len(rest) < 2 {
		s.at = len(s.body)
		return ErrTruncated
	}
	switch rest[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		s.at += 2
		return nil
	case 'u':
	default:
		return ErrSyntax
	}
	for i := 2; i < 6; i++ {
		if i >= len(rest) {
			s.at = len(s.body)
			return ErrTruncated
		}
		switch b := rest[i]; {
		case '0' <= b && b <= '9', 'a' <= b && b <= 'f', 'A' <= b && b <= 'F':
		default:
			return ErrSyntax
		}
	}
	s.at += 6
	return nil
}

// word passes true, false or null.
func (s *scanner) word(text string) error {
	rest := s.body[s.at:]
	switch {
	case bytes.HasPrefix(rest, []byte(text)):
		s.at += len(text)
		return nil
	case len(rest) < len(text) && text[:len(rest)] == string(rest):
		s.at = len(s.body)
		return ErrTruncated
	}
	return ErrSyntax
}

// number passes a number. What follows it is for the caller to look at.
func (s *scanner) number() error {
	if s.body[s.at] == '-' {
		s.at++
	}
	if s.at < len(s.body) && s.body[s.at] == '0' {
		s.at++
	} else if err := s.digits(); err != nil {
		return err
	}
	if s.at < len(s.body) && s.body[s.at] == '.' {
		s.at++
		if err := s.digits(); err != nil {
			return err
		}
	}
	if s.at < len(s.body) && (s.body[s.at] == 'e' || s.body[s.at] == 'E') {
		s.at++
		if s.at < len(s.body) && (s.body[s.at] == '+' || s.body[s.at] == '-') {
			s.at++
		}
		return s.digits()
	}
	return nil
}

// digits passes one digit or more.
func (s *scanner) digits() error {
	start := s.at
	for s.at < len(s.body) && '0' <= s.body[s.at] && s.body[s.at] <= '9' {
		s.at++
	}
	if s.at == start {
		return s.wrong()
	}
	return nil
}
