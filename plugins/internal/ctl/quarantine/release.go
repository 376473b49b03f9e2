package quarantine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/internal/ctl/kept"
	"webhookedge/plugins/internal/ctl/kongyml"
	"webhookedge/plugins/internal/ctl/table"
	"webhookedge/plugins/internal/release"
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
			if err := r.load(file, cmd.ErrOrStderr()); err != nil {
				return err
			}
			defer r.routes.Close()
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

// releases are what the command line asks for.
type releases struct {
	route  string
	order  release.Order
	routes *kept.Routes
}

func (r *releases) load(file string, log io.Writer) error {
	file, err := kongyml.Path(file)
	if err != nil {
		return err
	}
	routes, err := kongyml.Routes(file)
	if err == nil && len(routes) == 0 {
		err = fmt.Errorf("%s has no route with our plugins", file)
	}
	r.routes = kept.New(routes, r.order, log)
	return err
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
	first, err := r.routes.First(r.route)
	if err != nil {
		return err
	}
	archive, err := first.Archive(ctx)
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
	released, err := r.routes.Release(ctx, archive, seq, keep)
	subjects := strings.Join(released.Subjects, " ")
	if proved := kept.Proved(&released); proved != "" {
		subjects += " (" + proved + ")"
	}
	var still *kept.StillKeptError
	switch {
	case errors.As(err, &still):
		return "", fmt.Errorf("published on %s, and still in quarantine: %w", subjects, err)
	case err != nil:
		return "", err
	case r.order.DryRun:
		return "would be released: " + subjects, nil
	}
	return "released: " + subjects, nil
}
