// Package eventtypes is `webhookctl types`: types for who reads events.
package eventtypes

import (
	"fmt"
	"go/token"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"webhookedge/plugins/internal/ctl/delivery"
	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/internal/ctl/kongyml"
	"webhookedge/plugins/internal/ctl/pick"
	"webhookedge/plugins/internal/payloadschema"
	"webhookedge/plugins/internal/typegen"
	"webhookedge/plugins/provider/catalogue"
)

type options struct {
	lang, route, config, directory, pkg string
}

// languages are the values of --lang.
func languages() []string { return []string{"ts", "go", "json-schema"} }

// Command returns `webhookctl types`.
func Command() *cobra.Command {
	var o options
	cmd := &cobra.Command{
		Use:   "types --lang ts|go|json-schema PROVIDER [EVENT] | types --lang ... --route NAME [EVENT]",
		Short: "Write types for the events of a route or a provider",
		Long: "Writes what events look like, in TypeScript, in Go or as a JSON Schema, from the schemas of their payloads: the\n" +
			"built-in ones, and those of validation.directory of the route, or of --schemas. Members that a schema does not name\n" +
			"are allowed. An event is named as its type is behind the provider: pull_request, charge.dispute.created.",
		Example: "  webhookctl types --lang ts github > github.ts\n  webhookctl types --lang go --package stripeevents --route stripe\n  webhookctl types --lang json-schema stripe charge.dispute.created",
		Args:    cobra.MaximumNArgs(2),
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			switch {
			case len(args) == 0 && o.route == "":
				return catalogue.Names(), cobra.ShellCompDirectiveNoFileComp
			case len(args) == 1:
				return delivery.Events(args[0]), cobra.ShellCompDirectiveNoFileComp
			}
			return nil, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: o.run,
	}
	f := cmd.Flags()
	f.StringVar(&o.lang, "lang", "", "`language`: ts, go or json-schema")
	f.StringVar(&o.route, "route", "", "a `name` of a route, instead of a provider")
	f.StringVar(&o.config, "config", "", "the kong.yml of the route, by default the repository's or the image's")
	f.StringVar(&o.directory, "schemas", "", "a `directory` of schemas of your own, before the built-in ones")
	f.StringVar(&o.pkg, "package", "events", "`name` of the Go package")
	cmd.MarkFlagsMutuallyExclusive("route", "schemas")
	_ = cmd.RegisterFlagCompletionFunc("lang", cobra.FixedCompletions(languages(), cobra.ShellCompDirectiveNoFileComp)) // the flag is there
	return cmd
}

func (o *options) run(cmd *cobra.Command, args []string) error {
	if err := pick.Known("language", o.lang, languages()); err != nil {
		return err
	}
	if !token.IsIdentifier(o.pkg) || o.pkg == "_" {
		return exit.Usagef("--package: %q is no name of a package", o.pkg[:min(len(o.pkg), 64)])
	}
	provider, event, err := o.sender(args)
	if err != nil {
		return err
	}
	docs, err := payloadschema.Documents(provider, o.directory)
	if err != nil {
		return err
	}
	events, err := chosen(provider, event, docs)
	if err != nil {
		return err
	}
	if len(events) == 0 {
		cmd.PrintErrf("no schema is known of the payloads of %s: their type is unknown\n", provider)
	}
	source, err := typegen.New(provider, docs, events)
	if err != nil {
		return err
	}
	text, err := o.write(source)
	if err != nil {
		return err
	}
	_, err = cmd.OutOrStdout().Write(text)
	return err
}

func (o *options) write(source *typegen.Source) ([]byte, error) {
	switch o.lang {
	case "ts":
		return source.TypeScript()
	case "go":
		return source.Go(o.pkg)
	}
	return source.JSONSchema()
}

// sender is whose events are meant, and which of them.
func (o *options) sender(args []string) (provider, event string, err error) {
	if o.route == "" {
		if len(args) == 0 {
			return "", "", exit.Usagef("name a provider, or a route by --route")
		}
		if o.directory == "" {
			err = pick.Known("provider", args[0], catalogue.Names())
		}
		return args[0], strings.Join(args[1:], ""), err
	}
	if len(args) > 1 {
		return "", "", exit.Usagef("a route has its provider: name an event alone")
	}
	file, err := kongyml.Path(o.config)
	if err != nil {
		return "", "", err
	}
	routes, err := kongyml.RoutesWith(file, kongyml.Environment(file))
	if err != nil {
		return "", "", err
	}
	r, err := kongyml.Find(routes, o.route)
	if err != nil {
		return "", "", err
	}
	var s kongyml.Settings
	for plugin, text := range r.Plugins {
		if _, err := s.Read(plugin, text); err != nil {
			return "", "", fmt.Errorf("%s: route %s: %s: %w", file, o.route, plugin, err)
		}
	}
	o.directory = s.Normalize.Validation.Directory
	return s.Name(), strings.Join(args, ""), nil
}

// chosen are the names of the schemas that are meant: all of them, or the one that counts
// for an event, which is that of <event>.<action>, else that of <event>.
func chosen(provider, event string, docs []payloadschema.Document) (names []string, err error) {
	for _, d := range docs {
		names = append(names, d.Event)
	}
	if event == "" {
		return names, nil
	}
	for name := event; name != ""; name = name[:max(strings.LastIndexByte(name, '.'), 0)] {
		if slices.Contains(names, name) {
			return []string{name}, nil
		}
	}
	return nil, pick.Known("schema of an event of "+provider, event, names)
}
