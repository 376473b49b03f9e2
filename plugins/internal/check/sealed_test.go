package check_test

import (
	"slices"
	"strings"
	"testing"

	"webhookedge/plugins/internal/check"
)

// What webhook-verify decrypts no single plugin behind it reads: that is told before the
// first delivery is refused, once, and only where the chosen scheme encrypts.
func TestRun_tellsOfPayloadsThatNoPluginHandsOn(t *testing.T) {
	r := run(t, check.Options{File: "testdata/sealed.yml", NoConf: true})
	if got, want := lines(r), []string{"error sealed.yml:16 provider", "error sealed.yml:28 provider"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q\n%s", got, want, r.Text())
	}
	for i, routes := range []string{"wecom", "lark"} {
		if f := r.Findings[i]; strings.Join(f.Routes, " ") != routes || f.Plugin != "webhook-publish" || !strings.Contains(f.Message, "use webhook-edge") {
			t.Errorf("%+v", f)
		}
	}
}
