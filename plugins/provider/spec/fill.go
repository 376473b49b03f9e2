package spec

import (
	"cmp"
	"slices"
	"strings"
)

// DefaultKeyMin is the least number of bytes of a shared secret where a scheme names
// none.
const DefaultKeyMin = 16

// Filled returns s with its defaults, and with settings in place of their names.
func (s *Scheme) Filled(settings map[string]string) Scheme {
	c := *s
	fill := func(text string) string { return fillSettings(text, settings) }
	c.Family = fillFamily(s.Family, fill)
	c.Alternates = mapped(s.Alternates, func(f Family) Family { return fillFamily(f, fill) })
	c.Mark, c.Written = fill(s.Mark), fill(s.Written)
	c.Expect = mapped(s.Expect, func(e Expect) Expect { return Expect{fill(e.At), fill(e.Is)} })
	c.JWT.Issuers = mapped(s.JWT.Issuers, fill)
	c.JWT.Audience = fill(s.JWT.Audience)
	c.JWT.Claims = mapped(s.JWT.Claims, func(e Expect) Expect { return Expect{e.At, fill(e.Is)} })
	c.Message.Label, c.Message.Tag = fill(s.Message.Label), fill(s.Message.Tag)
	if s.Remote != nil {
		remote := *s.Remote
		remote.URL, remote.Hosts = fill(remote.URL), mapped(remote.Hosts, fill)
		c.Remote = &remote
	}
	c.Kind = cmp.Or(s.Kind, HMAC)
	c.Layout = cmp.Or(s.Layout, Single)
	c.Key = cmp.Or(s.Key, KeyText)
	if c.Separator == "" && c.Layout == Versions {
		c.Separator = " "
	}
	c.Separator = cmp.Or(c.Separator, ",")
	c.Assign = cmp.Or(s.Assign, "=")
	if c.Kind == Basic && c.Mark == "" {
		c.Mark = "Basic "
	}
	if c.KeyMin == 0 && c.SharesKey() {
		c.KeyMin = DefaultKeyMin
	}
	return c
}

func fillFamily(f Family, fill func(string) string) Family {
	return Family{Signature: fill(f.Signature), Also: mapped(f.Also, fill), Timestamp: fill(f.Timestamp), ID: fill(f.ID)}
}

// mapped returns a new list of what change makes of each item.
func mapped[T any](list []T, change func(T) T) (changed []T) {
	for _, item := range list {
		changed = append(changed, change(item))
	}
	return changed
}

// fillSettings replaces {setting:name}. An unknown one stays, and is then no
// place.
func fillSettings(text string, settings map[string]string) string {
	if !strings.Contains(text, "{setting:") {
		return text
	}
	for name, value := range settings {
		text = strings.ReplaceAll(text, "{setting:"+name+"}", value)
	}
	return text
}

// SplitNames returns the filters of a chain.
func SplitNames(chain string) []string {
	if chain == "" {
		return nil
	}
	return strings.Split(chain, "|")
}

// Fault says what is wrong with the names of s, "" for nothing.
func (s *Scheme) Fault() string {
	return cmp.Or(s.nameFault(), s.keyFault(), s.listFault(), s.writtenFault(), s.timeFault(), s.detachedFault(), s.encryptedFault(), s.vouchedFault())
}

func (s *Scheme) nameFault() string {
	switch {
	case !slices.Contains(Kind("").Enum(), string(s.Kind)):
		return "has an unknown kind"
	case s.NeedsHash() && (s.Hash.Size() == 0 || !s.SharesKey() && s.Hash.Crypto() == 0):
		return "has an unknown hash, or one that its kind does not sign"
	case (len(s.Hashes) > 0) != strings.Contains(s.Mark, "{hash}"):
		return "must have a mark with {hash} exactly where a delivery names one of several hashes"
	case len(s.Hashes) > 0 && (s.Kind != HMAC || s.Layout != Single || slices.ContainsFunc(s.Hashes, func(h Hash) bool { return h.Size() <= s.Hash.Size() })):
		return "has hashes to choose from that are no longer ones of a single HMAC"
	case !slices.Contains(Layout("").Enum(), string(s.Layout)):
		return "has an unknown layout"
	case s.Signs() && s.Kind != DetachedJWS && !slices.Contains(Encoding("").Enum(), string(s.Encoding)):
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
	case s.KeyAlso != "" && !s.mayAlso():
		return "has a second key form that is not base64 behind a prefix, beside a text"
	case s.Kind == HTTPSignature && s.Message.fault() != "":
		return s.Message.fault()
	case s.RawKey && s.Key != KeyBase64:
		return "has a raw key beside one that is not encoded"
	case s.ToleranceSeconds < 0 || s.ToleranceSeconds > int(MaxTolerance.Seconds()):
		return "has a tolerance out of bounds"
	}
	return ""
}

// mayAlso reports whether the keys of s can have a second form.
func (s *Scheme) mayAlso() bool {
	return s.Kind == HMAC && s.Key == KeyText && s.KeyAlso == KeyBase64 && s.KeyPrefix != "" && s.KeyDerive == ""
}

func (s *Scheme) listFault() string {
	switch {
	case (s.Layout == Pairs || s.Layout == Versions || s.Layout == JSON64) && s.Mark == "":
		return "has a list without the mark of its signatures"
	case !s.Signs() && (s.Layout != Single || s.Lines):
		return "has a list of what is no signature"
	case len(s.Variants) > 0 && s.Kind != HMAC:
		return "has variants of a text that is not signed by an HMAC"
	case s.Lines && (!strings.HasPrefix(s.Signature, "header:") || len(s.Also)+len(s.Alternates) > 0):
		return "has lines of what is not one header"
	}
	return ""
}

// writtenFault is about pairs that have one form.
func (s *Scheme) writtenFault() string {
	if s.Written != "" && (s.Layout != Pairs || s.Groups || strings.Count(s.Written, "{signature}") != 1 || strings.Count(s.Written, "{timestamp}") > 1) {
		return "has written that is no list of pairs with one {signature}"
	}
	return ""
}

// timeFault is about a time that stands among signatures.
func (s *Scheme) timeFault() string {
	switch {
	case s.Layout == List && s.Mark != "" && s.Timestamp == "":
		return "marks a time that it does not sign"
	case s.Groups && (s.Layout != Pairs || strings.Contains(s.Separator, " ")):
		return "has groups of what is no list of pairs, or one whose separator holds a blank"
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
	case s.Kind == Ed25519, s.Kind == HTTPSignature && len(s.Message.Algorithms) == 1 && s.Message.Algorithms[0] == MessageEd25519:
		return append(public, KeyHex, KeyBase64, KeyBase64URL)
	}
	return public
}

// Mixed reports whether some of all are MACs and others not.
func Mixed(all []Algorithm) bool {
	return slices.ContainsFunc(all, func(a Algorithm) bool { return a.symmetric() != all[0].symmetric() })
}
