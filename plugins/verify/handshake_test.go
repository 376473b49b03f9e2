package verify_test

import (
	"encoding/json"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"webhookedge/plugins/internal/config"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/provider/custom"
	"webhookedge/plugins/provider/spec"
	"webhookedge/plugins/verify"
)

// asking is a request as a handshake's places say it, with body, query and headers
// apart.
type asking struct {
	document any
	form     url.Values
	query    url.Values
	headers  pipeline.Headers
}

func (a *asking) put(place, value string) {
	kind, name, _ := strings.Cut(place, ":")
	switch kind {
	case "header":
		a.headers = append(a.headers, pipeline.Header{Name: name, Value: value})
	case "query":
		a.query.Set(name, value)
	case "form":
		a.form.Set(name, value)
	case "json":
		a.document = within(a.document, strings.Split(name, "."), value)
	}
}

// within puts a value at a path of a document. A digit is the index of a list.
func within(document any, path []string, value string) any {
	if len(path) == 0 {
		if n, err := strconv.Atoi(value); err == nil {
			return n
		}
		return value
	}
	if path[0] == "0" {
		return []any{within(nil, path[1:], value)}
	}
	members, ok := document.(map[string]any)
	if !ok {
		members = map[string]any{}
	}
	members[path[0]] = within(members[path[0]], path[1:], value)
	return members
}

// asks returns the request of a handshake, signed where the provider signs it.
func asks(t *testing.T, p *provider.Provider, h *spec.Handshake, private, challenge string) *pipeline.Delivery {
	t.Helper()
	a := &asking{form: url.Values{}, query: url.Values{}}
	if is := h.Is; h.When != "" && h.When != h.Challenge && h.Challenge != "body" {
		if is == "" {
			is = "1"
		}
		a.put(h.When, is)
	}
	if h.Token != "" {
		for _, s := range p.Settings {
			if s.Name == h.TokenSetting {
				a.put(h.Token, s.Example)
			}
		}
	}
	for _, e := range h.Expect {
		for _, s := range p.Settings {
			e.Is = strings.ReplaceAll(e.Is, "{setting:"+s.Name+"}", s.Example)
		}
		a.put(e.At, e.Is)
	}
	if h.Challenge != "" && h.Challenge != h.Token {
		a.put(h.Challenge, challenge)
	}
	for _, g := range h.Grants {
		a.put(g.At, "120")
	}
	u := provider.Unsigned{Method: h.Method, URL: "https://hooks.octo-corp.example/hooks", ContentType: "application/json", Event: "e", ID: "d1", At: at()}
	switch {
	case a.document != nil:
		body, err := json.Marshal(a.document)
		if err != nil {
			t.Fatal(err)
		}
		u.Body = body
	case len(a.form) > 0:
		u.Body, u.ContentType = []byte(a.form.Encode()), "application/x-www-form-urlencoded"
	}
	d := &pipeline.Delivery{Method: h.Method, RawQuery: a.query.Encode(), PublicURL: u.URL, Body: u.Body, Headers: append(a.headers, pipeline.Header{Name: "content-type", Value: u.ContentType})}
	if h.Unsigned {
		return d
	}
	given := map[string]string{}
	for _, s := range p.Settings {
		given[s.Name] = s.Example
	}
	switch {
	case h.Challenge == "body": // which is encrypted
		u.Body = []byte(challenge)
	case u.Body == nil:
		u.Body = []byte(`{}`)
	}
	signer, err := p.Signer(provider.Options{Settings: given, Secrets: []provider.Secret{{Value: private}}})
	if err != nil {
		t.Fatal(err)
	}
	signed, err := signer.Sign(u)
	if err != nil {
		t.Fatal(err)
	}
	d.Body, d.Headers = signed.Body, nil
	if _, query, ok := strings.Cut(signed.URL, "?"); ok && h.Challenge == "body" {
		d.RawQuery, d.PublicURL = query, signed.URL
	}
	for _, header := range signed.Headers {
		if _, n := a.headers.Get(header.Name); n == 0 {
			d.Headers = append(d.Headers, pipeline.Header(header))
		}
	}
	d.Headers = append(d.Headers, a.headers...)
	return d
}

