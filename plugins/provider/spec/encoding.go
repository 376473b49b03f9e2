package spec

import (
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"strings"
)

// base returns the base64 of e, nil where e is none.
func (e Encoding) base() *base64.Encoding {
	switch e {
	case Base64:
		return base64.StdEncoding
	case Base64Raw:
		return base64.RawStdEncoding
	case Base64URL:
		return base64.URLEncoding
	case Base64URLRaw:
		return base64.RawURLEncoding
	}
	return nil
}

// Encode writes b in the one spelling of e.
func (e Encoding) Encode(b []byte) string {
	if base := e.base(); base != nil {
		return base.EncodeToString(b)
	}
	text := hex.EncodeToString(b)
	if e == HexUpper {
		return strings.ToUpper(text)
	}
	return text
}

// DecodeInto fills dst, which is as long as the longest hash at most, with what
// text spells, and takes nothing but the one spelling of e.
func (e Encoding) DecodeInto(dst []byte, text string) bool {
	base := e.base()
	if base == nil {
		return len(text) == 2*len(dst) && e.decodeHex(dst, text)
	}
	if len(text) != base.EncodedLen(len(dst)) {
		return false
	}
	// Arrays of the longest signature's size keep both sides off the heap.
	var from [(sha512.Size + 2) / 3 * 4]byte
	var to [(sha512.Size + 2) / 3 * 3]byte
	// The decoder skips line ends, which make the result too short.
	n, err := base.Strict().Decode(to[:], from[:copy(from[:], text)])
	if err != nil || n != len(dst) {
		return false
	}
	copy(dst, to[:n])
	return true
}

// Decode returns what text spells, of any length but none.
func (e Encoding) Decode(text string) ([]byte, bool) {
	base := e.base()
	if base == nil {
		dst := make([]byte, len(text)/2)
		return dst, text != "" && len(text)%2 == 0 && e.decodeHex(dst, text)
	}
	if strings.ContainsAny(text, "\r\n") {
		return nil, false
	}
	dst, err := base.Strict().DecodeString(text)
	return dst, err == nil && len(dst) > 0
}

func (e Encoding) decodeHex(dst []byte, text string) bool {
	for i := range dst {
		hi, lo := e.nibble(text[2*i]), e.nibble(text[2*i+1])
		if hi > 15 || lo > 15 {
			return false
		}
		dst[i] = hi<<4 | lo
	}
	return true
}

func (e Encoding) nibble(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case c >= 'a' && c <= 'f' && e != HexUpper:
		return c - 'a' + 10
	case c >= 'A' && c <= 'F' && e != Hex:
		return c - 'A' + 10
	}
	return 0xff
}
