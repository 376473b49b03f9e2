// Package streams is `webhookctl streams`: the streams that the edge stores in are
// made, changed and checked.
package streams

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/spf13/cobra"

	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/internal/ctl/natsflags"
	"webhookedge/plugins/internal/ctl/table"
	"webhookedge/plugins/streams"
)

// Command returns `webhookctl streams`.
func Command() *cobra.Command {
	cmd := &cobra.Command{Use: "streams", Short: "Create, change and check the streams that the edge stores in"}
	cmd.AddCommand(applyCommand(), checkCommand())
	return cmd
}

// withStreams calls f with the streams of a file and a client, for at most 30 seconds.
func withStreams(ctx context.Context, n *natsflags.Flags, file string, f func(context.Context, jetstream.JetStream, []streams.Spec) error) error {
	specs, err := streams.Load(file)
	if err != nil {
		return err
	}
	return n.With(func(js jetstream.JetStream) error {
		ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
		defer cancel()
		return f(ctx, js, specs)
	})
}

func applyCommand() *cobra.Command {
	var n natsflags.Flags
	var file string
	var dry, force, wait, asJSON bool
	cmd := &cobra.Command{
		Use:   "apply",
		Short: "Make the streams as the file says, or show what there is to do",
		Long: "Creates the streams of the file that are missing and changes those that differ. A change that could lose stored\n" +
			"events, such as a shorter max_age, is made with --force only. Streams that the file does not name stay as they\n" +
			"are. With --dry-run nothing is changed, and the exit code is 1 when there is something to do. With --wait it returns\n" +
			"when a power cut can no longer undo the change.",
		Example: "  webhookctl streams apply --file kong/streams.yml --server nats://nats:4222 --user webhooks --dry-run",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			changed := false
			err := withStreams(cmd.Context(), &n, file, func(ctx context.Context, js jetstream.JetStream, specs []streams.Spec) (err error) {
				changed, err = applyStreams(ctx, table.NewLines(cmd.OutOrStdout(), asJSON), js, specs, dry, force)
				return err
			})
			if err == nil && changed {
				err = settle(cmd.Context(), cmd.ErrOrStderr(), wait)
			}
			return err
		},
	}
	n.Add(cmd)
	f := cmd.Flags()
	f.StringVar(&file, "file", "kong/streams.yml", "the `file` of streams")
	f.BoolVar(&dry, "dry-run", false, "show what there is to do, and do nothing")
	f.BoolVar(&asJSON, "json", false, "one JSON object a line")
	f.BoolVar(&force, "force", false, "also make changes that could lose stored events")
	f.BoolVar(&wait, "wait", false, "after a change, wait until the disk of a NATS that does not sync always has it")
	return cmd
}

// settle says what a change needs to last, and waits for it.
func settle(ctx context.Context, out io.Writer, wait bool) error {
	fmt.Fprintf(out, streams.Settling+"\n", streams.SettleTime) //nolint:errcheck // the terminal is gone
	if !wait {
		return nil
	}
	select {
	case <-time.After(streams.SettleTime):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// applyStreams reports whether it changed anything.
func applyStreams(ctx context.Context, out *table.Lines, js jetstream.JetStream, specs []streams.Spec, dry, force bool) (changed bool, err error) {
	todo := false
	for i := range specs {
		change, err := streams.Plan(ctx, js, &specs[i])
		if err != nil {
			return changed, err
		}
		if err := tell(out, change, dry); err != nil {
			return changed, err
		}
		if change.Done() {
			continue
		}
		todo = true
		if dry {
			continue
		}
		if err := change.Apply(ctx, js, force); err != nil {
			return changed, err
		}
		changed = true
	}
	if dry && todo {
		return changed, exit.ErrFailed
	}
	return changed, nil
}

// changeLine is what is told of a stream.
type changeLine struct {
	Name    string   `json:"name"`
	Change  string   `json:"change"` // none, create or change
	Details []string `json:"details,omitempty"`
	DryRun  bool     `json:"dry_run,omitempty"`
}

func tell(out *table.Lines, change *streams.Change, dry bool) error {
	line := changeLine{change.Name, "change", change.Details, dry}
	switch {
	case change.Done():
		line.Change = "none"
		return out.Line(line, "%s: as it should be", change.Name)
	case change.Create:
		line.Change = "create"
	}
	done := line.Change
	if dry {
		done = "would " + done
	}
	return out.Line(line, "%s", strings.Join(append([]string{change.Name + ": " + done}, change.Details...), "\n  "))
}
