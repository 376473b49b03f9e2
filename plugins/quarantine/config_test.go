package quarantine

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"webhookedge/plugins/internal/config"
	"webhookedge/plugins/streams/archive"
)

func TestKeys_withoutAValue(t *testing.T) {
	key := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("k", archive.KeySize)))
	gone := `{"id":"gone","value":"","$refs":{"value":"{vault://env/gone}"}}`
	for name, tc := range map[string]struct {
		keys  string
		use   string // "" where the config is refused
		opens []string
	}{
		"an older one is left out":       {`{"id":"new","value":"` + key + `"},` + gone, "new", []string{"new"}},
		"the key in use never is":        {gone + `,{"id":"old","value":"` + key + `"}`, "", nil},
		"the only one never is":          {gone, "", nil},
		"a placeholder is not left out":  {`{"id":"new","value":"` + key + `"},{"id":"old","value":"${OLD_KEY}"}`, "", nil},
		"two, of which the last is gone": {`{"id":"new","value":"` + key + `"},{"id":"old","value":"` + strings.Replace(key, "a", "b", 1) + `"},` + gone, "new", []string{"new", "old"}},
	} {
		t.Run(name, func(t *testing.T) {
			var c Config
			err := config.Decode([]byte(`{"keys":[`+tc.keys+`]}`), &c)
			if (err == nil) != (tc.use != "") {
				t.Fatalf("got %v", err)
			}
			if err != nil {
				return
			}
			ring, err := c.Ring()
			if err != nil || ring.Use() != tc.use {
				t.Fatalf("it seals with %q, %v", ring.Use(), err)
			}
			var opens []string
			for _, id := range []string{"new", "old", "gone"} {
				if err := ring.Add(id, make([]byte, archive.KeySize)); err != nil { // it is there
					opens = append(opens, id)
				}
			}
			if diff := cmp.Diff(tc.opens, opens); diff != "" {
				t.Errorf("keys (-want +got):\n%s", diff)
			}
			if missing := c.Missing(); (len(missing) == 1) != strings.Contains(tc.keys, "gone") {
				t.Errorf("missing: %v", missing)
			}
		})
	}
}
