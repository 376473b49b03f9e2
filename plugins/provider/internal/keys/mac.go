package keys

import (
	"crypto/hmac"
	"crypto/sha512"
	"hash"
	"sync"

	"webhookedge/plugins/provider/internal/signedtext"
	"webhookedge/plugins/provider/spec"
)

// MACPool keeps keyed hashes: a reset one has the key's two blocks hashed
// already.
type MACPool struct{ pool sync.Pool }

// NewMACPool returns a pool for a key, which only the function that makes a MAC holds,
// because fmt prints whatever a field leads to, and of a function an address.
func NewMACPool(h spec.Hash, key []byte) *MACPool {
	constructor := h.New()
	return &MACPool{sync.Pool{New: func() any { return &MAC{Hash: hmac.New(constructor, key)} }}}
}

// maxScratch is the most scratch that is kept, in bytes: of a form all is written
// there.
const maxScratch = 16 << 10

// MAC is a keyed hash with memory of its own.
type MAC struct {
	hash.Hash
	scratch []byte // the signed text before the body
	out     [sha512.Size]byte
}

// Get returns a MAC, which Put takes back.
func (p *MACPool) Get() *MAC {
	m, _ := p.pool.Get().(*MAC) // nothing else is in it
	return m
}

// Put keeps m for later.
func (p *MACPool) Put(m *MAC) {
	m.Reset()
	if cap(m.scratch) > maxScratch {
		m.scratch = nil
	}
	p.pool.Put(m)
}

// SumOf returns the MAC of the signed text, valid until m is used again.
func (m *MAC) SumOf(t *signedtext.Template, v *signedtext.Input) ([]byte, error) {
	var err error
	if m.scratch, err = t.Write(m, m.scratch, v); err != nil {
		return nil, err
	}
	return m.Sum(m.out[:0]), nil
}
