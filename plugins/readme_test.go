package plugins_test

import (
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"webhookedge/plugins/internal/chain"
	"webhookedge/plugins/internal/config"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/pluginserver"
)

// readmes are the READMEs that speak of plugins, from this directory.
func readmes(t *testing.T) map[string]string {
	t.Helper()
	paths, err := filepath.Glob("*/README.md")
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for _, path := range append(paths, "README.md", "../README.md", "../kong/README.md", "../CONTRIBUTING.md", "../SECURITY.md") {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		texts[path] = string(text)
	}
	return texts
}

// section is the text under a heading of the second level.
func section(text, heading string) string {
	_, rest, _ := strings.Cut(text, "\n## "+heading+"\n")
	inside, _, _ := strings.Cut(rest, "\n## ")
	return inside
}

// cells are the rows of the tables in a text, without heads and rules.
func cells(text string) [][]string {
	var rows [][]string
	for _, m := range regexp.MustCompile("(?m)^\\| (`.*) \\|$").FindAllStringSubmatch(text, -1) {
		rows = append(rows, strings.Split(m[1], " | "))
	}
	return rows
}

// quoted are the words of a text that stand in backticks.
func quoted(text string) []string {
	var all []string
	for _, m := range regexp.MustCompile("`([^`\n]+)`").FindAllStringSubmatch(text, -1) {
		all = append(all, m[1])
	}
	return all
}

func TestStages_everyFolderIsInTheChain(t *testing.T) {
	docs, err := filepath.Glob("*/doc.go")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	handles := regexp.MustCompile(`(?m)^func \(\w* ?\*Stage\) Handle\(`)
	for _, doc := range docs {
		dir := filepath.Dir(doc)
		sources, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		if slices.ContainsFunc(sources, func(path string) bool {
			text, err := os.ReadFile(path)
			return err == nil && handles.Match(text)
		}) {
			found = append(found, dir)
		}
	}
	want := chain.Packages()
	slices.Sort(want)
	if diff := cmp.Diff(want, found); diff != "" {
		t.Errorf("stages of the chain against folders with a Handle (-chain +folders):\n%s", diff)
	}
}

func TestReadmes_ofStagesHaveTheirSectionsInOrder(t *testing.T) {
	texts := readmes(t)
	want := []string{"Description", "Configuration", "Example", "Refusals", "Metrics", "Notes"}
	for _, stage := range chain.Packages() {
		text := texts[stage+"/README.md"]
		if !regexp.MustCompile(`^# ` + stage + `\n\n[A-Z][^\n]*\.\n\n## `).MatchString(text) {
			t.Errorf("%s: it does not begin with its name and one line", stage)
		}
		var got []string
		for _, m := range regexp.MustCompile(`(?m)^## (.+)$`).FindAllStringSubmatch(text, -1) {
			got = append(got, m[1])
			if strings.TrimSpace(section(text, m[1])) == "" {
				t.Errorf("%s: nothing under %s", stage, m[1])
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: sections (-want +got):\n%s", stage, diff)
		}
	}
}

func TestReadmes_refusalsAreCodes(t *testing.T) {
	texts := readmes(t)
	for _, stage := range chain.Packages() {
		rows := cells(section(texts[stage+"/README.md"], "Refusals"))
		if len(rows) == 0 {
			t.Errorf("%s: no refusals", stage)
		}
		for _, row := range rows {
			label := strings.Trim(row[0], "`")
			code, ok := pipeline.ParseCode(label)
			if !ok || len(row) != 3 {
				t.Errorf("%s: %q is no code, or its row has %d cells", stage, label, len(row))
			} else if status := strconv.Itoa(code.Info().Status); row[1] != status {
				t.Errorf("%s: %s has status %s, not %s", stage, label, status, row[1])
			}
		}
	}
}

// snippet is one plugin entry of a fenced YAML block.
type snippet struct {
	Name   string `yaml:"name"`
	Config any    `yaml:"config"`
}

// snippets are the plugins that a README configures, in any list of that name.
func snippets(t *testing.T, path, text string) []snippet {
	t.Helper()
	var found []snippet
	for _, m := range regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(text, -1) {
		var node yaml.Node
		if err := yaml.Unmarshal([]byte(m[1]), &node); err != nil {
			t.Errorf("%s: %v in\n%s", path, err, m[1])
			continue
		}
		walk(&node, func(key string, value *yaml.Node) {
			var list []snippet
			if key != "plugins" || value.Kind != yaml.SequenceNode {
				return // OPA's configuration has a map of that name
			}
			if err := value.Decode(&list); err != nil {
				t.Errorf("%s: %v in\n%s", path, err, m[1])
			}
			found = append(found, list...)
		})
	}
	return found
}

func walk(n *yaml.Node, visit func(key string, value *yaml.Node)) {
	for i, child := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 1 {
			visit(n.Content[i-1].Value, child)
		}
		walk(child, visit)
	}
}

