package policy

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/internal/ctl/table"
	"webhookedge/plugins/internal/watch"
	"webhookedge/plugins/policy/author"
)

func testCommand() *cobra.Command {
	var p compileFlags
	var r testRun
	cmd := &cobra.Command{
		Use:   "test [DIR]",
		Short: "Run the tests and samples of policies, with coverage",
		Long: "Runs the rules test_... of the files *_test.rego, and the samples: each directory testdata/<case> with an input.json\n" +
			"and the want.json that the decision of its package must be.",
		Example: "  webhookctl policy test policies --cover 100\n  webhookctl policy test --run route",
		Args:    cobra.MaximumNArgs(1),
		RunE: p.run(func(cmd *cobra.Command, project *author.Project) error {
			r.json = p.json
			passed, err := r.run(cmd.Context(), cmd.OutOrStdout(), project)
			if err == nil && !passed {
				err = exit.ErrFailed
			}
			return err
		}),
	}
	p.add(cmd)
	p.addJSON(cmd, "print the results and the coverage as JSON")
	r.add(cmd)
	cmd.Flags().StringVar(&r.filter, "run", "", "only the tests whose name matches the regular `expression`; no samples and no coverage then")
	return cmd
}

type testRun struct {
	filter  string
	cover   float64
	verbose bool
	json    bool
}

func (r *testRun) add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.Float64Var(&r.cover, "cover", 0, "fail where the tests come to less than this share of lines, in `percent`")
	f.BoolVarP(&r.verbose, "verbose", "v", false, "name the tests that pass, too")
}

// run tells w what passed and what did not.
func (r *testRun) run(ctx context.Context, w io.Writer, project *author.Project) (bool, error) {
	report, err := project.Test(ctx, r.filter)
	if err != nil {
		return false, err
	}
	if r.json {
		bad := slices.ContainsFunc(report.Results, func(x author.Result) bool { return !x.Passed })
		return !bad && (r.filter != "" || report.Coverage >= r.cover), table.NewJSON(w).Encode(report)
	}
	return r.print(w, report)
}

// print tells people of a report, and whether all is as it should be.
func (r *testRun) print(w io.Writer, report *author.Report) (bool, error) {
	var b strings.Builder
	failed := 0
	for i := range report.Results {
		result := &report.Results[i]
		if !result.Passed {
			failed++
			fmt.Fprintf(&b, "FAIL %s:%d: %s\n     %s\n", result.File, result.Row, result.Name, strings.ReplaceAll(result.Why, "\n", "\n     "))
		} else if r.verbose {
			fmt.Fprintf(&b, "ok   %s (%s)\n", result.Name, result.Took.Round(time.Microsecond))
		}
		if result.Output != "" && (r.verbose || !result.Passed) {
			fmt.Fprintf(&b, "     %s\n", strings.ReplaceAll(result.Output, "\n", "\n     "))
		}
	}
	fmt.Fprintf(&b, "%d passed, %d failed", len(report.Results)-failed, failed)
	covered := true
	if r.filter == "" {
		fmt.Fprintf(&b, ", %.1f%% covered", report.Coverage)
		covered = report.Coverage >= r.cover
	}
	b.WriteString("\n")
	if !covered {
		for _, f := range report.Uncovered {
			fmt.Fprintln(&b, f)
		}
		fmt.Fprintf(&b, "coverage is under %.1f%%\n", r.cover)
	}
	_, err := io.WriteString(w, b.String())
	return failed == 0 && covered, err
}

func watchCommand() *cobra.Command {
	var p compileFlags
	var r testRun
	cmd := &cobra.Command{
		Use:   "watch [DIR]",
		Short: "Check and test policies each time a file of them is saved",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o, err := p.checkOptions(cmd.Flags().Changed("streams"))
			if err != nil {
				return err
			}
			dir, out := directory(args), cmd.OutOrStdout()
			return watch.Dir(cmd.Context(), dir, func(ctx context.Context) {
				found := look(ctx, dir, o)
				if p.json {
					_ = table.NewJSON(out).Encode(found) // the terminal is gone
					return
				}
				r.show(out, found)
			})
		},
	}
	p.add(cmd)
	p.addStreams(cmd)
	p.addJSON(cmd, "print a JSON object after each change")
	r.add(cmd)
	return cmd
}

// round is what watch found after a change.
type round struct {
	At       time.Time       `json:"at"`
	Took     time.Duration   `json:"took_ns"`
	Findings author.Findings `json:"findings,omitempty"`
	Report   *author.Report  `json:"report,omitempty"` // nil where the policies do not compile
	Error    string          `json:"error,omitempty"`
}

func look(ctx context.Context, dir string, o author.CheckOptions) *round {
	found := &round{At: time.Now()}
	var err error
	if found.Findings, err = author.Check(dir, o); err == nil {
		if project, _ := author.Open(dir, o.Options); project != nil {
			found.Report, err = project.Test(ctx, "")
		}
	}
	if err != nil {
		found.Error = err.Error()
	}
	found.Took = time.Since(found.At)
	return found
}

//nolint:errcheck // the terminal is gone
func (r *testRun) show(w io.Writer, found *round) {
	printFindings(w, found.Findings)
	if found.Report != nil {
		r.print(w, found.Report)
	}
	if found.Error != "" {
		fmt.Fprintln(w, found.Error)
	}
	fmt.Fprintf(w, "%s, %d ms\n\n", found.At.Format(time.TimeOnly), found.Took.Milliseconds())
}
