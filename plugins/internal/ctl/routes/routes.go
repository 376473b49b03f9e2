// Package routes is `webhookctl routes`: where deliveries come in, what looks at them, and
// where their events go.
package routes

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/internal/ctl/kongyml"
	"webhookedge/plugins/internal/ctl/pick"
	"webhookedge/plugins/streams"
)

// Command returns `webhookctl routes`.
func Command() *cobra.Command {
	var o options
	cmd := &cobra.Command{
		Use:   "routes [NAME...]",
		Short: "Show each route: path, provider, stages, subject and stream",
		Long: "Reads a kong.yml and the file of streams beside it, and shows for each route how it is called, the stages that act,\n" +
			"the subjects of its events, those that its policy names among them, and the stream of each. No secret is needed, and\n" +
			"nothing is asked.",
		Example: "  webhookctl routes\n  webhookctl routes --config kong.yml --json | jq -r .name\n  webhookctl routes --mermaid > routes.mmd",
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return kongyml.Names(o.config), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			all, err := o.read(args)
			if err != nil {
				return err
			}
			return o.write(cmd.OutOrStdout(), all)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.config, "config", "", "the kong.yml, by default the repository's or the image's")
	f.StringVar(&o.streams, "streams", "", "the `file` of streams, by default streams.yml beside the kong.yml")
	f.BoolVar(&o.asJSON, "json", false, "one JSON object a line")
	f.BoolVar(&o.mermaid, "mermaid", false, "a diagram, in the language of Mermaid")
	cmd.MarkFlagsMutuallyExclusive("json", "mermaid")
	return cmd
}

type options struct {
	config, streams string
	asJSON, mermaid bool
}

func (o *options) read(names []string) ([]route, error) {
	file, err := kongyml.Path(o.config)
	if err != nil {
		return nil, err
	}
	configs, err := kongyml.RoutesWith(file, kongyml.Environment(file))
	if err != nil {
		return nil, err
	}
	rd := reader{policies: map[string][]target{}}
	if rd.specs, err = o.specs(file); err != nil {
		return nil, err
	}
	var all []route
	var known []string
	for i := range configs {
		c := &configs[i]
		known = append(known, kongyml.Label(c))
		if len(names) > 0 && !named(c.Is, names) {
			continue
		}
		r, err := rd.route(c)
		if err != nil {
			return nil, fmt.Errorf("%s: route %s: %w", file, kongyml.Label(c), err)
		}
		all = append(all, r)
	}
	for _, name := range names {
		if !named(func(label string) bool { return label == name }, known) {
			return nil, pick.Known("route", name, known)
		}
	}
	if len(configs) == 0 {
		return nil, exit.Usagef("%s has no route with our plugins", file)
	}
	return all, nil
}

func named(is func(string) bool, names []string) bool {
	for _, name := range names {
		if is(name) {
			return true
		}
	}
	return false
}

func (o *options) specs(file string) ([]streams.Spec, error) {
	specs, err := streams.Load(cmp.Or(o.streams, filepath.Join(filepath.Dir(file), "streams.yml")))
	if o.streams == "" && errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return specs, err
}

func (o *options) write(out io.Writer, all []route) error {
	switch {
	case o.mermaid:
		_, err := io.WriteString(out, diagram(all))
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

// list has a line for each way to call a route, and below them what becomes of a delivery.
func list(all []route) string {
	var b strings.Builder
	wide, methods := len("ROUTE"), len("METHODS")
	for i := range all {
		wide, methods = max(wide, len(all[i].Name)), max(methods, len(all[i].method()))
	}
	fmt.Fprintf(&b, "%-*s  %-*s  CALLED AT\n", wide, "ROUTE", methods, "METHODS")
	for i := range all {
		r := &all[i]
		name, method := r.Name, r.method()
		for _, at := range r.calls() {
			fmt.Fprintf(&b, "%-*s  %-*s  %s\n", wide, name, methods, method, at)
			name, method = "", ""
		}
		fmt.Fprintf(&b, "  %s: %s\n", r.Provider, strings.Join(r.Stages, ", "))
		for _, t := range r.Targets {
			fmt.Fprintf(&b, "  -> %s%s\n", t.Subject, t.where())
		}
		for _, note := range r.Notes {
			fmt.Fprintf(&b, "  ! %s\n", note)
		}
	}
	return b.String()
}
