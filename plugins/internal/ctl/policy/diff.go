package policy

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/spf13/cobra"

	"webhookedge/plugins/internal/ctl/natsflags"
	"webhookedge/plugins/internal/ctl/table"
	"webhookedge/plugins/policy"
)

func diffCommand() *cobra.Command {
	var n natsflags.Flags
	subject, long, asJSON := "webhooks-policy.differences", time.Duration(0), false
	cmd := &cobra.Command{
		Use:   "diff",
		Short: "Show what a candidate policy decides otherwise about live events",
		Long: "Listens to the differences that edges with a candidate (policy.candidate) tell, shows each, and tells at the end how many\n" +
			"there are of each type, those that were not shown among them: an edge tells some a minute for each type, with their\n" +
			"number up to then. The metric webhook_edge_policy_candidate_total counts by provider.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx := cmd.Context()
			if long > 0 {
				var cancel context.CancelFunc
				ctx, cancel = context.WithTimeout(ctx, long)
				defer cancel()
			}
			return n.With(func(js jetstream.JetStream) error {
				notes := cmd.OutOrStdout()
				if asJSON {
					notes = cmd.ErrOrStderr()
				}
				return showDifferences(ctx, table.NewLines(cmd.OutOrStdout(), asJSON), notes, js.Conn(), subject)
			})
		},
	}
	n.Add(cmd)
	f := cmd.Flags()
	f.StringVar(&subject, "subject", subject, "the `subject` of the differences, as the setting candidate.subject")
	f.DurationVar(&long, "for", 0, "how `long` to listen; by default until interrupted")
	f.BoolVar(&asJSON, "json", false, "print each difference as a JSON object, which has the number of its type up to then")
	return cmd
}

//nolint:errcheck // the terminal is gone
func showDifferences(ctx context.Context, out *table.Lines, notes io.Writer, nc *nats.Conn, subject string) error {
	sub, err := nc.SubscribeSync(subject)
	if err != nil {
		return err
	}
	if err := nc.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(notes, "listening to %s\n", subject)
	counts := map[string]uint64{}
	for {
		m, err := sub.NextMsgWithContext(ctx)
		if err != nil && ctx.Err() == nil {
			return err
		}
		if err != nil {
			break
		}
		var d policy.Difference
		if json.Unmarshal(m.Data, &d) != nil {
			fmt.Fprintln(notes, "a message that is not a difference")
			continue
		}
		counts[d.Type] = max(counts[d.Type]+1, d.Count)
		is := cmp.Or(d.Error, string(d.Candidate))
		err = out.Line(d, "%s %s %s\n  live      %s\n  candidate %s", d.At.Format(time.RFC3339), d.Type, d.EventID, cmp.Or(string(d.Live), "no decision"), is)
		if err != nil {
			return err
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(counts)) {
		fmt.Fprintf(notes, "%6d  %s\n", counts[kind], kind)
	}
	return nil
}
