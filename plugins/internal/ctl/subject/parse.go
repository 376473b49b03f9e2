package subject

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"webhookedge/plugins/event"
)

// parsed is what a subject says of an event.
type parsed struct {
	Provider string   `json:"provider"`
	Tenant   string   `json:"tenant,omitempty"`
	Levels   []string `json:"levels"` // of the event, the action among them
	Cut      bool     `json:"cut,omitempty"`
}

func parseCommand() *cobra.Command {
	var prefix string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "parse SUBJECT",
		Short: "Say which provider, tenant and event a subject is of",
		Long: "Says which provider, tenant and event a subject is of, without the escapes. The action of the event, where it has one,\n" +
			"is the last of its levels; with dedupe: exact the id follows.",
		Example: "  webhookctl subject parse webhooks.shopify.octo%2Emyshopify%2Ecom.orders.create",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			parts, err := event.ParseSubject(prefix, args[0])
			cut := errors.Is(err, event.ErrTokenCut)
			if err != nil && !cut {
				return err
			}
			return printParts(cmd.OutOrStdout(), parsed{Provider: parts.Provider, Tenant: parts.Tenant, Levels: parts.Levels, Cut: cut}, asJSON)
		},
	}
	common(cmd, &prefix, &asJSON)
	return cmd
}

// printParts writes what a subject says. Its values are those of a payload, so what is not
// printable is quoted.
func printParts(out io.Writer, p parsed, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(out).Encode(p)
	}
	shown := func(text string) string {
		if quoted := fmt.Sprintf("%q", text); strings.ContainsAny(text, " ,") || quoted != `"`+text+`"` {
			return quoted
		}
		return text
	}
	levels := make([]string, len(p.Levels))
	for i, level := range p.Levels {
		levels[i] = shown(level)
		if level == "" {
			levels[i] = "(none)"
		}
	}
	tenant := shown(p.Tenant)
	if p.Tenant == "" {
		tenant = "(none)"
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "provider\t%s\ntenant\t%s\nevent\t%s\n", shown(p.Provider), tenant, strings.Join(levels, ", ")) //nolint:errcheck // Flush returns it
	if p.Cut {
		fmt.Fprintln(w, "cut\ta value was too long for a token: this is its beginning") //nolint:errcheck // Flush returns it
	}
	return w.Flush()
}
