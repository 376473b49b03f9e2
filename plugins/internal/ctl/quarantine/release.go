package quarantine

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"webhookedge/kong/local"
	"webhookedge/plugins/internal/chain"
	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/internal/ctl/kongyml"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/pluginserver"
	"webhookedge/plugins/internal/release"
	"webhookedge/plugins/internal/telemetry"
	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/streams/archive"
)

func releaseCommand() *cobra.Command {
	r := &releases{}
	var file string
	var f filterFlags
	var keep bool
	cmd := &cobra.Command{
		Use:   "release [SEQUENCE...]",
		Short: "Verify kept deliveries again and publish their events",
		Long: "Verifies each delivery as of the time it was received, with the secrets that the kong.yml has today, and takes it\n" +
			"through the rest of the chain of its route. Its events get message ids of their own and the attribute replayed.\n" +
			"An event that was proved and held back is released on what its sealed record says of that, where the secrets of\n" +
			"today do not prove it: its token was not kept, or a secret was changed. --reverify takes no record's word.\n" +
			"What is released is removed from the quarantine, unless --keep says otherwise.\n\n" +
			"NATS, the stream and its keys are those of the kong.yml; vault references are read from this process's environment.",
		Example: "  webhookctl quarantine release 17 --config kong/kong.yml --dry-run\n" +
			"  webhookctl quarantine release --provider github --code payload_invalid --approve",
		RunE: func(cmd *cobra.Command, args []string) error {
			choice, err := f.choose(args)
			if err != nil {
				return err
			}
			r.log = cmd.ErrOrStderr()
			if err := r.load(file); err != nil {
				return err
			}
			defer r.close()
			return r.run(cmd.Context(), cmd.OutOrStdout(), &choice, keep)
		},
	}
	f.add(cmd)
	flags := cmd.Flags()
	flags.StringVar(&file, "config", "", "the kong.yml, by default the repository's or the image's")
	flags.StringVar(&r.route, "route", "", "`name` of the route whose quarantine is looked at, by default the first; each delivery is released by the config of its own route")
	flags.BoolVar(&r.order.Approve, "approve", false, "publish also what a policy or a schema would hold back again; what they refuse stays refused")
	flags.BoolVar(&r.order.Reverify, "reverify", false, "release only what the secrets of today prove, for what came while a secret was in foreign hands")
	flags.BoolVar(&r.order.DryRun, "dry-run", false, "verify and decide, and publish nothing")
	flags.BoolVar(&keep, "keep", false, "leave what was released in the quarantine")
	return cmd
}

// releases are the routes of a kong.yml, opened as they are needed.
type releases struct {
	route  string
	order  release.Order
	log    io.Writer
	routes []local.RouteConfigs
	open   map[string]*release.Release // by route id
}

func (r *releases) load(file string) error {
	file, err := kongyml.Path(file)
	if err != nil {
		return err
	}
	r.open = map[string]*release.Release{}
	r.routes, err = kongyml.Routes(file)
	if err == nil && len(r.routes) == 0 {
		err = fmt.Errorf("%s has no route with our plugins", file)
	}
	return err
}

func (r *releases) of(route string) (*release.Release, error) {
	for i := range r.routes {
		c := &r.routes[i]
		if !c.Is(route) {
			continue
		}
		if open, ok := r.open[c.ID]; ok {
			return open, nil
		}
		if len(c.Unresolved) > 0 {
			return nil, fmt.Errorf("route %s: %s; a copy of the kong.yml that names environment variables ({vault://env/...}) works with --config", route, c.Unresolved[0])
		}
		logs := slog.New(slog.NewTextHandler(r.log, &slog.HandlerOptions{Level: slog.LevelWarn}))
		metrics, err := telemetry.NewMetrics(pluginserver.Version(), catalogue.Names(), chain.Stages())
		if err != nil {
			return nil, err
		}
		env := pluginserver.Env{Logger: logs, Metrics: metrics, Checks: telemetry.NewServer(metrics, logs), Now: time.Now}
		open, err := release.Open(env, c.Plugins, c.Hosts)
		if err != nil {
			return nil, fmt.Errorf("route %s: %w", route, err)
		}
		r.open[c.ID] = open
		return open, nil
	}
	return nil, fmt.Errorf("the kong.yml has no route %q with our plugins", route)
}

func (r *releases) close() {
	for _, open := range r.open {
		open.Close()
	}
}

// run releases what is named or picked, and fails where one was not released.
func (r *releases) run(ctx context.Context, out io.Writer, choice *choice, keep bool) error {
	release, err := r.of(cmp.Or(r.route, r.routes[0].ID))
	if err != nil {
		return err
	}
	archive, err := release.Archive(ctx)
	if err != nil {
		return err
	}
	seqs, err := choice.of(ctx, archive)
	if err != nil {
		return err
	}
	failed := false
	for _, seq := range seqs {
		text, err := r.one(ctx, archive, seq, keep)
		if err != nil {
			text, failed = "not released: "+err.Error(), true
		}
		fmt.Fprintln(out, seq, text) //nolint:errcheck // the terminal is gone
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	if failed {
		return exit.ErrFailed
	}
	return nil
}

// one releases a record by the config of its own route.
func (r *releases) one(ctx context.Context, archive *archive.Archive, seq uint64, keep bool) (string, error) {
	entry, err := archive.Entry(ctx, seq)
	if err != nil {
		return "", err
	}
	release, err := r.of(entry.Route)
	if err != nil {
		return "", err
	}
	own, err := release.Archive(ctx)
	if err != nil {
		return "", err
	}
	record, _, err := own.Get(ctx, seq)
	if err != nil {
		return "", err
	}
	released, err := release.Run(ctx, record, r.order)
	if err != nil {
		return "", err
	}
	subjects := strings.Join(released.Subjects, " ")
	if p := released.Proved; p != nil {
		subjects += fmt.Sprintf(" (proved by its sealed record alone: %s, secret %s, as of %s)", p.Scheme, p.SecretID, p.AsOf.Format(time.RFC3339))
	}
	switch code := released.Outcome.Code; {
	case released.Outcome.Err != nil:
		return "", released.Outcome.Err
	case code != pipeline.Accepted && code != pipeline.Duplicate:
		return "", fmt.Errorf("it ended as %s", code)
	case r.order.DryRun:
		return "would be released: " + subjects, nil
	}
	if !keep {
		if err := own.Drop(ctx, seq); err != nil {
			return "", fmt.Errorf("published on %s, and still in quarantine: %w", subjects, err)
		}
	}
	return "released: " + subjects, nil
}
