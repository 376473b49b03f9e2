package scheme

import (
	"cmp"
	"slices"

	"webhookedge/plugins/provider/internal/place"
	"webhookedge/plugins/provider/internal/signedtext"
	"webhookedge/plugins/provider/spec"
)

// contradiction says what in s does not fit together, "" for nothing.
func (s *Compiled) contradiction() string {
	return cmp.Or(s.keyFault(), s.timeFault(), s.bodyFault())
}

func (s *Compiled) keyFault() string {
	switch {
	case !s.Signs() && s.Content+s.FormContent != "":
		return "has a signed text and signs none"
	case s.Kind == spec.Digest && !s.Text.Has(signedtext.PartKey):
		return "hashes a text without the key"
	case s.Kind != spec.Digest && s.Kind != spec.HMAC && s.Text.Has(signedtext.PartKey):
		return "signs the key itself"
	case s.Kind == spec.JSONToken && len(s.JWT.Algorithms) == 0:
		return "accepts no algorithm"
	case s.Kind == spec.JSONToken && spec.Mixed(s.JWT.Algorithms):
		return "accepts algorithms of shared and of public keys at once"
	}
	return ""
}

func (s *Compiled) timeFault() string {
	timed := s.Families[0].Timestamp.Kind != place.Nothing
	switch {
	case timed != (s.ToleranceSeconds > 0):
		return "must have a tolerance exactly where it signs a time"
	case timed && !slices.Contains([]spec.Unit{spec.Seconds, spec.Milliseconds, spec.RFC3339, spec.EitherUnit}, s.TimeUnit):
		return "signs a time of unknown unit"
	case slices.ContainsFunc(s.Families, func(f Family) bool { return (f.Timestamp.Kind != place.Nothing) != timed }):
		return "has a time in one family of headers and not in another"
	case slices.ContainsFunc(s.Families, func(f Family) bool { return (f.ID.Kind != place.Nothing) != (s.Families[0].ID.Kind != place.Nothing) }):
		return "has an id in one family of headers and not in another"
	}
	return ""
}

func (s *Compiled) bodyFault() string {
	switch {
	case !s.covered() && !s.BodyUnsigned:
		return "does not sign the body"
	case s.covered() && s.BodyUnsigned:
		return "signs the body and says that it does not"
	case s.signatureInBody() && s.Text.Has(signedtext.PartBody):
		return "has the signature in the body that it signs"
	case s.unboundQuery():
		return "binds a parameter of a URL that is not signed"
	}
	return ""
}

// covered reports whether the proof covers the body, whatever its type. What
// only shows that the sender knows a secret covers nothing, which is its kind
// and need not be said.
func (s *Compiled) covered() bool {
	switch s.Kind {
	case spec.Token, spec.Basic, spec.ClientCert:
		return !s.BodyUnsigned
	}
	bound := slices.ContainsFunc(s.Bound, func(b bind) bool { return b.Text.Has(signedtext.PartBody) })
	return bound || s.Text.CoversBody(true) && (s.formText == nil || s.formText.CoversBody(true))
}

func (s *Compiled) signatureInBody() bool {
	return slices.ContainsFunc(s.Families, func(f Family) bool {
		return f.Signature.Kind == place.JSON || f.Signature.Kind == place.Form
	})
}

func (s *Compiled) unboundQuery() bool {
	return !s.Text.Has(signedtext.PartURL) && slices.ContainsFunc(s.Bound, func(b bind) bool { return b.At.Kind == place.Query })
}
