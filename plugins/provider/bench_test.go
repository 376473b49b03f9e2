package provider_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"hash"
	"testing"

	"webhookedge/plugins/provider"
)

// BenchmarkVerify shows each scheme on a body of 2 KB beside its baseline: the
// same bytes through a keyed hash that is made already, and nothing else.
func BenchmarkVerify(b *testing.B) {
	body := bytes.Repeat([]byte("0123456789abcdef"), 128)
	for _, p := range provider.Catalogue() {
		for _, s := range p.Schemes {
			signer, err := p.Signer(provider.Options{Scheme: s.Name, Secrets: []provider.Secret{secret(s, 1)}})
			if err != nil {
				b.Fatal(err)
			}
			headers, err := signer.Sign(provider.Unsigned{Body: body, Event: "e", ID: "msg_1", At: at()})
			if err != nil {
				b.Fatal(err)
			}
			v := verifier(b, p, s, secret(s, 1))
			if s.Weak {
				headers = provider.HeaderList{headerOf(headers, s.Header)}
			}
			r := provider.Request{Method: "POST", Headers: headers, Body: body}
			b.Run(p.Name+"/"+s.Name+"/verify", func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := v.Verify(r, at()); err != nil {
						b.Fatal(err)
					}
				}
			})
			b.Run(p.Name+"/"+s.Name+"/hash", func(b *testing.B) {
				b.ReportAllocs()
				mac := hmac.New(baseline(s.Hash), []byte(secret(s, 1).Value))
				var sum [64]byte
				for b.Loop() {
					mac.Reset()
					mac.Write(body)
					mac.Sum(sum[:0])
				}
			})
		}
	}
}

func baseline(h provider.Hash) func() hash.Hash {
	if h == provider.SHA1 {
		return sha1.New
	}
	return sha256.New
}

func headerOf(headers provider.HeaderList, name string) provider.Header {
	value, _ := headers.Get(name)
	return provider.Header{Name: name, Value: value}
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

func BenchmarkDescribe(b *testing.B) {
	for _, p := range provider.Catalogue() {
		event := p.SampleEvents()[len(p.SampleEvents())-1]
		r := sign(b, p, p.Schemes[0], at(), secret(p.Schemes[0], 1))
		body, contentType, _ := p.Sample(event)
		r.Body = body
		r = with(r, "content-type", func(string) []string { return []string{contentType} })
		b.Run(p.Name+"/"+event, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(body)))
			for b.Loop() {
				if _, err := p.Describe(r); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
