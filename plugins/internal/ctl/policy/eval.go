package policy

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/spf13/cobra"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/ctl/delivery"
	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/internal/ctl/natsflags"
	"webhookedge/plugins/internal/ctl/table"
	"webhookedge/plugins/policy/author"
	"webhookedge/plugins/policy/engine"
)

type questionFlags struct {
	file, sample, stream string
	sequence             uint64
	asker                author.Asker
	nats                 natsflags.Flags
}

func (q *questionFlags) add(cmd *cobra.Command) {
	q.asker.Now = time.Now
	f := cmd.Flags()
	f.StringVar(&q.file, "file", "", "`file` with an input, a stored event, or an HTTP request with its headers; - is standard input")
	f.StringVar(&q.sample, "sample", "", "a sample of the catalogue, `provider/event`: github/push")
	f.Uint64Var(&q.sequence, "sequence", 0, "an event of the stream, by its `number`")
	f.StringVar(&q.stream, "stream", defaultStream, "the `stream` of --sequence")
	f.StringVar(&q.asker.Provider, "provider", "", "whose the HTTP request of --file is, by default the last part of its path")
	f.StringVar(&q.asker.Tenant, "tenant", "", "tenant of the event, as the setting normalize.tenant")
	q.nats.Add(cmd)
	cmd.MarkFlagsMutuallyExclusive("file", "sample", "sequence")
	cmd.MarkFlagsOneRequired("file", "sample", "sequence")
}

func (q *questionFlags) questions(ctx context.Context, stdin io.Reader) ([]author.Question, error) {
	switch {
	case q.file != "":
		text, err := delivery.ReadBody(q.file, stdin)
		if err != nil {
			return nil, err
		}
		return q.asker.Read(ctx, q.file, text)
	case q.sample != "":
		name, eventName, ok := strings.Cut(q.sample, "/")
		if !ok {
			return nil, exit.Usagef("--sample: not provider/event")
		}
		return q.asker.Sample(ctx, name, eventName)
	}
	var all []author.Question
	err := q.nats.With(func(js jetstream.JetStream) (err error) {
		all, err = q.stored(ctx, js)
		return err
	})
	return all, err
}

func (q *questionFlags) stored(ctx context.Context, js jetstream.JetStream) ([]author.Question, error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	s, err := js.Stream(ctx, q.stream)
	if err != nil {
		return nil, fmt.Errorf("stream %s: %w", q.stream, err)
	}
	m, err := s.GetMsg(ctx, q.sequence)
	if err != nil {
		return nil, fmt.Errorf("stream %s, sequence %d: %w", q.stream, q.sequence, err)
	}
	e, err := event.Parse(m.Header, m.Data)
	if err != nil {
		return nil, fmt.Errorf("stream %s, sequence %d: %w", q.stream, q.sequence, err)
	}
	return []author.Question{{Name: fmt.Sprintf("%s/%d", q.stream, q.sequence), Input: engine.Input{Event: e}}}, nil
}

func evalCommand() *cobra.Command {
	var p compileFlags
	var q questionFlags
	var explain bool
	cmd := &cobra.Command{
		Use:   "eval [DIR]",
		Short: "Ask a policy about one event",
		Long: "Shows what the policy is shown of the event, and what it decides. With --explain also each rule that was tried: those\n" +
			"with + held and gave the value behind it, those with - stopped at the expression behind it. A rule further to the\n" +
			"right was asked for by the one above it.",
		Example: "  webhookctl policy eval --sample github/push --explain\n" +
			"  webhookctl policy eval --sequence 4711 --user webhooks\n" +
			"  webhookctl policy eval --file request.http --provider stripe",
		Args: cobra.MaximumNArgs(1),
		RunE: p.run(func(cmd *cobra.Command, project *author.Project) error {
			questions, err := q.questions(cmd.Context(), cmd.InOrStdin())
			if err != nil {
				return err
			}
			failed := false
			for i := range questions {
				a := project.Eval(cmd.Context(), &questions[i], time.Now(), explain)
				failed = failed || a.Err != nil
				if !p.json {
					show(cmd.OutOrStdout(), a)
				} else if err := table.NewJSON(cmd.OutOrStdout()).Encode(a); err != nil {
					return err
				}
			}
			if failed {
				return exit.ErrFailed
			}
			return nil
		}),
	}
	p.add(cmd)
	p.addJSON(cmd, "print input and decision as one JSON object")
	q.add(cmd)
	cmd.Flags().BoolVar(&explain, "explain", false, "show each rule that was tried")
	return cmd
}

