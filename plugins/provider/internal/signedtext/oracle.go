package signedtext

import (
	"encoding/json"
	"strings"
)

// MaxSignedChallenge bounds a challenge that is signed, in bytes.
const MaxSignedChallenge = 128

// Oracle is what a handshake signs with the secret of deliveries: a text of the
// caller's between two that are fixed. No delivery may be signed so, or whoever asks
// for the handshake could have one signed.
type Oracle struct {
	Before, After string
	Hex           bool // the caller's text is hexadecimal digits
}

// Signs reports whether a challenge makes o sign text.
func (o *Oracle) Signs(text string) bool {
	challenge, ok := strings.CutPrefix(text, o.Before)
	if !ok {
		return false
	}
	challenge, ok = strings.CutSuffix(challenge, o.After)
	return ok && challenge != "" && IsSignable(challenge, o.Hex)
}

// before and after what is signed: no challenge holds another character.
const challengeChars = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_.-="

// CouldSign reports whether o could sign a text of t: not where t has a fixed
// character that no challenge and nothing around one has.
func (o *Oracle) CouldSign(t *Template) bool {
	for _, segment := range t.Segments {
		for i := range segment.Parts {
			if strings.Trim(segment.Parts[i].Literal, challengeChars+o.Before+o.After) != "" && !segment.Optional {
				return false
			}
		}
	}
	return true
}

// IsSignable reports whether text is a token: no JSON, form or XML is one.
func IsSignable(text string, digits bool) bool {
	if digits {
		return len(text) >= 20 && len(text) <= 32 && strings.Trim(text, "0123456789abcdef") == ""
	}
	unpadded := strings.TrimRight(text, "=")
	return len(text) <= MaxSignedChallenge && !json.Valid([]byte(text)) &&
		strings.Trim(unpadded, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_.-") == ""
}
