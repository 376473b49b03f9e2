// Package subject is `webhookctl subject`: it prints the NATS subjects of events, and says
// what one means.
package subject

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/provider/spec"
)

// maxEvent is the largest event that is read, in bytes; the largest message of NATS has 64 MB.
const maxEvent = 64 << 20

var errUsage = errors.New("name a provider and an event, or give an event on standard input")

// Command returns `webhookctl subject`.
func Command() *cobra.Command {
	var prefix, tenant, separator string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "subject PROVIDER EVENT | subject -",
		Short: "Print the NATS subject of an event, or say what one means",
		Long: "Prints the subject that an event is published on, <prefix>.<provider>.<tenant>.<event>[.<action>], to read or to filter\n" +
			"by. EVENT is the name as the provider has it, or the type of the event behind the provider: charge.dispute.created,\n" +
			"orders/create, pull_request.opened. With - the event is read from standard input, as it is stored.",
		Example: "  webhookctl subject stripe charge.dispute.created --tenant acct_1\n" +
			"  webhookctl subject stripe charge.dispute.created --tenant '*'     # a filter for every tenant\n" +
			"  webhookctl subject parse webhooks.stripe.acct_1.charge.dispute.created",
		Args: cobra.MaximumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			e := &event.Event{Tenant: tenant}
			switch {
			case len(args) == 2:
				e.Provider, e.Type = args[0], args[1]
				named(e)
			case slices.Equal(args, []string{"-"}):
				var err error
				if e, err = read(cmd.InOrStdin()); err != nil {
					return err
				}
				e.Separator = separatorOf(e.Provider)
			default:
				return exit.Usage(errUsage)
			}
			if cmd.Flags().Changed("separator") {
				e.Separator = separator
			}
			return printSubject(cmd.OutOrStdout(), e, prefix, asJSON)
		},
	}
	common(cmd, &prefix, &asJSON)
	cmd.Flags().StringVar(&tenant, "tenant", "", "`account` of the event; * for a filter by all of them")
	cmd.Flags().StringVar(&separator, "separator", "", "`text` between the levels of the event, for a sender that the catalogue does not have")
	cmd.AddCommand(parseCommand())
	return cmd
}

// read reads an event in its structured form.
func read(in io.Reader) (*event.Event, error) {
	text, err := io.ReadAll(io.LimitReader(in, maxEvent+1))
	if err != nil {
		return nil, err
	}
	if len(text) > maxEvent {
		return nil, fmt.Errorf("the event is larger than %d bytes", maxEvent)
	}
	return event.ParseJSON(text)
}

// named parts the name of an event as its provider's row does.
func named(e *event.Event) {
	row, ok := catalogue.Lookup(e.Provider)
	if !ok {
		return
	}
	e.Separator = row.Separator()
	if kind, action := row.Facts.Split.Part(e.Type); action != "" {
		e.Type, e.Action = kind, action
		return
	}
	if row.Facts.Split != spec.SplitNone || len(row.Facts.Action) > 0 {
		known := catalogue.EventsOf(row)
		e.Type, e.Action = known.Part(e.Type)
	}
}

func separatorOf(provider string) string {
	if row, ok := catalogue.Lookup(provider); ok {
		return row.Separator()
	}
	return ""
}

// common gives a command the flags that both have.
func common(cmd *cobra.Command, prefix *string, asJSON *bool) {
	cmd.Flags().StringVar(prefix, "prefix", "webhooks", "first `tokens` of the subject, as the setting publish.subject_prefix")
	cmd.Flags().BoolVar(asJSON, "json", false, "print JSON")
}

func printSubject(out io.Writer, e *event.Event, prefix string, asJSON bool) error {
	of := prefix + "." + event.EscapeToken(e.Provider)
	without := *e
	without.Tenant = ""
	subject, every := e.NATSSubject(prefix), of+".*"+strings.TrimPrefix(without.NATSSubject(prefix), of+"._")
	if e.Tenant == "*" {
		subject = every
	}
	if asJSON {
		return json.NewEncoder(out).Encode(struct {
			Subject string `json:"subject"`
			Filter  string `json:"every_tenant"`
		}{subject, every})
	}
	_, err := fmt.Fprintln(out, subject)
	return err
}
