package explain

import (
	"encoding/base64"
	"encoding/hex"
	"strings"

	"webhookedge/plugins/provider/spec"
)

// keyTrials are mistakes with the text of the secret.
func keyTrials(s *spec.Scheme) []trial {
	trials := []trial{
		{
			KeyBlanks, "The configured secret has blanks, quotes or a line end around it that do not belong to it.",
			secrets(func(text string) (string, bool) {
				trimmed := strings.Trim(text, " \t\r\n\"'")
				return trimmed, trimmed != text
			}),
		},
	}
	if !isHMAC(s) {
		return trials
	}
	if s.Key == spec.KeyText || s.Key == "" {
		trials = append(trials, trial{
			KeyBlanks, "The secret was entered at the sender with a line end behind it.",
			rawKey(func(text string) ([]byte, bool) { return []byte(text + "\n"), true }),
		})
	}
	return append(trials, keyFormTrials()...)
}

// secrets changes every secret; it applies where one of them changes.
func secrets(change func(string) (string, bool)) func(*attempt) bool {
	return func(a *attempt) bool {
		applies := false
		for i := range a.options.Secrets {
			if text, ok := change(a.options.Secrets[i].Value); ok {
				a.options.Secrets[i].Value, applies = text, true
			}
		}
		return applies
	}
}

// keyFormTrials are other readings of the secret's text.
func keyFormTrials() []trial {
	return []trial{
		{KeyForm, "The signature was made with the text of the secret undecoded, its prefix included.", rawKey(func(text string) ([]byte, bool) { return []byte(text), true })},
		{KeyForm, "The signature was made with the text behind the prefix of the secret, undecoded.", rawKey(func(text string) ([]byte, bool) {
			rest, ok := withoutPrefix(text)
			return []byte(rest), ok
		})},
		{KeyForm, "The signature was made with the base64-decoded secret: decode it, or check which form the provider means.", rawKey(func(text string) ([]byte, bool) {
			rest, _ := withoutPrefix(text)
			for _, e := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
				if key, err := e.DecodeString(rest); err == nil {
					return key, len(key) > 0
				}
			}
			return nil, false
		})},
		{KeyForm, "The signature was made with the hex-decoded secret: decode it, or check which form the provider means.", rawKey(func(text string) ([]byte, bool) {
			key, err := hex.DecodeString(text)
			return key, err == nil && len(key) > 0
		})},
	}
}

// longestPrefix bounds a prefix such as whsec_ or polar_whs_.
const longestPrefix = 12

// withoutPrefix cuts a prefix, to its last underscore.
func withoutPrefix(text string) (string, bool) {
	i := strings.LastIndexByte(text[:min(len(text), longestPrefix)], '_')
	if i < 1 {
		return text, false
	}
	return text[i+1:], true
}

// rawKey uses bytes as the key whatever the scheme's form is.
func rawKey(read func(string) ([]byte, bool)) func(*attempt) bool {
	return func(a *attempt) bool {
		a.scheme.Key, a.scheme.KeyPrefix, a.scheme.RawKey, a.scheme.KeyMin, a.scheme.KeyDerive = spec.KeyBase64, "", false, 1, ""
		a.options.RawKey = false
		return secrets(func(text string) (string, bool) {
			key, ok := read(text)
			return base64.StdEncoding.EncodeToString(key), ok
		})(a)
	}
}

func isHMAC(s *spec.Scheme) bool { return s.Kind == spec.HMAC || s.Kind == "" }
