package quarantine

import (
	"errors"
	"testing"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/custom"
	"webhookedge/plugins/provider/spec"
	"webhookedge/plugins/streams/archive"
)

func TestHold_refusesWhatNobodyCouldRelease(t *testing.T) {
	js := client(t, startNATS(t, nil))
	proved := func(scheme string) *pipeline.Verification {
		return &pipeline.Verification{Provider: "x", Scheme: scheme, SecretID: "1"}
	}
	sealed := object{"keys": []any{keyOf("a")}}
	tests := map[string]struct {
		row    string
		set    object
		scheme string // "" for a delivery that nothing proved
		change func(d *pipeline.Delivery)
		held   bool
	}{
		"a signature":                               {"github", nil, "sha256", nil, true},
		"a signature, sealed":                       {"github", sealed, "sha256", nil, true},
		"a token":                                   {"telegram", nil, "token", nil, false},
		"a token, sealed":                           {"telegram", sealed, "token", nil, true},
		"a password":                                {"postmark", nil, "basic", nil, false},
		"a password, sealed":                        {"postmark", sealed, "basic", nil, true},
		"a signature where a password may stand":    {"gitee", nil, "sha256", nil, true},
		"that password":                             {"gitee", nil, "password", nil, false},
		"a scheme that is not known here":           {"github", nil, "sha3", nil, false},
		"one that is not known here, sealed":        {"github", sealed, "sha3", nil, true},
		"nothing":                                   {"github", nil, "", nil, false},
		"nothing, sealed":                           {"github", sealed, "", nil, false},
		"a signature that the user removes":         {"github", object{"remove_headers": []string{"x-hub-signature-256"}}, "sha256", withHeader("x-hub-signature-256"), false},
		"a removed header that is not signed":       {"github", object{"remove_headers": []string{"x-mine"}}, "sha256", withHeader("x-mine"), true},
		"a signed URL that has a token":             {"mandrill", nil, "sha1", func(d *pipeline.Delivery) { d.RawQuery, d.PublicURL = "token=x", "https://example.com/?token=x" }, false},
		"a signed URL":                              {"mandrill", nil, "sha1", func(d *pipeline.Delivery) { d.RawQuery, d.PublicURL = "a=x", "https://example.com/?a=x" }, true},
		"a signed URL that this plugin has not":     {"mandrill", nil, "sha1", func(d *pipeline.Delivery) { d.PublicURL = "" }, false},
		"a body whose token cannot be found":        {"microsoft-graph", sealed, "client-state", func(d *pipeline.Delivery) { d.Body = []byte("clientState=x") }, false},
		"a body whose token can be found, sealed":   {"microsoft-graph", sealed, "client-state", func(d *pipeline.Delivery) { d.Body = []byte(`{"value":[{"clientState":"x"}]}`) }, true},
		"a body whose token can be found, unsealed": {"microsoft-graph", nil, "client-state", func(d *pipeline.Delivery) { d.Body = []byte(`{"value":[{"clientState":"x"}]}`) }, false},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			k := newKit(t, js, nil, orNone(tc.set))
			k.provider, k.scrub = tc.row, newScrubber(lookup(t, tc.row), nil, k.cfg.RemoveHeaders)
			if tc.scheme != "" && tc.scheme != "sha3" {
				if s := k.scrub.scheme(tc.scheme); s == nil {
					t.Fatalf("%s has no scheme %s", tc.row, tc.scheme)
				}
			}
			d, item := held(t.Name(), []byte("{}"))
			if tc.scheme == "" {
				d.Verification = nil
			} else {
				d.Verification = proved(tc.scheme)
			}
			if tc.change != nil {
				tc.change(d)
			}
			err := k.Hold(t.Context(), d, item, pipeline.PayloadInvalid)
			if (err == nil) != tc.held {
				t.Fatalf("got %v", err)
			}
			var reject *pipeline.Reject
			if err != nil && (!errors.Is(err, ErrUnreleasable) || !errors.As(err, &reject) || reject.Code != pipeline.Misconfigured || k.counted(kindHeld, resultUnreleasable) != 1) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func withHeader(name string) func(*pipeline.Delivery) {
	return func(d *pipeline.Delivery) { d.Headers = append(d.Headers, pipeline.Header{Name: name, Value: "x"}) }
}

func TestKeeper_saysAtLoadThatItNeedsKeys(t *testing.T) {
	pool := newKit(t, nil, nil, object{}).pool
	for name, tc := range map[string]struct {
		row    string
		scheme string // "" where another plugin proves
		set    object
		good   bool
	}{
		"a token":                           {"telegram", "token", nil, false},
		"a token, with keys":                {"telegram", "token", object{"keys": []any{keyOf("a")}}, true},
		"a token that another plugin sees":  {"telegram", "", nil, false},
		"a signature":                       {"github", "sha256", nil, true},
		"a signature beside a password":     {"gitee", "sha256", nil, true},
		"a password beside a signature":     {"gitee", "password", nil, false},
		"both, where another plugin proves": {"gitee", "", nil, true},
	} {
		t.Run(name, func(t *testing.T) {
			row := lookup(t, tc.row)
			var proof *Proof
			if tc.scheme != "" {
				s, _ := row.Scheme(tc.scheme)
				proof = &Proof{Scheme: s}
			}
			k, err := pool.Keeper(row, proof, settings(t, orNone(tc.set)), disconnected, nil)
			if err != nil {
				t.Fatal(err)
			}
			if err := k.NeedsKeys(); (err == nil) != tc.good || err != nil && !errors.Is(err, ErrUnreleasable) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestKeeper_mustKnowWhereASecretStands(t *testing.T) {
	pool := newKit(t, nil, nil, object{}).pool
	custom := &custom.Provider{
		Name: "octo", Facts: spec.Locators{Type: []string{"text:event"}},
		Settings: []spec.Setting{{Name: "header", Doc: "The header.", Example: "x-word"}},
		Schemes:  []spec.Scheme{{Name: "main", Kind: spec.Token, Family: spec.Family{Signature: "header:{setting:header}"}}},
	}
	row, err := custom.Row()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := pool.Keeper(row, nil, settings(t, object{}), disconnected, nil); !errors.Is(err, ErrConfig) {
		t.Errorf("without its settings: %v", err)
	}
	v, err := row.Verifier(provider.Options{Scheme: "main", Settings: map[string]string{"header": "x-word"}, Secrets: []provider.Secret{{Value: "octo-s3cret-0123456789"}}})
	if err != nil {
		t.Fatal(err)
	}
	k, err := pool.Keeper(row, &Proof{Scheme: v.Scheme()}, settings(t, object{}), disconnected, nil)
	if err != nil {
		t.Fatal(err)
	}
	r := archive.Capture(&pipeline.Delivery{Headers: pipeline.Headers{{Name: "x-word", Value: "octo-s3cret-0123456789"}}})
	k.scrub.apply(r, k.keys)
	if got := string(r.Headers[0].Value); got != archive.Removed {
		t.Errorf("the secret is kept: %s", got)
	}
}

func orNone(set object) object {
	if set == nil {
		return object{}
	}
	return set
}
