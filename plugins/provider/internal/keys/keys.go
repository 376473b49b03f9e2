// Package keys reads secrets and public keys, and signs and compares with them. Only
// functions hold what is secret, because fmt prints whatever a field leads to.
package keys

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"webhookedge/plugins/internal/placeholder"
	"webhookedge/plugins/internal/text"
	"webhookedge/plugins/provider/internal/signedtext"
	"webhookedge/plugins/provider/spec"
)

// MaxSecrets bounds the secrets of a verifier: a wrong signature costs one
// hash of the body for each.
const MaxSecrets = 16

// Bounds of a secret's text in bytes. The longest that a provider issues is far
// below, and a pasted file is a mistake; a set of public keys is longer.
const (
	maxKey    = 4096
	maxKeySet = 16 << 10
)

// short begins what is said of a secret that is only too short.
const short = "has fewer bytes than the "

// sampleMin is the shortest secret of a provider's docs in bytes.
const sampleMin = 3

// SecretError says what is wrong with one secret, and not what the secret is.
// It is an ErrKey.
type SecretError struct {
	Index int    // in Options.Secrets
	Why   string // "is empty"
	// Docs says that nothing is wrong but that it is short or looks like a placeholder,
	// as those of providers' docs do; Secret.Docs lets it pass.
	Docs bool
}

// Error implements error.
func (e *SecretError) Error() string { return fmt.Sprintf("secret %d %s", e.Index+1, e.Why) }

// Unwrap returns ErrKey.
func (e *SecretError) Unwrap() error { return spec.ErrKey }

// Key is a secret, ready for use. Only functions hold what is secret, because
// fmt prints whatever a field leads to, and of a function an address.
type Key struct {
	ID          string
	from, until time.Time // zero is without a bound

	MACs   *MACPool                   // of HMAC
	others map[spec.Hash]*MACPool     // of HMAC, by the hashes that a delivery may name
	Secret func() []byte              // of shared keys, decoded and derived
	Equal  func([]byte) bool          // of Token, Basic and ClientCert, in constant time
	Public func() []PublicKey         // of public keys
	Roots  func() []*x509.Certificate // of a Chain
}

// Valid reports whether k may be used at a time.
func (k *Key) Valid(now time.Time) bool {
	return (k.from.IsZero() || !now.Before(k.from)) && (k.until.IsZero() || now.Before(k.until))
}

// MACsOf returns the MACs of the hash that a delivery names, those of the scheme for "".
func (k *Key) MACsOf(h spec.Hash) *MACPool {
	if pool := k.others[h]; pool != nil {
		return pool
	}
	return k.MACs
}

// New returns the keys of s in their order, or everything that is wrong with
// them.
func New(s *spec.Scheme, secrets []Secret, raw bool) ([]Key, error) {
	if len(secrets) > MaxSecrets {
		return nil, fmt.Errorf("%w: %d of them, at most %d are possible", spec.ErrKey, len(secrets), MaxSecrets)
	}
	if raw && !s.RawKey {
		return nil, fmt.Errorf("%w: scheme %s has no raw key", spec.ErrOption, s.Name)
	}
	var errs []error
	keys := make([]Key, 0, len(secrets))
	var earlier [][]byte
	for i, secret := range secrets {
		fault := func(why string) { errs = append(errs, &SecretError{Index: i, Why: why}) }
		id := secret.ID
		if id == "" {
			id = strconv.Itoa(i + 1)
		}
		found, why := readings(s, id, secret, raw)
		if why != "" {
			errs = append(errs, &SecretError{Index: i, Why: why, Docs: strings.HasPrefix(why, short) || why == placeholder.Why})
			continue
		}
		if slices.ContainsFunc(keys, func(k Key) bool { return k.ID == id }) {
			fault("has the id of an earlier one")
		}
		b := sha256.Sum256([]byte(secret.Value))
		if slices.ContainsFunc(earlier, func(e []byte) bool { return hmac.Equal(e, b[:]) }) {
			fault("is the same as an earlier one")
		}
		earlier = append(earlier, b[:])
		keys = append(keys, found...)
	}
	return keys, errors.Join(errs...)
}

