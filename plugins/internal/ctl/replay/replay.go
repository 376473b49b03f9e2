// Package replay is `webhookctl replay`: stored events are published again.
package replay

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"strings"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/spf13/cobra"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/internal/ctl/kongyml"
	"webhookedge/plugins/internal/ctl/natsflags"
	"webhookedge/plugins/internal/ctl/pick"
	"webhookedge/plugins/internal/ctl/table"
	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/streams/read"
	"webhookedge/plugins/streams/replay"
)

// Command returns `webhookctl replay`.
func Command() *cobra.Command {
	var n natsflags.Flags
	var o replay.Options
	var period pick.Period
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "replay --from TIME [--to TIME]",
		Short: "Publish stored events again",
		Long: "Publishes events of the stream again, in their order, to their own subject or to --subject. Each gets a message\n" +
			"id of its own and the attribute replayed; the event's id and bytes stay. Replays are not replayed again, unless\n" +
			"--again says so. A run that was interrupted is continued by its name: what it had published is dropped as a\n" +
			"duplicate, within the duplicate window of the stream.",
		Example: "  webhookctl replay --from 2025-06-12T10:00:00Z --to 2025-06-12T11:00:00Z --provider stripe --dry-run\n" +
			"  webhookctl replay --from 2h --type 'github.pull_request.*' --subject 'replay.{subject}' --rate 50",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var err error
			o.From, o.To, err = period.Times()
			if o.Run == "" {
				o.Run = strings.ToLower(rand.Text()[:10])
			}
			if err := errors.Join(err, o.Validate()); err != nil {
				return err
			}
			return n.With(func(js jetstream.JetStream) error {
				if err := known(cmd.Context(), js, &o); err != nil {
					return err
				}
				out := table.NewLines(cmd.OutOrStdout(), asJSON)
				sum, err := replay.Run(cmd.Context(), js, o, func(r replay.Result) { printReplay(out, r, o.DryRun) })
				printSummary(out, sum, o)
				if err == nil && sum.Failed > 0 {
					err = exit.ErrFailed
				}
				return err
			})
		},
	}
	n.Add(cmd)
	f := cmd.Flags()
	f.StringVar(&period.From, "from", "", "the first `time`, or a duration before now such as 2h")
	f.StringVar(&period.To, "to", "", "the `time` to stop before, or a duration before now; by default what is stored now")
	f.StringVar(&o.Stream, "stream", "WEBHOOKS", "`name` of the stream to read")
	f.StringArrayVar(&o.Match, "match", nil, "only events on subjects of a `pattern`, such as webhooks.github.>; once for each")
	f.StringVar(&o.Provider, "provider", "", "only events of one provider")
	f.StringVar(&o.Type, "type", "", "only events of one `type`, such as github.push, or with a star at its end")
	f.StringVar(&o.Subject, "subject", "", "the `subject` to publish on, with {subject} for the event's own; by default that")
	f.Float64Var(&o.Rate, "rate", 0, "most events a second; 0 is as fast as the broker takes them")
	f.StringVar(&o.Run, "run", "", "`name` of the run, by default a new one")
	f.BoolVar(&o.Again, "again", false, "replay also what is a replay itself")
	f.BoolVar(&asJSON, "json", false, "one JSON object a line, the last of which is the summary")
	f.BoolVar(&o.DryRun, "dry-run", false, "list what would be published, and publish nothing")
	if err := cmd.MarkFlagRequired("from"); err != nil {
		panic(err) // the flag is defined above
	}
	return cmd
}

// known refuses a stream that is not there, and a provider that neither the catalogue nor
// a kong.yml nor a subject of the stream names.
func known(ctx context.Context, js jetstream.JetStream, o *replay.Options) error {
	_, err := js.Stream(ctx, o.Stream)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		streams, _ := natsflags.Streams(ctx, js)
		return pick.Known("stream", o.Stream, streams)
	}
	for _, name := range []string{o.Provider, provider(o.Type)} {
		if name == "" || slices.Contains(catalogue.Names(), name) || stored(ctx, js, o.Stream, name) {
			continue
		}
		if err := pick.Known("provider", name, append(catalogue.Names(), kongyml.Custom("")...)); err != nil {
			return err
		}
	}
	return nil
}

// provider is that of a type or of a pattern of types, "" where the star stands in it.
func provider(kind string) string {
	name, _, _ := strings.Cut(kind, ".")
	if strings.HasSuffix(name, "*") {
		return ""
	}
	return name
}

// stored reports whether a stream holds an event with a provider's subject.
func stored(ctx context.Context, js jetstream.JetStream, stream, name string) bool {
	for _, err := range read.All(ctx, js, stream, read.Range{Subjects: []string{"*." + event.EscapeToken(name) + ".>"}, HeadersOnly: true}) {
		return err == nil || !errors.Is(err, context.Canceled) // one, or a fault that the replay will name
	}
	return false
}

// replayedLine is what is told of an event.
type replayedLine struct {
	Sequence uint64 `json:"sequence"`
	From     string `json:"from"`
	Subject  string `json:"subject"`
	Error    string `json:"error,omitempty"`
	DryRun   bool   `json:"dry_run,omitempty"`
}

// printReplay names what failed, and in a dry run everything.
func printReplay(out *table.Lines, r replay.Result, dry bool) {
	line := replayedLine{Sequence: r.Original.Sequence, From: r.Original.Subject, Subject: r.Subject, DryRun: dry}
	switch {
	case r.Err != nil:
		line.Error = r.Err.Error()
		_ = out.Line(line, "%d %s: not replayed: %v", line.Sequence, line.From, r.Err) // the terminal is gone
	case dry:
		_ = out.Line(line, "%d %s would be published on %s", line.Sequence, line.From, line.Subject) // as above
	}
}

// summaryLine is what is told of a run.
type summaryLine struct {
	Run       string `json:"run"`
	Published int    `json:"published"`
	Doubles   int    `json:"duplicates"`
	Failed    int    `json:"failed"`
	Matched   int    `json:"matched"`
	Read      int    `json:"read"`
	DryRun    bool   `json:"dry_run,omitempty"`
}

func printSummary(out *table.Lines, s replay.Summary, o replay.Options) {
	line := summaryLine{o.Run, s.Published, s.Doubles, s.Failed, s.Matched, s.Read, o.DryRun}
	if o.DryRun {
		_ = out.Line(line, "%d of %d messages would be replayed", s.Matched-s.Failed, s.Read) // the terminal is gone
		return
	}
	_ = out.Line(line, "run %s: %d published, %d duplicates, %d failed, of %d messages", o.Run, s.Published, s.Doubles, s.Failed, s.Read) // as above
}
