package payloadschema_test

import (
	"encoding/json"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"testing"

	"webhookedge/plugins/internal/payloadschema"
	"webhookedge/plugins/internal/schemas"
	"webhookedge/plugins/provider/catalogue"
)

func TestBuiltin_everySchemaSaysWhatItIs(t *testing.T) {
	set := open(t, store(), "")
	id := regexp.MustCompile(`^urn:webhook-edge:schema:payload:[a-z-]+:[a-z_.]+:v[0-9]+$`)
	files := map[string]int{}
	err := fs.WalkDir(schemas.Payloads(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		files[path.Dir(name)]++
		t.Run(name, func(t *testing.T) {
			text, err := fs.ReadFile(schemas.Payloads(), name)
			if err != nil {
				t.Fatal(err)
			}
			var says struct {
				Schema      string `json:"$schema"`
				ID          string `json:"$id"`
				Comment     string `json:"$comment"`
				Title       string `json:"title"`
				Description string `json:"description"`
			}
			if err := json.Unmarshal(text, &says); err != nil {
				t.Fatal(err)
			}
			folder, event := path.Dir(name), strings.TrimSuffix(path.Base(name), ".json")
			want := "urn:webhook-edge:schema:payload:" + folder + ":" + event + ":v"
			if says.Schema != "https://json-schema.org/draft/2020-12/schema" || says.Title == "" || says.Description == "" || says.Comment == "" ||
				!id.MatchString(says.ID) || !strings.HasPrefix(says.ID, want) {
				t.Errorf("its head is %+v", says)
			}
			if _, ok := catalogue.Lookup(folder); !ok {
				t.Errorf("there is no provider %s", folder)
			}
			schema := set.Find(folder, event, "")
			if schema == nil {
				t.Fatal("it is not found")
			}
			if got := payloadschema.BuiltinID(folder, event, "any"); got != says.ID {
				t.Errorf("events name it %q, want %q", got, says.ID)
			}
			for _, other := range []string{`{}`, `[]`, `null`, `"x"`} {
				if schema.Check([]byte(other)) == "" {
					t.Errorf("it takes %s", other)
				}
			}
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"github", "shopify", "slack", "stripe"} {
		if files[name] < 20 {
			t.Errorf("only %d schemas of %s, want its twenty most used events", files[name], name)
		}
	}
}
