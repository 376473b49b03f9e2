package scheme

import (
	"webhookedge/plugins/provider/internal/signedtext"
	"webhookedge/plugins/provider/spec"
)

// oracles returns what handshakes sign that a delivery of s could be.
func (s *Compiled) oracles(all []signedtext.Oracle) []signedtext.Oracle {
	var some []signedtext.Oracle
	for _, o := range all {
		if s.Kind == spec.HMAC && (o.CouldSign(&s.Text) || s.formText != nil && o.CouldSign(s.formText)) {
			some = append(some, o)
		}
	}
	return some
}

// answered is ErrAnswered where a handshake would sign the text of a delivery.
func (c *checker) answered(v *signedtext.Input, content *signedtext.Template) error {
	for i := range c.v.oracles {
		o := &c.v.oracles[i]
		if content.Has(signedtext.PartBody) && len(v.Request.Body) > signedtext.MaxSignedChallenge+len(o.Before)+len(o.After) {
			continue
		}
		text, err := content.Text(v)
		if err != nil {
			return err
		}
		if o.Signs(text) {
			return spec.ErrAnswered
		}
	}
	return nil
}
