package policy

import (
	"os"

	"github.com/spf13/cobra"

	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/policy/author"
)

func fmtCommand() *cobra.Command {
	var check bool
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
			for _, u := range changed {
				cmd.Println(u.File)
			}
			if check && len(changed) > 0 {
				return exit.ErrFailed
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&check, "check", false, "write nothing, and exit with 1 where a file is in another form")
	return cmd
}
