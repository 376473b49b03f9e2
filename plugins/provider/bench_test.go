package provider_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/pem"
	"hash"
	"testing"
	"time"

	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/provider/spec"
)

// BenchmarkVerify is a table of every scheme: what a delivery of 2 KB costs, beside
// what the same bytes cost with the bare primitive (bare-ns/op: a keyed hash that
// is made already, a verification by the standard library, a comparison), measured
// in the same run, and what the scheme adds to that (beyond-ns/op).
func BenchmarkVerify(b *testing.B) {
	for _, p := range catalogue.All() {
		for _, s := range p.Schemes {
			c := newScheme(b, p, s)
			event, body, contentType := c.sample()
			if s.Each == "" && bytes.HasPrefix(body, []byte("{")) { // to 2 KB, as white space, which every reader passes over
				body = append(bytes.Clone(body), bytes.Repeat([]byte(" "), max(0, 2048-len(body)))...)
			}
			r := c.signSample(b, event, body, contentType, at(), c.pair.Private)
			v := c.verifier(b)
			b.Run(p.Name+"/"+s.Name, func(b *testing.B) {
				bare := c.bare(b, r.Body)
				b.ReportAllocs()
				n := 0
				for b.Loop() {
					if _, err := c.verify(v, r, at()); err != nil {
						b.Fatal(err)
					}
					n++
				}
				took := float64(b.Elapsed().Nanoseconds()) / float64(n)
				start := time.Now()
				for range n {
					bare()
				}
				alone := float64(time.Since(start).Nanoseconds()) / float64(n)
				b.ReportMetric(alone, "bare-ns/op")
				b.ReportMetric(took-alone, "beyond-ns/op")
			})
		}
	}
}

// bare is the primitive of a scheme over text, without anything around it.
func (c *scheme) bare(b *testing.B, text []byte) func() {
	b.Helper()
	constructor := baseline(c.s.Hash)
	var sum [64]byte
	if block, _ := pem.Decode([]byte(c.pair.Private)); block != nil {
		return bareVerify(b, block.Bytes, constructor, text)
	}
	switch c.s.Kind {
	case spec.Token, spec.Basic, spec.ClientCert:
		secret := []byte(c.pair.Private)
		return func() { hmac.Equal(secret, secret) }
	case spec.Digest:
		h := constructor()
		return func() { h.Reset(); h.Write(text); h.Sum(sum[:0]) }
	}
	mac := hmac.New(constructor, []byte(c.pair.Private))
	return func() { mac.Reset(); mac.Write(text); mac.Sum(sum[:0]) }
}

// bareVerify verifies with the public key of a private one.
func bareVerify(b *testing.B, der []byte, constructor func() hash.Hash, text []byte) func() {
	b.Helper()
	parsed, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		b.Fatal(err)
	}
	h := constructor()
	kind := map[int]crypto.Hash{sha1.Size: crypto.SHA1, sha256.Size: crypto.SHA256, sha512.Size384: crypto.SHA384, sha512.Size: crypto.SHA512}[h.Size()]
	digest := func() []byte { h.Reset(); h.Write(text); return h.Sum(nil) }
	signer := parsed.(crypto.Signer)
	if key, ok := parsed.(ed25519.PrivateKey); ok {
		signature := ed25519.Sign(key, text)
		return func() { ed25519.Verify(key.Public().(ed25519.PublicKey), text, signature) }
	}
	signature, err := signer.Sign(rand.Reader, digest(), kind)
	if err != nil {
		b.Fatal(err)
	}
	switch key := signer.Public().(type) {
	case *ecdsa.PublicKey:
		return func() { ecdsa.VerifyASN1(key, digest(), signature) }
	case *rsa.PublicKey:
		return func() { _ = rsa.VerifyPKCS1v15(key, kind, digest(), signature) }
	}
	b.Fatalf("no primitive for %T", parsed)
	return nil
}

func baseline(h spec.Hash) func() hash.Hash {
	switch h {
	case spec.SHA1:
		return sha1.New
	case spec.SHA384:
		return sha512.New384
	case spec.SHA512:
		return sha512.New
	}
	return sha256.New
}

// BenchmarkVerify_oldSecret shows what a secret costs that is tried in vain.
func BenchmarkVerify_oldSecret(b *testing.B) {
	p := lookup(b, "github")
	s := p.Schemes[0]
	r := sign(b, p, s, at(), secret(s, 2))
	v := verifier(b, p, s, secret(s, 1), secret(s, 2))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := v.Verify(r, at()); err != nil {
			b.Fatal(err)
		}
	}
}
