package text_test

import (
	"strings"
	"testing"

	"webhookedge/plugins/internal/text"
)

func TestPrintable(t *testing.T) {
	for in, want := range map[string]string{"": "", "a b~": "a b~", "a\r\nb\x00é\x7f": "a??b???", "\xff": "?"} {
		if got := text.Printable(in); got != want {
			t.Errorf("%q gave %q, want %q", in, got, want)
		}
	}
}

func TestIsName(t *testing.T) {
	for in, want := range map[string]bool{"": false, "WEBHOOKS_eu-1": true, "a.b": false, "a b": false, "é": false, "*": false, ">": false} {
		if text.IsName(in) != want {
			t.Errorf("%q is not %v", in, want)
		}
	}
}

func TestWrap(t *testing.T) {
	long := strings.Repeat("x", 100)
	for in, want := range map[string]string{
		"":                                    "",
		"  a b":                               "  a b",
		strings.Repeat("nine char ", 8) + "b": strings.Repeat("nine char ", 7) + "nine char\n  b",
		"  " + long:                           "  " + long,
		"  " + long + " " + long + " b c":     "  " + long + "\n  " + long + "\n  b c",
		"a " + long:                           "a " + long,
		strings.Repeat("a", 80):               strings.Repeat("a", 80),
		strings.Repeat("a", 80) + " b":        strings.Repeat("a", 80) + "\n  b",
		strings.Repeat("a", 40) + " " + long[:39]: strings.Repeat("a", 40) + " " + long[:39],
	} {
		if got := strings.Join(text.Wrap(in, "  "), "\n"); got != want {
			t.Errorf("%q gave\n%s\nwant\n%s", in, got, want)
		}
	}
}

func TestShellWord_isOneArgument(t *testing.T) {
	for given, want := range map[string]string{
		"a-b_c/d.e:f@g%h+i,j=k": "a-b_c/d.e:f@g%h+i,j=k", "": "''", "it's": `'it'\''s'`, "$(rm)": "'$(rm)'", "a b": "'a b'", "ü": "'ü'", "a\x00b": "ab", "~": "'~'",
	} {
		if got := text.ShellWord(given); got != want {
			t.Errorf("%q: %s, want %s", given, got, want)
		}
	}
}
