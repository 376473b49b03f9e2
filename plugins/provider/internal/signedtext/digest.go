package signedtext

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"strings"

	"webhookedge/plugins/provider/internal/place"
)

// Digest is the digest of the parts of the signed text that are the content, without
// what lasting leaves out of a body. Headers, times and ids change from try to try; a URL
// is content only where there is no body. Bound says that a signed value is made of the
// body.
func (t *Template) Digest(v *Input, bound bool, lasting func([]byte) []byte) Digested {
	var c contentHash
	for p := range t.parts() {
		if p.Name == PartBody {
			c.add(lasting(v.Request.Body))
		} else if text, ok := p.content(v); ok {
			c.add([]byte(text))
		}
	}
	if c.n == 0 && bound && len(v.Request.Body) > 0 {
		c.add(lasting(v.Request.Body))
	}
	return c.sum()
}

// contentHash hashes the parts of a content: a single one as it is, so that a document
// has one digest whether it comes by itself or in a form.
type contentHash struct {
	n     int
	first []byte
	hash  hash.Hash
}

func (c *contentHash) add(text []byte) {
	if c.n++; c.n == 1 {
		c.first = text
		return
	}
	if c.hash == nil {
		c.hash = sha256.New()
		addSized(c.hash, c.first)
	}
	addSized(c.hash, text)
}

func (c *contentHash) sum() Digested {
	switch c.n {
	case 0:
		return Digested{}
	case 1:
		return sha256.Sum256(c.first)
	}
	return Digested(c.hash.Sum(nil))
}

// Digested is the SHA-256 of the signed content of a delivery, the zero value where
// there is none.
type Digested [sha256.Size]byte

// DigestOf returns that of a content.
func DigestOf(content []byte) Digested { return sha256.Sum256(content) }

// String returns d in hexadecimal, "" where there is none.
func (d Digested) String() string {
	if d == (Digested{}) {
		return ""
	}
	var text [2 * len(d)]byte
	hex.Encode(text[:], d[:])
	return string(text[:])
}

// content returns the part's text where that is the content of a delivery. It was
// signed, so that nothing can be missing.
func (p *part) content(v *Input) (string, bool) {
	switch p.Name {
	case PartURL, PartTarget, partQuery:
		return v.Request.RawQuery(), len(v.Request.Body) == 0
	case partPlivo:
		text, err := sortedFields(v.Form, func(b *strings.Builder, f field) { b.WriteString(f.name + "=" + f.value + "&") })
		return text + v.Request.RawQuery(), err == nil
	case PartForm, PartParams, partOnly, partPHP:
	case PartPlace:
		if p.At.Kind != place.JSON && p.At.Kind != place.Form && p.At.Kind != place.Query {
			return "", false
		}
	default:
		return "", false
	}
	text, err := p.text(v)
	return text, err == nil
}

// addSized hashes a text after its length, so that no two lists of texts run
// together.
func addSized(h hash.Hash, text []byte) {
	var size [8]byte
	binary.BigEndian.PutUint64(size[:], uint64(len(text)))
	h.Write(size[:]) // a hash never fails
	h.Write(text)
}
