// Package asyncapi is `webhookctl asyncapi`: what the routes of a kong.yml store, as a
// document of AsyncAPI 3.0.
package asyncapi

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"
	"sigs.k8s.io/yaml"

	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/internal/ctl/kongyml"
)

// Command returns `webhookctl asyncapi`.
func Command() *cobra.Command {
	var config string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "asyncapi [NAME...]",
		Short: "Write what routes store as a document of AsyncAPI 3.0",
		Long: "Reads a kong.yml and writes how the events of its routes, or of those that are named, are consumed: the servers of\n" +
			"NATS, a channel for each event whose payload has a schema and one for all others, and their messages with headers\n" +
			"and payload. Schemas are the built-in ones and those of validation.directory. Subjects that a policy names are not\n" +
			"among them: webhookctl routes shows those. No secret is needed, and nothing is asked.",
		Example: "  webhookctl asyncapi > asyncapi.yaml\n  webhookctl asyncapi github stripe --json | jq '.channels | keys'",
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return kongyml.Names(config), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			doc, err := describe(config, args)
			if err != nil {
				return err
			}
			return write(cmd.OutOrStdout(), doc, asJSON)
		},
	}
	cmd.Flags().StringVar(&config, "config", "", "the kong.yml, by default the repository's or the image's")
	cmd.Flags().BoolVar(&asJSON, "json", false, "JSON instead of YAML")
	return cmd
}

// describe returns the document of routes, of all where none is named.
func describe(config string, names []string) (*document, error) {
	file, err := kongyml.Path(config)
	if err != nil {
		return nil, err
	}
	routes, err := kongyml.RoutesWith(file, kongyml.Environment(file))
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if _, err := kongyml.Find(routes, name); err != nil {
			return nil, err
		}
	}
	b := newBuilder()
	var stores []string
	for i := range routes {
		r := &routes[i]
		named := len(names) == 0
		for _, name := range names {
			named = named || r.Is(name)
		}
		if !named {
			continue
		}
		var s kongyml.Settings
		for plugin, text := range r.Plugins {
			if _, err := s.Read(plugin, text); err != nil {
				return nil, fmt.Errorf("%s: route %s: %s: %w", file, kongyml.Label(r), plugin, err)
			}
		}
		if !s.Stores {
			continue
		}
		stores = append(stores, kongyml.Label(r))
		if err := b.route(kongyml.Label(r), &s); err != nil {
			return nil, fmt.Errorf("%s: route %s: %w", file, kongyml.Label(r), err)
		}
	}
	if len(stores) == 0 {
		return nil, exit.Usagef("%s has no such route that stores events", file)
	}
	return b.doc, nil
}

func write(out io.Writer, doc *document, asJSON bool) error {
	text, err := json.MarshalIndent(doc, "", "  ")
	if err != nil {
		return err
	}
	text = append(text, '\n')
	if !asJSON {
		if text, err = yaml.JSONToYAML(text); err != nil {
			return err
		}
	}
	_, err = out.Write(text)
	return err
}
