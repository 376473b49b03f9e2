// Package dlq is `webhookctl dlq`: what consumers could not process.
package dlq

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/internal/ctl/natsflags"
	"webhookedge/plugins/internal/ctl/pick"
	"webhookedge/plugins/streams/deadletter"
)

// Command returns `webhookctl dlq`.
func Command() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "dlq",
		Short: "Look at what consumers could not process, and try it again",
		Long: "Dead letters are events that a consumer gave up, and those that JetStream reports as delivered too often. They lie in\n" +
			"the stream WEBHOOKS_DEAD of kong/streams.yml, which also takes JetStream's reports.",
	}
	cmd.AddCommand(listCommand(), showCommand(), replayCommand(), dropCommand())
	return cmd
}

// boxFlags say where the letters are and which of them are meant.
type boxFlags struct {
	nats                       natsflags.Flags
	stream, prefix             string
	consumer, source, from, to string
}

func (b *boxFlags) add(cmd *cobra.Command) {
	b.nats.Add(cmd)
	f := cmd.Flags()
	f.StringVar(&b.stream, "stream", deadletter.Stream, "`name` of the stream of dead letters")
	f.StringVar(&b.prefix, "subject-prefix", deadletter.Prefix, "first `token` of the subjects of letters that consumers write")
}

func (b *boxFlags) addFilter(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&b.consumer, "consumer", "", "only letters of one consumer")
	f.StringVar(&b.source, "of-stream", "", "only letters about events of one stream")
	f.StringVar(&b.from, "from", "", "only letters since a `time`, or for a duration such as 24h")
	f.StringVar(&b.to, "to", "", "only letters before a `time`, or that are older than a duration")
}

func (b *boxFlags) filter(now time.Time) (deadletter.Filter, error) {
	from, ferr := pick.Moment("from", b.from, now)
	to, terr := pick.Moment("to", b.to, now)
	return deadletter.Filter{Consumer: b.consumer, Stream: b.source, From: from, To: to}, errors.Join(ferr, terr)
}

func (b *boxFlags) open() (*deadletter.Box, func(), error) {
	nc, js, err := b.nats.Connect()
	if err != nil {
		return nil, nil, err
	}
	return deadletter.NewBox(js, b.stream, b.prefix), nc.Close, nil
}

// pick returns the letters that are named, or else those of the filter.
func (b *boxFlags) pick(ctx context.Context, box *deadletter.Box, args []string) ([]*deadletter.Letter, error) {
	seqs, err := pick.Sequences(args)
	if err != nil {
		return nil, err
	}
	filter, err := b.filter(time.Now())
	if err != nil {
		return nil, err
	}
	if (len(seqs) == 0) == (filter == deadletter.Filter{}) {
		return nil, errors.New("name sequences, or a filter such as --consumer")
	}
	var letters []*deadletter.Letter
	for _, seq := range seqs {
		l, err := box.Get(ctx, seq)
		if err != nil {
			return nil, err
		}
		letters = append(letters, l)
	}
	if len(seqs) > 0 {
		return letters, nil
	}
	for l, err := range box.List(ctx, filter, false) {
		if err != nil {
			return nil, err
		}
		letters = append(letters, l)
	}
	return letters, nil
}

func listCommand() *cobra.Command {
	var b boxFlags
	var asJSON, follow bool
	cmd := &cobra.Command{
		Use:     "ls",
		Short:   "List dead letters",
		Example: "  webhookctl dlq ls --consumer billing --from 24h\n  webhookctl dlq ls --follow",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			filter, err := b.filter(time.Now())
			if err != nil {
				return err
			}
			box, end, err := b.open()
			if err != nil {
				return err
			}
			defer end()
			return listLetters(cmd.Context(), cmd.OutOrStdout(), box, filter, asJSON, follow)
		},
	}
	b.add(cmd)
	b.addFilter(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object a line")
	cmd.Flags().BoolVarP(&follow, "follow", "f", false, "go on with what comes")
	return cmd
}

