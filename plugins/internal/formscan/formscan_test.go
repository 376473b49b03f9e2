package formscan_test

import (
	"net/url"
	"strings"
	"testing"

	"webhookedge/plugins/internal/formscan"
)

func TestField(t *testing.T) {
	tests := map[string]struct {
		body, want string
		ok         bool
	}{
		"plain":                    {"a=1&b=2", "2", true},
		"escaped name and value":   {"%62=%7B+%7d&x", "{ }", true},
		"without a value":          {"b", "", true},
		"absent":                   {"a=1", "", false},
		"there twice":              {"b=1&b=2", "", false},
		"a broken value":           {"b=%2", "", false},
		"a broken value elsewhere": {"a=%zz&b=2", "2", true},
		"nothing":                  {"", "", false},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if got, ok := formscan.Field([]byte(tc.body), "b"); string(got) != tc.want || ok != tc.ok {
				t.Errorf("got %q, %v", got, ok)
			}
		})
	}
}

// FuzzUnescape holds Unescape against net/url.
func FuzzUnescape(f *testing.F) {
	for _, seed := range []string{"a+b%20c", "%", "%4", "%zz", "caf%C3%A9", "\xff%ff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		got, err := formscan.Unescape([]byte(raw))
		want, wantErr := url.QueryUnescape(raw)
		if (err == nil) != (wantErr == nil) || err == nil && string(got) != want {
			t.Fatalf("got %q, %v; net/url says %q, %v", got, err, want, wantErr)
		}
		if err != nil && raw != "" && len(raw) > 3 && strings.Contains(err.Error(), raw) {
			t.Fatal("the error quotes the body")
		}
	})
}
