package sign

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/go-jose/go-jose/v4"

	"webhookedge/plugins/provider/internal/place"
	"webhookedge/plugins/provider/internal/signedtext"
	"webhookedge/plugins/provider/spec"
)

// signDetached adds a JWS whose payload is made of the delivery.
func (p *signerPart) signDetached(d *Signed, in *signedtext.Stamp, settings map[string]string) error {
	s := p.scheme
	r := place.Request{Method: d.Method, URL: d.URL, Headers: d.Headers, Body: d.Body}
	v := &signedtext.Input{Values: place.Values{Request: &r, Bodies: p.bodies, Settings: settings}, Stamp: in}
	v.Take()
	options := (&jose.SignerOptions{}).WithHeader("kid", cmp.Or(p.keys[0].ID, "webhookctl"))
	if s.Detached.Unencoded {
		options = options.WithBase64(false)
	}
	for _, e := range s.Detached.Members {
		options = options.WithHeader(jose.HeaderKey(e.At), e.Is)
	}
	if s.RemoteKeys != nil && s.RemoteKeys.At.Kind == place.Pair {
		options = options.WithHeader(jose.HeaderKey(s.RemoteKeys.At.Name), s.RemoteKeys.Example)
	}
	var listed []string
	if f := &s.Families[0]; s.Detached.Listed != "" {
		for _, at := range []place.Place{f.Timestamp, f.ID} {
			if at.Kind == place.Header {
				listed = append(listed, at.Name)
			}
		}
		options = options.WithHeader(jose.HeaderKey(s.Detached.Listed), strings.Join(listed, ","))
	}
	payload, err := s.DetachedPayload(v, strings.Join(listed, ","))
	if err != nil {
		return err
	}
	var algorithms []jose.SignatureAlgorithm
	for _, a := range s.JWT.Algorithms {
		algorithms = append(algorithms, jose.SignatureAlgorithm(a))
	}
	key := p.keys[0].Private()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: fitting(key, algorithms), Key: key}, options)
	if err != nil {
		return fmt.Errorf("%w: the key does not fit the algorithm", spec.ErrOption)
	}
	token, err := signer.Sign(payload)
	if err != nil {
		return fmt.Errorf("%w: the key does not fit the algorithm", spec.ErrOption)
	}
	text, err := token.DetachedCompactSerialize()
	if err != nil {
		return err
	}
	return d.put(s.Families[0].Signature, s.Mark+text, false)
}
