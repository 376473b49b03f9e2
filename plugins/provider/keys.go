package provider

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // only for schemes that say so and are marked weak
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"hash"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
)

// MaxSecrets bounds the secrets of a verifier: a wrong signature costs one
// hash of the body for each.
const MaxSecrets = 16

// maxKey bounds a secret's text. The longest that a provider issues is far
// below, and a pasted file is a mistake.
const maxKey = 4096

// SecretError says what is wrong with one secret, and not what the secret is.
// It is an ErrKey.
type SecretError struct {
	Index int    // in Options.Secrets
	Why   string // "is empty"
}

// Error implements error.
func (e *SecretError) Error() string { return fmt.Sprintf("secret %d %s", e.Index+1, e.Why) }

// Unwrap returns ErrKey.
func (e *SecretError) Unwrap() error { return ErrKey }

type key struct {
	id   string
	macs *macPool
}

// newKeys returns the keys of o in its order, or everything that is wrong with
// them.
func newKeys(s *Scheme, o Options) ([]key, error) {
	if len(o.Secrets) == 0 {
		return nil, fmt.Errorf("%w: there is none", ErrKey)
	}
	if len(o.Secrets) > MaxSecrets {
		return nil, fmt.Errorf("%w: %d of them, at most %d are possible", ErrKey, len(o.Secrets), MaxSecrets)
	}
	if o.RawKey && !s.RawKey {
		return nil, fmt.Errorf("%w: scheme %s has no raw key", ErrOption, s.Name)
	}
	var errs []error
	keys := make([]key, 0, len(o.Secrets))
	var earlier [][]byte
	for i, secret := range o.Secrets {
		fault := func(why string) { errs = append(errs, &SecretError{Index: i, Why: why}) }
		id := secret.ID
		if id == "" {
			id = strconv.Itoa(i + 1)
		}
		if !isID(id) {
			fault("has an id that is not 1 to 64 letters, digits, dots, hyphens and underscores")
			continue
		}
		b, why := s.decodeKey(secret.Value, o.RawKey)
		if why != "" {
			fault(why)
			continue
		}
		if slices.ContainsFunc(keys, func(k key) bool { return k.id == id }) {
			fault("has the id of an earlier one")
		}
		if slices.ContainsFunc(earlier, func(e []byte) bool { return hmac.Equal(e, b) }) {
			fault("is the same as an earlier one")
		}
		earlier = append(earlier, b)
		keys = append(keys, key{id: id, macs: newMACPool(s.Hash, b)})
	}
	return keys, errors.Join(errs...)
}

// decodeKey returns the key that text stands for, or why it stands for none.
func (s *Scheme) decodeKey(text string, raw bool) (b []byte, why string) {
	switch {
	case text == "":
		return nil, "is empty"
	case strings.TrimFunc(text, unicode.IsSpace) == "":
		return nil, "is only white space"
	case strings.TrimFunc(text, unicode.IsSpace) != text:
		return nil, "starts or ends with white space, probably copied along"
	case len(text) > maxKey:
		return nil, fmt.Sprintf("is longer than %d bytes", maxKey)
	}
	b = []byte(text)
	if s.Key == KeyBase64 && !raw {
		var err error
		b, err = base64.StdEncoding.Strict().DecodeString(strings.TrimPrefix(text, s.KeyPrefix))
		if err != nil || strings.ContainsAny(text, "\r\n") {
			return nil, "is not padded base64" + s.prefixHint()
		}
	}
	if len(b) < s.KeyMin {
		return nil, fmt.Sprintf("has %d bytes, less than the %d that the scheme needs", len(b), s.KeyMin)
	}
	return b, ""
}

func (s *Scheme) prefixHint() string {
	if s.KeyPrefix == "" {
		return ""
	}
	return " after the optional prefix " + s.KeyPrefix
}

func isID(id string) bool {
	for i := range len(id) {
		c := id[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		if !letter && c != '.' && c != '-' && c != '_' {
			return false
		}
	}
	return id != "" && len(id) <= 64
}

// new returns the constructor of h, nil for an unknown one.
func (h Hash) new() func() hash.Hash {
	switch h {
	case SHA1:
		return sha1.New
	case SHA256:
		return sha256.New
	case SHA384:
		return sha512.New384
	case SHA512:
		return sha512.New
	}
	return nil
}

// size returns the bytes of a signature made with h.
func (h Hash) size() int {
	switch h {
	case SHA1:
		return sha1.Size
	case SHA256:
		return sha256.Size
	case SHA384:
		return sha512.Size384
	case SHA512:
		return sha512.Size
	}
	return 0
}

// macPool keeps keyed hashes: a reset one has the key's two blocks hashed
// already.
type macPool struct {
	// keyed makes one more. Only this function holds the key, because fmt
	// prints whatever a field leads to, and of a function an address.
	keyed func() hash.Hash
	pool  sync.Pool
}

func newMACPool(h Hash, key []byte) *macPool {
	constructor := h.new()
	return &macPool{keyed: func() hash.Hash { return hmac.New(constructor, key) }}
}

type mac struct {
	hash.Hash
	scratch []byte // the signed text before the body
	out     [sha512.Size]byte
}

func (p *macPool) get() *mac {
	if m, ok := p.pool.Get().(*mac); ok {
		return m
	}
	return &mac{Hash: p.keyed()}
}

func (p *macPool) put(m *mac) {
	m.Reset()
	p.pool.Put(m)
}

// sum returns the MAC of the signed text, valid until m is used again.
func (m *mac) sum(t *template, r *Request, in *signed) []byte {
	m.scratch = m.scratch[:0]
	for _, part := range t.parts {
		if part.name == partBody {
			m.Write(m.scratch)
			m.Write(r.Body)
			m.scratch = m.scratch[:0]
			continue
		}
		m.scratch = append(m.scratch, part.text(r, in)...)
	}
	m.Write(m.scratch)
	return m.Sum(m.out[:0])
}
