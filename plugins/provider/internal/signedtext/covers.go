package signedtext

import (
	"webhookedge/plugins/provider/internal/place"
)

// Covers returns what of a delivery t covers where its body is a form, or is not.
func (t *Template) Covers(form bool) []string {
	var all []string
	for i := range t.Segments {
		for j := range t.Segments[i].Parts {
			all = append(all, t.Segments[i].Parts[j].covers(form)...)
		}
	}
	return all
}

// covers returns what of a delivery cannot change while the part's text stays as it
// is. A checksum covers nothing: anybody can make another body that has it.
func (p *part) covers(form bool) []string {
	if p.weakens {
		if p.Name == PartURL {
			return []string{place.CoversPath}
		}
		return nil
	}
	switch p.Name {
	case PartBody:
		return []string{place.CoversBody}
	case PartForm, partPHP, partOnly, PartParams:
		return p.coversForm(form)
	case partPlivo:
		return []string{place.CoversBody, place.CoversURL, place.CoversQuery, p.At.String()}
	case PartURL:
		return []string{place.CoversURL, place.CoversQuery}
	case PartTarget:
		return []string{place.CoversQuery}
	case partMethod:
		return []string{place.CoversMethod}
	case partListed:
		return p.coversHeaders()
	case PartPlace:
		if p.At.Kind != place.Setting && p.At.Kind != place.Claim {
			return []string{p.At.String()}
		}
	}
	return nil
}

func (p *part) coversForm(form bool) []string {
	switch {
	case form:
		return []string{place.CoversBody}
	case p.Name == PartParams:
		return []string{place.CoversQuery}
	}
	return nil
}

func (p *part) coversHeaders() []string {
	names := []string{"header:" + p.At.Name}
	for _, name := range p.need {
		names = append(names, "header:"+name)
	}
	return names
}
