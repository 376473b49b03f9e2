package provider_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/spec"
)

func TestSecrets_unusableAreRefused(t *testing.T) {
	const good = "octo-private-secret-0001"
	one := func(value string) []provider.Secret { return []provider.Secret{{Value: value}} }
	many := make([]provider.Secret, provider.MaxSecrets+1)
	for i := range many {
		many[i].Value = fmt.Sprintf("%s%d", good, i)
	}
	tests := map[string]struct {
		provider string
		options  provider.Options
		want     error
		says     string
	}{
		"none":                          {"github", provider.Options{}, provider.ErrKey, "there is none"},
		"an empty one":                  {"github", provider.Options{Secrets: one("")}, provider.ErrKey, "secret 1 is empty"},
		"only blanks":                   {"github", provider.Options{Secrets: one(" \t\n")}, provider.ErrKey, "only white space"},
		"a blank behind":                {"github", provider.Options{Secrets: one(good + " ")}, provider.ErrKey, "starts or ends with white space"},
		"a line end behind":             {"github", provider.Options{Secrets: one(good + "\n")}, provider.ErrKey, "starts or ends with white space"},
		"a blank of Unicode in front":   {"github", provider.Options{Secrets: one("\u00a0" + good)}, provider.ErrKey, "starts or ends with white space"},
		"a short one":                   {"github", provider.Options{Secrets: one("octo123")}, provider.ErrKey, "has fewer bytes than the 8 that the scheme needs: it has 7"},
		"a whole file":                  {"github", provider.Options{Secrets: one(strings.Repeat(good, 500))}, provider.ErrKey, "longer than 4096"},
		"too many":                      {"github", provider.Options{Secrets: many}, provider.ErrKey, "17 of them"},
		"the same twice":                {"github", provider.Options{Secrets: append(one(good), one(good)...)}, provider.ErrKey, "secret 2 is the same as an earlier one"},
		"one id twice":                  {"github", provider.Options{Secrets: []provider.Secret{{ID: "a", Value: good}, {ID: "a", Value: good + "2"}}}, provider.ErrKey, "secret 2 has the id of an earlier one"},
		"an id like a default one":      {"github", provider.Options{Secrets: []provider.Secret{{Value: good}, {ID: "1", Value: good + "2"}}}, provider.ErrKey, "secret 2 has the id"},
		"an id with a blank":            {"github", provider.Options{Secrets: []provider.Secret{{ID: "a b", Value: good}}}, provider.ErrKey, "has an id that is not"},
		"base64 that is none":           {"standard-webhooks", provider.Options{Secrets: one("whsec_octo-private")}, provider.ErrKey, "is not base64 after the optional prefix whsec_"},
		"base64 with half its padding":  {"standard-webhooks", provider.Options{Secrets: one("whsec_" + strings.TrimSuffix(base64.StdEncoding.EncodeToString([]byte(good+"x")), "="))}, provider.ErrKey, "is not base64"},
		"a public key":                  {"standard-webhooks", provider.Options{Secrets: one("whpk_vW20gCOHZcCRRSBZp4TV9YAJWm6h1mBB4wbjG2Yoe2s=")}, provider.ErrKey, "is a public key"},
		"the same as text":              {"polar", provider.Options{Secrets: one("whpk_vW20gCOHZcCRRSBZp4TV9YAJWm6h1mBB4wbjG2Yoe2s=")}, provider.ErrKey, "is a public key"},
		"base64 with a line end":        {"standard-webhooks", provider.Options{Secrets: one("b2N0by1wcml2YXRl\nLXNlY3JldA==")}, provider.ErrKey, "is not base64"},
		"base64 of too few bytes":       {"standard-webhooks", provider.Options{Secrets: one("whsec_b2N0bw==")}, provider.ErrKey, "it has 4"},
		"nothing behind the prefix":     {"standard-webhooks", provider.Options{Secrets: one("whsec_")}, provider.ErrKey, "it has 0"},
		"a raw key where there is none": {"stripe", provider.Options{RawKey: true, Secrets: one(good)}, provider.ErrOption, "no raw key"},
		"an unknown scheme":             {"stripe", provider.Options{Scheme: "v9", Secrets: one(good)}, provider.ErrOption, "no scheme of that name"},
		"a negative tolerance":          {"stripe", provider.Options{Tolerance: -1, Secrets: one(good)}, provider.ErrOption, "tolerance"},
		"a tolerance of eight days":     {"stripe", provider.Options{Tolerance: 192 * time.Hour, Secrets: one(good)}, provider.ErrOption, "tolerance"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := lookup(t, tc.provider).Verifier(tc.options)
			if !errors.Is(err, tc.want) || !strings.Contains(err.Error(), tc.says) {
				t.Fatalf("got %v", err)
			}
			if strings.Contains(err.Error(), "octo") || strings.Contains(err.Error(), "b2N0") {
				t.Errorf("the error shows the secret: %v", err)
			}
		})
	}
}

