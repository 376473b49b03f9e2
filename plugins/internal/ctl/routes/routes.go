// Package routes is `webhookctl routes`: where deliveries come in, what looks at them, and
// where their events go.
package routes

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/spf13/cobra"

	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/internal/ctl/kongyml"
	"webhookedge/plugins/internal/ctl/natsflags"
	"webhookedge/plugins/internal/ctl/topology"
)

// Command returns `webhookctl routes`.
func Command() *cobra.Command {
	var o options
	cmd := &cobra.Command{
		Use:   "routes [NAME...]",
		Short: "Show each route: path, provider, stages, subject and stream",
		Long: "Reads a kong.yml and the file of streams beside it, and shows for each route how it is called, the stages that act,\n" +
			"the subjects of its events, those that its policy names among them, and the stream of each. No secret is needed, and\n" +
			"nothing is asked; with --mermaid and --server or --context NATS is, for the consumers of the streams.",
		Example: "  webhookctl routes\n  webhookctl routes --config kong.yml --json | jq -r .name\n  webhookctl routes --mermaid > routes.mmd\n" +
			"  webhookctl routes --mermaid --server nats://127.0.0.1:4222",
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return kongyml.Names(o.config), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			all, err := topology.Files{Config: o.config, Streams: o.streams}.Routes(args...)
			if err != nil {
				return err
			}
			var streams []topology.Stream
			if cmd.Flags().Changed("server") || cmd.Flags().Changed("context") {
				if streams, err = o.ask(cmd.Context(), cmd.ErrOrStderr(), all); err != nil {
					return err
				}
			}
			return o.write(cmd.OutOrStdout(), all, streams)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.config, "config", "", "the kong.yml, by default the repository's or the image's")
	f.StringVar(&o.streams, "streams", "", "the `file` of streams, by default streams.yml beside the kong.yml")
	f.BoolVar(&o.asJSON, "json", false, "one JSON object a line")
	f.BoolVar(&o.mermaid, "mermaid", false, "a diagram, in the language of Mermaid")
	cmd.MarkFlagsMutuallyExclusive("json", "mermaid")
	o.nats.Add(cmd)
	return cmd
}

type options struct {
	config, streams string
	asJSON, mermaid bool
	nats            natsflags.Flags
}

// ask returns the streams that routes name, with their consumers.
func (o *options) ask(ctx context.Context, complaints io.Writer, all []topology.Route) (asked []topology.Stream, err error) {
	if !o.mermaid {
		return nil, exit.Usagef("consumers are drawn with --mermaid only")
	}
	var names []string
	for i := range all {
		for _, t := range all[i].Targets {
			names = append(names, t.Stream)
		}
	}
	err = o.nats.With(func(js jetstream.JetStream) error {
		var notes []string
		asked, notes = topology.Streams(ctx, js, names...)
		for _, note := range notes {
			fmt.Fprintln(complaints, note) //nolint:errcheck // the terminal is gone
		}
		return nil
	})
	return asked, err
}

func (o *options) write(out io.Writer, all []topology.Route, streams []topology.Stream) error {
	switch {
	case o.mermaid:
		_, err := io.WriteString(out, diagram(all, streams))
		return err
	case o.asJSON:
		enc := json.NewEncoder(out)
		enc.SetEscapeHTML(false)
		for i := range all {
			if err := enc.Encode(&all[i]); err != nil {
				return err
			}
		}
		return nil
	}
	_, err := io.WriteString(out, list(all))
	return err
}

func where(t *topology.Target) string {
	text := ""
	if t.Stream != "" {
		text = "  " + t.Stream
	}
	if t.ByPolicy {
		text += "  (policy)"
	}
	return text
}

func stages(r *topology.Route) string {
	var all []string
	for _, s := range r.Stages {
		all = append(all, s.String())
	}
	return strings.Join(all, ", ")
}

// list has a line for each way to call a route, and below them what becomes of a delivery.
func list(all []topology.Route) string {
	var b strings.Builder
	wide, methods := len("ROUTE"), len("METHODS")
	for i := range all {
		wide, methods = max(wide, len(all[i].Name)), max(methods, len(all[i].Method()))
	}
	fmt.Fprintf(&b, "%-*s  %-*s  CALLED AT\n", wide, "ROUTE", methods, "METHODS")
	for i := range all {
		r := &all[i]
		name, method := r.Name, r.Method()
		for _, at := range r.Calls() {
			fmt.Fprintf(&b, "%-*s  %-*s  %s\n", wide, name, methods, method, at)
			name, method = "", ""
		}
		fmt.Fprintf(&b, "  %s: %s\n", r.Provider, stages(r))
		for _, t := range r.Targets {
			fmt.Fprintf(&b, "  -> %s%s\n", t.Subject, where(&t))
		}
		for _, note := range r.Notes {
			fmt.Fprintf(&b, "  ! %s\n", note)
		}
	}
	return b.String()
}
