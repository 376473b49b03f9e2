// Package providers is `webhookctl providers`: the catalogue of senders.
package providers

import (
	"encoding/json"
	"io"

	"github.com/spf13/cobra"

	"webhookedge/plugins/internal/ctl/delivery"
	"webhookedge/plugins/internal/ctl/table"
	"webhookedge/plugins/internal/providerdoc"
	"webhookedge/plugins/provider/catalogue"
)

// Command returns `webhookctl providers`.
func Command() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "providers",
		Short: "List the senders of the catalogue",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if asJSON {
				enc := json.NewEncoder(cmd.OutOrStdout())
				enc.SetEscapeHTML(false)
				enc.SetIndent("", "  ")
				return enc.Encode(catalogue.All())
			}
			t := table.New(cmd.OutOrStdout(), false, "NAME\tTITLE\tPROVED BY\tAT\tUNSIGNED")
			for _, p := range catalogue.All() {
				s := p.Schemes[0]
				if err := t.Row(p, p.Name, p.Title, providerdoc.Proof(&s), s.Signature, providerdoc.Unsigned(p)); err != nil {
					return err
				}
			}
			return t.Flush()
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "the whole rows, as a JSON array")
	cmd.AddCommand(newCommand(), addCommand(), showCommand())
	return cmd
}

func showCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "show NAME",
		Short: "Tell how to set a provider up, and what its pitfalls are",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			row, err := delivery.Provider(args[0])
			if err != nil {
				return err
			}
			if asJSON {
				return table.NewJSON(cmd.OutOrStdout()).Encode(row)
			}
			_, err = io.WriteString(cmd.OutOrStdout(), providerdoc.Page(row))
			return err
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "the whole row")
	return cmd
}
