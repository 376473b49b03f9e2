package drift

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"webhookedge/plugins/internal/ctl/natsflags"
	"webhookedge/plugins/internal/ctl/table"
	"webhookedge/plugins/internal/drift"
	"webhookedge/plugins/internal/drift/bucket"
	"webhookedge/plugins/streams/archive"
)

func showCommand() *cobra.Command {
	var n natsflags.Flags
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "show [PROVIDER EVENT]",
		Short: "Show what is learnt: the events, or the fields of one",
		Long: "Lists the events of which anything is learnt, or the fields of one of them with their types and in how many of a\n" +
			"hundred deliveries they are, of those that have what the field stands in. A star stands for names that are data, and\n" +
			"[*] for the elements of a list.",
		Example: "  webhookctl drift show\n  webhookctl drift show github pull_request.opened",
		Args:    cobra.MaximumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				_, _, err := event(args)
				return err
			}
			return with(cmd.Context(), &n, true, func(ctx context.Context, b *bucket.Bucket) error {
				if len(args) == 0 {
					return showEvents(ctx, table.New(cmd.OutOrStdout(), asJSON, "EVENT\tDELIVERIES\tFIELDS\tSTATE\tCHANGES"), b)
				}
				m, err := known(ctx, b, args[0], args[1])
				if err != nil {
					return err
				}
				return showFields(table.New(cmd.OutOrStdout(), asJSON, "TYPES\tIN %\tPATH"), m)
			})
		},
	}
	n.Add(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object a line")
	return cmd
}

// eventLine is an event, as JSON.
type eventLine struct {
	Provider   string `json:"provider"`
	Event      string `json:"event"`
	Deliveries uint64 `json:"deliveries"`
	Fields     int    `json:"fields"`
	Learning   bool   `json:"learning"`
	Full       bool   `json:"full,omitempty"`
	Changes    int    `json:"changes"`
}

func showEvents(ctx context.Context, out *table.Table, b *bucket.Bucket) error {
	var all []eventLine
	err := b.Each(ctx, "", false, func(m *drift.Model) error {
		all = append(all, eventLine{m.Provider, m.Event, m.Deliveries, len(m.Fields()), m.Learning(), m.Full, len(m.Open) + int(min(m.Unlisted, 1e6))})
		return nil
	})
	if err != nil {
		return err
	}
	slices.SortFunc(all, func(a, b eventLine) int {
		return cmp.Or(strings.Compare(a.Provider, b.Provider), strings.Compare(a.Event, b.Event))
	})
	for _, l := range all {
		state := "known"
		switch {
		case l.Learning:
			state = "learning"
		case l.Full:
			state = "known in part"
		}
		if err := out.Row(l, archive.Escape(l.Provider+"."+l.Event), l.Deliveries, l.Fields, state, l.Changes); err != nil {
			return err
		}
	}
	return out.Flush()
}

func showFields(out *table.Table, m *drift.Model) error {
	for _, f := range m.Fields() {
		if err := out.Row(f, types(f.Types), fmt.Sprintf("%.0f", 100*f.Share), archive.Escape(f.Path)); err != nil {
			return err
		}
	}
	return out.Flush()
}
