package provider

import (
	"crypto/sha512"
	"encoding/base64"
	"strings"
	"time"

	"webhookedge/plugins/internal/jsonscan"
)

// Bounds of what a delivery may carry. Real signature headers are below 1,400
// bytes (RSA with 4096 bits is 684, a JWT with claims some more), ids below
// 100, timestamps 10 or 13 digits or an RFC 3339 time.
const (
	maxHeader     = 4096
	maxToken      = 16 << 10 // a JWT whose claim is the body (Lago)
	maxID         = 256
	maxTimestamp  = 40
	maxSignatures = 16
)

// signed is what the places of a delivery say, parted and decoded.
type signed struct {
	id        string
	timestamp string // as it stands in the signed text
	at        time.Time
	// signatures are those of the size of a hash, which need no memory of
	// their own; long are the others. Candidates counts them together with what
	// stood in a signature's place and is none.
	signatures [maxSignatures][sha512.Size]byte
	n          int
	long       [][]byte
	candidates int
	keyID      string // of a remote key, where it stands among pairs
}

// signatures reads text, which stands at the place of the signature, into in. One of
// several that cannot be read is passed over, since one that is right is proof
// enough; some reports where none can.
func (s *scheme) signatures(text string, f *family, in *signed) error {
	switch s.Layout {
	case Single, Numbered:
		text, ok := strings.CutPrefix(text, s.Mark)
		if !ok {
			return in.candidate()
		}
		return s.decode(text, in)
	case Pairs:
		return s.pairs(text, f, in)
	case Versions:
		return s.versions(text, in)
	case List:
		return s.list(text, f, in)
	case JSON64:
		return s.json64(text, f, in)
	}
	return ErrMalformed
}

// split gives the entries of a list. A blank that ends the separator may be in
// the delivery or not.
func (s *scheme) split(text string) func(yield func(string) bool) {
	separator, blank := strings.CutSuffix(s.Separator, " ")
	return func(yield func(string) bool) {
		first := true
		for entry := range strings.SplitSeq(text, separator) {
			if blank && !first {
				entry = strings.TrimPrefix(entry, " ")
			}
			first = false
			if !yield(entry) {
				return
			}
		}
	}
}

// pairs reads t=1700000000,v1=<signature>. Names that are not the scheme's are
// left alone: they are other versions. What is no pair is refused, because the time
// stands among them, and two readers could see two of them.
func (s *scheme) pairs(text string, f *family, in *signed) error {
	for entry := range s.split(text) {
		name, value, ok := strings.Cut(entry, s.Assign)
		if !ok || !isToken(name) {
			return ErrMalformed
		}
		if err := s.pair(name, value, f, in); err != nil {
			return err
		}
	}
	return nil
}

func (s *scheme) pair(name, value string, f *family, in *signed) error {
	switch {
	case name == s.Mark:
		return s.decode(value, in)
	case f.timestamp.kind == atPair && name == f.timestamp.name:
		return in.time(value)
	case s.remote != nil && s.remote.keyID.kind == atPair && name == s.remote.keyID.name:
		if in.keyID != "" {
			return ErrRepeated
		}
		in.keyID = value
	}
	return nil
}

// time takes the one timestamp of a list.
func (in *signed) time(value string) error {
	switch {
	case in.timestamp != "":
		return ErrRepeated
	case value == "", len(value) > maxTimestamp:
		return ErrMalformed
	}
	in.timestamp = value
	return nil
}

// versions reads v1,<signature> v1,<signature>. Other versions are left alone.
func (s *scheme) versions(text string, in *signed) error {
	for entry := range strings.SplitSeq(text, " ") {
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
	return nil
}

// list reads <signature>,<signature>, the first of which may be the time.
func (s *scheme) list(text string, f *family, in *signed) error {
	n := 0
	for entry := range s.split(text) {
		var err error
		if n == 0 && f.timestamp.kind == atPair {
			err = in.time(entry)
		} else {
			err = s.decode(entry, in)
		}
		if err != nil {
			return err
		}
		n++
	}
	return nil
}

// json64 reads the base64 of a JSON object whose members are pairs.
func (s *scheme) json64(text string, f *family, in *signed) error {
	document, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || strings.ContainsAny(text, "\r\n") {
		return in.candidate()
	}
	names := []string{s.Mark, f.timestamp.name, ""}
	if s.remote != nil {
		names[2] = s.remote.keyID.name
	}
	for i, name := range names {
		if name == "" {
			continue
		}
		paths, err := jsonscan.Compile(name)
		if err != nil {
			return ErrMalformed
		}
		found, err := jsonscan.Scan(document, paths)
		if err != nil {
			return in.candidate()
		}
		if value := found[0]; value.Kind == jsonscan.String {
			if err := s.pair(names[i], value.Text, f, in); err != nil {
				return err
			}
		}
	}
	return nil
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

// some reports whether there is a signature to compare.
func (in *signed) some() error {
	switch {
	case in.n > 0, len(in.long) > 0:
		return nil
	case in.candidates > 0:
		return ErrMalformed
	}
	return ErrMissing
}

// candidate counts what stands in the place of a signature, be it one or not.
func (in *signed) candidate() error {
	if in.candidates++; in.candidates > maxSignatures {
		return ErrMalformed
	}
	return nil
}

// decode adds the signature that text spells, where it spells one. Only what an
// encoder would have written is taken, so that a signature has one spelling.
func (s *scheme) decode(text string, in *signed) error {
	if err := in.candidate(); err != nil {
		return err
	}
	if s.Kind != HMAC && s.Kind != Digest {
		if signature, ok := s.Encoding.decode(text); ok {
			in.long = append(in.long, signature)
		}
		return nil
	}
	if s.Encoding.decodeInto(in.signatures[in.n][:s.Hash.size()], text) {
		in.n++
	}
	return nil
}

// parseTime reads a timestamp. Digits only: no sign, no blank, no exponent.
func parseTime(text string, unit Unit) (time.Time, bool) {
	if unit == RFC3339 {
		t, err := time.Parse(time.RFC3339Nano, text)
		return t.UTC(), err == nil && plausible(t)
	}
	// A zero in front would be a second spelling, with which the time could take a
	// digit of what stands before it in the signed text.
	if text == "" || len(text) > 15 || len(text) > 1 && text[0] == '0' {
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
	if unit == EitherUnit {
		if unit = Seconds; len(text) >= 12 {
			unit = Milliseconds
		}
	}
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
