package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/spf13/cobra"

	"webhookedge/plugins/internal/streams"
)

func streamsCheckCommand() *cobra.Command {
	var n natsFlags
	var file, bucket string
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Say whether the streams keep what an answer of 200 promises",
		Long: "Looks at the streams of the file, and at the bucket for large payloads, as they are at the broker, and says what\n" +
			"would lose events. Nothing is changed. The exit code is 1 when there is something to put right.",
		Example: "  webhookctl streams check --file kong/streams.yml --server nats://nats:4222 --user webhooks",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return n.withStreams(cmd.Context(), file, func(ctx context.Context, js jetstream.JetStream, specs []streams.Spec) error {
				return checkStreams(ctx, cmd.OutOrStdout(), js, specs, bucket)
			})
		},
	}
	n.add(cmd)
	f := cmd.Flags()
	f.StringVar(&file, "file", "kong/streams.yml", "the `file` of streams")
	f.StringVar(&bucket, "bucket", "WEBHOOKS_DATA", "`name` of the bucket for large payloads, empty for none")
	return cmd
}

// checkStreams writes a line for each stream, and one for each fault below it.
func checkStreams(ctx context.Context, out io.Writer, js jetstream.JetStream, specs []streams.Spec, bucket string) error {
	bad := false
	tell := func(name string, err error) {
		if err == nil {
			fmt.Fprintf(out, "%s: fit\n", name) //nolint:errcheck // the terminal is gone
			return
		}
		bad = true
		fmt.Fprintf(out, "%s:\n  %s\n", name, strings.ReplaceAll(err.Error(), "\n", "\n  ")) //nolint:errcheck // as above
	}
	for i := range specs {
		tell(specs[i].Name, checkStream(ctx, js, &specs[i]))
	}
	if bucket != "" {
		stream, err := js.Stream(ctx, streams.OfBucket(bucket))
		switch {
		case errors.Is(err, jetstream.ErrStreamNotFound): // it is made with the first large payload
		case err != nil:
			return err
		default:
			have := &stream.CachedInfo().Config
			tell("bucket "+bucket, errors.Join(streams.CheckBucket(have), streams.Risks(have)))
		}
	}
	if bad {
		return errFailed
	}
	return nil
}

func checkStream(ctx context.Context, js jetstream.JetStream, spec *streams.Spec) error {
	stream, err := js.Stream(ctx, spec.Name)
	if err != nil {
		return err
	}
	have := &stream.CachedInfo().Config
	faults := []error{streams.Risks(have)}
	for _, subject := range spec.Subjects {
		if prefix, all := strings.CutSuffix(subject, ".>"); all && !strings.HasPrefix(subject, "$") {
			faults = append(faults, streams.Check(have, prefix))
		}
	}
	return errors.Join(faults...)
}
