package author_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPayloadNames_areCheckedByEvent(t *testing.T) {
	const (
		push   = "\tinput.event.type == \"github.push\"\n"
		issues = "\t\"issues\" == input.event.name\n\tinput.event.provider == \"github\"\n"
	)
	tests := map[string]struct {
		body string
		want []string // findings, first lines
	}{
		"names that exist": {push + "\tinput.data.repository.full_name == \"a/b\"\n\tinput.data.commits[_].author.name == \"mona\"\n\tsome c in input.data.commits\n\tc.id == \"1\"\n", nil},
		"a misspelt name of an event that has a schema": {
			push + "\tinput.data.repository.ful_name == \"a/b\"\n", []string{"main.rego:7: unknown-field: input.data.repository.ful_name: no schema and no sample of github.push has \"ful_name\""},
		},
		"an abbreviation of one": {push + "\tinput.data.repo.nam == \"a\"\n", []string{"main.rego:7: unknown-field: input.data.repo.nam: no schema and no sample of github.push has \"repo\""}},
		"inside a list":          {push + "\tinput.data.commits[_].autor.name == \"a\"\n", []string{"main.rego:7: unknown-field: input.data.commits[_].autor.name: no schema and no sample of github.push has \"autor\""}},
		"the event by its parts": {issues + "\tinput.data.isue.title\n", []string{"main.rego:8: unknown-field: input.data.isue.title: no schema and no sample of github.issues has \"isue\""}},
		"with an action": {
			"\tinput.event.type == \"stripe.charge.succeeded\"\n\tinput.data.data.object.ammount > 5\n",
			[]string{"main.rego:7: unknown-field: input.data.data.object.ammount: no schema and no sample of stripe.charge has \"ammount\""},
		},
		"a name that no schema lists, though the provider may send it": {
			push + "\tinput.data.repository.archived\n", []string{"main.rego:7: warning: unknown-field: input.data.repository.archived: no schema and no sample of github.push has \"archived\""},
		},
		"behind not":                       {push + "\tnot input.data.deletd\n", []string{"main.rego:7: unknown-field: input.data.deletd: no schema and no sample of github.push has \"deletd\""}},
		"a name of another event":          {"\tnot input.event.type == \"github.push\"\n\tinput.data.issue.title\n", nil},
		"a provider without a schema":      {"\tinput.event.provider == \"generic\"\n\tinput.data.repo.nam\n", nil},
		"a name that nobody is known for":  {"\tinput.data.user.name\n\tinput.data.labels\n\tinput.data.user\n\tinput.data.colour\n", nil},
		"no event, and a misspelt name":    {"\tinput.data.repositry.name\n", []string{"main.rego:6: warning: unknown-field: input.data.repositry.name: no schema and no sample of any provider has \"repositry\"; is it \"repository\"?"}},
		"no event, and an abbreviation":    {"\tinput.data.repository.nam\n", []string{"main.rego:6: unknown-field: input.data.repository.nam: no schema and no sample of any provider has \"nam\""}},
		"a name that is known too late":    {push + "\tinput.data[input.event.name]\n\tinput.data.commits[0].id\n", nil},
		"a member of what has no members":  {push + "\tinput.data.ref.name\n", nil},
		"another condition than equality":  {"\tinput.event.type != \"github.push\"\n\tinput.data.issue.title\n", nil},
		"a rule that was told to be right": {push + "\tallowed\n", nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			text := head + "decision := {\"allow\": true} if {\n" + tt.body + "}\n\n# METADATA\n# custom:\n#   lint:\n#     ignore: [unknown-field]\nallowed if {\n\tinput.event.type == \"github.push\"\n\tinput.data.repository.nam\n}\n"
			var got []string
			for _, line := range check(t, dir(t, map[string]string{"webhook/main/main.rego": text}), nil) {
				first, _, _ := strings.Cut(line, "\n")
				if strings.Contains(first, "unknown-field") {
					got = append(got, strings.TrimPrefix(first, "webhook/main/"))
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPayloadNames_typoListsWhatExists(t *testing.T) {
	files := map[string]string{"webhook/main/main.rego": head + "decision := {\"allow\": true} if {\n\tinput.event.type == \"github.push\"\n\tinput.data.repo.name == \"a\"\n}\n"}
	got := strings.Join(check(t, dir(t, files), nil), "\n")
	if !strings.Contains(got, "\n\thave: \"repo\"\n\twant (one of): [\"after\" \"base_ref\" ") || !strings.Contains(got, "\"repository\"") {
		t.Errorf("it says\n%s", got)
	}
}
