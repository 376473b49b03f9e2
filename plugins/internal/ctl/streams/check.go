package streams

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/spf13/cobra"

	"webhookedge/plugins/internal/ctl/color"
	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/internal/ctl/natsflags"
	"webhookedge/plugins/internal/ctl/table"
	"webhookedge/plugins/streams"
)

func checkCommand() *cobra.Command {
	var n natsflags.Flags
	var file, bucket, monitor string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Say whether the streams keep what an answer of 200 promises",
		Long: "Looks at the streams of the file, and at the bucket for large payloads, as they are at the broker, and says what\n" +
			"would lose events. With --monitor it asks NATS whether a message is on its disk when it is acknowledged: otherwise a\n" +
			"power cut of its machine takes what came last, unless the edge has a journal. Nothing is changed. The exit code is 1 when there is something to put right.",
		Example: "  webhookctl streams check --file kong/streams.yml --server nats://nats:4222 --user webhooks --monitor http://nats:8222",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withStreams(cmd.Context(), &n, file, func(ctx context.Context, js jetstream.JetStream, specs []streams.Spec) (err error) {
				c := checker{out: table.NewLines(cmd.OutOrStdout(), asJSON), js: js}
				if monitor != "" {
					c.monitored = true
					if c.syncs, err = streams.ReadSyncs(ctx, http.DefaultClient, monitor); err != nil {
						return err
					}
				}
				return c.run(ctx, specs, bucket)
			})
		},
	}
	n.Add(cmd)
	f := cmd.Flags()
	f.StringVar(&file, "file", "kong/streams.yml", "the `file` of streams")
	f.StringVar(&bucket, "bucket", "WEBHOOKS_DATA", "`name` of the bucket for large payloads, empty for none")
	f.BoolVar(&asJSON, "json", false, "one JSON object a line")
	f.StringVar(&monitor, "monitor", "", "`URL` of NATS's monitoring endpoint (its http_port), those of a cluster's servers with commas between them")
	return cmd
}

var errMissing = errors.New("it is not there; webhookctl streams apply makes it")

type checker struct {
	out       *table.Lines
	js        jetstream.JetStream
	monitored bool
	syncs     []streams.Sync // of the servers, where monitored is set
	bad       bool
}

// run writes a line for each stream, and one for each fault below it.
func (c *checker) run(ctx context.Context, specs []streams.Spec, bucket string) error {
	for i := range specs {
		stream, err := c.js.Stream(ctx, specs[i].Name)
		if errors.Is(err, jetstream.ErrStreamNotFound) {
			err = errMissing
		}
		if err != nil {
			c.tell(specs[i].Name, err)
			continue
		}
		info := stream.CachedInfo()
		faults := []error{streams.Risks(&info.Config), c.synced(info)}
		for _, subject := range specs[i].Subjects {
			if prefix, all := strings.CutSuffix(subject, ".>"); all && !strings.HasPrefix(subject, "$") {
				faults = append(faults, streams.Check(&info.Config, prefix))
			}
		}
		c.tell(specs[i].Name, errors.Join(faults...))
	}
	if err := c.bucket(ctx, bucket); err != nil {
		return err
	}
	if c.bad {
		return exit.ErrFailed
	}
	return nil
}

func (c *checker) bucket(ctx context.Context, bucket string) error {
	if bucket == "" {
		return nil
	}
	stream, err := c.js.Stream(ctx, streams.OfBucket(bucket))
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return nil // it is made with the first large payload
	}
	if err != nil {
		return err
	}
	info := stream.CachedInfo()
	c.tell("bucket "+bucket, errors.Join(streams.CheckBucket(&info.Config), streams.Risks(&info.Config), c.synced(info)))
	return nil
}

func (c *checker) synced(info *jetstream.StreamInfo) error {
	if !c.monitored {
		return nil
	}
	return streams.Synced(info, c.js.Conn().ConnectedServerName(), c.syncs)
}

// checkedLine is what is told of a stream.
type checkedLine struct {
	Name   string   `json:"name"`
	Fit    bool     `json:"fit"`
	Faults []string `json:"faults,omitempty"`
}

func (c *checker) tell(name string, err error) {
	if err == nil {
		_ = c.out.Line(checkedLine{Name: name, Fit: true}, "%s: fit", name) // the terminal is gone
		return
	}
	c.bad = true
	line := checkedLine{Name: name, Faults: strings.Split(err.Error(), "\n")}
	_ = c.out.LineIn(color.Red, line, "%s:\n  %s", name, strings.Join(line.Faults, "\n  ")) // as above
}
