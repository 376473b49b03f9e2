package tojson

import (
	"bytes"
	"errors"
)

// ErrToken is a body that is no JSON Web Token in compact form.
var ErrToken = errors.New("body is not the signed token that it claims to be")

// Token returns the claims of a signed JSON Web Token in compact form (RFC 7515,
// section 7.1), byte for byte and unchecked: neither its signature nor its times
// are looked at. An encrypted token has five parts, and one that is not signed has no
// third: both are an ErrToken, and so is what Sniff does not take for a token.
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
