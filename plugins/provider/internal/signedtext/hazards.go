package signedtext

import (
	"fmt"
	"slices"
	"strings"

	"webhookedge/plugins/provider/spec"
)

// Hazards says what of t, a text that s signs, cannot be safe.
func (t *Template) Hazards(s *spec.Scheme, methods []string) (all []string) {
	r := t.parser(s.TimeUnit, methods)
	for _, p := range r.parts {
		if why := p.hazard(s.Weak); why != "" {
			all = append(all, p.String()+" "+why)
		}
	}
	if p := r.moves(); p != nil {
		all = append(all, "nothing tells where "+p.String()+" ends and what is behind it begins, so one signature is right for several deliveries: a text that the value cannot hold must stand between them")
	}
	if n := len(r.parts); s.Kind == spec.Digest && n > 0 && r.parts[n-1].Name != PartKey && s.Hash != spec.SHA384 && !s.Weak {
		all = append(all, "a digest whose text does not end with {key} can be continued by who has seen one, so the scheme must be weak")
	}
	return all
}

// hazard says why p does not cover what it seems to, "" where it does.
func (p *part) hazard(weak bool) string {
	switch p.Name {
	case PartForm, PartParams, partListed, partPlivo:
		return "joins names and values so that the border between two of them can move"
	}
	encoded := false // as hexadecimal digits, of which either case is the same
	for _, name := range p.names {
		switch {
		case (name == "lower" || name == "upper") && (encoded || p.Name == partMethod):
		case Lossy(name):
			return "does not cover what " + name + " leaves out"
		case spec.Hash(name) == spec.SHA1 && !weak:
			return "covers a SHA-1, and two texts with one can be made, so the scheme must be weak"
		}
		encoded = name == "hex" || encoded && (name == "lower" || name == "upper")
	}
	return ""
}

// Lossy reports whether a filter makes one text of many that anybody can find.
func Lossy(filter string) bool {
	return slices.Contains([]string{"no-query", "crc32", "lower", "upper", "decode-hubspot"}, filter)
}

// String is p as a template has it.
func (p *part) String() string {
	name := string(p.Name)
	switch p.Name {
	case PartLiteral:
		return fmt.Sprintf("%q", p.Literal)
	case PartPlace:
		name = string(p.At.Kind) + ":" + p.At.Name
	case partListed, partPlivo, partOnly, partPHP:
		name += ":" + p.At.Name
	}
	return "{" + strings.Join(append([]string{name}, p.names...), "|") + "}"
}
