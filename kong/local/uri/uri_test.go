package uri

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNormalize(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "/": "/", "/a": "/a", "/a//b": "/a/b", "/a/./b": "/a/b", "/a/../b": "/b", "/../a": "/a", "/a/..": "/", "/a/.": "/a/",
		"/a%20b": "/a b", "/a%2fb": "/a%2Fb", "/%41": "/A", "/a%": "/a%", "/a%zz": "/a%zz", "/%2e%2e/a": "/a", "/x/%c3%a9": "/x/\xc3\xa9",
		"/...": "/...", "//": "/", "a/b": "a/b", "/a/b/../../..": "/",
	} {
		if got := Normalize(in); got != want {
			t.Errorf("Normalize(%q) is %q, want %q", in, got, want)
		}
	}
}

func TestEscape(t *testing.T) {
	for in, want := range map[string]string{"/a b": "/a%20b", "/é": "/%C3%A9", "/a%2Fb?c": "/a%2Fb?c", "/\"<>": "/%22%3C%3E"} {
		if got := Escape(in); got != want {
			t.Errorf("Escape(%q) is %q, want %q", in, got, want)
		}
	}
}

func TestArgs(t *testing.T) {
	got := Args("a=1&b&=x&c=%20+&d=%zz&a=2&&e=", 6)
	want := []Arg{{"a", "1", false}, {"b", "", true}, {"c", "  ", false}, {"d", "%zz", false}, {"a", "2", false}, {"e", "", false}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if got := Args("a&b&c", 2); len(got) != 2 {
		t.Errorf("%d arguments, want 2", len(got))
	}
}

func FuzzNormalize(f *testing.F) {
	f.Add("/a/%2e%2e/b//c")
	f.Fuzz(func(t *testing.T, path string) {
		if got := Normalize(path); len(got) > len(path) {
			t.Errorf("%q grew to %q", path, got)
		}
		Escape(path)
		Args(path, 0)
	})
}