// TestHandshake_ofEveryRowIsAnsweredSafely plays every handshake of the catalogue, and
// those of a user's own, through the stage.
func TestHandshake_ofEveryRowIsAnsweredSafely(t *testing.T) {
	var own custom.Provider
	const text = `{"name":"acme","schemes":[{"name":"v1","hash":"sha256","encoding":"hex","signature":"header:x-acme","content":"{body}"}],"facts":{"type":["text:e"]},"handshakes":[
		{"method":"GET","when":"query:c","challenge":"query:c","unsigned":true,"answer":{"body":"{challenge}"}},
		{"method":"PUT","when":"query:c","challenge":"query:c","unsigned":true,"answer":{"body":"{challenge}","content_type":"application/octet-stream","headers":[{"name":"x-content-type-options","value":"nosniff"}]}}]}`
	if err := json.Unmarshal([]byte(text), &own); err != nil {
		t.Fatal(err)
	}
	row, err := own.Row()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range append(catalogue.All(), row) {
		for i := range p.Handshakes {
			t.Run(p.Name+"/"+strconv.Itoa(i), func(t *testing.T) { answersSafely(t, p, &p.Handshakes[i]) })
		}
	}
}

func answersSafely(t *testing.T, p *provider.Provider, h *spec.Handshake) {
	t.Helper()
	if p.Schemes[0].Remote != nil && !h.Unsigned {
		if h.Answer.Body != "" || len(h.Answer.Headers) > 0 {
			t.Error("its answer says something: sign it here")
		}
		return
	}
	c, private := keyed(t, p, "")
	c.Setup, c.PublicURL = true, "https://hooks.octo-corp.example/hooks"
	s := stage(t, p, c)
	const challenge = "0123456789abcdef0123"
	var reply *pipeline.Reply
	if err := s.Handle(t.Context(), asks(t, p, h, private, challenge)); !errors.As(err, &reply) {
		t.Fatalf("not answered: %v", err)
	}
	sniffing := 0
	for _, header := range reply.Headers {
		switch header.Name {
		case "x-content-type-options":
			if sniffing++; header.Value != "nosniff" {
				t.Errorf("sniffing: %s", header.Value)
			}
		case "content-type":
			t.Errorf("a second type: %s", header.Value)
		}
	}
	if sniffing != 1 || len(reply.Body) > 0 && !spec.IsInert(reply.ContentType) {
		t.Errorf("a browser could execute it: %q %v", reply.ContentType, reply.Headers)
	}
	echoes := strings.Contains(h.Answer.Body, "{challenge")
	if echoes != strings.Contains(string(reply.Body), challenge) {
		t.Errorf("the answer %q for %q", reply.Body, h.Answer.Body)
	}
}

// TestHandshake_grantsWhatIsAskedFor plays the handshake of CloudEvents (HTTP 1.1 Web
// Hooks for Event Delivery, section 4).
func TestHandshake_grantsWhatIsAskedFor(t *testing.T) {
	for _, name := range []string{"cloudevents", "azure-event-grid"} {
		for what, tc := range map[string]struct {
			asked []string
			want  []string
		}{
			"no rate":                       {nil, nil},
			"a rate":                        {[]string{"120"}, []string{"120"}},
			"any rate":                      {[]string{"*"}, []string{"*"}},
			"nothing":                       {[]string{""}, []string{"*"}},
			"no rate at all":                {[]string{"0"}, []string{"*"}},
			"a zero in front":               {[]string{"0120"}, []string{"*"}},
			"a rate below nothing":          {[]string{"-1"}, []string{"*"}},
			"a part of a rate":              {[]string{"1.5"}, []string{"*"}},
			"a rate of ten digits":          {[]string{"1000000000"}, []string{"*"}},
			"what is no rate":               {[]string{"<script>"}, []string{"*"}},
			"two rates":                     {[]string{"120", "240"}, []string{"*"}},
			"a line end behind a rate":      {[]string{"120\r\nx: y"}, []string{"*"}},
			"a rate in digits of elsewhere": {[]string{"１２０"}, []string{"*"}},
		} {
			t.Run(name+"/"+what, func(t *testing.T) {
				s := stage(t, row(t, name), verify.Config{Secrets: []verify.SecretConfig{{Value: config.NewSecret(secretText)}}})
				d := &pipeline.Delivery{Method: "OPTIONS", Headers: pipeline.Headers{{Name: "webhook-request-origin", Value: "eventgrid.azure.net"}}}
				for _, rate := range tc.asked {
					d.Headers = append(d.Headers, pipeline.Header{Name: "webhook-request-rate", Value: rate})
				}
				var reply *pipeline.Reply
				if err := s.Handle(t.Context(), d); !errors.As(err, &reply) {
					t.Fatal(err)
				}
				got := map[string][]string{}
				for _, h := range reply.Headers {
					got[h.Name] = append(got[h.Name], h.Value)
				}
				want := map[string][]string{"webhook-allowed-origin": {"eventgrid.azure.net"}, "x-content-type-options": {"nosniff"}}
				if tc.want != nil {
					want["webhook-allowed-rate"] = tc.want
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("headers (-want +got):\n%s", diff)
				}
			})
		}
	}
}
