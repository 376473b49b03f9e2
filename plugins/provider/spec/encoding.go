package spec

import (
	"crypto"
	"crypto/sha1" //nolint:gosec // only for senders that offer nothing better, and schemes marked weak
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"hash"
	"strings"

	"golang.org/x/crypto/sha3"
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
	if e == Hex && strings.ContainsAny(text, "ABCDEF") || e == HexUpper && strings.ContainsAny(text, "abcdef") {
		return false
	}
	var from [2 * sha512.Size]byte // keeps the text of a hash off the heap
	_, err := hex.Decode(dst, append(from[:0], text...))
	return err == nil
}

// functions returns h for package crypto, which knows no Keccak, and its constructor, 0
// and nil for an unknown one.
func (h Hash) functions() (crypto.Hash, func() hash.Hash) {
	switch h {
	case SHA1:
		return crypto.SHA1, sha1.New
	case SHA256:
		return crypto.SHA256, sha256.New
	case SHA384:
		return crypto.SHA384, sha512.New384
	case SHA512:
		return crypto.SHA512, sha512.New
	case Keccak256:
		return 0, sha3.NewLegacyKeccak256
	}
	return 0, nil
}

// New returns the constructor of h, nil for an unknown one.
func (h Hash) New() func() hash.Hash {
	_, constructor := h.functions()
	return constructor
}

// Crypto returns h for package crypto, 0 for one that it does not know.
func (h Hash) Crypto() crypto.Hash {
	known, _ := h.functions()
	return known
}

// Size returns the bytes of a signature made with h, 0 for an unknown one.
func (h Hash) Size() int {
	known := h.Crypto()
	switch {
	case h == Keccak256:
		return sha256.Size
	case known == 0:
		return 0
	}
	return known.Size()
}

// Sum returns the hash of a text.
func (h Hash) Sum(text string) string {
	w := h.New()()
	w.Write([]byte(text))
	return string(w.Sum(nil))
}
