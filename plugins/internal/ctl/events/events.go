// Package events is `webhookctl events`: what the stream holds.
package events

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/spf13/cobra"

	"webhookedge/plugins/internal/ctl/stored"
	"webhookedge/plugins/internal/ctl/table"
	"webhookedge/plugins/streams/archive"
)

// Command returns `webhookctl events`.
func Command() *cobra.Command {
	var f stored.Flags
	var l list
	cmd := &cobra.Command{
		Use:   "events",
		Short: "List what is stored, and go on with what comes",
		Long: "Lists the events of the stream, in their order, of structured and binary mode alike. The table shortens what does not\n" +
			"fit; --wide and --json do not. The route is known where the message id has it. Payloads are not shown: that does\n" +
			"events show.",
		Example: "  webhookctl events --last 20\n" +
			"  webhookctl events --follow --provider github --type 'github.pull_request.*'\n" +
			"  webhookctl events --since 2h --tenant acme --json | jq -r .id",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := f.Validate(); err != nil {
				return err
			}
			l.out, f.Complain = cmd.OutOrStdout(), cmd.ErrOrStderr()
			return f.NATS.With(func(js jetstream.JetStream) error { return l.run(cmd.Context(), js, &f) })
		},
	}
	f.Add(cmd)
	flags := cmd.Flags()
	flags.BoolVarP(&l.follow, "follow", "f", false, "go on with what comes")
	flags.BoolVar(&l.wide, "wide", false, "whole values, with the NATS subject, the tenant and the route, a tab between them")
	flags.BoolVar(&l.asJSON, "json", false, "one JSON object a line")
	cmd.MarkFlagsMutuallyExclusive("wide", "json")
	cmd.AddCommand(showCommand())
	return cmd
}

// list writes events as they come: it holds none back for the width of a column, so that
// a stream of any length takes no memory.
type list struct {
	out                  io.Writer
	follow, wide, asJSON bool
}

func (l *list) run(ctx context.Context, js jetstream.JetStream, f *stored.Flags) error {
	begin, err := f.Begin(ctx, js)
	if err != nil {
		return err
	}
	if err := l.header(); err != nil {
		return err
	}
	for e, err := range f.Events(ctx, js, begin, l.follow) {
		if err != nil {
			return err
		}
		if err := l.row(e); err != nil {
			return err
		}
	}
	return nil
}

// columns are those of the table, 79 characters with the ordinary widths.
const columns = "%6v  %-8s  %-26s  %-12s  %6v  %s\n"

func (l *list) header() error {
	var err error
	switch {
	case l.asJSON:
	case l.wide:
		_, err = io.WriteString(l.out, "SEQ\tSTORED\tPROVIDER\tTYPE\tTENANT\tID\tSUBJECT\tROUTE\tBYTES\tNATS SUBJECT\n")
	default:
		_, err = fmt.Fprintf(l.out, columns, "SEQ", "STORED", "TYPE", "SUBJECT", "BYTES", "ID")
	}
	return err
}

func (l *list) row(e *stored.Event) error {
	s := e.Summary()
	var err error
	switch {
	case l.asJSON:
		enc := json.NewEncoder(l.out)
		enc.SetEscapeHTML(false)
		err = enc.Encode(s)
	case l.wide:
		cells := []string{fmt.Sprint(s.Sequence), s.StoredAt.UTC().Format(time.RFC3339), s.Provider, s.Type, s.Tenant, s.ID, s.Subject, s.Route, fmt.Sprint(s.Bytes), s.NATSSubject}
		for i, cell := range cells {
			cells[i] = strings.ReplaceAll(archive.Escape(cell), "\t", `\t`)
		}
		_, err = fmt.Fprintln(l.out, strings.Join(cells, "\t"))
	default:
		_, err = fmt.Fprintf(l.out, columns, s.Sequence, table.Clock(s.StoredAt), table.Cell(s.Type, 26), table.Cell(s.Subject, 12), s.Bytes, table.Cell(s.ID, 11))
	}
	return err
}
