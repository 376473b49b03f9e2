// Package dlq is `webhookctl dlq`: what consumers could not process.
package dlq

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/spf13/cobra"

	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/internal/ctl/natsflags"
	"webhookedge/plugins/internal/ctl/pick"
	"webhookedge/plugins/internal/ctl/table"
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
	nats                             natsflags.Flags
	stream, prefix, consumer, source string
	period                           pick.Period
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
	b.period.Add(cmd, "letters")
	b.nats.Complete(cmd, "consumer", func(ctx context.Context, js jetstream.JetStream) []string {
		_, consumers := natsflags.Streams(ctx, js)
		return consumers
	})
	b.nats.Complete(cmd, "of-stream", func(ctx context.Context, js jetstream.JetStream) []string {
		streams, _ := natsflags.Streams(ctx, js)
		return streams
	})
}

// known refuses names that neither JetStream knows now nor a letter has.
func (b *boxFlags) known(ctx context.Context, js jetstream.JetStream, box *deadletter.Box) error {
	if b.consumer == "" && b.source == "" {
		return nil
	}
	for _, err := range box.List(ctx, deadletter.Filter{Consumer: b.consumer, Stream: b.source}, false) {
		return err // there is one, or nobody knows
	}
	streams, consumers := natsflags.Streams(ctx, js)
	if len(streams) == 0 {
		return nil
	}
	if b.consumer != "" {
		return pick.Known("consumer", b.consumer, consumers)
	}
	return pick.Known("stream", b.source, streams)
}

func (b *boxFlags) filter() (f deadletter.Filter, err error) {
	f = deadletter.Filter{Consumer: b.consumer, Stream: b.source}
	f.From, f.To, err = b.period.Times()
	return f, err
}

func (b *boxFlags) with(ctx context.Context, fn func(*deadletter.Box) error) error {
	return b.nats.With(func(js jetstream.JetStream) error {
		box := deadletter.NewBox(js, b.stream, b.prefix)
		if err := b.known(ctx, js, box); err != nil {
			return err
		}
		return fn(box)
	})
}

// withLetters calls fn with the letters that args name, or else those of the filter.
func (b *boxFlags) withLetters(ctx context.Context, args []string, fn func(*deadletter.Box, []*deadletter.Letter) error) error {
	filter, err := b.filter()
	if err != nil {
		return err
	}
	seqs, err := pick.Either(args, filter != deadletter.Filter{}, "--consumer")
	if err != nil {
		return err
	}
	return b.with(ctx, func(box *deadletter.Box) error {
		var letters []*deadletter.Letter
		for _, seq := range seqs {
			l, err := box.Get(ctx, seq)
			if err != nil {
				return err
			}
			letters = append(letters, l)
		}
		if len(seqs) > 0 {
			return fn(box, letters)
		}
		for l, err := range box.List(ctx, filter, false) {
			if err != nil {
				return err
			}
			letters = append(letters, l)
		}
		return fn(box, letters)
	})
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
			filter, err := b.filter()
			if err != nil {
				return err
			}
			return b.with(cmd.Context(), func(box *deadletter.Box) error {
				return listLetters(cmd.Context(), cmd.OutOrStdout(), box, filter, asJSON, follow)
			})
		},
	}
	b.add(cmd)
	b.addFilter(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object a line")
	cmd.Flags().BoolVarP(&follow, "follow", "f", false, "go on with what comes")
	return cmd
}

func listLetters(ctx context.Context, out io.Writer, box *deadletter.Box, filter deadletter.Filter, asJSON, follow bool) error {
	t := table.New(out, asJSON, "SEQUENCE\tAT\tCONSUMER\tCAUSE\tDELIVERIES\tMESSAGE\tSUBJECT\tREASON")
	for l, err := range box.List(ctx, filter, follow) {
		if err != nil {
			return errors.Join(t.Flush(), err)
		}
		message := fmt.Sprintf("%s/%d", l.Stream, l.Message)
		err = t.Row(l, l.Sequence, l.At.Format(time.RFC3339), l.Consumer, l.Cause, l.Deliveries, message, l.Subject, l.Reason)
		if follow && err == nil {
			err = t.Flush()
		}
		if err != nil {
			return err
		}
	}
	return t.Flush()
}

