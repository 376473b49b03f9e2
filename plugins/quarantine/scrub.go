package quarantine

import (
	"encoding/base64"
	"net/url"
	"slices"
	"strings"

	"webhookedge/plugins/provider"
)

// removed stands in the place of a value that is not kept.
const removed = "[removed]"

// telling are parts of names of headers and query parameters whose values
// authorise. A name that holds one is removed unless the provider's scheme signs
// with it: too many are better than one too few.
func telling() []string {
	return []string{
		"auth", "cookie", "token", "secret", "password", "passwd", "pwd", "api-key", "api_key", "apikey",
		"access-key", "access_key", "credential", "session", "private", "jwt", "client-cert", "client_cert",
	}
}

// scrubber removes from records what authorises their requests.
type scrubber struct {
	telling   []string
	always    []string // names of headers that the user adds
	signature []string // headers and query parameters that are proofs and no secrets
	tokens    []string // headers and query parameters that hold the secret itself
	body      bodyTokens
}

func newScrubber(row *provider.Provider, always []string) *scrubber {
	s := &scrubber{telling: telling(), always: always}
	for i := range row.Schemes {
		s.scheme(&row.Schemes[i])
	}
	return s
}

// scheme takes note of the places of a scheme, "header:x-token" for instance.
func (s *scrubber) scheme(scheme *provider.Scheme) {
	for _, f := range append([]provider.Family{scheme.Family}, scheme.Alternates...) {
		for _, at := range append([]string{f.Signature}, f.Also...) {
			path, inBody := strings.CutPrefix(at, "json:")
			switch {
			case !scheme.ShowsSecret():
				s.signature = append(s.signature, at)
			case inBody:
				s.body.add(scheme.Each, path)
			default:
				s.tokens = append(s.tokens, at)
			}
		}
	}
}

// apply removes secrets from r. keys make the sums by which a release tells that
// a removed token was the right one.
func (s *scrubber) apply(r *Record, keys *Keys) {
	seen := map[string]int{}
	for i := range r.Headers {
		line := &r.Headers[i]
		index := seen[line.Name]
		seen[line.Name]++
		at := "header:" + line.Name
		if !slices.Contains(s.always, line.Name) && !s.secret(at, line.Name) {
			continue
		}
		r.remember(at, index, string(line.Value), keys)
		line.Value = []byte(removed)
	}
	r.Query = []byte(s.query(r, string(r.Query), keys))
	if head, query, ok := strings.Cut(string(r.PublicURL), "?"); ok {
		r.PublicURL = []byte(head + "?" + s.query(nil, query, keys))
	}
	s.body.hide(r, keys)
	slices.Sort(r.Removed)
	r.Removed = slices.Compact(r.Removed)
}

// secret reports whether what stands at a place of a name is not kept.
func (s *scrubber) secret(at, name string) bool {
	return slices.Contains(s.tokens, at) || !slices.Contains(s.signature, at) && s.tells(name)
}

func (s *scrubber) tells(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc(s.telling, func(part string) bool { return strings.Contains(name, part) })
}

// query removes the values of telling parameters. With r, it notes them there.
func (s *scrubber) query(r *Record, raw string, keys *Keys) string {
	if raw == "" {
		return ""
	}
	seen := map[string]int{}
	parts := strings.Split(raw, "&")
	for i, part := range parts {
		name, value, ok := strings.Cut(part, "=")
		plain, err := url.QueryUnescape(name)
		if err != nil {
			plain = name
		}
		if !ok || !s.secret("query:"+plain, plain) {
			continue
		}
		parts[i] = name + "=" + removed
		if r == nil {
			continue
		}
		text, err := url.QueryUnescape(value)
		if err != nil {
			text = value
		}
		r.remember("query:"+plain, seen[plain], text, keys)
		seen[plain]++
	}
	return strings.Join(parts, "&")
}

// remember notes that a value was removed and, where there is a key, the sum of
// what may be a secret in it.
func (r *Record) remember(at string, index int, value string, keys *Keys) {
	r.Removed = append(r.Removed, at)
	key := keys.Use()
	if key == "" || value == "" {
		return
	}
	t := Token{At: at, Index: index}
	secret := value
	if kind, rest, ok := strings.Cut(value, " "); ok && strings.HasPrefix(at, "header:") && len(kind) <= 16 {
		t.Prefix, secret = []byte(kind+" "), rest
		if decoded, err := base64.StdEncoding.DecodeString(rest); err == nil && strings.EqualFold(kind, "basic") {
			t.Basic, secret = true, string(decoded)
		}
	}
	t.Sum = keys.tokenSum(key, r.ID, secret)
	r.Tokens = append(r.Tokens, t)
}
