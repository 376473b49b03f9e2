// Package sample is `webhookctl sample`: payloads of the catalogue, and the events that
// they become.
package sample

import (
	"bytes"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"webhookedge/plugins/internal/ctl/delivery"
	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/internal/ctl/pick"
	"webhookedge/plugins/internal/ctl/table"
	"webhookedge/plugins/policy/author"
	"webhookedge/plugins/provider/catalogue"
)

// Command returns `webhookctl sample`.
func Command() *cobra.Command {
	var s sample
	cmd := &cobra.Command{
		Use:   "sample PROVIDER [EVENT]",
		Short: "Write a payload of any provider, or the event that it becomes",
		Long: "Writes a sample of the catalogue as the provider sends it: of an event, by default the first. With --event it writes the\n" +
			"event that the edge stores for it, with settings of no route.",
		Example: "  webhookctl sample --list\n  webhookctl sample github pull_request | jq .action\n  webhookctl sample stripe charge.dispute.created --event",
		Args:    cobra.MaximumNArgs(2),
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			switch len(args) {
			case 0:
				return catalogue.Names(), cobra.ShellCompDirectiveNoFileComp
			case 1:
				return delivery.Events(args[0]), cobra.ShellCompDirectiveNoFileComp
			}
			return nil, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case s.list && len(args) < 2:
				return s.all(cmd.OutOrStdout(), args)
			case s.list:
				return exit.Usagef("--list takes a provider alone")
			case s.asJSON:
				return exit.Usagef("--json is for --list: a sample is what its provider sends")
			case len(args) == 0:
				return exit.Usagef("name a provider, or --list")
			}
			return s.one(cmd, args)
		},
	}
	f := cmd.Flags()
	f.BoolVar(&s.event, "event", false, "the event, in its structured form, instead of the payload")
	f.BoolVar(&s.list, "list", false, "list the samples there are, of all providers or of one")
	f.BoolVar(&s.asJSON, "json", false, "with --list: one JSON object a line, which has the content type, too")
	cmd.MarkFlagsMutuallyExclusive("event", "list")
	return cmd
}

type sample struct{ event, list, asJSON bool }

// listed is a line of the list.
type listed struct {
	Provider    string `json:"provider"`
	Event       string `json:"event"`
	ContentType string `json:"content_type"`
	Bytes       int    `json:"bytes"`
}

func (s *sample) all(out io.Writer, args []string) error {
	if len(args) == 1 {
		if err := pick.Known("provider", args[0], catalogue.Names()); err != nil {
			return err
		}
	}
	t := table.New(out, s.asJSON, "PROVIDER\tEVENT\tBYTES")
	for _, row := range catalogue.All() {
		if len(args) == 1 && row.Name != args[0] {
			continue
		}
		for _, event := range catalogue.SampleEvents(row) {
			body, contentType, _ := catalogue.Sample(row, event)
			l := listed{row.Name, event, contentType, len(body)}
			if err := t.Row(l, l.Provider, l.Event, l.Bytes); err != nil {
				return err
			}
		}
	}
	return t.Flush()
}

func (s *sample) one(cmd *cobra.Command, args []string) error {
	if err := pick.Known("provider", args[0], catalogue.Names()); err != nil {
		return err
	}
	events := delivery.Events(args[0])
	event := strings.Join(args[1:], "")
	if len(args) == 1 && len(events) > 0 {
		event = events[0]
	}
	if err := pick.Known("sample of "+args[0], event, events); err != nil {
		return err
	}
	if s.event {
		asker := author.Asker{Now: time.Now}
		questions, err := asker.Sample(cmd.Context(), args[0], event)
		for i := range questions {
			if err == nil {
				err = write(cmd.OutOrStdout(), questions[i].Input.Event.AppendJSON(nil))
			}
		}
		return err
	}
	row, err := delivery.Provider(args[0])
	if err != nil {
		return err
	}
	body, _, _ := catalogue.Sample(row, event)
	return write(cmd.OutOrStdout(), body)
}

func write(out io.Writer, text []byte) error {
	if !bytes.HasSuffix(text, []byte("\n")) {
		text = append(text, '\n')
	}
	_, err := out.Write(text)
	return err
}
