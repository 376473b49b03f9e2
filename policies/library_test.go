// Package policies_test holds the library of policies to its own rules.
package policies_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/open-policy-agent/opa/v1/ast"

	"webhookedge/plugins/policy/author"
	"webhookedge/plugins/policy/engine"
)

func open(t testing.TB) *author.Project {
	t.Helper()
	p, found := author.Open(".", engine.Options{})
	if p == nil {
		t.Fatalf("%v", found)
	}
	return p
}

func TestLibrary_hasNoFindings(t *testing.T) {
	found, err := author.Check(".", author.CheckOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		t.Error(f)
	}
}

func TestLibrary_testsPassWithFullCoverage(t *testing.T) {
	report, err := open(t).Test(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range report.Results {
		if !r.Passed {
			t.Errorf("%s:%d: %s: %s", r.File, r.Row, r.Name, r.Why)
		}
	}
	if report.Coverage != 100 {
		t.Errorf("coverage is %.1f%%:", report.Coverage)
		for _, f := range report.Uncovered {
			t.Error(f)
		}
	}
}

func TestLibrary_readsOnlyPartsOfAPayload(t *testing.T) {
	if text := open(t).Inspect(); !strings.Contains(text, "Only these parts of a payload are converted.") {
		t.Error(text)
	}
}

// packages are the folders with Rego and the module of each.
func packages(t *testing.T) map[string]*ast.Module {
	t.Helper()
	found := map[string]*ast.Module{}
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".rego") || strings.HasSuffix(path, "_test.rego") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		found[filepath.Dir(path)], err = engine.ParseModule(path, text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestLibrary_pathsArePackages(t *testing.T) {
	for dir, m := range packages(t) {
		if want := "data." + strings.ReplaceAll(filepath.ToSlash(dir), "/", "."); m.Package.Path.String() != want {
			t.Errorf("%s holds the package %v", dir, m.Package.Path)
		}
	}
}

func TestLibrary_packagesAreComplete(t *testing.T) {
	index, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	for dir, m := range packages(t) {
		decides := false
		described := map[string]bool{}
		for _, a := range m.Annotations {
			name := a.GetTargetPath().String()
			described[name] = true
			decides = decides || a.Entrypoint
			if a.Title == "" || a.Description == "" || len(a.Schemas) == 0 {
				t.Errorf("%s: METADATA of %s lacks a title, a description or schemas", dir, name)
			}
		}
		if name := m.Package.Path.String(); !described[name] {
			t.Errorf("%s: the package has no METADATA", dir)
		}
		if samples, _ := filepath.Glob(filepath.Join(dir, "testdata", "*", "input.json")); decides && len(samples) < 2 {
			t.Errorf("%s: %d samples, want two at least", dir, len(samples))
		}
		if _, err := os.Stat(filepath.Join(dir, filepath.Base(dir)+"_test.rego")); err != nil {
			t.Errorf("%s: no tests: %v", dir, err)
		}
		text, err := os.ReadFile(filepath.Join(dir, "README.md"))
		if err != nil || !strings.HasPrefix(string(text), "# "+strings.TrimPrefix(m.Package.Path.String(), "data.")+"\n") {
			t.Errorf("%s: README.md does not begin with the name of the package: %v", dir, err)
		}
		if !strings.Contains(string(index), "]("+filepath.ToSlash(dir)+") |") {
			t.Errorf("%s: README.md beside the tests does not list the package", dir)
		}
	}
}

func TestLibrary_testsHaveTheirOwnPackages(t *testing.T) {
	for dir, m := range packages(t) {
		text, err := os.ReadFile(filepath.Join(dir, filepath.Base(dir)+"_test.rego"))
		if err != nil {
			t.Fatal(err)
		}
		want := "package " + strings.TrimPrefix(m.Package.Path.String(), "data.") + "_test\n"
		if !strings.HasPrefix(string(text), want) {
			t.Errorf("%s: the tests do not begin with %q", dir, want)
		}
	}
}

// rulesIn are the names of rules of a package that decide something, as the library writes
// them.
func rulesIn(name, text string) map[string]bool {
	all := map[string]bool{}
	for _, m := range regexp.MustCompile("[\"`]("+name+"\\.[a-z_]+)[\"`]").FindAllStringSubmatch(text, -1) {
		all[m[1]] = true
	}
	return all
}

func TestReadmes_nameEveryRefusal(t *testing.T) {
	for dir := range packages(t) {
		source, err := os.ReadFile(filepath.Join(dir, filepath.Base(dir)+".rego"))
		if err != nil {
			t.Fatal(err)
		}
		readme, err := os.ReadFile(filepath.Join(dir, "README.md"))
		if err != nil {
			t.Fatal(err)
		}
		told := rulesIn(filepath.Base(dir), string(readme))
		for rule := range rulesIn(filepath.Base(dir), string(source)) {
			if !told[rule] {
				t.Errorf("%s/README.md does not name the rule %s", dir, rule)
			}
		}
	}
}

func TestLibrary_decidesTheCatalogueSamples(t *testing.T) {
	p := open(t)
	want := `{"allow": true, "redact": [], "rule": "route.any"}`
	asker := author.Asker{Now: fixed}
	for _, name := range []string{"github/push", "stripe/payment_intent.succeeded", "slack/message", "shopify/orders/create", "standard-webhooks/user.created"} {
		provider, event, _ := strings.Cut(name, "/")
		questions, err := asker.Sample(t.Context(), provider, event)
		if err != nil {
			t.Fatal(err)
		}
		for i := range questions {
			a := p.Eval(t.Context(), &questions[i], fixed(), false)
			if diff := cmp.Diff(want, a.String()); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
	}
}

func fixed() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }
