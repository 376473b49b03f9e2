package providers

import (
	"fmt"

	"github.com/spf13/cobra"

	"webhookedge/plugins/internal/module"
	"webhookedge/plugins/internal/scaffold"
)

func newCommand() *cobra.Command {
	var from string
	cmd := &cobra.Command{
		Use:   "new NAME",
		Short: "Write the files of a provider that the catalogue lacks",
		Long: `Write the file, a sample and a vector of a provider that the catalogue lacks, inside the
repository. With --from, the row is the custom one of that name in a kong.yml, or in a
YAML or JSON file. Fill in its title, docs and source, then run make generate.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			top, err := module.Root()
			if err != nil {
				return err
			}
			row := scaffold.Example(args[0])
			if from != "" {
				if row, err = scaffold.Read(from, args[0]); err != nil {
					return err
				}
			}
			files, err := scaffold.New(top, row)
			for _, file := range files {
				fmt.Fprintln(cmd.OutOrStdout(), file) //nolint:errcheck // the terminal is gone
			}
			return err
		},
	}
	cmd.Flags().StringVar(&from, "from", "", "a kong.yml, or a YAML or JSON file, with the custom row")
	return cmd
}
