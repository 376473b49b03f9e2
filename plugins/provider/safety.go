package provider

import (
	"fmt"
	"slices"
	"strings"
)

// Unsafe says what in the row leaves room for a forgery although every signature is
// checked, a line each, which begins with the path of its field. A sender of a
// user's own that has any is refused; of the catalogue's a test names each, with its
// reason: the provider's own scheme is so.
func (p *Provider) Unsafe() []string {
	var all []string
	for i := range p.Schemes {
		s := &p.Schemes[i]
		c, err := s.compile(p.examples())
		if err != nil { // which Compile reports
			continue
		}
		for _, why := range c.hazards(p.methods()) {
			all = append(all, fmt.Sprintf("schemes[%d].%s", i, why))
		}
	}
	for i := range p.Handshakes {
		for _, why := range p.answerHazards(&p.Handshakes[i]) {
			all = append(all, fmt.Sprintf("handshakes[%d].%s", i, why))
		}
	}
	return all
}

func (p *Provider) methods() []string {
	if len(p.Methods) == 0 {
		return []string{"POST"}
	}
	return p.Methods
}

// hazards says what of a scheme cannot be safe.
func (s *scheme) hazards(methods []string) (all []string) {
	if s.sharesKey() && s.KeyMin < defaultKeyMin && !s.Weak {
		all = append(all, fmt.Sprintf("key_min: a secret of fewer than %d bytes can be guessed from one delivery, so the scheme must be weak", defaultKeyMin))
	}
	if s.needsHash() && s.Kind != HMAC && s.Hash == SHA1 && !s.Weak {
		all = append(all, "hash: two texts with one SHA-1 can be made, so the scheme must be weak")
	}
	for _, name := range splitNames(s.KeyDerive) {
		if lossy(name) {
			all = append(all, "key_derive: "+name+" makes one key of many secrets")
		}
	}
	for _, t := range s.templates() {
		for _, why := range s.templateHazards(t.template, methods) {
			all = append(all, t.path+": "+why)
		}
	}
	return all
}

// signedText is a template and the path of the field that it is compiled from.
type signedText struct {
	path     string
	template *template
}

func (s *scheme) templates() []signedText {
	all := []signedText{{"content", &s.content}}
	if s.form != nil {
		all = append(all, signedText{"form_content", s.form})
	}
	for i := range s.binds {
		all = append(all, signedText{fmt.Sprintf("binds[%d].content", i), &s.binds[i].content})
	}
	return all
}

func (s *scheme) templateHazards(t *template, methods []string) (all []string) {
	r := t.reader(s.TimeUnit, methods)
	for _, p := range r.parts {
		if why := p.hazard(s.Weak); why != "" {
			all = append(all, p.String()+" "+why)
		}
	}
	if p := r.moves(); p != nil {
		all = append(all, "nothing tells where "+p.String()+" ends and what is behind it begins, so one signature is right for several deliveries: a text that the value cannot hold must stand between them")
	}
	if n := len(r.parts); s.Kind == Digest && n > 0 && r.parts[n-1].name != partKey && s.Hash != SHA384 && !s.Weak {
		all = append(all, "a digest whose text does not end with {key} can be continued by who has seen one, so the scheme must be weak")
	}
	return all
}

// hazard says why p does not cover what it seems to, "" where it does.
func (p *part) hazard(weak bool) string {
	switch p.name {
	case partForm, partParams, partListed, partPlivo:
		return "joins names and values so that the border between two of them can move"
	}
	encoded := false // as hexadecimal digits, of which either case is the same
	for _, name := range p.names {
		switch {
		case (name == "lower" || name == "upper") && (encoded || p.name == partMethod):
		case lossy(name):
			return "does not cover what " + name + " leaves out"
		case Hash(name) == SHA1 && !weak:
			return "covers a SHA-1, and two texts with one can be made, so the scheme must be weak"
		}
		encoded = name == "hex" || encoded && (name == "lower" || name == "upper")
	}
	return ""
}

// lossy reports whether a filter makes one text of many that anybody can find.
func lossy(filter string) bool {
	return slices.Contains([]string{"no-query", "crc32", "lower", "upper", "decode-hubspot"}, filter)
}

// String is p as a template has it.
func (p *part) String() string {
	name := string(p.name)
	switch p.name {
	case partLiteral:
		return fmt.Sprintf("%q", p.literal)
	case partPlace:
		name = string(p.at.kind) + ":" + p.at.name
	case partListed, partPlivo, partOnly, partPHP:
		name += ":" + p.at.name
	}
	return "{" + strings.Join(append([]string{name}, p.names...), "|") + "}"
}

// SignsHost reports whether the host of the public URL is a part of what v checks or
// answers.
func (v *Verifier) SignsHost() bool { return v.row.SignsHost(&v.scheme.Scheme) }

// SignsHost reports whether the host of the public URL is a part of what a scheme of p
// signs or a handshake answers. A {target} is path and query only.
func (p *Provider) SignsHost(s *Scheme) bool {
	names := func(content string) bool {
		return strings.Contains(content, "{url}") || strings.Contains(content, "{url|") || strings.Contains(content, "{plivo:")
	}
	return names(s.Content) || names(s.FormContent) ||
		slices.ContainsFunc(s.Binds, func(b Bind) bool { return names(b.Content) }) ||
		slices.ContainsFunc(p.Handshakes, func(h Handshake) bool { return names(h.Response.Content) })
}
