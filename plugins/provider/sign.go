package provider

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"webhookedge/plugins/internal/jsonscan"
)

// tokenTTL is how long the JWT of a Signer is good.
const tokenTTL = time.Hour

// signingKey is a key of a Signer.
type signingKey struct {
	key
	private func() crypto.Signer // of public keys
}

func (s *scheme) signingKeys(o *Options) ([]signingKey, error) {
	if s.sharesKey() || s.Kind == ClientCert {
		keys, err := s.newKeys(o)
		if err != nil {
			return nil, err
		}
		var all []signingKey
		for _, k := range keys {
			all = append(all, signingKey{key: k})
		}
		if len(all) == 0 {
			return nil, fmt.Errorf("%w: there is none", ErrKey)
		}
		return all, nil
	}
	var all []signingKey
	for i, secret := range o.Secrets {
		block, _ := pem.Decode([]byte(unfolded(secret.Value)))
		if block == nil {
			return nil, &SecretError{Index: i, Why: "is not a private key in PEM"}
		}
		parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
		private, ok := parsed.(crypto.Signer)
		if err != nil || !ok {
			return nil, &SecretError{Index: i, Why: "is not a private key in PKCS #8"}
		}
		if why := s.unfit(private.Public()); why != "" {
			return nil, &SecretError{Index: i, Why: why}
		}
		all = append(all, signingKey{private: func() crypto.Signer { return private }})
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%w: there is none", ErrKey)
	}
	return all, nil
}

// sign makes the signature of the text.
func (k *signingKey) sign(s *scheme, content *template, v *values) ([]byte, error) {
	if s.Kind == HMAC {
		v.key = k.secret()
		m := k.macs.get()
		defer k.macs.put(m)
		sum, err := m.sum(content, v)
		return bytes.Clone(sum), err
	}
	if s.Kind == Digest {
		v.key = k.secret()
	}
	text, err := content.string(v)
	if err != nil {
		return nil, err
	}
	if s.Kind == Digest {
		return []byte(s.Hash.sum(text)), nil
	}
	private := k.private()
	if s.Kind == Ed25519 {
		return private.Sign(rand.Reader, []byte(text), crypto.Hash(0))
	}
	digest := []byte(s.Hash.sum(text))
	if s.Kind == RSAPSS {
		return private.Sign(rand.Reader, digest, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: s.Hash.id()})
	}
	return private.Sign(rand.Reader, digest, s.Hash.id())
}

// token makes a JWT that holds what the scheme asks for.
func (p *signerPart) token(u *Unsigned, v *values) (string, error) {
	s := p.scheme
	claims := map[string]any{"iat": u.At.Unix(), "exp": u.At.Add(tokenTTL).Unix()}
	if len(s.jwt.Issuers) > 0 {
		claims["iss"] = s.jwt.Issuers[0]
	}
	if s.jwt.Audience != "" {
		claims["aud"] = s.jwt.Audience
	}
	for _, e := range s.jwt.places {
		claims[e.at.name] = e.is
	}
	f := &s.families[0]
	if f.id.kind == atClaim {
		claims[f.id.name] = u.ID
	}
	if f.timestamp.kind == atClaim {
		claims[f.timestamp.name] = claimTime(u.At, s.TimeUnit)
	}
	for i := range s.binds {
		if b := &s.binds[i]; b.at.kind == atClaim {
			text, err := b.content.string(v)
			if err != nil {
				return "", err
			}
			claims[b.at.name] = text
		}
	}
	if s.sharesKey() {
		return macToken(s.JWT.Algorithms[0], p.keys[0].secret(), claims)
	}
	key := p.keys[0].private()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: fitting(key, s.jwt.algorithms), Key: key}, (&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		return "", fmt.Errorf("%w: the key does not fit the algorithm", ErrOption)
	}
	return jwt.Signed(signer).Claims(claims).Serialize()
}

// claimTime is a time as a claim has it.
func claimTime(at time.Time, unit Unit) any {
	switch unit {
	case Seconds:
		return at.Unix()
	case Milliseconds:
		return at.UnixMilli()
	}
	return formatTime(at, unit)
}

// fitting returns the first algorithm that the key can make.
func fitting(key crypto.Signer, all []jose.SignatureAlgorithm) jose.SignatureAlgorithm {
	prefix := "RS"
	switch k := key.(type) {
	case *ecdsa.PrivateKey:
		prefix = "ES" + map[int]string{256: "256", 384: "384", 521: "512"}[k.Curve.Params().BitSize]
	case ed25519.PrivateKey:
		prefix = "Ed"
	}
	for _, a := range all {
		if strings.HasPrefix(string(a), prefix) {
			return a
		}
	}
	return all[0]
}

// KeyPair is a key that the sender signs with, and what the receiver needs of
// it, both in the form of Options.Secrets. They are equal for a shared secret.
type KeyPair struct{ Private, Public string }

// NewKeyPair makes a key for tests of a route, never one to be used.
func (p *Provider) NewKeyPair(scheme string) (KeyPair, error) {
	s, ok := p.Scheme(scheme)
	if !ok {
		return KeyPair{}, fmt.Errorf("%w: %s has no scheme of that name", ErrOption, p.Name)
	}
	c, err := s.compile(p.examples())
	if err != nil {
		return KeyPair{}, err
	}
	if c.sharesKey() || c.Kind == ClientCert {
		return c.newShared(), nil
	}
	var private crypto.Signer
	switch {
	case c.Kind == Ed25519:
		_, private, err = ed25519.GenerateKey(rand.Reader)
	case c.Kind == ECDSA, c.Kind == JSONToken && strings.HasPrefix(string(c.JWT.Algorithms[0]), "ES"):
		private, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	default:
		private, err = rsa.GenerateKey(rand.Reader, 8*max(c.KeyMin, minRSA))
	}
	if err != nil {
		return KeyPair{}, err
	}
	return c.keyPair(private)
}

