package check

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"webhookedge/plugins/internal/ctl/ctltest"
	"webhookedge/plugins/internal/ctl/exit"
)

const shippedFile = "../../../../kong/kong.yml"

func TestCheck_exitCodes(t *testing.T) {
	broken := filepath.Join(t.TempDir(), "kong.yml")
	if err := os.WriteFile(broken, []byte("_format_version: \"3.0\"\nroutes: [{name: r}]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		args []string
		want error // nil for 0
	}{
		"warnings alone":          {[]string{shippedFile, "--allow-unset"}, nil},
		"warnings that count":     {[]string{shippedFile, "--allow-unset", "--strict"}, exit.ErrFailed},
		"an error":                {[]string{broken}, exit.ErrFailed},
		"a file that is no file":  {[]string{"nowhere.yml"}, exit.ErrUsage},
		"two files":               {[]string{broken, broken}, exit.ErrUsage},
		"a flag that there isn't": {[]string{"--srict"}, exit.ErrUsage},
	}
	for name, tt := range tests {
		if out, err := ctltest.Run(t, Command(), tt.args...); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v\n%s", name, err, tt.want, out)
		}
	}
}

func TestCheck_writesAFindingALineAsJSON(t *testing.T) {
	out, err := ctltest.Run(t, Command(), shippedFile, "--json", "--allow-unset")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for line := range strings.Lines(out) {
		var f struct {
			Severity, File, Message string
			Line                    int
		}
		if err := json.Unmarshal([]byte(line), &f); err != nil || f.Severity != "warning" || f.File != shippedFile || f.Line == 0 || f.Message == "" {
			t.Errorf("%v: %s", err, line)
		}
		n++
	}
	if n == 0 {
		t.Error("no finding of secrets that are not set")
	}
}