func showCommand() *cobra.Command {
	var b boxFlags
	cmd := &cobra.Command{
		Use:   "show SEQUENCE",
		Short: "Write the message of a dead letter as it was stored",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return b.withLetters(cmd.Context(), args, func(box *deadletter.Box, letters []*deadletter.Letter) error {
				o, err := box.Original(cmd.Context(), letters[0])
				if err != nil {
					return err
				}
				_, err = cmd.OutOrStdout().Write(append(o.Data, '\n'))
				return err
			})
		},
	}
	b.add(cmd)
	return cmd
}

func replayCommand() *cobra.Command {
	var b boxFlags
	var how deadletter.Replay
	var asJSON bool
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
			return b.withLetters(cmd.Context(), args, func(box *deadletter.Box, letters []*deadletter.Letter) error {
				return replayLetters(cmd, box, letters, how, asJSON)
			})
		},
	}
	b.add(cmd)
	b.addFilter(cmd)
	f := cmd.Flags()
	f.StringVar(&how.Subject, "subject", "", "the `subject` to publish on, with {subject} for the event's own; by default that")
	f.StringVar(&how.Run, "run", "", "`name` of the run, by default a new one")
	f.BoolVar(&how.Keep, "keep", false, "leave the letters where they are")
	f.BoolVar(&how.DryRun, "dry-run", false, "list what would be published, and publish nothing")
	f.BoolVar(&asJSON, "json", false, "one JSON object a line")
	return cmd
}

// replayedLine is what is told of a letter.
type replayedLine struct {
	Sequence uint64 `json:"sequence"`
	Stream   string `json:"stream"`
	Message  uint64 `json:"message"`
	Subject  string `json:"subject,omitempty"`
	Error    string `json:"error,omitempty"`
	DryRun   bool   `json:"dry_run,omitempty"`
}

// replayLetters prints a line for each letter, and fails where one could not be replayed.
func replayLetters(cmd *cobra.Command, box *deadletter.Box, letters []*deadletter.Letter, how deadletter.Replay, asJSON bool) error {
	verb, failed := " published on ", false
	if how.DryRun {
		verb = " would be published on "
	}
	lines := table.NewLines(cmd.OutOrStdout(), asJSON)
	err := box.Replay(cmd.Context(), letters, how, func(l *deadletter.Letter, subject string, err error) {
		line := replayedLine{Sequence: l.Sequence, Stream: l.Stream, Message: l.Message, Subject: subject, DryRun: how.DryRun}
		text := verb + subject
		if err != nil {
			line.Error = err.Error()
			text, failed = ": "+line.Error, true
		}
		_ = lines.Line(line, "%d %s/%d%s", l.Sequence, l.Stream, l.Message, text) // the terminal is gone
	})
	if err == nil && failed {
		err = exit.ErrFailed
	}
	return err
}

func dropCommand() *cobra.Command {
	var b boxFlags
	var dry, asJSON bool
	cmd := &cobra.Command{
		Use:     "drop [SEQUENCE...]",
		Short:   "Remove dead letters, by sequence or by a filter",
		Example: "  webhookctl dlq drop 3\n  webhookctl dlq drop --consumer billing --to 168h --dry-run",
		RunE: func(cmd *cobra.Command, args []string) error {
			return b.withLetters(cmd.Context(), args, func(box *deadletter.Box, letters []*deadletter.Letter) error {
				lines := table.NewLines(cmd.OutOrStdout(), asJSON)
				for _, l := range letters {
					if !dry {
						if err := box.Drop(cmd.Context(), l.Sequence); err != nil {
							return err
						}
					}
					if err := lines.Removed(l.Sequence, dry); err != nil {
						return err
					}
				}
				return nil
			})
		},
	}
	b.add(cmd)
	b.addFilter(cmd)
	cmd.Flags().BoolVar(&dry, "dry-run", false, "say what would be removed, and remove nothing")
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object a line")
	return cmd
}
