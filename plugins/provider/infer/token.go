package infer

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"webhookedge/plugins/provider/spec"
)

// shown looks for the secret itself: as it is, behind a mark, or as that of HTTP Basic.
func (s *search) shown() {
	want := sha256.Sum256([]byte(s.q.Secret))
	is := func(text string) bool {
		sum := sha256.Sum256([]byte(text))
		return hmac.Equal(sum[:], want[:])
	}
	for _, v := range s.values {
		s.trials++
		mark := ""
		if i := strings.IndexByte(v.text, ' '); i > 0 && i < len(v.text)-1 && spec.IsName(v.text[:i]) {
			mark = v.text[:i+1]
		}
		scheme := spec.Scheme{Name: "token", Kind: spec.Token, Family: spec.Family{Signature: v.at}, Key: spec.KeyText}
		rest := strings.TrimPrefix(v.text, mark)
		switch {
		case is(v.text):
		case mark != "" && is(rest):
			scheme.Mark = mark
		case mark == "Basic ":
			s.basic(scheme, rest, is)
			continue
		default:
			continue
		}
		s.offer(elementwise(scheme), offer{secret: s.q.Secret, rank: 100})
	}
}

// basic takes a user and a password, of which the secret may be the second alone.
func (s *search) basic(scheme spec.Scheme, text string, is func(string) bool) {
	raw, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil {
		return
	}
	_, password, ok := strings.Cut(string(raw), ":")
	o := offer{secret: string(raw), rank: 100}
	switch {
	case !ok:
		return
	case is(string(raw)):
	case is(password):
		o.notes = []string{"The row takes the secret as user:password, with the user name in front that the delivery has."}
	default:
		return
	}
	scheme.Name, scheme.Kind, scheme.Key = "basic", spec.Basic, spec.KeyUser
	s.offer(scheme, o)
}

// elementwise makes a place inside of the first element of a list one of each element.
func elementwise(scheme spec.Scheme) spec.Scheme {
	list, rest, ok := strings.Cut(strings.TrimPrefix(scheme.Signature, "json:"), ".0.")
	if ok && strings.HasPrefix(scheme.Signature, "json:") && list != "" && !strings.Contains(list, ".0") {
		scheme.Each, scheme.Signature = list, "json:"+rest
	}
	return scheme
}

// tokens looks for JSON Web Tokens that the secret has signed.
func (s *search) tokens() {
	for _, v := range s.values {
		mark := ""
		if rest, ok := strings.CutPrefix(v.text, "Bearer "); ok {
			mark, v.text = "Bearer ", rest
		}
		parts := strings.Split(v.text, ".")
		if len(parts) != 3 || v.kind() == "json" {
			continue
		}
		var header struct {
			Alg spec.Algorithm `json:"alg"`
		}
		raw, ok := spec.Base64URLRaw.Decode(parts[0])
		mac, signed := spec.Base64URLRaw.Decode(parts[2])
		payload, told := spec.Base64URLRaw.Decode(parts[1])
		if !ok || !signed || !told || json.Unmarshal(raw, &header) != nil || header.Alg.Hash() == "" {
			continue
		}
		for _, k := range s.keys {
			s.trials++
			m := hmac.New(header.Alg.Hash().New(), k.bytes)
			m.Write([]byte(parts[0] + "." + parts[1]))
			if hmac.Equal(m.Sum(nil), mac) {
				s.token(v.at, mark, header.Alg, k, payload)
			}
		}
	}
}

// token makes the scheme of a token that k has signed.
func (s *search) token(at, mark string, alg spec.Algorithm, k key, payload []byte) {
	var claims map[string]any
	if json.Unmarshal(payload, &claims) != nil {
		return
	}
	scheme := spec.Scheme{
		Name: "jwt", Kind: spec.JSONToken, Family: spec.Family{Signature: at}, Mark: mark, JWT: spec.JWT{Algorithms: []spec.Algorithm{alg}},
		Key: k.form, KeyPrefix: k.prefix, KeyDerive: k.derive, BodyUnsigned: true,
	}
	o := offer{secret: k.secret, notes: k.notes(), rank: 5}
	for _, name := range names(claims) {
		text, _ := claims[name].(string)
		for _, p := range s.pieces.bodies[1:] {
			if text != "" && text == string(p.text) && strings.HasPrefix(p.part, "{body|") {
				scheme.Binds, scheme.BodyUnsigned = append(scheme.Binds, spec.Bind{At: "claim:" + name, Content: p.part}), false
			}
		}
		for _, u := range s.pieces.urls {
			if u.part == "{url}" && text != "" && text == spec.Hex.Encode([]byte(spec.SHA256.Sum(string(u.text)))) {
				scheme.Binds = append(scheme.Binds, spec.Bind{At: "claim:" + name, Content: "{url|sha256|hex}"})
				o.base = u.base
			}
		}
	}
	issued, timed := claims["iat"].(float64)
	expiry, expires := claims["exp"].(float64)
	switch {
	case expires:
		scheme.JWT.NeedExpiry, o.at = true, time.Unix(int64(expiry)-1, 0)
		if timed && issued < expiry {
			o.at = time.Unix(int64(issued), 0)
		}
	case timed:
		scheme.Timestamp, scheme.TimeUnit, scheme.ToleranceSeconds, o.at = "claim:iat", spec.Seconds, tolerance, time.Unix(int64(issued), 0)
	}
	s.offer(scheme, o)
}

// names are those of claims, sorted, that a place can have.
func names(claims map[string]any) (all []string) {
	for name := range claims {
		if spec.IsName(name) && !strings.Contains(name, ".") {
			all = append(all, name)
		}
	}
	slices.Sort(all)
	return all
}

func (k *key) notes() []string {
	if k.note == "" {
		return nil
	}
	return []string{k.note}
}
