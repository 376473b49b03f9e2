// Package policy is `webhookctl policy`: policies are written, checked, tested and
// compared.
package policy

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/policy/author"
	"webhookedge/plugins/policy/engine"
	"webhookedge/plugins/streams"
)

// defaultStream is the one that kong/kong.yml names.
const defaultStream = "WEBHOOKS"

// Command returns `webhookctl policy`.
func Command() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "policy",
		Short: "Write, check, test and compare policies",
		Long: "Tools for who writes policies. They ask the same engine as the edge, with the same schemas and limits, so what\n" +
			"holds here holds there. DIR is the directory of the policies, by default policies in the working directory.",
	}
	cmd.AddCommand(checkCommand(), testCommand(), watchCommand(), fmtCommand(), evalCommand(),
		inspectCommand(), benchCommand(), replayCommand(), diffCommand())
	return cmd
}

// compileFlags are the settings of the stage policy that compiling depends on.
type compileFlags struct {
	decision string
	headers  []string
	builtins []string
	streams  string
	json     bool
}

// addJSON adds the flag of what prints data.
func (p *compileFlags) addJSON(cmd *cobra.Command, what string) {
	cmd.Flags().BoolVar(&p.json, "json", false, what)
}

// notes is where what is no data goes.
func (p *compileFlags) notes(cmd *cobra.Command) io.Writer {
	if p.json {
		return cmd.ErrOrStderr()
	}
	return cmd.OutOrStdout()
}

func (p *compileFlags) add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&p.decision, "decision", "", "`path` of the rule that decides, as the setting decision; by default "+engine.DefaultDecision+", or the one there is")
	f.StringSliceVar(&p.headers, "headers", nil, "request `headers` that the policy sees, as the setting headers")
	f.StringSliceVar(&p.builtins, "builtins", nil, "`functions` that are switched off but for those named here, as the setting builtins")
}

// addStreams adds the flag of what checks subjects.
func (p *compileFlags) addStreams(cmd *cobra.Command) {
	cmd.Flags().StringVar(&p.streams, "streams", "kong/streams.yml", "`file` of the streams that subjects are held against; without it they are not checked")
}

func (p *compileFlags) options() engine.Options {
	return engine.Options{Decision: p.decision, Headers: p.headers, Builtins: p.builtins}
}

// checkOptions fails for a file of streams that was named and is not there.
func (p *compileFlags) checkOptions(named bool) (author.CheckOptions, error) {
	o := author.CheckOptions{Options: p.options()}
	specs, err := streams.Load(p.streams)
	if errors.Is(err, fs.ErrNotExist) && !named {
		return o, nil
	}
	if err != nil {
		return o, err
	}
	o.Streams = map[string][]string{}
	for i := range specs {
		o.Streams[specs[i].Name] = specs[i].Subjects
	}
	return o, nil
}

func directory(args []string) string {
	if len(args) > 0 {
		return filepath.Clean(args[0])
	}
	return "policies"
}

// run returns what a command does that compiles the directory which it is given.
func (p *compileFlags) run(fn func(*cobra.Command, *author.Project) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		project, err := open(p.notes(cmd), directory(args), p.options())
		if err != nil {
			return err
		}
		return fn(cmd, project)
	}
}

// open compiles dir, and prints the findings and an unusual decision.
func open(w io.Writer, dir string, o engine.Options) (*author.Project, error) {
	if _, err := os.Stat(dir); err != nil {
		return nil, err
	}
	p, found := author.Open(dir, o)
	printFindings(w, found)
	if p == nil {
		return nil, exit.ErrFailed
	}
	if len(found) > 0 {
		fmt.Fprintf(w, "asking %s\n", p.Options.Decision) //nolint:errcheck // the terminal is gone
	}
	return p, nil
}

func printFindings(w io.Writer, found author.Findings) {
	for _, f := range found {
		fmt.Fprintln(w, f) //nolint:errcheck // the terminal is gone
	}
}
