package provider_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"hash"
	"testing"

	"webhookedge/plugins/provider"
)

// BenchmarkVerify shows each kind and layout of scheme on a body of 2 KB beside
// its baseline: the same bytes through a keyed hash that is made already, and
// nothing else.
func BenchmarkVerify(b *testing.B) {
	for _, p := range provider.Catalogue() {
		for _, s := range p.Schemes {
			c := newScheme(b, p, s)
			_, body, contentType := c.sample()
			if s.Each == "" && bytes.HasPrefix(body, []byte("{")) { // to 2 KB, as white space, which every reader passes over
				body = append(bytes.Clone(body), bytes.Repeat([]byte(" "), max(0, 2048-len(body)))...)
			}
			r := c.signSample(b, p.SampleEvents()[0], body, contentType, at(), c.pair.Private)
			v := c.verifier(b)
			b.Run(p.Name+"/"+s.Name+"/verify", func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := c.verify(v, r, at()); err != nil {
						b.Fatal(err)
					}
				}
			})
			if s.Kind != "" && s.Kind != provider.HMAC {
				continue
			}
			b.Run(p.Name+"/"+s.Name+"/hash", func(b *testing.B) {
				b.ReportAllocs()
				mac := hmac.New(baseline(s.Hash), []byte(c.pair.Private))
				var sum [64]byte
				for b.Loop() {
					mac.Reset()
					mac.Write(r.Body)
					mac.Sum(sum[:0])
				}
			})
		}
	}
}

func baseline(h provider.Hash) func() hash.Hash {
	switch h {
	case provider.SHA1:
		return sha1.New
	case provider.SHA384:
		return sha512.New384
	case provider.SHA512:
		return sha512.New
	}
	return sha256.New
}

// BenchmarkVerifyOldSecret shows what a secret costs that is tried in vain.
func BenchmarkVerifyOldSecret(b *testing.B) {
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
