package quarantine

import (
	"crypto/hmac"
	"encoding/base64"
	"net/url"
	"slices"
	"strings"
)

// Restore puts those of secrets back that were removed from r, where keys hold
// the key that r was sealed with. What was removed and is none of secrets stays
// removed, so that a verifier refuses it.
func (r *Record) Restore(keys *Keys, secrets []string) {
	for _, t := range r.Tokens {
		for _, secret := range secrets {
			sum := keys.tokenSum(r.Key, r.ID, secret)
			if secret != "" && sum != nil && hmac.Equal(sum, t.Sum) {
				r.put(t, secret)
				break
			}
		}
	}
	inBody := slices.ContainsFunc(r.Removed, func(at string) bool { return strings.HasPrefix(at, "body:") })
	key := keys.tokenKey(r.Key, r.ID)
	if !inBody || r.Cut || key == nil {
		return
	}
	for _, secret := range secrets {
		if secret != "" {
			r.restoreBody(key, secret)
		}
	}
}

// put writes secret to the place of t.
func (r *Record) put(t Token, secret string) {
	kind, name, _ := strings.Cut(t.At, ":")
	if kind == "query" {
		r.Query = []byte(putQuery(string(r.Query), name, t.Index, secret))
		head, query, ok := strings.Cut(string(r.PublicURL), "?")
		if ok {
			r.PublicURL = []byte(head + "?" + putQuery(query, name, t.Index, secret))
		}
		return
	}
	if t.Basic {
		secret = base64.StdEncoding.EncodeToString([]byte(secret))
	}
	index := 0
	for i := range r.Headers {
		if r.Headers[i].Name != name {
			continue
		}
		if index == t.Index {
			r.Headers[i].Value = append(append([]byte(nil), t.Prefix...), secret...)
			return
		}
		index++
	}
}

// putQuery writes secret as the value of the index-th removed parameter of a
// name.
func putQuery(raw, name string, index int, secret string) string {
	parts := strings.Split(raw, "&")
	for i, part := range parts {
		key, value, ok := strings.Cut(part, "=")
		plain, err := url.QueryUnescape(key)
		if err != nil {
			plain = key
		}
		if !ok || plain != name {
			continue
		}
		if index == 0 && value == removed {
			parts[i] = key + "=" + url.QueryEscape(secret)
		}
		index--
	}
	return strings.Join(parts, "&")
}
