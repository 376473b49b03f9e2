// Package quarantine is `webhookctl quarantine`: what was refused or held back is
// looked at, released or removed.
package quarantine

import (
	"context"
	"errors"
	"io"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/spf13/cobra"

	"webhookedge/plugins/internal/ctl/keyflags"
	"webhookedge/plugins/internal/ctl/kongyml"
	"webhookedge/plugins/internal/ctl/natsflags"
	"webhookedge/plugins/internal/ctl/pick"
	"webhookedge/plugins/internal/ctl/table"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/streams/archive"
)

// Command returns `webhookctl quarantine`.
func Command() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "quarantine",
		Short: "List, release or remove refused deliveries and held events",
	}
	cmd.AddCommand(listCommand(), showCommand(), releaseCommand(), dropCommand())
	return cmd
}

// archiveFlags say where the kept deliveries are, and how they are opened.
type archiveFlags struct {
	nats           natsflags.Flags
	stream, prefix string
	keys           keyflags.Flag
}

func (a *archiveFlags) add(cmd *cobra.Command) {
	a.nats.Add(cmd)
	f := cmd.Flags()
	f.StringVar(&a.stream, "stream", "WEBHOOKS_REJECTED", "`name` of the stream")
	f.StringVar(&a.prefix, "subject-prefix", "webhooks-rejected", "`tokens` before provider and code in its subjects")
}

// addKeys is for commands that open records.
func (a *archiveFlags) addKeys(cmd *cobra.Command) { a.keys.Add(cmd.Flags()) }

func (a *archiveFlags) with(fn func(*archive.Archive) error) error {
	keys, err := a.keys.Keys()
	if err != nil {
		return err
	}
	return a.nats.With(func(js jetstream.JetStream) error {
		return fn(archive.New(js, a.stream, a.prefix, keys))
	})
}

type filterFlags struct {
	provider, code string
	period         pick.Period
	held           bool
}

func (f *filterFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.provider, "provider", "", "only those of one provider")
	flags.StringVar(&f.code, "code", "", "only those with one `code`, such as signature_invalid")
	f.period.Add(cmd, "those stored")
	flags.BoolVar(&f.held, "held", false, "only events that are held back")
}

func (f *filterFlags) filter() (filter archive.Filter, err error) {
	if _, ok := pipeline.ParseCode(f.code); f.code != "" && !ok {
		return filter, pick.Known("code", f.code, codes())
	}
	filter = archive.Filter{Provider: f.provider, Code: f.code, Held: f.held}
	filter.From, filter.To, err = f.period.Times()
	return filter, err
}

func codes() (labels []string) {
	for _, c := range pipeline.Codes() {
		labels = append(labels, c.Label)
	}
	return labels
}

// knownProvider refuses a name that is neither in the catalogue nor in a kong.yml, where
// nothing is kept of it.
func knownProvider(ctx context.Context, kept *archive.Archive, name string) error {
	if _, ok := catalogue.Lookup(name); ok || name == "" {
		return nil
	}
	for _, err := range kept.List(ctx, archive.Filter{Provider: name}) {
		return err // there is one, or nobody knows
	}
	return pick.Known("provider", name, append(catalogue.Names(), kongyml.Custom("")...))
}

// choice is what was picked: sequences, or else a filter.
type choice struct {
	seqs   []uint64
	filter archive.Filter
}

func (f *filterFlags) choose(args []string) (c choice, err error) {
	if c.filter, err = f.filter(); err == nil {
		c.seqs, err = pick.Either(args, c.filter != archive.Filter{}, "--provider")
	}
	return c, err
}

// of returns the sequences of what was picked in an archive.
func (c *choice) of(ctx context.Context, archive *archive.Archive) ([]uint64, error) {
	if len(c.seqs) > 0 {
		return c.seqs, nil
	}
	if err := knownProvider(ctx, archive, c.filter.Provider); err != nil {
		return nil, err
	}
	var all []uint64
	for e, err := range archive.List(ctx, c.filter) {
		if err != nil {
			return nil, err
		}
		all = append(all, e.Sequence)
	}
	return all, nil
}

