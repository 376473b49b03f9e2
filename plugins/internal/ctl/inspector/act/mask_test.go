package act

import (
	"bytes"
	"encoding/base64"
	"encoding/json"

	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"webhookedge/plugins/internal/ctl/delivery"
	"webhookedge/plugins/internal/ctl/inspector/api"
	"webhookedge/plugins/internal/ctl/inspector/site"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/provider/spec"
)

type object = map[string]any

// everySender is a kong.yml with a route for each scheme of the catalogue that signs with

// what its receiver has, and the secrets, also those of settings, of each.

func everySender(t *testing.T) (file string, secrets map[string][]string) {
	t.Helper()
	secrets = map[string][]string{}
	var routes []object
	for _, row := range catalogue.All() {
		for i := range row.Schemes {
			scheme := &row.Schemes[i]
			if !scheme.SharesKey() || scheme.Keyless() {
				continue
			}
			pair, err := row.NewKeyPair(scheme.Name)
			if err != nil {
				t.Fatal(err)
			}
			name := row.Name + "-" + scheme.Name
			verify := object{"scheme": scheme.Name, "secrets": []object{{"value": pair.Private}}, "public_url": "https://hooks.octo-corp.example/in/" + name}
			secrets[name] = []string{pair.Private}
			var settings []object
			for i := range row.Settings {
				set := &row.Settings[i]
				if set.Example == "" {
					continue
				}
				settings = append(settings, object{"name": set.Name, "value": set.Example})
				if set.Secret {
					secrets[name] = append(secrets[name], set.Example)
				}
			}
			if settings != nil {
				verify["settings"] = settings
			}
			routes = append(routes, object{"name": name, "paths": []string{"/in/" + name}, "plugins": []object{
				{"name": "webhook-edge", "config": object{"provider": row.Name, "verify": verify}},
			}})
		}
	}
	text, err := json.Marshal(object{"_format_version": "3.0", "routes": routes})
	if err != nil {
		t.Fatal(err)
	}
	file = filepath.Join(t.TempDir(), "kong.yml")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return file, secrets
}

// proofs are the texts at the places where the scheme of a request has its signature or

// token, found by the row and not by comparison.

func proofs(t *testing.T, row *provider.Provider, scheme *spec.Scheme, r *provider.Signed) (all []string) {
	t.Helper()
	families := append([]spec.Family{scheme.Family}, scheme.Alternates...)
	for _, h := range r.Headers { // also numbered ones
		for _, name := range scheme.SignatureHeaders() {
			if strings.EqualFold(h.Name, name) || scheme.Layout == spec.Numbered && strings.HasPrefix(h.Name, name+"-") {
				all = append(all, h.Value)
			}
		}
	}
	for _, f := range families {
		for _, at := range append([]string{f.Signature}, f.Also...) {
			kind, name, _ := strings.Cut(at, ":")
			switch kind {
			case "query":
				if u, err := url.Parse(r.URL); err == nil {
					all = append(all, u.Query()[name]...)
				}
			case "form":
				if form, err := url.ParseQuery(string(r.Body)); err == nil {
					all = append(all, form[name]...)
				}
			case "json":
				var body any
				if json.Unmarshal(r.Body, &body) == nil {
					all = append(all, under(body, strings.Split(name, "."))...)
					for _, one := range listed(body, scheme.Each) {
						all = append(all, under(one, strings.Split(name, "."))...)
					}
				}
			case "body":
				all = append(all, string(r.Body))
			}
		}
	}
	return all
}

// under is the text at a path of a document, none where there is none.

func under(v any, path []string) []string {
	for _, name := range path {
		members, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = members[name]
	}
	if text, ok := v.(string); ok {
		return []string{text}
	}
	return nil
}

// listed are the elements of a list of a document.

func listed(v any, path string) []any {
	for name := range strings.SplitSeq(path, ".") {
		members, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = members[name]
	}
	all, _ := v.([]any)
	return all
}

// parts are the pieces of a proof that nobody could guess.

func parts(proof string) (all []string) {
	for _, part := range append(regexp.MustCompile(`[,;=: "]+`).Split(proof, -1), proof) {
		if len(part) >= 16 {
			all = append(all, part)
		}
	}
	return all
}

// TestShown_hasNoSecretOfAnySender looks through the preview of every scheme.

