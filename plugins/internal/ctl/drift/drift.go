// Package drift is `webhookctl drift`: how payloads have changed, and what of it is known
// from now on.
package drift

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/spf13/cobra"

	"webhookedge/plugins/internal/ctl/color"
	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/internal/ctl/natsflags"
	"webhookedge/plugins/internal/ctl/pick"
	"webhookedge/plugins/internal/ctl/table"
	"webhookedge/plugins/internal/drift"
	"webhookedge/plugins/internal/drift/bucket"
	"webhookedge/plugins/streams/archive"
)

// timeout bounds what is asked of the bucket.
const timeout = 30 * time.Second

// Command returns `webhookctl drift`.
func Command() *cobra.Command {
	var l list
	cmd := &cobra.Command{
		Use:   "drift",
		Short: "Show how payloads have changed, and accept it",
		Long: "Routes with normalize.learn learn the shapes of their payloads: names and types of fields, never values. A field that\n" +
			"appears, vanishes or has another type stands here until it is accepted, with what reads it as far as the gateways\n" +
			"know. With --config it is a kong.yml that says so, with its policies.",
		Example: "  webhookctl drift\n" +
			"  webhookctl drift --provider github --config kong/kong.yml --policies policies\n" +
			"  webhookctl drift accept github pull_request.opened '$.pull_request.labels'",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return l.run(cmd.Context(), cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	l.nats.Add(cmd)
	f := cmd.Flags()
	f.StringVar(&l.provider, "provider", "", "only events of one provider")
	f.StringVar(&l.event, "event", "", "only one `event`, with its action: pull_request.opened")
	f.StringVar(&l.read.config, "config", "", "a kong.yml that says what reads a field, instead of the gateways")
	f.StringVar(&l.read.policies, "policies", "", "`directory` of the policies, instead of the one that the kong.yml names")
	f.BoolVarP(&l.follow, "follow", "f", false, "go on with what changes")
	f.BoolVar(&l.asJSON, "json", false, "one JSON object a line")
	cmd.AddCommand(showCommand(), acceptCommand(), forgetCommand())
	return cmd
}

// with calls fn with the bucket. With ends set that is given up after a while.
func with(ctx context.Context, n *natsflags.Flags, ends bool, fn func(context.Context, *bucket.Bucket) error) error {
	return n.With(func(js jetstream.JetStream) error {
		ctx, cancel := bounded(ctx, ends)
		defer cancel()
		b, err := bucket.Open(ctx, js)
		if err != nil {
			return err
		}
		return fn(ctx, b)
	})
}

func bounded(ctx context.Context, ends bool) (context.Context, context.CancelFunc) {
	if ends {
		return context.WithTimeout(ctx, timeout)
	}
	return context.WithCancel(ctx)
}

// list is what is open.
type list struct {
	nats            natsflags.Flags
	provider, event string
	read            readFlags
	follow, asJSON  bool
}

// line is a change, as JSON.
type line struct {
	Provider string `json:"provider"`
	Event    string `json:"event"`
	drift.Change
}

func (l *list) run(ctx context.Context, out, complaints io.Writer) error {
	find, err := l.read.open(complaints)
	if err != nil {
		return err
	}
	lines, told := table.NewLines(out, l.asJSON), map[shown]bool{}
	events, learning, open := 0, 0, 0
	return with(ctx, &l.nats, !l.follow, func(ctx context.Context, b *bucket.Bucket) error {
		var providers []string
		err := b.Each(ctx, "", l.follow, func(m *drift.Model) error {
			providers = append(providers, m.Provider)
			if l.provider != "" && l.provider != m.Provider || l.event != "" && l.event != m.Event {
				return nil
			}
			events++
			if m.Learning() {
				learning++
			}
			open += len(m.Open)
			return l.changes(lines, m, find, told)
		})
		if err != nil || l.asJSON || l.follow {
			return err
		}
		if l.provider != "" && !slices.Contains(providers, l.provider) {
			slices.Sort(providers)
			return pick.Known("provider of which anything is learnt", l.provider, slices.Compact(providers))
		}
		if open == 0 {
			return lines.Line(nil, "no change: %s", state(events, learning))
		}
		return nil
	})
}

// state says how many events are known, and how many not yet.
func state(events, learning int) string {
	return fmt.Sprintf("known events: %d, still learnt: %d", events-learning, learning)
}

// shown is a change that was written.
type shown struct {
	provider, event, path string
	kind                  drift.Kind
	after                 drift.Types
}

// changes writes those of an event that were not written before.
func (l *list) changes(out *table.Lines, m *drift.Model, find finder, told map[shown]bool) error {
	now := map[shown]bool{}
	for _, c := range m.Open {
		id := shown{m.Provider, m.Event, c.Path, c.Kind, c.After}
		if now[id] = true; told[id] {
			continue
		}
		told[id] = true
		if find != nil {
			c.ReadBy = find(m, c.Path)
		}
		if err := out.LineIn(color.Yellow, line{m.Provider, m.Event, c}, "%s", text(m, &c)); err != nil {
			return err
		}
	}
	maps.DeleteFunc(told, func(id shown, _ bool) bool { // what is accepted and comes again is told again
		return id.provider == m.Provider && id.event == m.Event && !now[id]
	})
	if m.Unlisted > 0 && !l.asJSON {
		return out.Line(nil, "%s.%s: %d more, for which there was no room", m.Provider, m.Event, m.Unlisted)
	}
	return nil
}

// text is a change for people, and below it what reads the field.
func text(m *drift.Model, c *drift.Change) string {
	what := string(c.Kind)
	switch c.Kind {
	case drift.Appeared:
		what += ", " + types(c.After)
	case drift.Vanished:
		what += ", " + types(c.Before)
	case drift.Retyped:
		what = types(c.Before) + " became " + types(c.After)
	}
	lines := []string{
		fmt.Sprintf("%s.%s  %s", m.Provider, m.Event, c.Since.UTC().Format("2006-01-02 15:04")),
		"  " + archive.Escape(c.Path) + ": " + what,
	}
	for _, r := range c.ReadBy {
		lines = append(lines, "  read by "+reader(r))
	}
	return strings.Join(lines, "\n")
}

func types(t drift.Types) string { return cmp.Or(strings.Join(t.Names(), " or "), "nothing") }

func reader(r drift.Reader) string {
	name := archive.Escape(r.Name)
	where := ""
	if r.File != "" {
		where = fmt.Sprintf(" (%s:%d)", archive.Escape(r.File), r.Row)
	}
	switch r.Kind {
	case drift.ReadByRedaction:
		return "the redaction " + name + where
	case drift.ReadByFact:
		return "normalize, for a fact of the event: " + name
	}
	return "the rule " + name + where
}

// known returns the model of an event, or a fault of the command line that names the
// nearest one.
func known(ctx context.Context, b *bucket.Bucket, provider, event string) (*drift.Model, error) {
	var providers, events []string
	var found *drift.Model
	err := b.Each(ctx, "", false, func(m *drift.Model) error {
		providers = append(providers, m.Provider)
		if m.Provider == provider {
			if events = append(events, m.Event); m.Event == event {
				found = m
			}
		}
		return nil
	})
	switch {
	case err != nil || found != nil:
		return found, err
	case len(events) == 0:
		slices.Sort(providers)
		return nil, pick.Known("provider of which anything is learnt", provider, slices.Compact(providers))
	}
	slices.Sort(events)
	return nil, pick.Known("event of "+provider+" that is learnt", event, events)
}

// event takes the two arguments that name one.
func event(args []string) (provider, name string, err error) {
	if len(args) < 2 {
		return "", "", exit.Usagef("name the provider and the event: github pull_request.opened")
	}
	return args[0], args[1], nil
}