func listCommand() *cobra.Command {
	var a archiveFlags
	var f filterFlags
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "ls",
		Short:   "List kept deliveries; no key is needed",
		Long:    "Lists what is kept, of each the beginning and the end of what is too long for a terminal. --json has all of it,\nthe request id and the size among it.",
		Example: "  webhookctl quarantine ls --server nats://nats:4222 --user webhooks --provider github --from 24h",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			filter, err := f.filter()
			if err != nil {
				return err
			}
			return a.with(func(archive *archive.Archive) error {
				return list(cmd.Context(), cmd.OutOrStdout(), archive, filter, asJSON)
			})
		},
	}
	a.add(cmd)
	f.add(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object a line")
	return cmd
}

func list(ctx context.Context, out io.Writer, archive *archive.Archive, filter archive.Filter, asJSON bool) error {
	if err := knownProvider(ctx, archive, filter.Provider); err != nil {
		return err
	}
	t := table.New(out, asJSON, "SEQUENCE\tSTORED\tPROVIDER\tCODE\tHELD\tROUTE\tKEY")
	for e, err := range archive.List(ctx, filter) {
		if err != nil {
			return errors.Join(t.Flush(), err)
		}
		held := ""
		if e.Held {
			held = "held"
		}
		if err := t.Row(e, e.Sequence, table.Clock(e.StoredAt), table.Cell(e.Provider, 12), table.Cell(e.Code, 18), held, table.Cell(e.Route, 9), table.Cell(e.Key, 8)); err != nil {
			return err
		}
	}
	return t.Flush()
}

func showCommand() *cobra.Command {
	var a archiveFlags
	var body, asJSON bool
	cmd := &cobra.Command{
		Use:     "show SEQUENCE",
		Short:   "Show one kept delivery, or write its body",
		Long:    "Shows what was kept of a delivery and why. Bytes that a terminal could act on are shown escaped; --body writes the body as it came. --json is what explain reads.",
		Example: "  webhookctl quarantine show 17 --json | webhookctl explain --secret-env GITHUB_WEBHOOK_SECRET",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			seq, err := pick.Sequences(args)
			if err != nil {
				return err
			}
			return a.with(func(archive *archive.Archive) error {
				r, _, err := archive.Get(cmd.Context(), seq[0])
				if err != nil {
					return err
				}
				if body {
					_, err = cmd.OutOrStdout().Write(r.Body)
					return err
				}
				if asJSON {
					return table.NewJSON(cmd.OutOrStdout()).Encode(keptOf(seq[0], r))
				}
				_, err = io.WriteString(cmd.OutOrStdout(), r.Text())
				return err
			})
		},
	}
	a.add(cmd)
	a.addKeys(cmd)
	cmd.Flags().BoolVar(&body, "body", false, "write the body's bytes, and nothing else")
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object, a line of what explain reads")
	cmd.MarkFlagsMutuallyExclusive("body", "json")
	return cmd
}

func dropCommand() *cobra.Command {
	var a archiveFlags
	var f filterFlags
	var dry, asJSON bool
	cmd := &cobra.Command{
		Use:   "drop [SEQUENCE...]",
		Short: "Remove kept deliveries for good, by sequence or by a filter",
		Example: "  webhookctl quarantine drop 17 18\n" +
			"  webhookctl quarantine drop --provider github --code signature_invalid --to 168h --dry-run",
		RunE: func(cmd *cobra.Command, args []string) error {
			choice, err := f.choose(args)
			if err != nil {
				return err
			}
			return a.with(func(archive *archive.Archive) error {
				seqs, err := choice.of(cmd.Context(), archive)
				if err != nil {
					return err
				}
				lines := table.NewLines(cmd.OutOrStdout(), asJSON)
				for _, seq := range seqs {
					if !dry {
						if err := archive.Drop(cmd.Context(), seq); err != nil {
							return err
						}
					}
					if err := lines.Removed(seq, dry); err != nil {
						return err
					}
				}
				return nil
			})
		},
	}
	a.add(cmd)
	f.add(cmd)
	cmd.Flags().BoolVar(&dry, "dry-run", false, "say what would be removed, and remove nothing")
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object a line")
	return cmd
}
