package scheme

import (
	"fmt"

	"webhookedge/plugins/provider/internal/signedtext"
	"webhookedge/plugins/provider/spec"
)

// Unsafe says what in the row leaves room for a forgery although every signature is
// checked, a line each, which begins with the path of its field. A sender of a
// user's own that has any is refused; of the catalogue's a test names each, with its
// reason: the provider's own scheme is so.
func Unsafe(p *spec.Provider) []string {
	var all []string
	for i := range p.Schemes {
		s := &p.Schemes[i]
		c, err := Compile(s, p.Examples())
		if err != nil { // which Compile reports
			continue
		}
		for _, why := range c.hazards(p.DeliveryMethods()) {
			all = append(all, fmt.Sprintf("schemes[%d].%s", i, why))
		}
	}
	for i := range p.Handshakes {
		for _, why := range p.AnswerHazards(&p.Handshakes[i]) {
			all = append(all, fmt.Sprintf("handshakes[%d].%s", i, why))
		}
	}
	return all
}

// hazards says what of a scheme cannot be safe.
func (s *Compiled) hazards(methods []string) (all []string) {
	if s.SharesKey() && s.KeyMin < spec.DefaultKeyMin && !s.Weak {
		all = append(all, fmt.Sprintf("key_min: a secret of fewer than %d bytes can be guessed from one delivery, so the scheme must be weak", spec.DefaultKeyMin))
	}
	if s.NeedsHash() && s.Kind != spec.HMAC && s.Hash == spec.SHA1 && !s.Weak {
		all = append(all, "hash: two texts with one SHA-1 can be made, so the scheme must be weak")
	}
	for _, name := range spec.SplitNames(s.KeyDerive) {
		if signedtext.Lossy(name) {
			all = append(all, "key_derive: "+name+" makes one key of many secrets")
		}
	}
	add := func(path string, t *signedtext.Template) {
		for _, why := range t.Hazards(&s.Scheme, methods) {
			all = append(all, path+": "+why)
		}
	}
	add("content", &s.Text)
	if s.formText != nil {
		add("form_content", s.formText)
	}
	for i := range s.variants {
		add("variants", &s.variants[i].text)
		if form := s.variants[i].formText; form != nil {
			add("variants", form)
		}
	}
	for i := range s.Bound {
		add(fmt.Sprintf("binds[%d].content", i), &s.Bound[i].Text)
	}
	return all
}
