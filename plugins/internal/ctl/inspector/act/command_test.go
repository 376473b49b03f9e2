package act

import (
	"os/exec"
	"strings"
	"testing"
)

func TestCommand_isOneOfAShell(t *testing.T) {
	hostile := []string{"a b", "it's", "$(id)", "`id`", "a\nb", "*", "", "~", "-x", `\`, "ä", "a;b", "#", "!"}
	line := command(append([]string{"printf", "%s|"}, hostile...)...)
	out, err := exec.CommandContext(t.Context(), "sh", "-c", line).CombinedOutput()
	if want := strings.Join(hostile, "|") + "|"; err != nil || string(out) != want {
		t.Errorf("%s gave %q, want %q (%v)", line, out, want, err)
	}
	line = piped("it's $HOME\n", "cat")
	if out, err := exec.CommandContext(t.Context(), "sh", "-c", line).CombinedOutput(); err != nil || string(out) != "it's $HOME\n" {
		t.Errorf("%s gave %q (%v)", line, out, err)
	}
	for _, odd := range []string{"\x1b[2J", "a\u202eb", "a\x00b", "a\u200bb", strings.Repeat("x", maxCommand+1)} {
		if got := command("webhookctl", odd) + piped(odd, "cat"); got != "" {
			t.Errorf("%q is in a command", got)
		}
	}
}
