package spec

import (
	"crypto"
	"crypto/sha1" //nolint:gosec // only for senders that offer nothing better, and schemes marked weak
	"crypto/sha256"
	"crypto/sha512"
	"hash"
)

// New returns the constructor of h, nil for an unknown one.
func (h Hash) New() func() hash.Hash {
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

// Size returns the bytes of a signature made with h.
func (h Hash) Size() int {
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

// Crypto returns h for package crypto.
func (h Hash) Crypto() crypto.Hash {
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

// Sum returns the hash of a text.
func (h Hash) Sum(text string) string {
	w := h.New()()
	w.Write([]byte(text))
	return string(w.Sum(nil))
}
