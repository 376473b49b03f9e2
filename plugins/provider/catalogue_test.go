package provider_test

import (
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/provider/spec"
)

func TestRows_areComplete(t *testing.T) {
	for _, p := range catalogue.All() {
		t.Run(p.Name, func(t *testing.T) {
			if err := p.Compile(); err != nil {
				t.Fatal(err)
			}
			if p.Title == "" || p.Source == "" || len(p.ContentTypes) == 0 || len(p.Facts.Type) == 0 && (p.Batch == nil || len(p.Batch.Facts.Type) == 0) || len(p.Sends) == 0 {
				t.Error("the row lacks a title, source, content type, place of type or id, or headers to send")
			}
			if u, err := url.Parse(p.Docs); err != nil || u.Scheme != "https" || u.Host == "" {
				t.Errorf("%q is no https URL of the docs", p.Docs)
			}
			for _, sentence := range append(slices.Clone(p.Pitfalls), p.Retry.Note, p.Retry.Time, p.On429) {
				if sentence != "" && !strings.HasSuffix(sentence, ".") {
					t.Errorf("no sentence: %q", sentence)
				}
			}
			checkSends(t, p)
			seen := map[string]bool{}
			for _, s := range p.Schemes {
				if s.Name == "" || seen[s.Name] {
					t.Errorf("scheme name %q is empty or there twice", s.Name)
				}
				seen[s.Name] = true
			}
			if _, err := pipeline.NewChain(nil, pipeline.WithStatus(p.Status)); err != nil {
				t.Error(err)
			}
		})
	}
}

func checkSends(t *testing.T, p *provider.Provider) {
	t.Helper()
	for i, h := range p.Sends {
		if h.Name != strings.ToLower(h.Name) || h.Value == "" {
			t.Errorf("header %q is not in lower case or empty", h.Name)
		}
		if i > 0 && p.Sends[i-1].Name >= h.Name {
			t.Errorf("header %q is out of order or there twice", h.Name)
		}
	}
	if !slices.Contains(p.Sends, spec.Header{Name: "accept", Value: "*/*"}) && p.Name != "stripe" {
		t.Error("sends no accept header")
	}
}

func TestNames_areSortedAndLookedUp(t *testing.T) {
	names := catalogue.Names()
	for _, name := range []string{"bitbucket", "github", "shopify", "slack", "standard-webhooks", "stripe", "zendesk"} {
		if !slices.Contains(names, name) {
			t.Errorf("no %s", name)
		}
	}
	if !slices.IsSorted(names) {
		t.Error("names are not sorted")
	}
	if diff := cmp.Diff(names, catalogue.Name("").Enum()); diff != "" {
		t.Errorf("enum (-want +got):\n%s", diff)
	}
	if len(catalogue.All()) != len(names) {
		t.Error("the catalogue lacks a row that does not compile")
	}
	if _, ok := catalogue.Lookup("GitHub"); ok {
		t.Error("found a name that is not in lower case")
	}
}

func TestLookup_givesEachCallerItsOwnRow(t *testing.T) {
	first := lookup(t, "github")
	first.Schemes[0].KeyMin, first.Facts.Type[0] = 0, "header:x-other"
	second := lookup(t, "github")
	if second.Schemes[0].KeyMin == 0 || second.Facts.Type[0] == "header:x-other" {
		t.Error("a caller changed the row of another")
	}
}