func TestShown_hasNoSecretOfAnySender(t *testing.T) {
	file, secrets := everySender(t)
	d := New(&site.Site{Config: file, Gateway: "http://127.0.0.1:8000", Changes: true})
	defer d.Close()
	withProof, samples := 0, 0
	for _, s := range d.Senders() {
		t.Run(s.Route, func(t *testing.T) {
			if !s.Signs {
				t.Fatalf("it does not sign: %s", s.Why)
			}
			for _, event := range s.Events[:min(len(s.Events), 2)] {
				plan, err := d.Preview(t.Context(), api.Order{Act: api.ActSend, Route: s.Route, Sample: event})
				if err != nil || plan.Denied != "" || plan.Request == nil {
					t.Fatalf("%s: %v %+v", event, err, plan)
				}
				samples++
				text := plain(t, plan)
				for _, word := range secrets[s.Route] {
					if len(word) < 8 {
						t.Fatalf("a secret of the test is too short to be looked for: %q", word)
					}
					for _, form := range []string{word, base64.StdEncoding.EncodeToString([]byte(word)), url.QueryEscape(word), strings.TrimSpace(strings.TrimPrefix(word, "whsec_"))} {
						if strings.Contains(text, form) {
							t.Errorf("%s: the plan has the secret: %s", event, text)
						}
					}
					if user, password, ok := strings.Cut(word, ":"); ok && user != "" && strings.Contains(text, password) {
						t.Errorf("%s: the plan has the password: %s", event, text)
					}
				}
				withProof += lookForProof(t, d, s.Route, event)
			}
		})
	}
	if samples < 150 || withProof < 150 {
		t.Errorf("only %d samples with %d proofs were looked at", samples, withProof)
	}
}

// lookForProof shows a request of which the test has the proof.

func lookForProof(t *testing.T, d *Desk, route, event string) int {
	t.Helper()
	s, err := d.sender(route)
	if err != nil {
		t.Fatal(err)
	}
	s.Event = event
	if err := s.Complete(); err != nil {
		t.Fatal(err)
	}
	scheme, _ := s.Row.Scheme(s.Scheme)
	scheme = scheme.Filled(s.Settings)
	count := 0
	for _, mutation := range []string{delivery.MutateNone, delivery.MutateForge, delivery.MutateTruncate} {
		s.Mutate = mutation
		now := time.Now()
		sent, err := s.Mutated(now)
		if err != nil {
			t.Fatal(err)
		}
		stranger, err := s.stranger(now)
		if err != nil {
			t.Fatal(err)
		}
		text := plain(t, shown(&sent, &stranger, wordsOf(s)))
		for _, proof := range proofs(t, s.Row, &scheme, &sent) {
			count++
			for _, part := range parts(proof) {
				if strings.Contains(text, part) {
					t.Errorf("%s %s: %q of the proof is shown: %s", event, mutation, part, text)
				}
			}
		}
	}
	return count
}

// TestAgain_ofEverySender sends a delivery of each scheme again, in both ways.

// unsignable are the schemes whose deliveries cannot be signed again: two encrypt, and

// one signs a document in a form of several parts.

// plain is a value as JSON without escapes that a text could hide behind.

func plain(t *testing.T, v any) string {
	t.Helper()
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(out.String(), `\"`, `"`)
}

func TestShownBody_failsClosed(t *testing.T) {
	for name, tc := range map[string]struct{ mine, theirs, want string }{
		"nothing differs":              {`{"a":1}`, `{"a":1}`, `{"a":1}`},
		"a text":                       {`{"a":1,"s":"mine<"}`, `{"a":1,"s":"theirs"}`, `{"a":1,"s":"[masked]"}`},
		"a text that is written apart": {`{"a":1,"s":"m\u0069ne"}`, `{"a":1,"s":"theirs"}`, ""},
		"a number":                     {`{"a":1}`, `{"a":2}`, ""},
		"another member":               {`{"a":1,"b":"x"}`, `{"a":1,"c":"x"}`, ""},
		"a list":                       {`["x"]`, `["x","y"]`, ""},
		"two documents of a name":      {`{"a":"x","a":"mine"}`, `{"a":"x","a":"theirs"}`, `{"a":"x","a":"[masked]"}`},
		"an earlier one of a name":     {`{"a":"mine","a":"x"}`, `{"a":"theirs","a":"x"}`, ""},
		"a form":                       {`a=1&s=mine`, `a=1&s=theirs`, `a=1&s=[masked]`},
		"neither":                      {`<a>mine</a>`, `<a>theirs</a>`, ""},
		"a secret in both":             {`{"a":"word"}`, `{"a":"word"}`, ""},
	} {
		got := shownBody([]byte(tc.mine), []byte(tc.theirs), words{"word"})
		if got.Text != tc.want || got.Size != len(tc.mine) || (tc.want == "") != got.Cut || (tc.mine != tc.theirs) && len(got.Masked) == 0 {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestBodyOf_isBounded(t *testing.T) {
	for name, tc := range map[string]struct {
		body string
		want string
		cut  bool
	}{
		"JSON":        {`{"a":1}`, "json", false},
		"text":        {"a=b", "text", false},
		"binary":      {"\xff\x00", "binary", false},
		"a long text": {strings.Repeat("ä", maxShown), "text", true},
		"long binary": {strings.Repeat("\xff", maxShown), "binary", true},
	} {
		if b := bodyOf([]byte(tc.body)); b.Kind != tc.want || b.Cut != tc.cut || len(b.Text) > maxShown || b.Size != len(tc.body) {
			t.Errorf("%s: %s %t %d", name, b.Kind, b.Cut, len(b.Text))
		}
	}
}
