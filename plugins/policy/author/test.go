package author

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/cover"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/tester"

	"webhookedge/plugins/policy/engine"
)

// testTimeout bounds one test. The edge gives a policy far less.
const testTimeout = 5 * time.Second

// Result is one test or sample that was run.
type Result struct {
	Name   string `json:"name"` // data.webhook.route_test.test_..., or the directory of a sample
	File   string `json:"file,omitempty"`
	Row    int    `json:"row,omitempty"`
	Passed bool   `json:"passed"`
	// Why says what went wrong, or what is different; it may have several lines.
	Why    string        `json:"why,omitempty"`
	Output string        `json:"output,omitempty"` // of print
	Took   time.Duration `json:"nanoseconds"`
}

// Report is what a run of the tests found.
type Report struct {
	Results []Result `json:"results"`
	// Coverage is the percentage of the policy's lines that tests, without samples, reached.
	Coverage float64 `json:"coverage_percent"`
	// Uncovered are the lines that they did not come to.
	Uncovered Findings `json:"uncovered,omitempty"`
}

// Test runs the tests whose names match the regular expression filter; "" is all, and samples.
func (p *Project) Test(ctx context.Context, filter string) (*Report, error) {
	covered := cover.New()
	results, err := p.runTests(ctx, filter, covered)
	if err != nil {
		return nil, err
	}
	r := &Report{Results: results}
	if filter == "" {
		r.coverage(covered, p)
		samples, err := p.samples(ctx)
		if err != nil {
			return nil, err
		}
		r.Results = append(r.Results, samples...)
	}
	return r, nil
}

func (p *Project) runTests(ctx context.Context, filter string, covered *cover.Cover) ([]Result, error) {
	compiler, err := engine.NewCompiler(p.Options)
	if err != nil {
		return nil, err
	}
	store := inmem.NewFromObjectWithOpts(p.source.Data, inmem.OptRoundTripOnWrite(false), inmem.OptReturnASTValuesOnRead(true))
	txn, err := store.NewTransaction(ctx)
	if err != nil {
		return nil, err
	}
	defer store.Abort(ctx, txn)
	return collect(ctx, txn, tester.NewRunner().SetCompiler(compiler.WithEnablePrintStatements(true)).SetStore(store).SetModules(engine.Copies(p.source.Modules)).
		SetTimeout(testTimeout).SetCoverageQueryTracer(covered).SetCoverageRuns(nil).CapturePrintOutput(true).
		RaiseBuiltinErrors(true).SetParallel(1).Filter(filter))
}

func collect(ctx context.Context, txn storage.Transaction, runner *tester.Runner) ([]Result, error) {
	ch, err := runner.RunTests(ctx, txn)
	if err != nil {
		return nil, err
	}
	var results []Result
	for t := range ch {
		r := Result{Name: t.Package + "." + t.Name, Passed: t.Pass(), Took: t.Duration, Output: strings.TrimSpace(string(t.Output))}
		if t.Location != nil {
			r.File, r.Row = t.Location.File, t.Location.Row
		}
		switch {
		case t.Error != nil:
			r.Why = t.Error.Error()
		case t.Skip:
			r.Why = "it is a todo: its name begins with todo_"
		case t.Fail:
			r.Why = "it failed"
		}
		results = append(results, r)
	}
	slices.SortFunc(results, func(a, b Result) int { return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Row, b.Row)) })
	return results, ctx.Err()
}

func (r *Report) coverage(covered *cover.Cover, p *Project) {
	report := covered.Report(p.modules())
	reached, missed := 0, 0
	for file, f := range report.Files {
		if isTest(file) {
			continue
		}
		reached, missed = reached+f.CoveredLines, missed+f.NotCoveredLines
		for _, gap := range f.NotCovered {
			lines := fmt.Sprintf("no test reaches line %d", gap.Start.Row)
			if gap.End.Row > gap.Start.Row {
				lines = fmt.Sprintf("no test reaches lines %d to %d", gap.Start.Row, gap.End.Row)
			}
			r.Uncovered = append(r.Uncovered, Finding{File: file, Row: gap.Start.Row, Code: "coverage", Message: lines, Warning: true})
		}
	}
	r.Uncovered = r.Uncovered.sorted()
	if reached+missed > 0 {
		r.Coverage = 100 * float64(reached) / float64(reached+missed)
	}
}
