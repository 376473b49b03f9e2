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
type MACPool struct {
	// keyed makes one more. Only this function holds the key, because fmt
	// prints whatever a field leads to, and of a function an address.
	keyed func() hash.Hash
	pool  sync.Pool
}

// NewMACPool returns a pool for a key.
func NewMACPool(h spec.Hash, key []byte) *MACPool {
	constructor := h.New()
	return &MACPool{keyed: func() hash.Hash { return hmac.New(constructor, key) }}
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
	if m, ok := p.pool.Get().(*MAC); ok {
		return m
	}
	return &MAC{Hash: p.keyed()}
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
