package spec

import (
	"cmp"
	"slices"
	"strings"
)

// Fault says what is wrong with the names of s, "" for nothing.
func (s *Scheme) Fault() string {
	return cmp.Or(s.nameFault(), s.keyFault(), s.listFault())
}

func (s *Scheme) nameFault() string {
	switch {
	case !slices.Contains(Kind("").Enum(), string(s.Kind)):
		return "has an unknown kind"
	case s.NeedsHash() && s.Hash.Size() == 0:
		return "has an unknown hash"
	case !slices.Contains(Layout("").Enum(), string(s.Layout)):
		return "has an unknown layout"
	case s.Signs() && !slices.Contains(Encoding("").Enum(), string(s.Encoding)):
		return "has an unknown encoding"
	}
	return ""
}

func (s *Scheme) keyFault() string {
	switch {
	case !slices.Contains(s.keyForms(), s.Key):
		return "has a key form that is not possible for its kind"
	case s.SharesKey() && s.KeyMin < 1:
		return "accepts an empty key"
	case s.RawKey && s.Key != KeyBase64:
		return "has a raw key beside one that is not encoded"
	case s.ToleranceSeconds < 0 || s.ToleranceSeconds > int(MaxTolerance.Seconds()):
		return "has a tolerance out of bounds"
	}
	return ""
}

func (s *Scheme) listFault() string {
	switch {
	case (s.Layout == Pairs || s.Layout == Versions || s.Layout == JSON64) && s.Mark == "":
		return "has a list without the mark of its signatures"
	case !s.Signs() && (s.Layout != Single || s.Lines):
		return "has a list of what is no signature"
	case s.Lines && (!strings.HasPrefix(s.Signature, "header:") || len(s.Also)+len(s.Alternates) > 0):
		return "has lines of what is not one header"
	}
	return ""
}

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
	case s.SharesKey():
		return []KeyForm{KeyText, KeyBase64, KeyBase64URL, KeyHex}
	case s.Kind == Ed25519:
		return append(public, KeyHex, KeyBase64, KeyBase64URL)
	}
	return public
}

// Mixed reports whether some of all are MACs and others not.
func Mixed(all []Algorithm) bool {
	for _, a := range all {
		if a.symmetric() != all[0].symmetric() {
			return true
		}
	}
	return false
}
