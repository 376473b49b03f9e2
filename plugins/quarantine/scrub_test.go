package quarantine

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/streams/archive"
)

func lookup(t testing.TB, name string) *provider.Provider {
	t.Helper()
	row, ok := catalogue.Lookup(name)
	if !ok {
		t.Fatalf("no row %s", name)
	}
	return row
}

func scrubbed(t testing.TB, row string, keys *archive.Keys, d *pipeline.Delivery, always ...string) *archive.Record {
	t.Helper()
	r := archive.Capture(d)
	r.ID, r.Provider, r.Code = "record", row, "signature_invalid"
	newScrubber(lookup(t, row), nil, always).apply(r, keys)
	return r
}

func TestScrub_removesWhatAuthorisesAndKeepsSignatures(t *testing.T) {
	d := &pipeline.Delivery{
		Headers: pipeline.Headers{
			{Name: "authorization", Value: "Bearer s3cret-1"}, {Name: "proxy-authorization", Value: "Basic czNjcmV0LTI="},
			{Name: "cookie", Value: "session=s3cret-3"}, {Name: "x-api-key", Value: "s3cret-4"}, {Name: "x-auth-token", Value: "s3cret-5"},
			{Name: "x-amz-security-token", Value: "s3cret-6"}, {Name: "x-vault-password", Value: "s3cret-7"},
			{Name: "x-mine", Value: "s3cret-8"}, {Name: "x-mine", Value: "s3cret-9"},
			{Name: "x-hub-signature-256", Value: "sha256=00"}, {Name: "x-github-delivery", Value: "d1"}, {Name: "content-type", Value: "application/json"},
		},
		RawQuery:  "a=1&access_token=s3cret-10&api%5Fkey=s3cret-11&token&b=",
		PublicURL: "https://example.com/hooks?a=1&Token=s3cret-12",
	}
	for name, keys := range map[string]*archive.Keys{"sealed": ring(t, "spring"), "not sealed": {}} {
		t.Run(name, func(t *testing.T) {
			r := scrubbed(t, "github", keys, d, "x-mine")
			text, err := json.Marshal(r)
			if err != nil {
				t.Fatal(err)
			}
			all := string(text) + string(r.Query) + string(r.PublicURL)
			for _, line := range r.Headers {
				all += line.Name + string(line.Value)
			}
			if strings.Contains(all, "s3cret") || strings.Contains(all, "czNjcmV0") {
				t.Errorf("a secret is kept: %s", all)
			}
			if got, want := string(r.Query), "a=1&access_token=[removed]&api%5Fkey=[removed]&token&b="; got != want {
				t.Errorf("query %q, want %q", got, want)
			}
			kept := slices.DeleteFunc(slices.Clone(r.Headers), func(l archive.Line) bool { return string(l.Value) == archive.Removed })
			want := []archive.Line{{Name: "x-hub-signature-256", Value: []byte("sha256=00")}, {Name: "x-github-delivery", Value: []byte("d1")}, {Name: "content-type", Value: []byte("application/json")}}
			if diff := cmp.Diff(want, kept); diff != "" {
				t.Errorf("headers that are kept (-want +got):\n%s", diff)
			}
			wantRemoved := []string{
				"header:authorization", "header:cookie", "header:proxy-authorization", "header:x-amz-security-token", "header:x-api-key",
				"header:x-auth-token", "header:x-mine", "header:x-vault-password", "query:access_token", "query:api_key",
			}
			if diff := cmp.Diff(wantRemoved, r.Removed); diff != "" {
				t.Errorf("removed (-want +got):\n%s", diff)
			}
			if sums := len(r.Tokens) > 0; sums != (keys.Use() != "") {
				t.Errorf("%d sums", len(r.Tokens))
			}
		})
	}
}

func TestRestore_takesTheRightSecretOnly(t *testing.T) {
	keys := ring(t, "winter", "spring")
	d := &pipeline.Delivery{
		Headers: pipeline.Headers{
			{Name: "authorization", Value: "Bearer right"}, {Name: "x-token", Value: "other"}, {Name: "x-token", Value: "right"},
			{Name: "proxy-authorization", Value: "Basic dXNlcjpyaWdodA=="},
		},
		RawQuery: "token=no&token=right%21&a=b",
	}
	tests := map[string]struct {
		secrets []string
		keys    *archive.Keys
		headers pipeline.Headers
		query   string
	}{
		"the secret": {[]string{"old", "right"}, keys, pipeline.Headers{
			{Name: "authorization", Value: "Bearer right"}, {Name: "x-token", Value: archive.Removed}, {Name: "x-token", Value: "right"},
			{Name: "proxy-authorization", Value: archive.Removed},
		}, "token=[removed]&token=[removed]&a=b"},
		"user and password": {[]string{"user:right"}, keys, pipeline.Headers{
			{Name: "authorization", Value: archive.Removed}, {Name: "x-token", Value: archive.Removed}, {Name: "x-token", Value: archive.Removed},
			{Name: "proxy-authorization", Value: "Basic dXNlcjpyaWdodA=="},
		}, "token=[removed]&token=[removed]&a=b"},
		"a secret that a query escapes": {[]string{"right!"}, keys, pipeline.Headers{
			{Name: "authorization", Value: archive.Removed}, {Name: "x-token", Value: archive.Removed}, {Name: "x-token", Value: archive.Removed},
			{Name: "proxy-authorization", Value: archive.Removed},
		}, "token=[removed]&token=right%21&a=b"},
		"another secret": {[]string{"wrong"}, keys, pipeline.Headers{
			{Name: "authorization", Value: archive.Removed}, {Name: "x-token", Value: archive.Removed}, {Name: "x-token", Value: archive.Removed},
			{Name: "proxy-authorization", Value: archive.Removed},
		}, "token=[removed]&token=[removed]&a=b"},
		"without the key of the record": {[]string{"right"}, ring(t, "spring"), pipeline.Headers{
			{Name: "authorization", Value: archive.Removed}, {Name: "x-token", Value: archive.Removed}, {Name: "x-token", Value: archive.Removed},
			{Name: "proxy-authorization", Value: archive.Removed},
		}, "token=[removed]&token=[removed]&a=b"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			r := scrubbed(t, "github", keys, d)
			r.Key = keys.Use()
			r.Restore(tc.keys, tc.secrets)
			got := r.Delivery()
			if diff := cmp.Diff(tc.headers, got.Headers); diff != "" {
				t.Errorf("headers (-want +got):\n%s", diff)
			}
			if got.RawQuery != tc.query {
				t.Errorf("query %q, want %q", got.RawQuery, tc.query)
			}
		})
	}
}