func (s *scheme) newShared() KeyPair {
	raw := make([]byte, max(s.KeyMin, 32))
	_, _ = rand.Read(raw) // never fails (crypto/rand)
	text := hex.EncodeToString(raw)
	switch s.Key {
	case KeyBase64:
		text = s.KeyPrefix + base64.StdEncoding.EncodeToString(raw)
	case KeyBase64URL:
		text = s.KeyPrefix + base64.RawURLEncoding.EncodeToString(raw)
	case KeyUser:
		text = "webhook:" + text
	case KeyPrint:
		text = hex.EncodeToString(raw[:32])
	}
	return KeyPair{text, text}
}

// keyPair writes a private key and its public one in the form of s.
func (s *scheme) keyPair(private crypto.Signer) (KeyPair, error) {
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return KeyPair{}, err
	}
	pkix, err := x509.MarshalPKIXPublicKey(private.Public())
	if err != nil {
		return KeyPair{}, err
	}
	k := KeyPair{Private: string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))}
	raw, _ := private.Public().(ed25519.PublicKey)
	switch s.Key {
	case KeySPKI:
		k.Public = base64.StdEncoding.EncodeToString(pkix)
	case KeyHex:
		k.Public = hex.EncodeToString(raw)
	case KeyBase64:
		k.Public = s.KeyPrefix + base64.StdEncoding.EncodeToString(raw)
	case KeyBase64URL:
		k.Public = s.KeyPrefix + base64.RawURLEncoding.EncodeToString(raw)
	case KeyJWKS:
		set, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: private.Public(), Use: "sig"}}})
		if err != nil {
			return KeyPair{}, err
		}
		k.Public = string(set)
	default:
		k.Public = string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: pkix}))
	}
	return k, nil
}

// putField sets a field of a form.
func putField(body []byte, name, text string) []byte {
	fields := strings.Split(string(body), "&")
	entry := url.QueryEscape(name) + "=" + url.QueryEscape(text)
	for i, field := range fields {
		if key, _, _ := strings.Cut(field, "="); key == url.QueryEscape(name) || key == name {
			fields[i] = entry
			return []byte(strings.Join(fields, "&"))
		}
	}
	if len(body) == 0 {
		return []byte(entry)
	}
	return append(append(bytes.Clone(body), '&'), entry...)
}

// putMember sets a member of a JSON object, and makes the objects on the way.
// Where the value is there its bytes alone change.
func putMember(body []byte, path []string, text string, number bool) ([]byte, error) {
	if _, err := jsonscan.Scan(body, nil); err != nil {
		return nil, err
	}
	value := []byte(text)
	if !number {
		var err error
		if value, err = json.Marshal(text); err != nil {
			return nil, err
		}
	}
	start, end, missing := find(body, path)
	if start < 0 {
		return nil, ErrBody
	}
	for i := len(missing) - 1; i > 0; i-- {
		value = append(append([]byte(`{"`+missing[i]+`":`), value...), '}')
	}
	if len(missing) > 0 {
		sep := ","
		if rest := bytes.TrimLeft(body[start:], " \t\r\n"); len(rest) > 0 && rest[0] == '}' {
			sep = ""
		}
		value = append([]byte(`"`+missing[0]+`":`), append(value, sep...)...)
	}
	return append(append(bytes.Clone(body[:start]), value...), body[end:]...), nil
}

// find returns where the value at path stands or, where it does not, the place
// behind the brace of the last object on the way and the rest of the path. The
// start is -1 where something else than an object is on the way.
func find(body []byte, path []string) (start, end int, missing []string) {
	offset := 0
	rest := body
	for i, name := range path {
		c := jsonscan.NewCursor(rest)
		if c.Kind() != '{' {
			return -1, -1, nil
		}
		inside := offset + bytes.IndexByte(rest, '{') + 1
		c.Enter()
		var found []byte
		for c.More() {
			key := c.Raw()
			value := c.Raw()
			if string(key) == `"`+name+`"` {
				found = value
			}
		}
		if found == nil {
			return inside, inside, path[i:]
		}
		// The cursor gives slices of rest, so the position is what is left of it.
		at := cap(rest) - cap(found)
		offset += at
		rest = rest[at : at+len(found)]
	}
	return offset, offset + len(rest), nil
}

// signEach signs the elements of a list one by one.
func (p *signerPart) signEach(u *Unsigned, d *Signed, settings map[string]string) error {
	at, err := jsonscan.CompileList(p.scheme.Each)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrRow, err)
	}
	if _, err := jsonscan.Scan(d.Body, nil); err != nil {
		return fmt.Errorf("%w: the payload must be JSON", ErrOption)
	}
	list, found, err := at.Find(d.Body, maxElements)
	if err != nil || !found || len(list.Items) == 0 {
		return fmt.Errorf("%w: the payload has no list %s", ErrOption, p.scheme.Each)
	}
	whole := *p.scheme
	whole.each = nil
	single := signerPart{p.row, &whole, p.keys}
	body := bytes.Clone(list.Head)
	for i, item := range list.Items {
		element := *d
		element.Body = bytes.Clone(item)
		if err := single.sign(u, &element, settings); err != nil {
			return err
		}
		d.Headers = element.Headers
		body = append(body, element.Body...)
		if i+1 < len(list.Items) {
			body = append(body, ',')
		}
	}
	d.Body = append(body, list.Tail...)
	return nil
}
