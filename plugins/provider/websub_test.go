package provider_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/spec"
)

// TestWebSub_intentOfAStrangerIsNotConfirmed asks as a hub does for subscriptions that
// somebody else wanted, with a secret of their own.
func TestWebSub_intentOfAStrangerIsNotConfirmed(t *testing.T) {
	const topic, token = "https://blog.octo-corp.example/feed", "octo-corp-verify-token"
	good := url.Values{"hub.mode": {"subscribe"}, "hub.topic": {topic}, "hub.challenge": {"abc"}, "hub.lease_seconds": {"864000"}, "hub.verify_token": {token}}
	tests := map[string]struct {
		change func(url.Values)
		want   error // ErrChallenge for what is no handshake at all
	}{
		"ours, with the token of the hub": {func(url.Values) {}, nil},
		"ours, with that of the URL":      {func(q url.Values) { q.Del("hub.verify_token"); q.Set("token", token) }, nil},
		"no token":                        {func(q url.Values) { q.Del("hub.verify_token") }, provider.ErrMismatch},
		"another token":                   {func(q url.Values) { q.Set("hub.verify_token", token+"x") }, provider.ErrMismatch},
		"an empty token":                  {func(q url.Values) { q.Set("hub.verify_token", "") }, provider.ErrMismatch},
		"two tokens":                      {func(q url.Values) { q.Add("hub.verify_token", "x") }, provider.ErrMismatch},
		"a wrong token beside the URL's":  {func(q url.Values) { q.Set("hub.verify_token", "x"); q.Set("token", token) }, provider.ErrMismatch},
		"another topic":                   {func(q url.Values) { q.Set("hub.topic", topic+"2") }, provider.ErrMismatch},
		"no topic":                        {func(q url.Values) { q.Del("hub.topic") }, provider.ErrMismatch},
		"two topics":                      {func(q url.Values) { q.Add("hub.topic", topic) }, provider.ErrMismatch},
		"the setting's name as the topic": {func(q url.Values) { q.Set("hub.topic", "{setting:topic}") }, provider.ErrMismatch},
		"no challenge":                    {func(q url.Values) { q.Del("hub.challenge") }, provider.ErrChallenge},
		"a challenge of two lines":        {func(q url.Values) { q.Set("hub.challenge", "a\r\nb") }, provider.ErrChallenge},
		"the end of the subscription":     {func(q url.Values) { q.Set("hub.mode", "unsubscribe") }, errNoHandshake},
		"a denial":                        {func(q url.Values) { q.Set("hub.mode", "denied") }, errNoHandshake},
	}
	for _, name := range []string{"websub", "youtube"} {
		v, err := lookup(t, name).Verifier(provider.Options{
			Secrets: []provider.Secret{{Value: "octo-corp-websub-secret"}}, Settings: map[string]string{"topic": topic, "verify_token": token},
		})
		if err != nil {
			t.Fatal(err)
		}
		for what, tc := range tests {
			query := url.Values{}
			for key, values := range good {
				query[key] = append([]string{}, values...)
			}
			tc.change(query)
			reply, err := v.Handshake(provider.Request{Method: "GET", URL: "https://h.example/x?" + query.Encode(), Headers: provider.HeaderList{}}, false, false)
			switch {
			case errors.Is(tc.want, errNoHandshake):
				if reply != nil || err != nil {
					t.Errorf("%s, %s: %+v, %v", name, what, reply, err)
				}
			case !errors.Is(err, tc.want):
				t.Errorf("%s, %s: got %v, want %v", name, what, err, tc.want)
			case err == nil && (reply == nil || reply.Answer.Body != "abc"):
				t.Errorf("%s, %s: %+v", name, what, reply)
			}
		}
	}
	for what, settings := range map[string]map[string]string{"no topic": {"verify_token": token}, "no token": {"topic": topic}, "neither": nil} {
		v, err := lookup(t, "websub").Verifier(provider.Options{Secrets: []provider.Secret{{Value: "octo-corp-websub-secret"}}, Settings: settings})
		if err != nil {
			continue // refused at load is as well
		}
		if reply, err := v.Handshake(provider.Request{Method: "GET", URL: "https://h.example/x?" + good.Encode(), Headers: provider.HeaderList{}}, false, true); err == nil {
			t.Errorf("%s in the settings: %+v", what, reply)
		}
	}
}

var errNoHandshake = errors.New("no handshake")

// TestHashes_deliveryCannotChooseBelowTheSetting has a hash that the delivery names, with
// and without a signature of that hash.
func TestHashes_deliveryCannotChooseBelowTheSetting(t *testing.T) {
	p := lookup(t, "websub")
	for _, s := range p.Schemes {
		c := newScheme(t, p, s)
		good := c.sign(t, at(), c.pair.Private)
		v := c.verifier(t)
		for _, other := range p.Schemes {
			signed := newScheme(t, p, other).sign(t, at(), c.pair.Private)
			_, err := v.Verify(signed, at())
			if allowed := other.Hash.Size() >= s.Hash.Size(); (err == nil) != allowed {
				t.Errorf("%s at %s: %v", other.Hash, s.Name, err)
			}
		}
		for _, name := range []string{"", "md5", "SHA256", "sha512", "sha", "sha256=sha256", "none"} {
			r := good
			r.Headers = changed(good, "x-hub-signature", func(text string) []string {
				_, digits, _ := strings.Cut(text, "=")
				return []string{name + "=" + digits}
			})
			if _, err := v.Verify(r, at()); !errors.Is(err, provider.ErrMalformed) {
				t.Errorf("%s for %s: %v", name, s.Name, err)
			}
		}
	}
	for name, change := range map[string]func(*spec.Scheme){
		"a shorter hash":         func(s *spec.Scheme) { s.Hashes = append(s.Hashes, spec.SHA1) },
		"the same hash":          func(s *spec.Scheme) { s.Hashes = append(s.Hashes, spec.SHA256) },
		"an unknown hash":        func(s *spec.Scheme) { s.Hashes = append(s.Hashes, "md5") },
		"no place for its name":  func(s *spec.Scheme) { s.Mark = "sha256=" },
		"a name and no choice":   func(s *spec.Scheme) { s.Hashes = nil },
		"a digest":               func(s *spec.Scheme) { s.Kind, s.Content = spec.Digest, "{body}{key}" },
		"several signatures":     func(s *spec.Scheme) { s.Layout = spec.List },
		"a hash that is too big": func(s *spec.Scheme) { s.Hash = spec.SHA512 },
	} {
		row := lookup(t, "websub")
		change(&row.Schemes[0])
		if err := row.Compile(); !errors.Is(err, provider.ErrRow) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
