// Package providers is `webhookctl providers`: the catalogue of senders.
package providers

import (
	"encoding/json"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"webhookedge/plugins/internal/ctl/delivery"
	"webhookedge/plugins/internal/ctl/table"
	"webhookedge/plugins/internal/providerdoc"
	"webhookedge/plugins/provider/catalogue"
)

// Of a title and of a proof the list has so many runes, which keeps it within 80 columns.
const maxTitle, maxProof = 26, 22

func short(cell string, width int) string {
	if runes := []rune(cell); len(runes) > width {
		return strings.TrimRight(string(runes[:width-1]), " (") + "…"
	}
	return cell
}

// Command returns `webhookctl providers`.
func Command() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "providers",
		Short: "List the senders of the catalogue",
		Long:  "Lists the senders by name. `webhookctl providers show NAME` is the page of one: where its proof stands, what that covers, and how to set it up.",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if asJSON {
				enc := json.NewEncoder(cmd.OutOrStdout())
				enc.SetEscapeHTML(false)
				enc.SetIndent("", "  ")
				return enc.Encode(catalogue.All())
			}
			t := table.New(cmd.OutOrStdout(), false, "NAME\tTITLE\tPROVED BY")
			for _, p := range catalogue.All() {
				s := p.Schemes[0]
				if err := t.Row(p, p.Name, short(p.Title, maxTitle), short(providerdoc.Proof(&s), maxProof)); err != nil {
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