// readings returns the keys that one secret can stand for, which is one but for a
// scheme with a second form; or says why it stands for none.
func readings(s *spec.Scheme, id string, secret Secret, raw bool) ([]Key, string) {
	first := *s
	if s.KeyAlso != "" {
		first.KeyPrefix = ""
	}
	k, why := newKey(&first, id, secret, raw)
	if why != "" || s.KeyAlso == "" || !strings.HasPrefix(secret.Value, s.KeyPrefix) {
		return []Key{k}, why
	}
	second := *s
	second.Key = s.KeyAlso
	if other, fault := newKey(&second, id, secret, raw); fault == "" {
		return []Key{k, other}, ""
	}
	return []Key{k}, ""
}

// newKey makes a key of one secret, or says why it cannot.
func newKey(s *spec.Scheme, id string, secret Secret, raw bool) (Key, string) {
	k := Key{ID: id, from: secret.NotBefore, until: secret.NotAfter}
	switch {
	case !IsID(id):
		return k, "has an id that is not 1 to 64 letters, digits, dots, hyphens and underscores"
	case !k.from.IsZero() && !k.until.IsZero() && !k.from.Before(k.until):
		return k, "has a not_after that is not behind its not_before"
	}
	if why := plainFault(s, secret.Value); why != "" && (why != placeholder.Why || !secret.Docs) {
		return k, why
	}
	if secret.Docs && s.SharesKey() {
		short := *s
		short.KeyMin = min(s.KeyMin, sampleMin)
		s = &short
	}
	if s.JWT.Chain != nil {
		roots, why := Roots(secret.Value)
		k.Roots = func() []*x509.Certificate { return roots }
		return k, why
	}
	if !s.SharesKey() && s.Kind != spec.ClientCert {
		public, why := Public(s, secret.Value)
		k.Public = func() []PublicKey { return public }
		return k, why
	}
	b, why := decodeKey(s, secret.Value, raw)
	if why != "" {
		return k, why
	}
	k.use(s, b)
	return k, ""
}

// use gives k what is verified with a shared key.
func (k *Key) use(s *spec.Scheme, b []byte) {
	k.Secret = func() []byte { return b }
	switch s.Kind {
	case spec.HMAC:
		k.MACs = NewMACPool(s.Hash, b)
		k.others = map[spec.Hash]*MACPool{}
		for _, h := range s.Hashes {
			k.others[h] = NewMACPool(h, b)
		}
	case spec.Token, spec.Basic, spec.ClientCert:
		// Equal hashes mean equal texts, and hide the length of the secret.
		want := sha256.Sum256(b)
		k.Equal = func(got []byte) bool {
			sum := sha256.Sum256(got)
			return hmac.Equal(sum[:], want[:])
		}
	}
}

// plainFault says what is wrong with the text of any secret, "" for nothing.
func plainFault(s *spec.Scheme, text string) string {
	most := maxKeySet
	if s.SharesKey() {
		most = maxKey
	}
	trimmed := strings.TrimFunc(text, unicode.IsSpace)
	switch {
	case s.SharesKey() && isPublicKey(trimmed):
		return "is a public key, and the scheme wants a shared secret: anybody who knows it could sign"
	case text == "":
		return "is empty"
	case trimmed == "":
		return "is only white space"
	case trimmed != text && !strings.HasPrefix(trimmed, "-----BEGIN"): // a PEM file ends with a line end
		return "starts or ends with white space, probably copied along"
	case len(text) > most:
		return fmt.Sprintf("is longer than %d bytes", most)
	case placeholder.Is(text), s.Kind == spec.Basic && placeholder.Is(text[strings.IndexByte(text, ':')+1:]):
		return placeholder.Why
	}
	return ""
}

