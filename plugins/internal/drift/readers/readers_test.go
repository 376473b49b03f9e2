package readers_test

import (
	"slices"
	"strings"
	"testing"

	"webhookedge/plugins/internal/drift"
	"webhookedge/plugins/internal/drift/readers"
	"webhookedge/plugins/normalize"
	"webhookedge/plugins/policy/engine"
	"webhookedge/plugins/provider/catalogue"
)

func TestReaders_nameWhatReadsAField(t *testing.T) {
	row, _ := catalogue.Lookup("github")
	redactions := []normalize.RedactConfig{{Path: "$.user.email"}, {Path: "$..phone"}, {Path: "$.list[*].name"}, {Path: "$.list[0].id"}}
	reads := []engine.Read{
		{Path: []string{"data", "user"}, Rule: "data.a"}, {Path: []string{"data", "list"}, Rule: "data.b"},
		{Path: []string{"event", "type"}, Rule: "data.c"}, {Path: []string{"data"}, Rule: "data.whole"},
	}
	find := readers.Of(redactions, row, func() []engine.Read { return reads })
	for path, want := range map[string]string{
		"$.user.email":       "$.user.email data.a data.whole",
		"$.user":             "$.user.email data.a data.whole",
		"$.user.home.phone":  "$..phone data.a data.whole",
		"$.list[*].name":     "$.list[*].name data.b data.whole",
		"$.list[*].id":       "$.list[0].id data.b data.whole",
		"$.list":             "$.list[*].name $.list[0].id data.b data.whole",
		"$.*.email":          "$.user.email $.list[*].name data.a data.b data.whole",
		"$.other":            "data.whole",
		"$.repository.owner": "repository.owner.login data.whole",
	} {
		place, ok := drift.Place(path)
		var got []string
		for _, r := range find(place) {
			if r.Kind != drift.ReadByFact || strings.HasPrefix(path, "$.repository") {
				got = append(got, r.Name)
			}
		}
		slices.Sort(got)
		all := strings.Fields(want)
		slices.Sort(all)
		if !ok || !slices.Equal(got, all) {
			t.Errorf("%s: %q, want %q", path, got, all)
		}
	}
}
