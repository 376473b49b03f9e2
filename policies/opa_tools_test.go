package policies_test

import (
	"bytes"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/bundle"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/tester"

	"webhookedge/plugins/policy/author"
)

// TestOPATest_passes is `opa test policies`.
func TestOPATest_passes(t *testing.T) {
	modules, store, err := tester.Load([]string{"."}, nil)
	if err != nil {
		t.Fatal(err)
	}
	txn, err := store.NewTransaction(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Abort(t.Context(), txn)
	results, err := tester.NewRunner().SetStore(store).SetModules(modules).RunTests(t.Context(), txn)
	if err != nil {
		t.Fatal(err)
	}
	passed := 0
	for r := range results {
		if !r.Pass() {
			t.Errorf("%v", r)
		}
		passed++
	}
	if passed < 40 {
		t.Errorf("only %d tests ran", passed)
	}
}

// released are the files of the bundle that the page shows how to build: no test, no sample.
func released(path string, info fs.FileInfo, _ int) bool {
	return strings.HasSuffix(path, "_test.rego") || info.IsDir() && info.Name() == "testdata" || strings.HasSuffix(path, ".go") || strings.HasSuffix(path, ".md")
}

// TestOPABuild_bundleDecidesAlike is `opa build -b policies --ignore ...`, and `opa eval -b` of
// what came of it, beside the decision of the edge.
func TestOPABuild_bundleDecidesAlike(t *testing.T) {
	made, err := bundle.NewCustomReader(bundle.NewDirectoryLoader(".").WithFilter(released)).WithProcessAnnotations(true).Read()
	if err != nil {
		t.Fatal(err)
	}
	made.Manifest.Init()
	var file bytes.Buffer
	if err := bundle.NewWriter(&file).Write(made); err != nil {
		t.Fatal(err)
	}
	read, err := bundle.NewReader(&file).Read()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("webhook/main/testdata/as_shipped/input.json")
	if err != nil {
		t.Fatal(err)
	}
	questions, err := author.Asker{Now: fixed}.Read(t.Context(), "as_shipped", text)
	if err != nil {
		t.Fatal(err)
	}
	want := open(t).Eval(t.Context(), &questions[0], fixed(), false)
	results, err := rego.New(rego.Query("data.webhook.main.decision"), rego.ParsedBundle("edge", &read), rego.ParsedInput(questions[0].Document)).Eval(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(results) != 1 || len(read.Modules) < len(packages(t)) || slices.ContainsFunc(read.Modules, func(m bundle.ModuleFile) bool { return strings.HasSuffix(m.Path, "_test.rego") }) {
		t.Fatalf("%d modules gave %v", len(read.Modules), results)
	}
	got, ok := results[0].Expressions[0].Value.(map[string]any)
	if !ok || got["rule"] != want.Decision.Rule || got["allow"] != want.Decision.Allow {
		t.Errorf("the bundle decides %v, the edge %v", got, want)
	}
}
