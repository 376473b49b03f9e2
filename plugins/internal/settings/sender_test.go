package settings

import (
	"encoding/json"
	"strings"
	"testing"

	"webhookedge/plugins/internal/config"
)

func TestSender_isNamedOnce(t *testing.T) {
	const custom = `{"name":"acme","schemes":[{"name":"v1","hash":"sha256","encoding":"hex","signature":"header:x-acme","content":"{body}"}],"facts":{"type":["text:event"]}}`
	for name, tc := range map[string]struct{ sender, row, fault string }{
		"a provider":             {`"provider":"github"`, "github", ""},
		"a sender of one's own":  {`"custom":` + custom, "acme", ""},
		"both":                   {`"provider":"github","custom":` + custom, "", "exactly one must be set of provider, custom"},
		"none":                   {`"respond":"continue"`, "", "exactly one must be set of provider, custom"},
		"a scheme of no kind":    {`"custom":` + strings.Replace(custom, `"hash"`, `"kind":"xor","hash"`, 1), "", "custom.schemes[0].kind: "},
		"a text of an odd word":  {`"custom":` + strings.Replace(custom, "{body}", "{odd}{body}", 1), "", "custom.schemes: "},
		"the name of a provider": {`"custom":` + strings.Replace(custom, "acme", "github", 1), "", "custom.name: "},
		"an unknown member":      {`"custom":` + strings.Replace(custom, `"hash"`, `"hsah"`, 1), "", "custom.schemes[0].hsah: "},
	} {
		t.Run(name, func(t *testing.T) {
			text := `{` + tc.sender + `,"secrets":[{"value":"0123456789abcdef"}]}`
			if !json.Valid([]byte(text)) {
				t.Fatal(text)
			}
			var c VerifyConfig
			if err := config.Decode([]byte(text), &c); err != nil || tc.fault != "" {
				if err == nil || tc.fault == "" || !strings.Contains(err.Error(), tc.fault) {
					t.Errorf("got %v, want %q", err, tc.fault)
				}
				return
			}
			row, err := c.Row()
			if err != nil || row.Name != tc.row {
				t.Errorf("got %v, %v", row, err)
			}
		})
	}
}
