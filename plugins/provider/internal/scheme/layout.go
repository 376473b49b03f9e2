package scheme

import (
	"cmp"
	"crypto/sha512"
	"encoding/base64"
	"slices"
	"strings"
	"time"

	"webhookedge/plugins/internal/jsonscan"
	"webhookedge/plugins/provider/internal/place"
	"webhookedge/plugins/provider/internal/signedtext"
	"webhookedge/plugins/provider/spec"
)

// signed is what the places of a delivery say, parted and decoded.
type signed struct {
	signedtext.Stamp
	at time.Time
	// signatures are those of the size of a hash, which need no memory of
	// their own; long are the others. Candidates counts them together with what
	// stood in a signature's place and is none.
	signatures [place.MaxSignatures][sha512.Size]byte
	n          int
	long       [][]byte
	candidates int
	keyID      string    // of a remote key, where it stands among pairs
	hash       spec.Hash // that the delivery names, "" for the scheme's
}

// signatures reads text, which stands at the place of the signature, into in. One of
// several that cannot be read is passed over, since one that is right is proof
// enough; some reports where none can.
func (s *Compiled) signatures(text string, f *Family, in *signed) error {
	switch s.Layout {
	case spec.Single, spec.Numbered:
		if len(s.Hashes) > 0 {
			return s.named(text, in)
		}
		text, ok := strings.CutPrefix(text, s.Mark)
		if !ok {
			return in.candidate()
		}
		return s.decode(text, in)
	case spec.Pairs:
		return s.pairs(text, f, in)
	case spec.Versions:
		return s.versions(text, in)
	case spec.List:
		return s.list(text, f, in)
	case spec.JSON64:
		return s.json64(text, f, in)
	}
	return spec.ErrMalformed
}

// named reads a signature behind the name of its hash, which must be one of the row's.
func (s *Compiled) named(text string, in *signed) error {
	for _, m := range s.marks {
		rest, ok := strings.CutPrefix(text, m.text)
		if ok && s.Encoding.DecodeInto(in.signatures[0][:m.hash.Size()], rest) {
			in.hash, in.n = m.hash, 1
		}
	}
	return in.candidate()
}

