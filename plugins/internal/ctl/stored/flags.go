package stored

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/internal/ctl/kongyml"
	"webhookedge/plugins/internal/ctl/natsflags"
	"webhookedge/plugins/internal/ctl/pick"
	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/streams/read"
)

// maxLast bounds --last: each takes 8 bytes while the stream is searched.
const maxLast = 100_000

// Flags say where the events are, and which of them are meant.
type Flags struct {
	NATS   natsflags.Flags
	Stream string
	Filter Filter
	// Config is a kong.yml whose own senders are providers too.
	Config string
	// Complain gets what is said beside the events.
	Complain io.Writer

	match       []string
	from, until string
	last        int
}

// AddStream defines the flags that say where the events are.
func (f *Flags) AddStream(cmd *cobra.Command) {
	f.NATS.Add(cmd)
	cmd.Flags().StringVar(&f.Stream, "stream", "WEBHOOKS", "`name` of the stream")
}

// Add defines the flags on cmd, those of [Flags.AddStream] among them.
func (f *Flags) Add(cmd *cobra.Command) {
	f.AddStream(cmd)
	flags := cmd.Flags()
	flags.StringVar(&f.Filter.Provider, "provider", "", "only events of one provider")
	flags.StringVar(&f.Filter.Type, "type", "", "only events of a `type`; a star is any text: 'github.pull_request.*', '*.created'")
	flags.StringVar(&f.Filter.Tenant, "tenant", "", "only events of one tenant")
	flags.StringVar(&f.Filter.ID, "id", "", "only events with an `id`")
	flags.StringVar(&f.Filter.Subject, "subject", "", "only events about a `resource`, the event's subject; a star is any text")
	flags.StringArrayVar(&f.match, "match", nil, "only events on NATS subjects of a `pattern`, such as webhooks.github.>; once for each")
	flags.StringVar(&f.from, "from", "", "only events from a `position` on: a sequence, a time, or a duration before now such as 2h (also --since)")
	flags.StringVar(&f.until, "until", "", "only events before a `time`, or that are older than a duration")
	flags.IntVar(&f.last, "last", 0, "only the last `number` of them")
	flags.StringVar(&f.Config, "config", "", "a kong.yml, for the names of senders of your own; by default the repository's or the image's")
	cmd.MarkFlagsMutuallyExclusive("from", "last")
	flags.SetNormalizeFunc(func(_ *pflag.FlagSet, name string) pflag.NormalizedName {
		if name == "since" {
			name = "from"
		}
		return pflag.NormalizedName(name)
	})
}

// Validate says whether the filters name what there is. It asks no broker.
func (f *Flags) Validate() error {
	if f.last < 0 || f.last > maxLast {
		return exit.Usagef("--last: must be from 1 to %d", maxLast)
	}
	if _, err := f.part(); err != nil {
		return err
	}
	sender := f.Filter.Provider
	if of, _, dotted := strings.Cut(f.Filter.Type, "."); dotted && !strings.Contains(of, "*") && sender == "" {
		sender = of
	}
	if sender == "" {
		return nil
	}
	if _, known := catalogue.Lookup(sender); known {
		return nil
	}
	return pick.Known("provider", sender, append(catalogue.Names(), kongyml.Custom(f.Config)...))
}

// part is what of the stream is read, without --last.
func (f *Flags) part() (r read.Range, err error) {
	r.Subjects = f.match
	p := pick.Period{From: f.from}
	if seq, err := strconv.ParseUint(f.from, 10, 64); err == nil {
		r.FirstSeq, p.From = seq, ""
	}
	if r.From, _, err = p.Times(); err != nil {
		return r, exit.Usage(err)
	}
	end := pick.Period{From: f.until}
	if r.To, _, err = end.Times(); err != nil {
		return r, exit.Usagef("%s", strings.Replace(err.Error(), "--from", "--until", 1))
	}
	return r, nil
}

// Begin returns what of the stream is meant.
func (f *Flags) Begin(ctx context.Context, js jetstream.JetStream) (read.Range, error) {
	r, err := f.part()
	if err != nil {
		return r, err
	}
	if _, err := js.Stream(ctx, f.Stream); err != nil {
		return r, f.missing(ctx, js, err)
	}
	if f.last > 0 {
		r.FirstSeq, err = f.lastOnes(ctx, js, r)
	}
	return r, err
}

// missing says which streams there are.
func (f *Flags) missing(ctx context.Context, js jetstream.JetStream, err error) error {
	if !errors.Is(err, jetstream.ErrStreamNotFound) {
		return fmt.Errorf("ask for stream %s: %w", f.Stream, err)
	}
	var names []string
	for name := range js.StreamNames(ctx).Name() {
		names = append(names, name)
	}
	return pick.Known("stream", f.Stream, names)
}

// Events yields what is meant, in order, from begin on. With follow it goes on with what
// comes until ctx is done. It has one batch of messages in memory.
func (f *Flags) Events(ctx context.Context, js jetstream.JetStream, begin read.Range, follow bool) iter.Seq2[*Event, error] {
	messages := read.All
	if follow {
		messages = read.Follow
	}
	return func(yield func(*Event, error) bool) {
		foreign := 0
		for m, err := range messages(ctx, js, f.Stream, begin) {
			if err != nil {
				yield(nil, err)
				return
			}
			e, err := Parse(m)
			if err != nil {
				foreign++
				continue
			}
			if f.Filter.Picks(e.Event) && !yield(e, nil) {
				return
			}
		}
		if foreign > 0 && f.Complain != nil {
			fmt.Fprintf(f.Complain, "%d messages of %s are left out: they are no events\n", foreign, f.Stream) //nolint:errcheck // the terminal is gone
		}
	}
}

// lastOnes returns where the last ones of r begin: it looks at more and more of the
// stream's end until there are enough.
func (f *Flags) lastOnes(ctx context.Context, js jetstream.JetStream, r read.Range) (uint64, error) {
	stream, err := js.Stream(ctx, f.Stream)
	if err != nil {
		return 0, err
	}
	state := stream.CachedInfo().State
	quiet := *f
	quiet.Complain = nil
	for span := uint64(f.last); ; span *= 8 {
		r.FirstSeq = max(state.FirstSeq, 1)
		whole := span > state.LastSeq || state.LastSeq-span < r.FirstSeq
		if !whole {
			r.FirstSeq = state.LastSeq - span + 1
		}
		var found []uint64
		for e, err := range quiet.Events(ctx, js, r, false) {
			if err != nil {
				return 0, err
			}
			if found = append(found, e.Message.Sequence); len(found) > f.last {
				found = found[1:]
			}
		}
		switch {
		case len(found) == f.last:
			return found[0], nil
		case whole && len(found) > 0:
			return found[0], nil
		case whole:
			return state.LastSeq + 1, nil
		}
	}
}
