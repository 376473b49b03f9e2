package provider

import (
	"crypto/sha512"
	"encoding/base64"
	"strings"
	"time"
)

// Bounds of what a delivery may carry. Real signature headers are below 600
// bytes with several signatures, ids below 100, timestamps 10 or 13 digits.
const (
	maxHeader     = 4096
	maxID         = 256
	maxTimestamp  = 40
	maxSignatures = 16
)

// signed is what the headers of a delivery say, parted and decoded.
type signed struct {
	id         string
	timestamp  string // as it stands in the signed text
	at         time.Time
	signatures [maxSignatures][sha512.Size]byte
	n          int
}

// signatures reads header, the value of the signature header, into in.
func (s *Scheme) signatures(header string, timestamp place, in *signed) error {
	switch s.Layout {
	case Single:
		text, ok := strings.CutPrefix(header, s.Mark)
		if !ok {
			return ErrMalformed
		}
		return s.decode(text, in)
	case Pairs:
		return s.pairs(header, timestamp, in)
	case Versions:
		return s.versions(header, in)
	}
	return ErrMalformed
}

// pairs reads t=1700000000,v1=<signature>. Names that are not the scheme's are
// left alone: they are other versions.
func (s *Scheme) pairs(header string, timestamp place, in *signed) error {
	for entry := range strings.SplitSeq(header, ",") {
		name, value, ok := strings.Cut(entry, "=")
		if !ok || !isToken(name) {
			return ErrMalformed
		}
		switch {
		case name == s.Mark:
			if err := s.decode(value, in); err != nil {
				return err
			}
		case timestamp.kind == atPair && name == timestamp.name:
			if in.timestamp != "" {
				return ErrRepeated
			}
			if value == "" || len(value) > maxTimestamp {
				return ErrMalformed
			}
			in.timestamp = value
		}
	}
	return in.some()
}

// versions reads v1,<signature> v1,<signature>. Other versions are left alone.
func (s *Scheme) versions(header string, in *signed) error {
	for entry := range strings.SplitSeq(header, " ") {
		version, value, ok := strings.Cut(entry, ",")
		if !ok || !isToken(version) {
			return ErrMalformed
		}
		if version != s.Mark {
			continue
		}
		if err := s.decode(value, in); err != nil {
			return err
		}
	}
	return in.some()
}

// isToken reports whether name can name a pair or a version. A blank in it
// would make two readers see two names.
func isToken(name string) bool {
	for i := range len(name) {
		if c := name[i]; c <= ' ' || c > '~' {
			return false
		}
	}
	return name != ""
}

func (in *signed) some() error {
	if in.n == 0 {
		return ErrMissing
	}
	return nil
}

// decode adds the signature that text spells. Only what an encoder would have
// written is taken, so that a signature has one spelling.
func (s *Scheme) decode(text string, in *signed) error {
	if in.n == maxSignatures {
		return ErrMalformed
	}
	size := s.Hash.size()
	dst := in.signatures[in.n][:size]
	switch s.Encoding {
	case Hex:
		if len(text) != 2*size || !decodeHex(dst, text) {
			return ErrMalformed
		}
	case Base64:
		if !decodeBase64(dst, text) {
			return ErrMalformed
		}
	default:
		return ErrMalformed
	}
	in.n++
	return nil
}

func decodeBase64(dst []byte, text string) bool {
	if len(text) != base64.StdEncoding.EncodedLen(len(dst)) {
		return false
	}
	// Arrays of the longest signature's size keep both sides off the heap.
	var from [(sha512.Size + 2) / 3 * 4]byte
	var to [(sha512.Size + 2) / 3 * 3]byte
	// The decoder skips line ends, which make the result too short.
	n, err := base64.StdEncoding.Strict().Decode(to[:], from[:copy(from[:], text)])
	if err != nil || n != len(dst) {
		return false
	}
	copy(dst, to[:n])
	return true
}

func decodeHex(dst []byte, text string) bool {
	for i := range dst {
		hi, lo := nibble(text[2*i]), nibble(text[2*i+1])
		if hi > 15 || lo > 15 {
			return false
		}
		dst[i] = hi<<4 | lo
	}
	return true
}

func nibble(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10
	}
	return 0xff
}

// parseTime reads a timestamp. Digits only: no sign, no blank, no exponent.
func parseTime(text string, unit Unit) (time.Time, bool) {
	if unit == RFC3339 {
		t, err := time.Parse(time.RFC3339Nano, text)
		return t.UTC(), err == nil && plausible(t)
	}
	if text == "" || len(text) > 15 {
		return time.Time{}, false
	}
	var n int64
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return time.Time{}, false
		}
		n = 10*n + int64(text[i]-'0')
	}
	var t time.Time
	switch unit {
	case Seconds:
		t = time.Unix(n, 0).UTC()
	case Milliseconds:
		t = time.UnixMilli(n).UTC()
	default:
		return time.Time{}, false
	}
	return t, plausible(t)
}

// plausible keeps times that RFC 3339 can write.
func plausible(t time.Time) bool { return t.Year() >= 1 && t.Year() <= 9999 }