// split gives the entries of a list. A blank that ends a longer separator may be in
// the delivery or not.
func (s *Compiled) split(text string) func(yield func(string) bool) {
	separator, blank := strings.CutSuffix(s.Separator, " ")
	return func(yield func(string) bool) {
		first := true
		for entry := range strings.SplitSeq(text, cmp.Or(separator, " ")) {
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
func (s *Compiled) pairs(text string, f *Family, in *signed) error {
	if group, rest, more := strings.Cut(text, " "); s.Groups && more {
		return s.groups(group, rest, f, in)
	}
	if s.Written != "" && !s.isWritten(text) {
		return spec.ErrMalformed
	}
	for entry := range s.split(text) {
		name, value, ok := strings.Cut(entry, s.Assign)
		if !ok || !isToken(name) {
			return spec.ErrMalformed
		}
		if err := s.pair(name, value, f, in); err != nil {
			return err
		}
	}
	return nil
}

// isWritten reports whether the pairs of text are those of Written in their order, which
// keeps what nobody signs of them as it is.
func (s *Compiled) isWritten(text string) bool {
	want, got := slices.Collect(s.split(s.Written)), slices.Collect(s.split(text))
	return slices.EqualFunc(want, got, func(want, got string) bool {
		name, value, _ := strings.Cut(want, s.Assign)
		rest, ok := strings.CutPrefix(got, name+s.Assign)
		return ok && (rest == value || value == "{timestamp}" || value == "{signature}")
	})
}

// groups reads a list of pairs and those behind it. Each has its own time, of which
// two would be two readings of one delivery.
func (s *Compiled) groups(group, rest string, f *Family, in *signed) error {
	if err := s.pairs(group, f, in); err != nil {
		return err
	}
	first := in.Timestamp
	in.Timestamp = ""
	if err := s.pairs(rest, f, in); err != nil {
		return err
	}
	if in.Timestamp != first {
		return spec.ErrRepeated
	}
	return nil
}

func (s *Compiled) pair(name, value string, f *Family, in *signed) error {
	switch {
	case name == s.Mark:
		return s.decode(value, in)
	case f.Timestamp.Kind == place.Pair && name == f.Timestamp.Name:
		return in.time(value)
	case s.RemoteKeys != nil && s.RemoteKeys.keyID.Kind == place.Pair && name == s.RemoteKeys.keyID.Name:
		if in.keyID != "" {
			return spec.ErrRepeated
		}
		in.keyID = value
	}
	return nil
}

// time takes the one timestamp of a list.
func (in *signed) time(value string) error {
	switch {
	case in.Timestamp != "":
		return spec.ErrRepeated
	case value == "", len(value) > place.MaxTimestamp:
		return spec.ErrMalformed
	}
	in.Timestamp = value
	return nil
}

// versions reads v1,<signature> v1,<signature>. Other versions are left alone.
func (s *Compiled) versions(text string, in *signed) error {
	for entry := range strings.SplitSeq(text, s.Separator) {
		version, value, ok := strings.Cut(entry, ",")
		if !ok || !isToken(version) {
			return spec.ErrMalformed
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

// list reads <signature>,<signature>, the first of which may be the time. A time that is
// signed elsewhere must be the same behind the mark, so that no two readers see two.
func (s *Compiled) list(text string, f *Family, in *signed) error {
	n := 0
	for entry := range s.split(text) {
		var err error
		value, marked := strings.CutPrefix(entry, s.Mark)
		switch {
		case n > 0 || s.Mark == "" && f.Timestamp.Kind != place.Pair:
			err = s.decode(entry, in)
		case !marked:
			err = spec.ErrMalformed
		case f.Timestamp.Kind == place.Pair:
			err = in.time(value)
		case value != in.Timestamp:
			err = spec.ErrMalformed
		}
		if err != nil {
			return err
		}
		n++
	}
	return nil
}

// json64 reads the base64 of a JSON object whose members are pairs.
func (s *Compiled) json64(text string, f *Family, in *signed) error {
	document, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || strings.ContainsAny(text, "\r\n") {
		return in.candidate()
	}
	names := []string{s.Mark, f.Timestamp.Name}
	if s.RemoteKeys != nil {
		names = append(names, s.RemoteKeys.keyID.Name)
	}
	names = slices.DeleteFunc(names, func(name string) bool { return name == "" })
	paths, err := jsonscan.Compile(names...)
	if err != nil {
		return spec.ErrMalformed
	}
	found, err := jsonscan.Scan(document, paths)
	if err != nil {
		return in.candidate()
	}
	for i, value := range found {
		if value.Kind == jsonscan.String {
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
	return name != "" && !strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r > '~' })
}

// some reports whether there is a signature to compare.
func (in *signed) some() error {
	switch {
	case in.n > 0, len(in.long) > 0:
		return nil
	case in.candidates > 0:
		return spec.ErrMalformed
	}
	return spec.ErrMissing
}

// candidate counts what stands in the place of a signature, be it one or not.
func (in *signed) candidate() error {
	if in.candidates++; in.candidates > place.MaxSignatures {
		return spec.ErrMalformed
	}
	return nil
}

// decode adds the signature that text spells, where it spells one. Only what an
// encoder would have written is taken, so that a signature has one spelling.
func (s *Compiled) decode(text string, in *signed) error {
	if err := in.candidate(); err != nil {
		return err
	}
	if s.Kind != spec.HMAC && s.Kind != spec.Digest {
		if signature, ok := s.Encoding.Decode(text); ok {
			in.long = append(in.long, signature)
		}
		return nil
	}
	if s.Encoding.DecodeInto(in.signatures[in.n][:s.Hash.Size()], text) {
		in.n++
	}
	return nil
}

// numbered reads the headers <name>-1, <name>-2 and so on, up to the first
// that is not there.
func (s *Compiled) numbered(h place.Headers, f *Family, in *signed) error {
	for _, name := range f.numbers {
		value, n := h.Get(name)
		switch {
		case n == 0:
			return in.some()
		case n > 1:
			return spec.ErrRepeated
		case len(value) > place.MaxHeader:
			return spec.ErrMalformed
		}
		if err := s.signatures(value, f, in); err != nil {
			return err
		}
	}
	return in.some()
}

// lines reads every line of a header.
func (s *Compiled) lines(h place.Headers, name string, f *Family, in *signed) error {
	value, n := h.Get(name)
	values := []string{value}
	if n > 1 {
		all, ok := h.(place.AllLines)
		if !ok {
			return spec.ErrRepeated
		}
		values = all.All(name)
	}
	if len(values) > place.MaxSignatures {
		return spec.ErrMalformed
	}
	for i, value := range values {
		switch {
		case len(value) > place.MaxHeader:
			return spec.ErrMalformed
		case slices.Contains(values[:i], value):
			return spec.ErrRepeated
		}
		if err := s.signatures(value, f, in); err != nil {
			return err
		}
	}
	return in.some()
}
