package policies_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"

	"webhookedge/plugins/policy/author"
	"webhookedge/plugins/policy/engine"
	"webhookedge/plugins/streams"
)

// shippedStreams are the subjects of kong/streams.yml.
func shippedStreams(t testing.TB) map[string][]string {
	t.Helper()
	specs, err := streams.Load("../kong/streams.yml")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]string{}
	for i := range specs {
		all[specs[i].Name] = specs[i].Subjects
	}
	return all
}

// example is a part of a policy that a page, a sample or a comment shows.
type example struct {
	from string
	file string // its place below policies
	text string
}

// examples are the Rego and the tables of every page, the tables of every sample, and those
// in the comments of the shipped tables.
func examples(t *testing.T) (all []example) {
	t.Helper()
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if name := entry.Name(); path != ".." && (name == "node_modules" || strings.HasPrefix(name, ".")) {
				return fs.SkipDir
			}
			return nil
		}
		page, table := filepath.Ext(path) == ".md", entry.Name() == "data.yaml" && strings.HasPrefix(path, "../policies/")
		if !page && !table {
			return nil
		}
		raw, err := os.ReadFile(path)
		switch text := string(raw); {
		case page:
			all = append(all, shown(t, path, text)...)
		case strings.Contains(path, "/testdata/"):
			all = append(all, example{path, tableFile(text), text})
		default:
			all = append(all, example{path, strings.TrimPrefix(path, "../policies/"), uncommented(text)})
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// shown are the examples of a page. YAML that is no table is a route or a configuration of
// OPA, which other tests serve.
func shown(t *testing.T, page, text string) (all []example) {
	t.Helper()
	for _, m := range regexp.MustCompile("(?s)```(rego|yaml)\n(.*?)```").FindAllStringSubmatch(text, -1) {
		switch language, text := m[1], m[2]; {
		case language == "yaml":
			if file := tableFile(text); file != "" {
				all = append(all, example{page, file, text})
			}
		case strings.HasPrefix(text, "package "):
			name, _, _ := strings.Cut(strings.TrimPrefix(text, "package "), "\n")
			all = append(all, example{page, strings.ReplaceAll(name, ".", "/") + "/snippet.rego", text})
		case strings.HasPrefix(text, "# METADATA"):
			all = append(all, example{page, "webhook/example/snippet.rego", "package webhook.example\n\n" + text + "ref := input.data.ref\n"})
		default:
			t.Errorf("%s: nobody tries\n%s", page, text)
		}
	}
	return all
}

// tableFile is the file that a table belongs in, "" for what is no table.
func tableFile(text string) string {
	for top, dir := range map[string]string{"routes:": "route", "lists:": "guard", "redactions:": "privacy", "accounts:": "tenant"} {
		if strings.HasPrefix(text, top+"\n") && !strings.Contains(text, "plugins:") {
			return "webhook/" + dir + "/data.yaml"
		}
	}
	return ""
}

// uncommented is a table with the rows that its comments show. A comment in prose has a
// blank behind its mark.
func uncommented(text string) string {
	text = regexp.MustCompile(`(?m)^( *\S+:) \{\}\n#  `).ReplaceAllString(text, "$1\n#  ")
	return regexp.MustCompile(`(?m)^#(  +\S)`).ReplaceAllString(text, "$1")
}

func TestExamples_passTheCheckWithTheShippedStreams(t *testing.T) {
	all := examples(t)
	for _, e := range all {
		dir := placed(t, e)
		found, err := author.Check(dir, author.CheckOptions{Streams: shippedStreams(t)})
		if err != nil {
			t.Fatal(err)
		}
		if i := slices.IndexFunc(found, func(f author.Finding) bool { return !f.Warning || f.Code == "unknown-event" }); i >= 0 {
			t.Errorf("%s: %v in\n%s", e.from, found[i], e.text)
		}
	}
	if len(all) < 20 {
		t.Errorf("only %d examples were tried", len(all))
	}
}

// placed is the library with e at its place.
func placed(t *testing.T, e example) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(".")); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, e.file)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(e.text), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestExamples_routeToAStream asks every example that names a subject about samples: one at
// least goes there, and wherever one goes a shipped stream takes it.
func TestExamples_routeToAStream(t *testing.T) {
	asker, asked := author.Asker{Now: fixed}, 0
	var questions []author.Question
	for _, sample := range []string{"github/push", "github/pull_request", "stripe/payment_intent.succeeded", "stripe/charge.dispute.created"} {
		provider, event, _ := strings.Cut(sample, "/")
		found, err := asker.Sample(t.Context(), provider, event)
		if err != nil {
			t.Fatal(err)
		}
		if sample == "github/pull_request" {
			found[0].Input.Event.Action = "opened"
		}
		questions = append(questions, found...)
	}
	for _, e := range examples(t) {
		if !strings.Contains(e.text, "subject:") && !strings.Contains(e.text, `"subject":`) || strings.Contains(e.from, "/testdata/") {
			continue // a sample names its own event
		}
		asked++
		options := engine.Options{}
		if strings.HasPrefix(e.file, "webhook/example/") {
			options.Decision = "webhook/example/decision"
		}
		p, found := author.Open(placed(t, e), options)
		if p == nil {
			t.Fatal(found)
		}
		p.Streams = shippedStreams(t)
		routed := 0
		for i := range questions {
			a := p.Eval(t.Context(), &questions[i], fixed(), false)
			if a.Err != nil {
				t.Errorf("%s: %s: %v", e.from, questions[i].Name, a.Err)
				continue
			}
			for _, target := range a.Decision.Targets {
				routed++
				if why := p.Untaken(target); why != "" {
					t.Errorf("%s: %s: %s", e.from, questions[i].Name, why)
				}
			}
		}
		if routed == 0 {
			t.Errorf("%s sends no sample anywhere:\n%s", e.from, e.text)
		}
	}
	if asked < 4 {
		t.Errorf("only %d examples were asked", asked)
	}
}

func TestExamples_everySampleWantsAStream(t *testing.T) {
	p := open(t)
	p.Streams = shippedStreams(t)
	files, err := filepath.Glob("webhook/*/testdata/*/want.json")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		value, err := ast.ValueFromReader(strings.NewReader(string(text)))
		if err != nil {
			t.Fatal(err)
		}
		d, err := engine.ParseDecision(value)
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, target := range d.Targets {
			if why := p.Untaken(target); why != "" {
				t.Errorf("%s: %s", file, why)
			}
		}
	}
}
