package jsonscan

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// Cursor reads a value that Scan has found valid, going only where it is asked
// to and passing over the rest at the speed of a search for quotes. It checks
// nothing: on other input it may find anything, but it stays inside the body,
// always comes to an end and does not panic. The zero Cursor is at the end.
type Cursor struct {
	body []byte
	at   int
}

// NewCursor returns a cursor in front of the value in body.
func NewCursor(body []byte) Cursor { return Cursor{body: body} }

// Kind returns the first byte of the next token behind white space, commas and
// colons: one of { [ ] } " t f n, a minus or a digit; 0 at the end.
func (c *Cursor) Kind() byte {
	for ; c.at < len(c.body); c.at++ {
		switch b := c.body[c.at]; b {
		case ' ', '\t', '\n', '\r', ',', ':':
		default:
			return b
		}
	}
	return 0
}

// Offset returns how far the cursor has come: the place of the next token once
// Kind or More has looked for it, else the end of the last.
func (c *Cursor) Offset() int { return c.at }

// Enter goes into the object or array that is next.
func (c *Cursor) Enter() {
	c.Kind()
	c.step()
}

// More reports whether another member or element follows in the object or array
// that the cursor is in; where none does it leaves that.
func (c *Cursor) More() bool {
	switch c.Kind() {
	case 0:
		return false
	case '}', ']':
		c.step()
		return false
	default:
		return true
	}
}

// Raw returns the next value as it stands in the body, and passes it.
func (c *Cursor) Raw() []byte {
	kind := c.Kind()
	start := c.at
	switch kind {
	case '"':
		c.step()
		c.quoted()
	case '{', '[':
		c.step()
		c.Leave()
	case 0:
	default:
		c.step()
		for c.at < len(c.body) && !ends(c.body[c.at]) {
			c.at++
		}
	}
	return c.body[start:c.at]
}

// Leave passes all that is left of the object or array that the cursor is in.
func (c *Cursor) Leave() {
	for depth := 1; c.at < len(c.body); {
		b := c.body[c.at]
		c.at++
		switch b {
		case '"':
			c.quoted()
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return
			}
		}
	}
}

// quoted passes the rest of a string, its closing quote too.
func (c *Cursor) quoted() {
	for c.at < len(c.body) {
		i := quote(c.body[c.at:])
		if i < 0 {
			c.at = len(c.body)
			return
		}
		end := c.at + i
		escapes := 0
		for end-1-escapes >= c.at && c.body[end-1-escapes] == '\\' {
			escapes++
		}
		c.at = end + 1
		if escapes%2 == 0 {
			return
		}
	}
}

// quote returns where the first quote of text is, or -1. Most strings are short, so
// eight bytes at once are looked at before bytes.IndexByte, which has to be called.
func quote(text []byte) int {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	for i := 0; i+8 <= len(text) && i < 32; i += 8 {
		x := binary.LittleEndian.Uint64(text[i:]) ^ ones*'"'
		if zeros := (x - ones) & ^x & tops; zeros != 0 { // the lowest of them is exact
			return i + bits.TrailingZeros64(zeros)/8
		}
	}
	return bytes.IndexByte(text, '"')
}

func (c *Cursor) step() {
	if c.at < len(c.body) {
		c.at++
	}
}

func ends(b byte) bool {
	switch b {
	case ' ', '\t', '\n', '\r', ',', ':', '}', ']':
		return true
	}
	return false
}
