// Package schema is `webhookctl schema`: schemas of payloads are checked.
package schema

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/internal/ctl/table"
	"webhookedge/plugins/internal/payloadschema"
	"webhookedge/plugins/internal/schemas"
	"webhookedge/plugins/provider/catalogue"
)

// Command returns `webhookctl schema`.
func Command() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "schema",
		Short: "Work with the schemas of payloads",
		Args:  cobra.NoArgs,
	}
	cmd.AddCommand(lintCommand())
	return cmd
}

func lintCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "lint [DIRECTORY]",
		Short: "Check a directory of payload schemas, by default the built-in ones",
		Long: "Checks what validation.directory of normalize would refuse, and besides: folders of no known provider, names that no\n" +
			"event has, other drafts than 2020-12, missing titles and an $id that is not absolute or not unique. Prints a line a\n" +
			"fault and exits with 1 where there is one.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var tree = schemas.Payloads()
			if len(args) == 1 {
				tree = os.DirFS(args[0])
			}
			faults, err := payloadschema.Lint(tree, catalogue.Names())
			if err != nil {
				return err
			}
			lines := table.NewLines(cmd.OutOrStdout(), asJSON)
			for _, fault := range faults {
				if err := lines.Line(map[string]any{"fault": fmt.Sprint(fault)}, "%v", fault); err != nil {
					return err
				}
			}
			if len(faults) > 0 {
				return exit.ErrFailed
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object a line")
	return cmd
}
