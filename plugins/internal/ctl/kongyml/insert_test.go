package kongyml

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"webhookedge/kong/local/declarative"
)

const added = `_format_version: "3.0"

routes:
  - name: new
    paths: [/new]
    plugins:
      - name: webhook-edge
        config: {provider: stripe}
`

// inserted is the route of added at an indentation.
func inserted(indent int) string {
	_, block, _ := strings.Cut(added, "routes:\n")
	var b strings.Builder
	for line := range strings.Lines(block) {
		b.WriteString(strings.Repeat(" ", indent) + strings.TrimPrefix(line, "  "))
	}
	return b.String()
}

func TestInsert_keepsWhatIsThere(t *testing.T) {
	const head = "# of ours\n_format_version: \"3.0\" # a format\n"
	const old = "routes: # all\n  # the first\n  - name: old # it\n    paths: [/old]\n"
	for name, tc := range map[string]struct{ text, want string }{
		"at the end":                     {head + old, head + old + "\n" + inserted(2)},
		"without a line feed at the end": {strings.TrimSuffix(head+old, "\n"), head + old + "\n" + inserted(2)},
		"before another key": {head + old + "\n# vaults of ours\nvaults:\n  - {prefix: ours, name: env}\n",
			head + old + "\n" + inserted(2) + "\n# vaults of ours\nvaults:\n  - {prefix: ours, name: env}\n"},
		"behind a comment of the list": {head + old + "    # no more\n", head + old + "    # no more\n\n" + inserted(2)},
		"a list that is not indented":  {head + "routes:\n- name: old\n  paths: [/old]\n", head + "routes:\n- name: old\n  paths: [/old]\n\n" + inserted(0)},
		"a list with more indentation": {head + "routes:\n    - name: old\n      paths: [/old]\n", head + "routes:\n    - name: old\n      paths: [/old]\n\n" + inserted(4)},
		"no routes":                    {head, head + "\nroutes:\n" + inserted(2)},
		"an empty list":                {head + "routes: [] # none yet\n", head + "routes: # none yet\n" + inserted(2)},
		"a key without a list":         {head + "routes:\nvaults:\n  - {prefix: ours, name: env}\n", head + "routes:\n" + inserted(2) + "vaults:\n  - {prefix: ours, name: env}\n"},
		"lines of another system":      {strings.ReplaceAll(head+old, "\n", "\r\n"), strings.ReplaceAll(head+old+"\n"+inserted(2), "\n", "\r\n")},
	} {
		t.Run(name, func(t *testing.T) {
			out, ok, err := Insert("kong.yml", []byte(tc.text), []byte(added))
			if err != nil || !ok {
				t.Fatal(ok, err)
			}
			if diff := cmp.Diff(tc.want, string(out)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			again, ok, err := Insert("kong.yml", out, []byte(added))
			if err != nil || ok || string(again) != string(out) {
				t.Errorf("a second time: %v %v\n%s", ok, err, again)
			}
		})
	}
}

func TestInsert_refusesWhatItWouldSpoil(t *testing.T) {
	const head = "_format_version: \"3.0\"\n"
	var faults *declarative.Error
	for name, tc := range map[string]struct {
		text string
		want func(error) bool
	}{
		"a route of its name":  {head + "routes:\n  - {name: new, paths: [/a]}\n", func(err error) bool { return errors.Is(err, ErrClash) }},
		"one of a service":     {head + "services:\n  - name: s\n    host: h\n    routes:\n      - {name: new, paths: [/a]}\n", func(err error) bool { return errors.Is(err, ErrClash) }},
		"a route at its path":  {head + "routes:\n  - {name: other, paths: [/new]}\n", func(err error) bool { return errors.Is(err, ErrClash) }},
		"a list in one line":   {head + "routes: [{name: old, paths: [/old]}]\n", func(err error) bool { return errors.Is(err, ErrPlace) }},
		"a file in one line":   {`{_format_version: "3.0", routes: []}`, func(err error) bool { return errors.Is(err, ErrPlace) }},
		"a list elsewhere":     {head + "_info: &r\n  - {name: old, paths: [/old]}\nroutes: *r\n", func(err error) bool { return errors.Is(err, ErrPlace) }},
		"what is no kong.yml":  {"routes: 3\n", func(err error) bool { return errors.As(err, &faults) }},
		"a text below its key": {head + "routes:\n  - name: old\n    paths: [/old]\n    tags: [\n\"a\"\n  ]\n", func(err error) bool { return err == nil }},
	} {
		if out, _, err := Insert("kong.yml", []byte(tc.text), []byte(added)); !tc.want(err) {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}
