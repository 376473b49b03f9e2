package policy

import (
	"os"

	"github.com/spf13/cobra"

	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/internal/ctl/table"
	"webhookedge/plugins/policy/author"
)

func fmtCommand() *cobra.Command {
	var check, asJSON bool
	cmd := &cobra.Command{
		Use:   "fmt [DIR or FILE]",
		Short: "Write Rego in the usual form",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			path := directory(args)
			if _, err := os.Stat(path); err != nil {
				return err
			}
			changed, err := author.Format(path, !check)
			if err != nil {
				return err
			}
			out := table.NewLines(cmd.OutOrStdout(), asJSON)
			for _, u := range changed {
				if err := out.Line(formatted{File: u.File, Written: !check}, "%s", u.File); err != nil {
					return err
				}
			}
			if check && len(changed) > 0 {
				return exit.ErrFailed
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&check, "check", false, "write nothing, and exit with 1 where a file is in another form")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON object for each file in another form")
	return cmd
}

// formatted is a file that is or was in another form.
type formatted struct {
	File    string `json:"file"`
	Written bool   `json:"written"`
}