// A row written as data is the same row: what has no place in JSON would be
// lost to a custom provider.
func TestRows_surviveJSON(t *testing.T) {
	for _, p := range catalogue.All() {
		t.Run(p.Name, func(t *testing.T) {
			text, err := json.Marshal(p)
			if err != nil {
				t.Fatal(err)
			}
			var back provider.Provider
			if err := json.Unmarshal(text, &back); err != nil {
				t.Fatal(err)
			}
			again, err := json.Marshal(&back)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(text), string(again)); diff != "" {
				t.Errorf("row (-want +got):\n%s", diff)
			}
			c := newScheme(t, p, p.Schemes[0])
			r := c.sign(t, at(), c.pair.Private)
			want, err := p.Describe(r)
			if err != nil {
				t.Fatal(err)
			}
			if err := back.Compile(); err != nil {
				t.Fatal(err)
			}
			got, err := back.Describe(r)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("facts (-want +got):\n%s", diff)
			}
			c.row, c.s = &back, back.Schemes[0]
			if _, err := c.verify(c.verifier(t), r, at()); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestRows_wrongAreRefused(t *testing.T) {
	tests := map[string]func(p *provider.Provider){
		"no scheme":       func(p *provider.Provider) { p.Schemes = nil },
		"a weak default":  func(p *provider.Provider) { p.Schemes[0].Weak = true },
		"an unknown kind": func(p *provider.Provider) { p.Schemes[0].Kind = "xor" },
		"an unknown hash": func(p *provider.Provider) { p.Schemes[0].Hash = "md5" },
		"a hash that RSA does not sign": func(p *provider.Provider) {
			p.Schemes[0].Kind, p.Schemes[0].Hash, p.Schemes[0].Key, p.Schemes[0].RawKey = spec.RSA, spec.Keccak256, spec.KeyPEM, false
		},
		"an unknown layout":              func(p *provider.Provider) { p.Schemes[0].Layout = "rows" },
		"an unknown encoding":            func(p *provider.Provider) { p.Schemes[0].Encoding = "rot13" },
		"an unknown key form":            func(p *provider.Provider) { p.Schemes[0].Key = "rot13" },
		"an empty key allowed":           func(p *provider.Provider) { p.Schemes[0].KeyMin = -1 },
		"a header in upper case":         func(p *provider.Provider) { p.Schemes[0].Signature = "header:Webhook-Signature" },
		"no header":                      func(p *provider.Provider) { p.Schemes[0].Signature = "" },
		"an alternate without the id":    func(p *provider.Provider) { p.Schemes[0].Alternates = []spec.Family{{Signature: "header:x"}} },
		"a body that is not signed":      func(p *provider.Provider) { p.Schemes[0].Content = "{id}.{timestamp}" },
		"a body signed twice":            func(p *provider.Provider) { p.Schemes[0].Content = "{id}.{timestamp}.{body}{body}" },
		"an unknown name":                func(p *provider.Provider) { p.Schemes[0].Content = "{id}.{timestamp}.{body}.{nonce}" },
		"a brace that is open":           func(p *provider.Provider) { p.Schemes[0].Content = "{id}.{timestamp}.{body}.{" },
		"an id that is not signed":       func(p *provider.Provider) { p.Schemes[0].Content = "{timestamp}.{body}" },
		"a time that is not signed":      func(p *provider.Provider) { p.Schemes[0].Content = "{id}.{body}" },
		"a time without a tolerance":     func(p *provider.Provider) { p.Schemes[0].ToleranceSeconds = 0 },
		"a time without a unit":          func(p *provider.Provider) { p.Schemes[0].TimeUnit = "" },
		"a time in a pair without pairs": func(p *provider.Provider) { p.Schemes[0].Timestamp = "pair:t" },
		"a list without a mark":          func(p *provider.Provider) { p.Schemes[0].Mark = "" },
		"a place of no kind":             func(p *provider.Provider) { p.Facts.Type = []string{"type"} },
		"an empty place":                 func(p *provider.Provider) { p.Facts.ID = []string{""} },
		"a path that is none":            func(p *provider.Provider) { p.Facts.Subject = []string{"json:a..b"} },
		"a place in a header's form":     func(p *provider.Provider) { p.Facts.Tenant = []string{"header:X Y"} },
		"a handshake that nothing marks": func(p *provider.Provider) { p.Handshakes = []spec.Handshake{{Method: "POST"}} },
		"a handshake with a wrong place": func(p *provider.Provider) {
			p.Handshakes = []spec.Handshake{{Method: "POST", When: "json:", Is: "x"}}
		},
		"a challenge at no possible place": func(p *provider.Provider) {
			p.Handshakes = []spec.Handshake{{Method: "POST", When: "json:a", Is: "x", Challenge: "cookie:c"}}
		},
	}
	for name, spoil := range tests {
		t.Run(name, func(t *testing.T) {
			p := lookup(t, "standard-webhooks")
			spoil(p)
			if err := p.Compile(); err == nil || !errors.Is(err, provider.ErrRow) && !strings.Contains(err.Error(), "path") {
				t.Errorf("got %v", err)
			}
		})
	}
}
