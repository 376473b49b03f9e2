package quarantine

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"webhookedge/kong/local"
	"webhookedge/plugins/internal/chain"
	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/internal/ctl/kongyml"
	"webhookedge/plugins/internal/ctl/table"
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
	var keep, asJSON bool
	cmd := &cobra.Command{
		Use:   "release [SEQUENCE...]",
		Short: "Verify kept deliveries again and publish their events",
		Long: "Verifies each delivery as of the time it was received, with the secrets that the kong.yml has today, and takes it\n" +
			"through the rest of the chain of its route. Its events get message ids of their own and the attribute replayed.\n" +
			"An event that was proved and held back is released on what its sealed record says of that, where the secrets of\n" +
			"today do not prove it: its token was not kept, or a secret was changed. --reverify takes no record's word.\n" +
			"What is released is removed from the quarantine, unless --keep says otherwise.\n\n" +
			"NATS, the stream and its keys are those of the kong.yml; vault references are read from this process's environment. Those of address lists, limits and journals are not needed.",
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
			return r.run(cmd.Context(), table.NewLines(cmd.OutOrStdout(), asJSON), &choice, keep)
		},
	}
	f.add(cmd)
	flags := cmd.Flags()
	flags.StringVar(&file, "config", "", "the kong.yml, by default the repository's or the image's")
	flags.StringVar(&r.route, "route", "", "`name` of the route whose quarantine is looked at, by default the first whose settings are all there; each delivery is released by the config of its own route")
	flags.BoolVar(&r.order.Approve, "approve", false, "publish also what a policy or a schema would hold back again; what they refuse stays refused")
	flags.BoolVar(&r.order.Reverify, "reverify", false, "release only what the secrets of today prove, for what came while a secret was in foreign hands")
	flags.BoolVar(&r.order.DryRun, "dry-run", false, "verify and decide, and publish nothing")
	flags.BoolVar(&asJSON, "json", false, "one JSON object a line")
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

// of opens a route by the name or id that a record has.
func (r *releases) of(label string) (*release.Release, error) {
	c, err := kongyml.Find(r.routes, label)
	if err != nil {
		return nil, err
	}
	if open, ok := r.open[c.ID]; ok {
		return open, nil
	}
	plugins, err := needed(c.Plugins)
	if err != nil {
		return nil, err
	}
	logs := slog.New(slog.NewTextHandler(r.log, &slog.HandlerOptions{Level: slog.LevelWarn}))
	metrics, err := telemetry.NewMetrics(pluginserver.Version(), catalogue.Names(), chain.Stages())
	if err != nil {
		return nil, err
	}
	env := pluginserver.Env{Logger: logs, Metrics: metrics, Checks: telemetry.NewServer(metrics, logs), Now: time.Now}
	open, err := release.Open(env, plugins, c.Hosts)
	if err != nil {
		for i := range c.Unresolved {
			if u := &c.Unresolved[i]; !unneeded(u.Path) {
				err = fmt.Errorf("%s; a copy of the kong.yml that names environment variables ({vault://env/...}) works with --config", u)
				break
			}
		}
		return nil, fmt.Errorf("route %s: %w", kongyml.Label(c), err)
	}
	r.open[c.ID] = open
	return open, nil
}

// first opens the route whose quarantine is looked at: the named one, or the first whose
// settings are all there.
func (r *releases) first() (open *release.Release, err error) {
	if r.route != "" {
		return r.of(r.route)
	}
	var first error
	for i := range r.routes {
		if open, err = r.of(r.routes[i].ID); err == nil {
			return open, nil
		}
		first = cmp.Or(first, err)
	}
	return nil, first
}

// perimeter are the settings that a release has no use for: what it runs again had passed
// the addresses and the limits, and the journal is the edge's.
func perimeter() []string { return append(chain.Perimeter(), "journal") }

func unneeded(path string) bool {
	return slices.ContainsFunc(strings.Split(path, "."), func(name string) bool { return slices.Contains(perimeter(), name) })
}

// needed are the configs of plugins without the perimeter, so that a secret of it that is
// not here keeps nobody from a release.
func needed(plugins map[string][]byte) (map[string][]byte, error) {
	all := map[string][]byte{}
	for name, text := range plugins {
		var cfg map[string]json.RawMessage
		if err := json.Unmarshal(text, &cfg); err != nil {
			return nil, err
		}
		for _, part := range perimeter() {
			delete(cfg, part)
		}
		var publish map[string]json.RawMessage
		if json.Unmarshal(cfg["publish"], &publish) == nil && publish != nil {
			delete(publish, "journal")
			text, err := json.Marshal(publish)
			if err != nil {
				return nil, err
			}
			cfg["publish"] = text
		}
		text, err := json.Marshal(cfg)
		if err != nil {
			return nil, err
		}
		all[name] = text
	}
	return all, nil
}

func (r *releases) close() {
	for _, open := range r.open {
		open.Close()
	}
}

// releasedLine is what is told of a record.
type releasedLine struct {
	Sequence uint64 `json:"sequence"`
	Released bool   `json:"released"`
	DryRun   bool   `json:"dry_run,omitempty"`
	Text     string `json:"text"`
}

// run releases what is named or picked, and fails where one was not released.
func (r *releases) run(ctx context.Context, lines *table.Lines, choice *choice, keep bool) error {
	release, err := r.first()
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
		line := releasedLine{Sequence: seq, Released: err == nil && !r.order.DryRun, DryRun: r.order.DryRun}
		if err != nil {
			text, failed = "not released: "+err.Error(), true
		}
		line.Text = text
		if err := lines.Line(line, "%d %s", seq, text); err != nil {
			return err
		}
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
