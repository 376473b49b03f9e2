package natsflags

import (
	"context"
	"slices"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/spf13/cobra"
)

// namesTimeout bounds a question for names: a shell waits for it.
const namesTimeout = 3 * time.Second

// Streams are the names of the streams there are, and of all their consumers, each once.
// Nothing is returned to a user who may not ask.
func Streams(ctx context.Context, js jetstream.JetStream) (streams, consumers []string) {
	ctx, cancel := context.WithTimeout(ctx, namesTimeout)
	defer cancel()
	all := js.StreamNames(ctx)
	for name := range all.Name() {
		streams = append(streams, name)
		s, err := js.Stream(ctx, name)
		if err != nil {
			return nil, nil
		}
		list := s.ConsumerNames(ctx)
		for consumer := range list.Name() {
			consumers = append(consumers, consumer)
		}
		if list.Err() != nil {
			return nil, nil
		}
	}
	if all.Err() != nil {
		return nil, nil
	}
	slices.Sort(consumers)
	return streams, slices.Compact(consumers)
}

// Complete gives the shell the names that fn reads from NATS for a flag of cmd.
func (n *Flags) Complete(cmd *cobra.Command, flag string, fn func(context.Context, jetstream.JetStream) []string) {
	complete := func(cmd *cobra.Command, _ []string, _ string) (names []string, _ cobra.ShellCompDirective) {
		_ = n.With(func(js jetstream.JetStream) error { // without NATS there are no names
			names = fn(cmd.Context(), js)
			return nil
		})
		return names, cobra.ShellCompDirectiveNoFileComp
	}
	if err := cmd.RegisterFlagCompletionFunc(flag, complete); err != nil {
		panic(err) // the flag is defined before
	}
}