// resolved puts values where Kong would put those of vault references.
func resolved(key string, value any) any {
	switch v := value.(type) {
	case map[string]any:
		for name := range v {
			v[name] = resolved(name, v[name])
		}
	case []any:
		for i := range v {
			v[i] = resolved(key, v[i])
		}
	case string:
		switch {
		case !strings.HasPrefix(v, "{vault://"):
		case key == "url":
			return "redis://127.0.0.1:6379"
		case key == "servers":
			return "nats://127.0.0.1:4222"
		case strings.Contains(v, "quarantine-key"):
			return "cXVhcmFudGluZS1rZXktb2YtdGhlLXRlc3RzLW9ubHk="
		default:
			return "a-secret-of-the-tests-" + v
		}
	}
	return value
}

func plugin(name string) (pluginserver.Plugin, bool) {
	for _, p := range chain.Plugins() {
		if p.Name == name {
			return p, true
		}
	}
	return pluginserver.Plugin{}, false
}

func TestReadmes_snippetsAreValid(t *testing.T) {
	checked := map[string]int{}
	for path, text := range readmes(t) {
		for _, s := range snippets(t, path, text) {
			p, ok := plugin(s.Name)
			if !ok {
				if s.Name != "request-termination" {
					t.Errorf("%s: there is no plugin %q", path, s.Name)
				}
				continue
			}
			data, err := json.Marshal(resolved("", s.Config))
			if err != nil {
				t.Fatal(err)
			}
			if err := config.Decode(data, reflect.New(reflect.TypeOf(p.Config)).Interface()); err != nil {
				t.Errorf("%s: %s: %v", path, s.Name, err)
			}
			checked[path]++
		}
	}
	want := []string{"../README.md", "provider/README.md", "quarantine/README.md", "observe/README.md"}
	for _, stage := range chain.Packages() {
		want = append(want, stage+"/README.md")
	}
	slices.Sort(want)
	if got := slices.Sorted(maps.Keys(checked)); !cmp.Equal(want, got) {
		t.Errorf("snippets are in %v, want them in %v", got, want)
	}
}

// TestReadmes_theFirstIsShort keeps the first page one that is read to its end: what grows belongs
// to the pages that it names.
func TestReadmes_theFirstIsShort(t *testing.T) {
	if size, most := len(readmes(t)["../README.md"]), 10_000; size > most {
		t.Errorf("README.md has %d bytes, at most %d are wanted", size, most)
	}
}

// TestReadmes_theGlossaryIsShort keeps the words that a reader has to learn few.
func TestReadmes_theGlossaryIsShort(t *testing.T) {
	words := regexp.MustCompile(`(?m)^\| [a-z][a-z ]* \| `).FindAllString(section(readmes(t)["README.md"], "Glossary"), -1)
	if len(words) > 0 {
		words = words[1:] // the head
	}
	if !slices.IsSorted(words) || len(words) < 10 || len(words) > 30 {
		t.Errorf("%d words, sorted: %v", len(words), slices.IsSorted(words))
	}
}
