package provider

import (
	"slices"
	"strings"
)

// sharesKey reports whether sender and receiver know the same secret.
func (s *Scheme) sharesKey() bool {
	switch s.Kind {
	case HMAC, Digest, Token, Basic:
		return true
	case JSONToken:
		return len(s.JWT.Algorithms) > 0 && s.JWT.Algorithms[0].symmetric()
	}
	return false
}

// signs reports whether there is a signature over a text of ours.
func (s *Scheme) signs() bool {
	switch s.Kind {
	case HMAC, Digest, Ed25519, ECDSA, RSA, RSAPSS:
		return true
	}
	return false
}

// fault says what is wrong with the names of s, "" for nothing.
func (s *Scheme) fault() string {
	switch {
	case !slices.Contains(Kind("").Enum(), string(s.Kind)):
		return "has an unknown kind"
	case s.needsHash() && s.Hash.size() == 0:
		return "has an unknown hash"
	case !slices.Contains(Layout("").Enum(), string(s.Layout)):
		return "has an unknown layout"
	case (s.Layout == Pairs || s.Layout == Versions || s.Layout == JSON64) && s.Mark == "":
		return "has a list without the mark of its signatures"
	case s.signs() && !slices.Contains(Encoding("").Enum(), string(s.Encoding)):
		return "has an unknown encoding"
	case !slices.Contains(s.keyForms(), s.Key):
		return "has a key form that is not possible for its kind"
	case s.sharesKey() && s.KeyMin < 1:
		return "accepts an empty key"
	case s.RawKey && s.Key != KeyBase64:
		return "has a raw key beside one that is not encoded"
	case s.ToleranceSeconds < 0 || s.ToleranceSeconds > int(MaxTolerance.Seconds()):
		return "has a tolerance out of bounds"
	case !s.signs() && (s.Layout != Single || s.Lines):
		return "has a list of what is no signature"
	case s.Lines && (!strings.HasPrefix(s.Signature, "header:") || len(s.Also)+len(s.Alternates) > 0):
		return "has lines of what is not one header"
	}
	return ""
}

func (s *Scheme) needsHash() bool { return s.signs() && s.Kind != Ed25519 }

// keyForms returns the possible key forms of the kind.
func (s *Scheme) keyForms() []KeyForm {
	public := []KeyForm{KeyPEM, KeySPKI, KeyJWKS, KeyCertificate}
	switch {
	case s.Kind == Basic:
		return []KeyForm{KeyUser}
	case s.Kind == ClientCert:
		return []KeyForm{KeyPrint}
	case s.Kind == Token, s.Kind == Digest:
		return []KeyForm{KeyText}
	case s.sharesKey():
		return []KeyForm{KeyText, KeyBase64, KeyBase64URL, KeyHex}
	case s.Kind == Ed25519:
		return append(public, KeyHex, KeyBase64, KeyBase64URL)
	}
	return public
}

// contradiction says what in s does not fit together, "" for nothing.
func (s *scheme) contradiction() string {
	timed := s.families[0].timestamp.kind != atNothing
	switch {
	case !s.signs() && s.Content+s.FormContent != "":
		return "has a signed text and signs none"
	case s.Kind == Digest && !s.content.has(partKey):
		return "hashes a text without the key"
	case s.Kind != Digest && s.Kind != HMAC && s.content.has(partKey):
		return "signs the key itself"
	case timed != (s.ToleranceSeconds > 0):
		return "must have a tolerance exactly where it signs a time"
	case timed && !slices.Contains([]Unit{Seconds, Milliseconds, RFC3339, EitherUnit}, s.TimeUnit):
		return "signs a time of unknown unit"
	case slices.ContainsFunc(s.families, func(f family) bool { return (f.timestamp.kind != atNothing) != timed }):
		return "has a time in one family of headers and not in another"
	case slices.ContainsFunc(s.families, func(f family) bool { return (f.id.kind != atNothing) != (s.families[0].id.kind != atNothing) }):
		return "has an id in one family of headers and not in another"
	case !s.covered() && !s.BodyUnsigned:
		return "does not sign the body"
	case s.covered() && s.BodyUnsigned:
		return "signs the body and says that it does not"
	case s.signatureInBody() && s.content.has(partBody):
		return "has the signature in the body that it signs"
	case s.Kind == JSONToken && len(s.JWT.Algorithms) == 0:
		return "accepts no algorithm"
	case s.Kind == JSONToken && mixed(s.JWT.Algorithms):
		return "accepts algorithms of shared and of public keys at once"
	case s.unboundQuery():
		return "binds a parameter of a URL that is not signed"
	}
	return ""
}

// covered reports whether the proof covers the body, whatever its type. What
// only shows that the sender knows a secret covers nothing, which is its kind
// and need not be said.
func (s *scheme) covered() bool {
	switch s.Kind {
	case Token, Basic, ClientCert:
		return !s.BodyUnsigned
	}
	bound := slices.ContainsFunc(s.binds, func(b bind) bool { return b.content.has(partBody) })
	return bound || s.content.coversBody(true) && (s.form == nil || s.form.coversBody(true))
}

func (s *scheme) signatureInBody() bool {
	return slices.ContainsFunc(s.families, func(f family) bool {
		return f.signature.kind == atJSON || f.signature.kind == atForm
	})
}

func (s *scheme) unboundQuery() bool {
	return !s.content.has(partURL) && slices.ContainsFunc(s.binds, func(b bind) bool { return b.at.kind == atQuery })
}

func mixed(all []Algorithm) bool {
	for _, a := range all {
		if a.symmetric() != all[0].symmetric() {
			return true
		}
	}
	return false
}
