package policy

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/internal/ctl/table"
	"webhookedge/plugins/policy/author"
)

func checkCommand() *cobra.Command {
	var p compileFlags
	var strict bool
	cmd := &cobra.Command{
		Use:   "check [DIR]",
		Short: "Tell what is wrong with policies, with file and line",
		Long: "Compiles the policies and their tests as the edge does. What keeps them from running as meant is an error:\n\n" +
			"  - what OPA's strict compiler objects to, a function that is switched off, a rule that decides and is not there\n" +
			"  - a name that the input has not, and one of the payload that the schema of the event has not, with the names\n" +
			"    there are; the event is what METADATA says (input.data: schema.payload.github.push) or a condition of the\n" +
			"    rule (input.event.type == \"github.push\")\n" +
			"  - a name of an event that is all but one which the provider has: github.pull_request.opend\n" +
			"  - a subject that no stream of --streams takes\n" +
			"  - a decision that is written out and that the edge would refuse: {\"alow\": true}\n" +
			"  - a file of data that is no object, a table that does not follow its schema\n\n" +
			"Other forms than that of policy fmt are warnings, and so are traps:\n\n" + traps() +
			"\nExits with 1 on an error, and with --strict on a warning too. To allow a trap, name it in the METADATA of the rule or\n" +
			"the package: custom: {lint: {ignore: [unused]}}.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o, err := p.checkOptions(cmd.Flags().Changed("streams"))
			if err != nil {
				return err
			}
			found, err := author.Check(directory(args), o)
			if err != nil {
				return err
			}
			if err := p.print(cmd.OutOrStdout(), found); err != nil {
				return err
			}
			if found.Errors() || strict && len(found) > 0 {
				return exit.ErrFailed
			}
			return nil
		},
	}
	p.add(cmd)
	p.addStreams(cmd)
	p.addJSON(cmd, "print a finding a line as JSON")
	cmd.Flags().BoolVar(&strict, "strict", false, "exit with 1 on warnings too")
	return cmd
}

func (p *compileFlags) print(w io.Writer, found author.Findings) error {
	if !p.json {
		printFindings(w, found)
		return nil
	}
	enc := table.NewJSON(w)
	for _, f := range found {
		if err := enc.Encode(f); err != nil {
			return err
		}
	}
	return nil
}

func traps() string {
	text := ""
	for _, t := range author.Traps() {
		text += fmt.Sprintf("  %-17s %s\n", t.Name, t.Why)
	}
	return text
}
