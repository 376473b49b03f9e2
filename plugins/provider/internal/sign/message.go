package sign

import (
	"cmp"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"webhookedge/plugins/provider/internal/place"
	"webhookedge/plugins/provider/internal/scheme"
	"webhookedge/plugins/provider/internal/structured"
	"webhookedge/plugins/provider/spec"
)

// messageTTL is how long the signature of a Signer is good where it must expire.
const messageTTL = 5 * time.Minute

// signMessage adds an HTTP message signature (RFC 9421) of what the scheme asks for.
func (p *signerPart) signMessage(u *Unsigned, d *Signed) error {
	s := p.scheme
	sum := sha256.Sum256(d.Body)
	if s.Message.Mentions(spec.ContentDigest) {
		if err := d.put(place.Place{Kind: place.Header, Name: spec.ContentDigest}, "sha-256=:"+spec.Base64.Encode(sum[:])+":", false); err != nil {
			return err
		}
	}
	r := place.Request{Method: d.Method, URL: d.URL, Headers: d.Headers, Body: d.Body}
	label := cmp.Or(s.Message.Label, "sig1")
	text := label + "=(" + strings.Join(p.components(&r), " ") + ")" + p.parameters(u)
	inputs, err := structured.Dictionary(text)
	if err != nil {
		return fmt.Errorf("%w: the label, the tag or the id of the key cannot be written in a header", spec.ErrOption)
	}
	base, err := scheme.SignatureBase(&r, &inputs[0])
	if err != nil {
		return fmt.Errorf("%w: the delivery lacks what is signed: %w", spec.ErrOption, err)
	}
	signature, err := p.keys[0].SignMessage(s.Message.Algorithms, base)
	if err != nil {
		return err
	}
	if err := d.put(place.Place{Kind: place.Header, Name: scheme.InputHeader}, text, false); err != nil {
		return err
	}
	return d.put(s.Families[0].Signature, label+"=:"+spec.Base64.Encode(signature)+":", false)
}

// components are those that the scheme asks for, of a choice the first, in quotes.
func (p *signerPart) components(r *place.Request) (all []string) {
	for _, c := range p.scheme.Message.Components {
		name, optional := strings.CutSuffix(c, "?")
		if optional && !scheme.InMessage(r, name) {
			continue
		}
		name, _, _ = strings.Cut(name, "|")
		if quoted := strconv.Quote(name); !slices.Contains(all, quoted) {
			all = append(all, quoted)
		}
	}
	return all
}

// parameters are those that the scheme asks for, and the id of the key, which every
// sender names.
func (p *signerPart) parameters(u *Unsigned) string {
	s := p.scheme
	var text string
	if s.Families[0].Timestamp.Kind != place.Nothing {
		text += ";created=" + strconv.FormatInt(u.At.Unix(), 10)
	}
	id := p.keys[0].ID
	if p.keys[0].Private != nil {
		id = cmp.Or(id, "webhookctl")
	}
	text += `;keyid="` + id + `"`
	for _, name := range s.Message.Parameters {
		switch name {
		case "expires":
			text += ";expires=" + strconv.FormatInt(u.At.Add(messageTTL).Unix(), 10)
		case "nonce":
			text += `;nonce="` + rand.Text() + `"`
		case "alg":
			text += `;alg="` + string(p.keys[0].MessageAlgorithm(s.Message.Algorithms)) + `"`
		}
	}
	if s.Message.Tag != "" {
		text += `;tag="` + s.Message.Tag + `"`
	}
	return text
}
