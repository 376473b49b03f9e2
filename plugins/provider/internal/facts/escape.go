package facts

import (
	"crypto/sha256"
	"encoding/hex"
	"unicode/utf8"
)

const (
	hexUpper = "0123456789ABCDEF"
	// cutMark follows what is left of a name that is too long. A hyphen is never
	// escaped, so no other name looks like a cut one.
	cutMark = "%2D"
	cutSum  = 16 // bytes of the SHA-256 behind the mark
)

// EscapeName is what the type, the action and the tenant of an event have of a text
// of its payload.
func EscapeName(text string) string { return escapeName(text) }

// escapeName makes a name of what a sender wrote, for the type, the action and
// the tenant, which become parts of subjects, headers and logs: of at most maxFact
// bytes, without control characters, noncharacters (CloudEvents 1.0.2, Type System)
// and bytes that are not UTF-8. Those and the percent sign become %XX a byte, which
// percent-decoding undoes. A name that would be longer is cut and ends in cutMark
// and 32 hex digits of the SHA-256 of the whole, so that two stay distinct.
func escapeName(text string) string {
	if isFact(text) && !hasEscaped(text) {
		return text
	}
	var room [maxFact + utf8.UTFMax*len("%XX")]byte
	name, whole := room[:0], 0
	for at := 0; at < len(text); {
		r, size := utf8.DecodeRuneInString(text[at:])
		if r == utf8.RuneError && size == 1 || !plainRune(r) {
			for _, b := range []byte(text[at : at+size]) {
				name = append(name, '%', hexUpper[b>>4], hexUpper[b&0xF])
			}
		} else {
			name = append(name, text[at:at+size]...)
		}
		at += size
		if len(name) <= maxFact-len(cutMark)-2*cutSum {
			whole = len(name)
		}
		if len(name) > maxFact {
			sum := sha256.Sum256([]byte(text))
			return string(hex.AppendEncode(append(name[:whole], cutMark...), sum[:cutSum]))
		}
	}
	return string(name)
}

func hasEscaped(text string) bool {
	for _, r := range text {
		if !plainRune(r) {
			return true
		}
	}
	return false
}

func plainRune(r rune) bool {
	switch {
	case r < ' ', r >= 0x7f && r <= 0x9f, r == '%':
		return false
	case r&0xfffe == 0xfffe, r >= 0xfdd0 && r <= 0xfdef: // noncharacters
		return false
	}
	return true
}
