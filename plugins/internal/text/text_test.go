package text_test

import (
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
