package formscan_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"webhookedge/plugins/internal/formscan"
)

func TestPairs_bounds(t *testing.T) {
	for name, tc := range map[string]struct {
		body string
		want error
	}{
		"nothing":                {"", nil},
		"as many as may be":      {strings.Repeat("a&", formscan.MaxPairs-1), nil},
		"a pair too many":        {strings.Repeat("a&", formscan.MaxPairs-1) + "&a", formscan.ErrPairs},
		"21 MB of separators":    {strings.Repeat("&", 21<<20), formscan.ErrPairs},
		"21 MB of escaped names": {strings.Repeat("%61&", 21<<18), formscan.ErrPairs},
		"one pair of 21 MB":      {strings.Repeat("=", 21<<20), nil},
	} {
		pairs, err := formscan.Pairs([]byte(tc.body))
		if !errors.Is(err, tc.want) || (pairs == nil) != (err != nil) {
			t.Errorf("%s: %v, want %v", name, err, tc.want)
		}
	}
}

func TestDocument(t *testing.T) {
	for name, tc := range map[string]struct {
		body, want string
		err        error
	}{
		"a document alone":                 {"payload=%7B%7D", "{}", nil},
		"its name escaped":                 {"%70ayload=%7B%7D", "{}", nil},
		"empty pairs beside it":            {"&&payload=1&", "1", nil},
		"no document":                      {"a=1", "", formscan.ErrNoDocument},
		"nothing":                          {"", "", formscan.ErrNoDocument},
		"two documents":                    {"payload=1&payload=1", "", formscan.ErrTwoDocuments},
		"two documents, spelled otherwise": {"payload=1&%70ayload=1", "", formscan.ErrTwoDocuments},
		"a field beside it":                {"payload=1&a", "", formscan.ErrBesideDocument},
		"a field without a name beside it": {"payload=1&=", "", formscan.ErrBesideDocument},
		"a broken name beside it":          {"%zz=2&payload=1", "", formscan.ErrEscape},
		"a document that is broken":        {"payload=%7", "", formscan.ErrEscape},
		"more fields than may be":          {"payload=1" + strings.Repeat("&", formscan.MaxPairs), "", formscan.ErrPairs},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := formscan.Document([]byte(tc.body), "payload")
			if string(got) != tc.want || !errors.Is(err, tc.err) {
				t.Errorf("got %q, %v, want %q, %v", got, err, tc.want, tc.err)
			}
		})
	}
}

// FuzzUnescape holds Unescape and Is against net/url.
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
		if formscan.Is([]byte(raw), want) != (err == nil) || formscan.Is([]byte(raw), want+"x") {
			t.Fatalf("Is is not equal: %q", raw)
		}
	})
}

// FuzzDocument holds Document against net/url: with nothing beside it, the document is
// all that there is.
func FuzzDocument(f *testing.F) {
	for _, seed := range []string{"payload=%7B%7D", "payload=1&payload=2", "a=1&%70ayload=1", "payload", "=&payload=+"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		got, err := formscan.Document([]byte(body), "payload")
		if err != nil {
			return
		}
		values, uerr := url.ParseQuery(strings.ReplaceAll(body, ";", "%3B"))
		if uerr != nil || len(values) != 1 || len(values["payload"]) != 1 || values["payload"][0] != string(got) {
			t.Fatalf("got %q; net/url says %q, %v", got, values, uerr)
		}
	})
}
