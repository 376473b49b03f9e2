package provider

import (
	"crypto/hmac"
	"crypto/sha256"
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

// SecretError says what is wrong with one secret, and not what the secret is.
// It is an ErrKey.
type SecretError struct {
	Index int    // in Options.Secrets
	Why   string // "is empty"
	Short bool   // nothing is wrong but its length
}

// Error implements error.
func (e *SecretError) Error() string { return fmt.Sprintf("secret %d %s", e.Index+1, e.Why) }

// Unwrap returns ErrKey.
func (e *SecretError) Unwrap() error { return ErrKey }

// key is a secret, ready for use. Only functions hold what is secret, because
// fmt prints whatever a field leads to, and of a function an address.
type key struct {
	id          string
	from, until time.Time // zero is without a bound

	macs   *macPool           // of HMAC
	secret func() []byte      // of shared keys, decoded and derived
	equal  func([]byte) bool  // of Token, Basic and ClientCert, in constant time
	public func() []publicKey // of public keys
}

// valid reports whether k may be used at a time.
func (k *key) valid(now time.Time) bool {
	return (k.from.IsZero() || !now.Before(k.from)) && (k.until.IsZero() || now.Before(k.until))
}

// newKeys returns the keys of o in its order, or everything that is wrong with
// them. A scheme whose keys are fetched needs none.
func (s *scheme) newKeys(o *Options) ([]key, error) {
	if len(o.Secrets) == 0 && s.Remote == nil && !o.Unkeyed {
		return nil, fmt.Errorf("%w: there is none", ErrKey)
	}
	if len(o.Secrets) > MaxSecrets {
		return nil, fmt.Errorf("%w: %d of them, at most %d are possible", ErrKey, len(o.Secrets), MaxSecrets)
	}
	if o.RawKey && !s.RawKey {
		return nil, fmt.Errorf("%w: scheme %s has no raw key", ErrOption, s.Name)
	}
	var errs []error
	keys := make([]key, 0, len(o.Secrets))
	var earlier [][]byte
	for i, secret := range o.Secrets {
		fault := func(why string) { errs = append(errs, &SecretError{Index: i, Why: why}) }
		id := secret.ID
		if id == "" {
			id = strconv.Itoa(i + 1)
		}
		k, why := s.newKey(id, secret, o.RawKey)
		if why != "" {
			errs = append(errs, &SecretError{Index: i, Why: why, Short: strings.HasPrefix(why, short)})
			continue
		}
		if slices.ContainsFunc(keys, func(k key) bool { return k.id == id }) {
			fault("has the id of an earlier one")
		}
		b := sha256.Sum256([]byte(secret.Value))
		if slices.ContainsFunc(earlier, func(e []byte) bool { return hmac.Equal(e, b[:]) }) {
			fault("is the same as an earlier one")
		}
		earlier = append(earlier, b[:])
		keys = append(keys, k)
	}
	return keys, errors.Join(errs...)
}

// newKey makes a key of one secret, or says why it cannot.
func (s *scheme) newKey(id string, secret Secret, raw bool) (key, string) {
	k := key{id: id, from: secret.NotBefore, until: secret.NotAfter}
	switch {
	case !isID(id):
		return k, "has an id that is not 1 to 64 letters, digits, dots, hyphens and underscores"
	case !k.from.IsZero() && !k.until.IsZero() && !k.from.Before(k.until):
		return k, "has a not_after that is not behind its not_before"
	}
	if why := s.plainFault(secret.Value); why != "" {
		return k, why
	}
	if !s.sharesKey() && s.Kind != ClientCert {
		public, why := s.publicKeys(secret.Value)
		k.public = func() []publicKey { return public }
		return k, why
	}
	b, why := s.decodeKey(secret.Value, raw)
	if why != "" {
		return k, why
	}
	k.secret = func() []byte { return b }
	switch s.Kind {
	case HMAC:
		k.macs = newMACPool(s.Hash, b)
	case Token, Basic, ClientCert:
		// Equal hashes mean equal texts, and hide the length of the secret.
		want := sha256.Sum256(b)
		k.equal = func(got []byte) bool {
			sum := sha256.Sum256(got)
			return hmac.Equal(sum[:], want[:])
		}
	}
	return k, ""
}

// plainFault says what is wrong with the text of any secret, "" for nothing.
func (s *scheme) plainFault(text string) string {
	most := maxKeySet
	if s.sharesKey() {
		most = maxKey
	}
	trimmed := strings.TrimFunc(text, unicode.IsSpace)
	switch {
	case s.sharesKey() && isPublicKey(trimmed):
		return "is a public key, and the scheme wants a shared secret: anybody who knows it could sign"
	case text == "":
		return "is empty"
	case trimmed == "":
		return "is only white space"
	case trimmed != text && !strings.HasPrefix(trimmed, "-----BEGIN"): // a PEM file ends with a line end
		return "starts or ends with white space, probably copied along"
	case len(text) > most:
		return fmt.Sprintf("is longer than %d bytes", most)
	case placeholder.Is(text), s.Kind == Basic && placeholder.Is(text[strings.IndexByte(text, ':')+1:]):
		return placeholder.Why
	}
	return ""
}

// isPublicKey reports whether text is a key in PEM or a JSON Web Key, which as a
// shared secret would turn what everybody may know into one.
func isPublicKey(text string) bool {
	return strings.HasPrefix(text, "-----BEGIN ") || strings.HasPrefix(text, "{") && strings.Contains(text, `"kty"`)
}

// decodeKey returns the shared key that text stands for, or why it stands for
// none.
func (s *scheme) decodeKey(text string, raw bool) (b []byte, why string) {
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
			return nil, why + s.prefixHint()
		}
	}
	if len(b) < s.KeyMin {
		return nil, fmt.Sprintf("%s%d that the scheme needs: it has %d", short, s.KeyMin, len(b))
	}
	derived := string(b)
	for _, f := range s.derive {
		derived = f(derived)
	}
	return []byte(derived), ""
}

func decodeKeyForm(form KeyForm, text string) (b []byte, why string) {
	var err error
	switch form {
	case KeyBase64:
		b, err = base64.StdEncoding.Strict().DecodeString(text)
		why = "is not padded base64"
	case KeyBase64URL:
		b, err = base64.RawURLEncoding.Strict().DecodeString(strings.TrimRight(text, "="))
		why = "is not base64url"
	case KeyHex:
		b, err = hex.DecodeString(text)
		why = "is not hexadecimal"
	case KeyPrint:
		b, err = hex.DecodeString(strings.ReplaceAll(text, ":", ""))
		if err == nil && len(b) != sha256.Size {
			return nil, "is not the SHA-256 of a certificate"
		}
		why = "is not hexadecimal"
	case KeyUser:
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

func (s *scheme) prefixHint() string {
	if s.KeyPrefix == "" {
		return ""
	}
	return " after the optional prefix " + s.KeyPrefix
}

func isID(id string) bool {
	for i := range len(id) {
		c := id[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		if !letter && c != '.' && c != '-' && c != '_' {
			return false
		}
	}
	return id != "" && len(id) <= 64
}
