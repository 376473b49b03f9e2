// Package tail is `webhookctl tail`: what happens to each delivery, while it happens.
package tail

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/spf13/cobra"

	"webhookedge/plugins/internal/ctl/color"
	"webhookedge/plugins/internal/ctl/kongyml"
	"webhookedge/plugins/internal/ctl/natsflags"
	"webhookedge/plugins/internal/ctl/pick"
	"webhookedge/plugins/internal/ctl/table"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/text"
	"webhookedge/plugins/observe"
	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/streams/archive"
)

// maxWaiting bounds the records that wait for a slow terminal; NATS drops what is more.
const maxWaiting = 4096

// Command returns `webhookctl tail`.
func Command() *cobra.Command {
	var conn natsflags.Flags
	t := tail{}
	cmd := &cobra.Command{
		Use:   "tail",
		Short: "Show what happens to each delivery",
		Long: "Shows the records of routes with observe.subject, as they come: answer, event, where it is, and how long it took;\n" +
			"of a refusal also the stage, the reason and what is most likely behind it. --stages adds what each stage took and by\n" +
			"which rule of the policy an event went where. Records have no headers and no body. What came earlier is not there,\n" +
			"unless a stream keeps it.",
		Example: "  webhookctl tail --refused\n" +
			"  webhookctl tail --provider stripe --stages\n" +
			"  webhookctl tail --code signature_invalid --json | jq -r .cause",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := t.validate(); err != nil {
				return err
			}
			t.out, t.complain = cmd.OutOrStdout(), cmd.ErrOrStderr()
			t.paint = color.Of(t.out)
			return conn.With(func(js jetstream.JetStream) error { return t.run(cmd.Context(), js.Conn()) })
		},
	}
	conn.Add(cmd)
	f := cmd.Flags()
	f.StringVar(&t.subject, "subject", "webhooks-trace.deliveries", "the `subject` of observe.subject, or a pattern of several")
	f.StringVar(&t.provider, "provider", "", "only deliveries of one provider")
	f.StringVar(&t.route, "route", "", "only deliveries of one route")
	f.StringVar(&t.code, "code", "", "only deliveries that ended with one code, such as accepted or policy_denied")
	f.BoolVar(&t.refused, "refused", false, "only refused deliveries")
	f.IntVar(&t.count, "count", 0, "end after so many; 0 goes on")
	f.BoolVar(&t.stages, "stages", false, "a second line with the stages, their microseconds and the rule")
	f.BoolVar(&t.asJSON, "json", false, "one JSON object a line")
	f.StringVar(&t.config, "config", "", "a `kong.yml` whose own senders are providers too")
	cmd.MarkFlagsMutuallyExclusive("stages", "json")
	//nolint:errcheck // the flags are there
	cmd.RegisterFlagCompletionFunc("provider", cobra.FixedCompletions(catalogue.Names(), cobra.ShellCompDirectiveNoFileComp))
	//nolint:errcheck // the flags are there
	cmd.RegisterFlagCompletionFunc("code", cobra.FixedCompletions(codes(), cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func codes() (labels []string) {
	for _, c := range pipeline.Codes() {
		labels = append(labels, c.Label)
	}
	return labels
}

// tail writes records as they come.
type tail struct {
	subject, provider, route, code, config string
	refused, stages, asJSON                bool
	count                                  int

	out, complain io.Writer
	paint         color.Paint
}

func (t *tail) validate() error {
	if t.code != "" {
		if _, ok := pipeline.ParseCode(t.code); !ok {
			return pick.Known("code", t.code, codes())
		}
	}
	if _, known := catalogue.Lookup(t.provider); t.provider == "" || known {
		return nil
	}
	return pick.Known("provider", t.provider, append(catalogue.Names(), kongyml.Custom(t.config)...))
}

func (t *tail) run(ctx context.Context, nc *nats.Conn) error {
	records := make(chan *nats.Msg, maxWaiting)
	sub, err := nc.ChanSubscribe(t.subject, records)
	if err != nil {
		return err
	}
	defer sub.Unsubscribe()                                         //nolint:errcheck // the connection ends with the command
	if err := errors.Join(nc.Flush(), nc.LastError()); err != nil { // the second is one of permissions
		return err
	}
	if !t.asJSON {
		fmt.Fprintf(t.out, columns, "TIME", "", "PROVIDER", "EVENT", "ACK OR CODE", "MS") //nolint:errcheck // the terminal is gone
	}
	for shown := 0; t.count == 0 || shown < t.count; {
		select {
		case <-ctx.Done():
			return nil
		case m := <-records:
			was, err := t.show(m.Data)
			if err != nil {
				return err
			}
			if was {
				shown++
			}
		}
	}
	return nil
}

// show writes a record that is asked for, and reports whether it was. A message that is
// none is told of on the side.
func (t *tail) show(text []byte) (bool, error) {
	var r observe.Record
	if err := json.Unmarshal(text, &r); err != nil || r.Version < observe.Version {
		_, err := fmt.Fprintln(t.complain, "a message that is no record of a delivery is left out")
		return false, err
	}
	refusal := r.Reason != ""
	if t.refused && !refusal || t.provider != "" && r.Provider != t.provider || t.route != "" && r.Route != t.route || t.code != "" && r.Code != t.code {
		return false, nil
	}
	if t.asJSON {
		return true, table.NewJSON(t.out).Encode(&r)
	}
	return true, t.line(&r, refusal)
}

// columns are those of the table, 79 characters with the ordinary widths.
const columns = "%-8s  %3v  %-11s  %-25s  %-17s  %5s\n"

// hang begins the lines below a delivery's own.
const hang = "    "

func (t *tail) line(r *observe.Record, refusal bool) error {
	ack, style := r.Ack, color.Plain
	if ack == "" || refusal {
		ack = r.Code
	}
	if refusal {
		style = color.Red
	}
	row := fmt.Sprintf(columns, r.At.Format(time.TimeOnly), status(r.Status), table.Cell(r.Provider, 11), table.Cell(kind(r), 25), table.Cell(ack, 17),
		fmt.Sprintf("%.1f", float64(r.Micros)/1000))
	if _, err := io.WriteString(t.out, t.paint.Text(style, strings.TrimSuffix(row, "\n"))+"\n"); err != nil {
		return err
	}
	var more []string
	if refusal {
		more = append(more, fmt.Sprintf("%s: %s", r.Stage, strings.TrimPrefix(r.Reason, r.Code+": ")))
		if r.Cause != "" {
			more = append(more, r.Cause)
		}
	}
	if t.stages {
		more = append(more, steps(r)...)
		for _, e := range r.Events {
			more = append(more, way(r, &e))
		}
	}
	for _, line := range more {
		if _, err := fmt.Fprintln(t.out, strings.Join(text.Wrap(hang+archive.Escape(line), hang), "\n")); err != nil {
			return err
		}
	}
	return nil
}

// status is that of the answer, or - where a service behind the gateway answers.
func status(code int) string {
	if code == 0 {
		return "-"
	}
	return fmt.Sprint(code)
}

// kind is the event's type without its provider, which has a column of its own.
func kind(r *observe.Record) string {
	if len(r.Events) == 0 {
		return "-"
	}
	name := strings.TrimPrefix(r.Events[0].Type, r.Provider+".")
	if more := len(r.Events) + r.More - 1; more > 0 {
		name += fmt.Sprintf(" and %d more", more)
	}
	return name
}

// steps are the stages with their microseconds, in lines that fit 80 columns.
func steps(r *observe.Record) (lines []string) {
	for n, s := range r.Steps {
		part := fmt.Sprintf("%s %d µs", s.Stage, s.Micros)
		if last := len(lines) - 1; n > 0 && len(lines[last])+len(part) < 74 {
			lines[last] += ", " + part
			continue
		}
		lines = append(lines, part)
	}
	return lines
}

// way says where an event went, and why.
func way(r *observe.Record, e *observe.Event) string {
	text := e.ID
	switch {
	case e.Drop:
		text += " dropped"
	case e.Hold != "":
		text += " held: " + e.Hold
	case len(e.Targets) > 0:
		text += " to " + strings.Join(e.Targets, ", ")
	case r.Sequence > 0:
		text += fmt.Sprintf(" in %s at %d", r.Stream, r.Sequence)
	}
	if e.Rule != "" {
		text += " by " + e.Rule
	}
	return text
}
