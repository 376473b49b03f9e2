package tojson

import (
	"bytes"
	"encoding/base64"
	"errors"
)

// ErrToken is a body that is no JSON Web Token in compact form.
var ErrToken = errors.New("body is not the signed token that it claims to be")

// Token returns the claims of a signed JSON Web Token in compact form (RFC 7515,
// section 7.1), byte for byte and unchecked: neither its signature nor its times
// are looked at. An encrypted token has five parts and is an ErrToken.
func Token(body []byte) ([]byte, error) {
	parts := bytes.Split(bytes.Trim(body, " \t\r\n"), []byte("."))
	if len(parts) != 3 || len(parts[0]) == 0 {
		return nil, ErrToken
	}
	claims := make([]byte, base64.RawURLEncoding.DecodedLen(len(parts[1])))
	n, err := base64.RawURLEncoding.Strict().Decode(claims, parts[1])
	if err != nil || n == 0 {
		return nil, ErrToken
	}
	return claims[:n], nil
}