func listLetters(ctx context.Context, out io.Writer, box *deadletter.Box, filter deadletter.Filter, asJSON, follow bool) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	enc := json.NewEncoder(out)
	if !asJSON {
		fmt.Fprintln(table, "SEQUENCE\tAT\tCONSUMER\tCAUSE\tDELIVERIES\tMESSAGE\tSUBJECT\tREASON") //nolint:errcheck // Flush says it
	}
	for l, err := range box.List(ctx, filter, follow) {
		if err != nil {
			return errors.Join(table.Flush(), err)
		}
		if asJSON {
			err = enc.Encode(l)
		} else {
			//nolint:errcheck // Flush says it
			fmt.Fprintf(table, "%d\t%s\t%s\t%s\t%d\t%s/%d\t%s\t%s\n", l.Sequence, l.At.Format(time.RFC3339), l.Consumer, l.Cause, l.Deliveries, l.Stream, l.Message, l.Subject, l.Reason)
		}
		if follow && err == nil {
			err = table.Flush()
		}
		if err != nil {
			return err
		}
	}
	return table.Flush()
}

func showCommand() *cobra.Command {
	var b boxFlags
	cmd := &cobra.Command{
		Use:   "show SEQUENCE",
		Short: "Write the message of a dead letter as it was stored",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			box, end, err := b.open()
			if err != nil {
				return err
			}
			defer end()
			letters, err := b.pick(cmd.Context(), box, args)
			if err != nil {
				return err
			}
			o, err := box.Original(cmd.Context(), letters[0])
			if err != nil {
				return err
			}
			_, err = cmd.OutOrStdout().Write(append(o.Data, '\n'))
			return err
		},
	}
	b.add(cmd)
	return cmd
}

func replayCommand() *cobra.Command {
	var b boxFlags
	var how deadletter.Replay
	cmd := &cobra.Command{
		Use:   "replay [SEQUENCE...]",
		Short: "Publish the events of dead letters again",
		Long: "Publishes the events again, to their own subject or to --subject, with the attribute replayed and message ids of\n" +
			"their own, and removes the letters. On its own subject an event comes to every consumer, not only to the one that failed.",
		Example: "  webhookctl dlq replay 3 4 --dry-run\n  webhookctl dlq replay --consumer billing --subject 'retry.billing.{subject}'",
		RunE: func(cmd *cobra.Command, args []string) error {
			if how.Run == "" {
				how.Run = strings.ToLower(rand.Text()[:10])
			}
			box, end, err := b.open()
			if err != nil {
				return err
			}
			defer end()
			letters, err := b.pick(cmd.Context(), box, args)
			if err != nil {
				return err
			}
			verb, failed := "published on", false
			if how.DryRun {
				verb = "would be published on"
			}
			out := cmd.OutOrStdout()
			err = box.Replay(cmd.Context(), letters, how, func(l *deadletter.Letter, subject string, err error) {
				if err != nil {
					failed = true
					fmt.Fprintf(out, "%d %s/%d: %v\n", l.Sequence, l.Stream, l.Message, err) //nolint:errcheck // the terminal is gone
					return
				}
				fmt.Fprintf(out, "%d %s/%d %s %s\n", l.Sequence, l.Stream, l.Message, verb, subject) //nolint:errcheck // the terminal is gone
			})
			if err == nil && failed {
				err = exit.ErrFailed
			}
			return err
		},
	}
	b.add(cmd)
	b.addFilter(cmd)
	f := cmd.Flags()
	f.StringVar(&how.Subject, "subject", "", "the `subject` to publish on, with {subject} for the event's own; by default that")
	f.StringVar(&how.Run, "run", "", "`name` of the run, by default a new one")
	f.BoolVar(&how.Keep, "keep", false, "leave the letters where they are")
	f.BoolVar(&how.DryRun, "dry-run", false, "list what would be published, and publish nothing")
	return cmd
}

func dropCommand() *cobra.Command {
	var b boxFlags
	var dry bool
	cmd := &cobra.Command{
		Use:     "drop [SEQUENCE...]",
		Short:   "Remove dead letters, by sequence or by a filter",
		Example: "  webhookctl dlq drop 3\n  webhookctl dlq drop --consumer billing --to 168h --dry-run",
		RunE: func(cmd *cobra.Command, args []string) error {
			box, end, err := b.open()
			if err != nil {
				return err
			}
			defer end()
			letters, err := b.pick(cmd.Context(), box, args)
			if err != nil {
				return err
			}
			for _, l := range letters {
				if !dry {
					if err := box.Drop(cmd.Context(), l.Sequence); err != nil {
						return err
					}
				}
				cmd.Println(l.Sequence)
			}
			return nil
		},
	}
	b.add(cmd)
	b.addFilter(cmd)
	cmd.Flags().BoolVar(&dry, "dry-run", false, "say what would be removed, and remove nothing")
	return cmd
}