// isPublicKey reports whether text is a key in PEM, a JSON Web Key or a public key of
// Standard Webhooks, which as a shared secret would turn what everybody may know into
// one.
func isPublicKey(text string) bool {
	return strings.HasPrefix(text, "whpk_") || strings.HasPrefix(text, "-----BEGIN ") || strings.HasPrefix(text, "{") && strings.Contains(text, `"kty"`)
}

// decodeKey returns the shared key that text stands for, or why it stands for
// none.
func decodeKey(s *spec.Scheme, text string, raw bool) (b []byte, why string) {
	b = []byte(text)
	if !raw {
		rest := text
		if after, ok := strings.CutPrefix(text, "v1,"); ok && s.KeyPrefix != "" && strings.HasPrefix(after, s.KeyPrefix) {
			rest = after // as Supabase shows a Standard Webhooks secret, for use with version 1
		}
		rest = strings.TrimPrefix(rest, s.KeyPrefix)
		if b, why = decodeKeyForm(s.Key, rest); why != "" {
			if strings.Trim(text, `"'`) != text {
				return nil, "is in quotes, which are no part of it"
			}
			if s.KeyPrefix != "" {
				why += " after the optional prefix " + s.KeyPrefix
			}
			return nil, why
		}
	}
	if len(b) < s.KeyMin {
		return nil, fmt.Sprintf("%s%d that the scheme needs: it has %d", short, s.KeyMin, len(b))
	}
	derive, err := signedtext.ParseFilters(spec.SplitNames(s.KeyDerive))
	if err != nil {
		return nil, "cannot be derived" // such a scheme is refused when it is compiled
	}
	derived := string(b)
	for _, f := range derive {
		derived = f(derived)
	}
	return []byte(derived), ""
}

func decodeKeyForm(form spec.KeyForm, text string) (b []byte, why string) {
	var err error
	switch form {
	case spec.KeyBase64:
		b, err = fromBase64(text)
		why = "is not base64"
	case spec.KeyBase64URL:
		b, err = base64.RawURLEncoding.Strict().DecodeString(strings.TrimRight(text, "="))
		why = "is not base64url"
	case spec.KeyHex:
		b, err = hex.DecodeString(text)
		why = "is not hexadecimal"
	case spec.KeyPrint:
		b, err = hex.DecodeString(strings.ReplaceAll(text, ":", ""))
		if err == nil && len(b) != sha256.Size {
			return nil, "is not the SHA-256 of a certificate"
		}
		why = "is not hexadecimal"
	case spec.KeyUser:
		if user, _, ok := strings.Cut(text, ":"); !ok || user == "" {
			return nil, "is not user:password"
		}
		return []byte(text), ""
	default:
		return []byte(text), ""
	}
	if err != nil || strings.ContainsAny(text, "\r\n") {
		return nil, why
	}
	return b, ""
}

// fromBase64 decodes text with its padding or without: libraries of senders take both
// (@stablelib/base64, as standardwebhooks 1.1 and svix 1.99 use it).
func fromBase64(text string) ([]byte, error) {
	if strings.HasSuffix(text, "=") {
		return base64.StdEncoding.Strict().DecodeString(text)
	}
	return base64.RawStdEncoding.Strict().DecodeString(text)
}

// IsID reports whether id can name a key.
func IsID(id string) bool {
	return len(id) <= 64 && text.IsName(strings.ReplaceAll(id, ".", "-"))
}

// Secret is what the provider and we share, or a key. ID is a name for logs and
// metrics; without one it is the position, from "1". It counts from NotBefore
// until just before NotAfter; a zero time is no bound.
type Secret struct {
	ID                  string
	Value               string
	NotBefore, NotAfter time.Time
	// Docs takes secrets as providers' docs have them, short ones and placeholders. It
	// is for tools, never for a route.
	Docs bool
}
