package drift

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/internal/ctl/natsflags"
	"webhookedge/plugins/internal/ctl/pick"
	"webhookedge/plugins/internal/ctl/table"
	"webhookedge/plugins/internal/drift"
	"webhookedge/plugins/internal/drift/bucket"
)

func acceptCommand() *cobra.Command {
	var n natsflags.Flags
	var dry, asJSON bool
	cmd := &cobra.Command{
		Use:   "accept PROVIDER EVENT [PATH]",
		Short: "Take changes for known",
		Long: "Takes the changes of an event at a path and below it for known, without a path all of them. Then also what is still\n" +
			"learnt of the event is known as it stands, so that the next change is told after a few deliveries instead of after\n" +
			"the learning period.",
		Example: "  webhookctl drift accept github pull_request.opened --dry-run\n  webhookctl drift accept github pull_request.opened '$.pull_request.labels'",
		Args:    cobra.MaximumNArgs(3),
		RunE: func(cmd *cobra.Command, args []string) error {
			provider, name, err := event(args)
			if err != nil {
				return err
			}
			path := ""
			if len(args) == 3 {
				path = args[2]
				if _, ok := drift.Place(path); !ok {
					return exit.Usagef("%q is no path such as '$.a.b', in quotes for the shell", path)
				}
			}
			return with(cmd.Context(), &n, true, func(ctx context.Context, b *bucket.Bucket) error {
				return accept(ctx, table.NewLines(cmd.OutOrStdout(), asJSON), b, provider, name, path, dry)
			})
		},
	}
	n.Add(cmd)
	f := cmd.Flags()
	f.BoolVar(&dry, "dry-run", false, "show what would be accepted, and accept nothing")
	f.BoolVar(&asJSON, "json", false, "one JSON object a line")
	return cmd
}

// acceptedLine is a change that is accepted, as JSON.
type acceptedLine struct {
	line
	DryRun bool `json:"dry_run,omitempty"`
}

func accept(ctx context.Context, out *table.Lines, b *bucket.Bucket, provider, name, path string, dry bool) error {
	m, err := known(ctx, b, provider, name)
	if err != nil {
		return err
	}
	learning := m.Learning()
	open := m.Open
	var accepted []drift.Change
	if dry {
		accepted = m.Accept(path)
	} else {
		m, err = b.Change(ctx, provider, name, time.Now(), true, func(m *drift.Model) bool {
			learning, open = m.Learning(), append([]drift.Change(nil), m.Open...)
			accepted = m.Accept(path)
			return len(accepted) > 0 || path == ""
		})
	}
	if err != nil {
		return err
	}
	if len(accepted) == 0 && path != "" {
		var paths []string
		for _, c := range open {
			paths = append(paths, c.Path)
		}
		return pick.Known("change of "+provider+"."+name+" at", path, paths)
	}
	done := "accepted"
	if dry {
		done = "would be accepted"
	}
	for _, c := range accepted {
		if err := out.Line(acceptedLine{line{provider, name, c}, dry}, "%s\n  %s", text(m, &c), done); err != nil {
			return err
		}
	}
	return settled(out, m, learning && path == "", len(accepted), dry)
}

// settledLine says that the learning period has ended, as JSON.
type settledLine struct {
	Provider   string `json:"provider"`
	Event      string `json:"event"`
	Deliveries uint64 `json:"deliveries"`
	Known      bool   `json:"known"`
	DryRun     bool   `json:"dry_run,omitempty"`
}

func settled(out *table.Lines, m *drift.Model, ended bool, accepted int, dry bool) error {
	l := settledLine{m.Provider, m.Event, m.Deliveries, true, dry}
	switch {
	case ended && dry:
		return out.Line(l, "%s.%s would be known, after %s", m.Provider, m.Event, deliveries(m.Deliveries))
	case ended:
		return out.Line(l, "%s.%s is known, after %s", m.Provider, m.Event, deliveries(m.Deliveries))
	case accepted == 0:
		return out.Line(l, "%s.%s: nothing has changed", m.Provider, m.Event)
	}
	return nil
}

func deliveries(n uint64) string {
	if n == 1 {
		return "1 delivery"
	}
	return fmt.Sprintf("%d deliveries", n)
}

func forgetCommand() *cobra.Command {
	var n natsflags.Flags
	var dry, asJSON bool
	cmd := &cobra.Command{
		Use:     "forget PROVIDER EVENT",
		Short:   "Forget what is learnt of an event, and learn it anew",
		Example: "  webhookctl drift forget github pull_request.opened",
		Args:    cobra.MaximumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			provider, name, err := event(args)
			if err != nil {
				return err
			}
			return with(cmd.Context(), &n, true, func(ctx context.Context, b *bucket.Bucket) error {
				m, err := known(ctx, b, provider, name)
				if errors.Is(err, bucket.ErrUnreadable) {
					m, err = &drift.Model{}, nil
				}
				if err != nil {
					return err
				}
				done := "would be forgotten"
				if !dry {
					done, err = "is forgotten", b.Forget(ctx, provider, name)
				}
				if err != nil {
					return err
				}
				return table.NewLines(cmd.OutOrStdout(), asJSON).Line(settledLine{provider, name, m.Deliveries, false, dry}, "%s.%s %s, after %s", provider, name, done, deliveries(m.Deliveries))
			})
		},
	}
	n.Add(cmd)
	f := cmd.Flags()
	f.BoolVar(&dry, "dry-run", false, "show what would be forgotten, and forget nothing")
	f.BoolVar(&asJSON, "json", false, "one JSON object a line")
	return cmd
}