//nolint:errcheck // the terminal is gone
func show(w io.Writer, a *author.Answer) {
	fmt.Fprintf(w, "input    %s\ndecision %s\n", a.Document, a)
	if a.Decision != nil {
		fmt.Fprintf(w, "rule     %s\n", a.Decision.Rule)
	}
	if len(a.Steps) > 0 {
		fmt.Fprintln(w, "rules")
	}
	for _, step := range a.Steps {
		fmt.Fprintln(w, step)
	}
}

func inspectCommand() *cobra.Command {
	var p compileFlags
	cmd := &cobra.Command{
		Use:   "inspect [DIR]",
		Short: "Tell what a policy reads of the input, and which rule reads it",
		Long: "The edge converts only the parts of a payload that the policy reads. A rule that takes input.data whole, or goes into\n" +
			"it by a name that is known only with the event, forces all of it to be converted, for every event. This names it.",
		Args: cobra.MaximumNArgs(1),
		RunE: p.run(func(cmd *cobra.Command, project *author.Project) error {
			if !p.json {
				_, err := io.WriteString(cmd.OutOrStdout(), project.Inspect())
				return err
			}
			enc := table.NewJSON(cmd.OutOrStdout())
			for _, r := range project.Reads() {
				if err := enc.Encode(r); err != nil {
					return err
				}
			}
			return nil
		}),
	}
	p.add(cmd)
	p.addJSON(cmd, "print a JSON object for each rule and what it reads")
	return cmd
}

func benchCommand() *cobra.Command {
	var p compileFlags
	var q questionFlags
	long := time.Second
	cmd := &cobra.Command{
		Use:   "bench [DIR]",
		Short: "Measure what a decision costs",
		Long: "Measures a decision, conversion of the payload included, with what the policy reads, with the whole payload, and as the\n" +
			"edge gives it where it decided on equal parts before. A policy that reads the id or the time of an event has nothing to\n" +
			"remember.",
		Example: "  webhookctl policy bench --sample github/push",
		Args:    cobra.MaximumNArgs(1),
		RunE: p.run(func(cmd *cobra.Command, project *author.Project) error {
			questions, err := q.questions(cmd.Context(), cmd.InOrStdin())
			if err != nil {
				return err
			}
			for i := range questions {
				b, err := project.Bench(cmd.Context(), &questions[i], long)
				if err != nil {
					return err
				}
				if !p.json {
					showBenchmark(cmd.OutOrStdout(), b)
				} else if err := table.NewJSON(cmd.OutOrStdout()).Encode(b); err != nil {
					return err
				}
			}
			return nil
		}),
	}
	p.add(cmd)
	p.addJSON(cmd, "print the figures as one JSON object, times in nanoseconds")
	q.add(cmd)
	cmd.Flags().DurationVar(&long, "for", long, "how `long` to measure, each way")
	return cmd
}

//nolint:errcheck // the terminal is gone
func showBenchmark(w io.Writer, b *author.Benchmark) {
	line := func(name string, t author.Timing) {
		fmt.Fprintf(w, "  %-16s %10s  %8d bytes  %6d allocations\n", name, t.Median.Round(10*time.Nanosecond), t.Bytes, t.Allocs)
	}
	fmt.Fprintf(w, "%s, %d bytes of payload\n", b.Name, b.Payload)
	line("what it reads", b.Projected)
	if b.Whole.Median > 0 {
		line("whole payload", b.Whole)
		fmt.Fprintf(w, "  %.1f times\n", float64(b.Whole.Median)/float64(b.Projected.Median))
		line("remembered", b.Remembered)
	}
}
