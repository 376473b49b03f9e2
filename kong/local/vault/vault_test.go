package vault

import (
	"errors"
	"testing"
)

func TestResolve(t *testing.T) {
	environment := map[string]string{
		"GITHUB_SECRET": "s", "PAIR": `{"user":"u","n":1,"nothing":null}`, "EMPTY": "", "HOOK_A": "a", "X_A": "x", "A_PREVIOUS": "old",
	}
	env := Env{Prefixes: map[string]string{"hooks": "HOOK_"}, Lookup: func(n string) (string, bool) { v, ok := environment[n]; return v, ok }}
	cases := map[string]struct {
		want string
		err  error
	}{
		"{vault://env/github-secret}": {"s", nil},
		"{vault://env/GITHUB_SECRET}": {"s", nil},
		"{vault://env/pair/user}":     {"u", nil},
		"{vault://env/pair/n}":        {"", ErrKey},
		"{vault://env/pair/nothing}":  {"", ErrKey},
		"{vault://env/pair/gone}":     {"", ErrKey},
		"{vault://env/hook-a/key}":    {"", ErrKey},
		"{vault://env/empty}":         {"", ErrUnset},
		"{vault://env/gone}":          {"", ErrUnset},
		"{vault://hooks/a}":           {"a", nil},
		"{vault://env/a?prefix=x_}":   {"x", nil},
		"{vault://env/a#2}":           {"old", nil},
		"{vault://aws/a}":             {"", ErrVault},
		"{vault://env/}":              {"", ErrReference},
		"{vault://env}":               {"", ErrReference},
		"vault://env/a":               {"", ErrReference},
		"{http://env/a}":              {"", ErrReference},
	}
	for text, tc := range cases {
		t.Run(text, func(t *testing.T) {
			got, err := env.Resolve(text)
			if got != tc.want || !errors.Is(err, tc.err) {
				t.Errorf("got %q, %v; want %q, %v", got, err, tc.want, tc.err)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add("{vault://env/a/b?prefix=x#2}")
	f.Fuzz(func(t *testing.T, text string) {
		if ref, err := parse(text); err == nil && ref.resource == "" {
			t.Errorf("%q has no resource", text)
		}
	})
}
