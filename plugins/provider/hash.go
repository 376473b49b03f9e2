package provider

import (
	"crypto"
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // only for senders that offer nothing better, and schemes marked weak
	"crypto/sha256"
	"crypto/sha512"
	"hash"
	"sync"
)

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

// id returns h for package crypto.
func (h Hash) id() crypto.Hash {
	switch h {
	case SHA1:
		return crypto.SHA1
	case SHA256:
		return crypto.SHA256
	case SHA384:
		return crypto.SHA384
	case SHA512:
		return crypto.SHA512
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

// maxScratch is the most scratch that is kept, in bytes: of a form all is written
// there.
const maxScratch = 16 << 10

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
	if cap(m.scratch) > maxScratch {
		m.scratch = nil
	}
	p.pool.Put(m)
}

// sum returns the MAC of the signed text, valid until m is used again.
func (m *mac) sum(t *template, v *values) ([]byte, error) {
	var err error
	if m.scratch, err = t.write(m, m.scratch, v); err != nil {
		return nil, err
	}
	return m.Sum(m.out[:0]), nil
}
