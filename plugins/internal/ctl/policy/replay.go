package policy

import (
	"context"
	"fmt"
	"io"
	"iter"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/spf13/cobra"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/internal/ctl/natsflags"
	"webhookedge/plugins/internal/ctl/table"
	"webhookedge/plugins/policy/author"
	"webhookedge/plugins/policy/engine"
	"webhookedge/plugins/streams/read"
)

func replayCommand() *cobra.Command {
	var p compileFlags
	var n natsflags.Flags
	r := replayed{stream: defaultStream}
	cmd := &cobra.Command{
		Use:   "replay [DIR] --candidate DIR",
		Short: "Tell what a candidate decides otherwise about stored events",
		Long: "Asks the policy in DIR and the candidate about each stored event, and counts where they differ, by type and outcome.\n" +
			"Nothing is published. A stored event has been decided once: refused ones are missing, what was redacted is redacted,\n" +
			"and its tenant is the one that it was given. Of the request only its id and time are known. Exits with 1 where\n" +
			"anything differs.",
		Example: "  webhookctl policy replay policies --candidate ../next/policies --from 24h --user webhooks",
		Args:    cobra.MaximumNArgs(1),
		RunE: p.run(func(cmd *cobra.Command, live *author.Project) error {
			candidate, err := open(p.notes(cmd), r.candidate, p.options())
			if err != nil {
				return err
			}
			var c *author.Comparison
			err = n.With(func(js jetstream.JetStream) (err error) {
				now := time.Now()
				c, err = author.Compare(cmd.Context(), live, candidate, r.events(cmd.Context(), js, now), r.show, now)
				return err
			})
			if err != nil {
				return err
			}
			if err := r.print(cmd.OutOrStdout(), c, p.json); err != nil {
				return err
			}
			if c.Changed > 0 {
				return exit.ErrFailed
			}
			return nil
		}),
	}
	p.add(cmd)
	p.addJSON(cmd, "print the comparison as JSON")
	n.Add(cmd)
	f := cmd.Flags()
	f.StringVar(&r.candidate, "candidate", "", "`directory` of the other version")
	f.StringVar(&r.stream, "stream", defaultStream, "the `stream` of the events")
	f.StringSliceVar(&r.subjects, "subject", nil, "only events of these subjects, `patterns` of NATS")
	f.DurationVar(&r.from, "from", 24*time.Hour, "how far back to begin")
	f.IntVar(&r.show, "show", 10, "how many differing decisions to show in full")
	if err := cmd.MarkFlagRequired("candidate"); err != nil {
		panic(err) // the flag is defined above
	}
	return cmd
}

type replayed struct {
	candidate, stream string
	subjects          []string
	from              time.Duration
	show              int

	elsewhere int // events whose payload is not in the stream
	foreign   int // messages that are no events
}

// events yields the stored events that a policy can be asked about.
func (r *replayed) events(ctx context.Context, js jetstream.JetStream, now time.Time) iter.Seq2[*author.Question, error] {
	return func(yield func(*author.Question, error) bool) {
		for m, err := range read.All(ctx, js, r.stream, read.Range{Subjects: r.subjects, From: now.Add(-r.from)}) {
			if err != nil {
				yield(nil, err)
				return
			}
			e, err := event.Parse(m.Headers(), m.Data())
			switch {
			case err != nil:
				r.foreign++
				continue
			case e.DataRef != "":
				r.elsewhere++
				continue
			}
			if !yield(&author.Question{Name: fmt.Sprintf("%s/%d", r.stream, m.Sequence), Input: engine.Input{Event: e}}, nil) {
				return
			}
		}
	}
}

func (r *replayed) print(w io.Writer, c *author.Comparison, asJSON bool) error {
	if asJSON {
		return table.NewJSON(w).Encode(struct {
			*author.Comparison
			Elsewhere int `json:"payloads_elsewhere,omitempty"`
			Foreign   int `json:"no_events,omitempty"`
		}{c, r.elsewhere, r.foreign})
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d events, %d decided otherwise\n", c.Events, c.Changed)
	for _, change := range c.Changes {
		what := change.Was + " -> " + change.Is
		if change.Was == change.Is {
			what = change.Is + " in another way"
		}
		fmt.Fprintf(&b, "  %6d  %-40s %s, first %s\n", change.Events, change.Kind, what, change.First)
	}
	for _, d := range c.Differences {
		fmt.Fprintf(&b, "\n%s %s\n  was %s\n  is  %s\n", d.Name, d.Kind, d.Was, d.Is)
	}
	if r.elsewhere > 0 {
		fmt.Fprintf(&b, "%d events left out: their payload is in the object store\n", r.elsewhere)
	}
	if r.foreign > 0 {
		fmt.Fprintf(&b, "%d messages left out: they are no events\n", r.foreign)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