// TestSecrets_placeholdersAreRefused has texts that everybody knows in the place of every
// secret and setting.
func TestSecrets_placeholdersAreRefused(t *testing.T) {
	texts := []string{"{valt://env/some-secret}", "{vault://env/some-secret}", "${WEBHOOK_SECRET}", `${{ env "X" }}`, "{{ .Values.webhook.secret }}", "<change-me-to-a-secret>", "op://vault/item/secret"}
	cases(t, func(t *testing.T, c *scheme) {
		o := provider.Options{Scheme: c.s.Name, Settings: c.settings}
		for _, text := range texts {
			o.Secrets = []provider.Secret{{Value: text}}
			if c.s.Kind == spec.Basic {
				o.Secrets[0].Value = "user:" + text
			}
			var fault *provider.SecretError
			if _, err := c.row.Verifier(o); !errors.As(err, &fault) || strings.Contains(err.Error(), text) {
				t.Errorf("%s is a key: %v", text, err)
			}
			o.Secrets = nil
			for name, good := range c.settings {
				o.Settings = maps.Clone(c.settings)
				o.Settings[name] = text
				var fault *provider.SettingError
				if _, err := c.row.Verifier(o); !errors.As(err, &fault) || strings.Contains(err.Error(), text) {
					t.Errorf("%s is the setting %s, as %s would be: %v", text, name, good, err)
				}
			}
			o.Settings = c.settings
		}
	})
}

func TestSecrets_faultsAreReportedAtOnce(t *testing.T) {
	_, err := lookup(t, "stripe").Verifier(provider.Options{
		Tolerance: -1, Secrets: []provider.Secret{{}, {Value: "whsec_octoCorpTestSecret0001"}, {Value: "short"}},
	})
	var indexes []int
	for line := range strings.Lines(err.Error()) {
		t.Log(strings.TrimSpace(line))
	}
	var walk func(error)
	walk = func(err error) {
		if joined, ok := err.(interface{ Unwrap() []error }); ok {
			for _, e := range joined.Unwrap() {
				walk(e)
			}
			return
		}
		var secret *provider.SecretError
		if errors.As(err, &secret) {
			indexes = append(indexes, secret.Index)
		}
	}
	walk(err)
	if diff := cmp.Diff([]int{0, 2}, indexes); diff != "" || !errors.Is(err, provider.ErrOption) {
		t.Errorf("got %v (-want +got):\n%s", err, diff)
	}
}

func TestOptions_toleranceReplacesTheDefault(t *testing.T) {
	p := lookup(t, "stripe")
	r := sign(t, p, p.Schemes[0], at(), secret(p.Schemes[0], 1))
	v, err := p.Verifier(provider.Options{Tolerance: 10 * time.Second, Secrets: []provider.Secret{secret(p.Schemes[0], 1)}})
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		after time.Duration
		want  error
	}{
		"edge of tolerance": {10 * time.Second, nil},
		"one second late":   {11 * time.Second, provider.ErrStale},
		"from the future":   {-11 * time.Second, provider.ErrFuture},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := v.Verify(r, at().Add(tc.after)); !errors.Is(err, tc.want) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// A timestamp is refused before its signature is looked at, so none of these
// needs to be signed.
func TestTimestamp_isStrict(t *testing.T) {
	p := lookup(t, "slack")
	s := p.Schemes[0]
	v := verifier(t, p, s, secret(s, 1))
	good := sign(t, p, s, at(), secret(s, 1))
	for name, text := range map[string]string{
		"a sign":               "+1749722400",
		"a minus":              "-1749722400",
		"a blank":              " 1749722400",
		"a fraction":           "1749722400.0",
		"an exponent":          "1e9",
		"hexadecimal":          "0x6848",
		"an underscore":        "1_749_722_400",
		"digits of a script":   "१७४९७२२४००",
		"more than fits":       "99999999999999999999",
		"a year after 9999":    "999999999999999",
		"RFC 3339 for seconds": "2025-06-12T10:00:00Z",
	} {
		t.Run(name, func(t *testing.T) {
			r := good
			r.Headers = changed(good, "x-slack-request-timestamp", func(string) []string { return []string{text} })
			if _, err := v.Verify(r, at()); !errors.Is(err, provider.ErrMalformed) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestSecrets_areNeverPrinted(t *testing.T) {
	p := lookup(t, "github")
	private := provider.Secret{Value: "octo-private-secret-0001"}
	v := verifier(t, p, p.Schemes[0], private)
	signer, err := p.Signer(provider.Options{Secrets: []provider.Secret{private}})
	if err != nil {
		t.Fatal(err)
	}
	// As hash.Hash has no text form, fmt would print bytes as numbers or hex.
	numbers := strings.Trim(fmt.Sprintf("%d", []byte(private.Value)), "[]")
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%x"} {
		for _, value := range []any{v, *v, signer, *signer} {
			shown := fmt.Sprintf(format, value)
			for _, form := range []string{private.Value, numbers, fmt.Sprintf("%x", private.Value), fmt.Sprintf("%#v", []byte(private.Value))[7:40]} {
				if strings.Contains(shown, form) {
					t.Errorf("%s of %T shows the secret", format, value)
				}
			}
		}
	}
}
