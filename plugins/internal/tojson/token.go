package tojson

import (
	"bytes"
	"encoding/base64"
	"errors"

	"webhookedge/plugins/internal/jsonscan"
)

// blanks are those of JSON, which XML and tokens have around them, too.
const blanks = " \t\r\n"

// ErrToken is a body that is no JSON Web Token in compact form.
var ErrToken = errors.New("body is not a valid signed token")

// Token returns the claims of a signed JSON Web Token in compact form (RFC 7515,
// section 7.1), byte for byte and unchecked: neither its signature nor its times
// are looked at. An encrypted token has five parts, and one that is not signed has no
// third: both are an ErrToken.
func Token(body []byte) ([]byte, error) {
	text := bytes.Trim(WithoutBOM(body), blanks)
	if !isToken(text) {
		return nil, ErrToken
	}
	_, rest, _ := bytes.Cut(text, []byte("."))
	part, _, _ := bytes.Cut(rest, []byte("."))
	claims, err := base64url.AppendDecode(nil, part)
	if err != nil {
		return nil, ErrToken
	}
	return claims, nil
}

// base64url has no padding, and no bits that count for nothing. It passes over line ends,
// which isBase64URL does not.
var base64url = base64.RawURLEncoding.Strict()

// isToken reports whether text is a JSON Web Token in compact form (RFC 7515, section
// 7.1) with a signature.
func isToken(text []byte) bool {
	if bytes.Count(text, []byte(".")) != 2 {
		return false
	}
	head, rest, _ := bytes.Cut(text, []byte("."))
	claims, signature, _ := bytes.Cut(rest, []byte("."))
	if !isBase64URL(head) || !isBase64URL(claims) || !isBase64URL(signature) {
		return false
	}
	decoded, err := base64url.AppendDecode(nil, head)
	return err == nil && bytes.HasPrefix(bytes.TrimLeft(decoded, blanks), []byte("{")) && jsonscan.Whole(decoded) == nil
}

// isBase64URL reports whether text is base64url of one byte or more.
func isBase64URL(text []byte) bool {
	for _, b := range text {
		switch {
		case '0' <= b && b <= '9', 'a' <= b && b <= 'z', 'A' <= b && b <= 'Z', b == '-', b == '_':
		default:
			return false
		}
	}
	var last [3]byte // bytes that the last four characters stand for
	_, err := base64url.Decode(last[:], text[len(text)-len(text)%4:])
	return err == nil && len(text) > 0
}
