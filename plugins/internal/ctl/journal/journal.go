// Package journal is `webhookctl journal`: what waits on a machine's disk.
package journal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/spf13/cobra"

	"webhookedge/plugins/internal/config"
	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/internal/ctl/natsflags"
	"webhookedge/plugins/internal/ctl/table"
	"webhookedge/plugins/internal/journal"
	"webhookedge/plugins/publish"
)

// Command returns `webhookctl journal`.
func Command() *cobra.Command {
	cmd := &cobra.Command{Use: "journal", Short: "List, publish or export events that wait on this machine"}
	cmd.AddCommand(listCommand(), drainCommand(), exportCommand())
	return cmd
}

func listCommand() *cobra.Command {
	var events, asJSON bool
	cmd := &cobra.Command{
		Use:   "ls DIRECTORY",
		Short: "List the parts of a journal, or its events; never a payload",
		Long: "Each process of a plugin has a part. A copy is read, so that it does not matter whether the plugin runs; it\n" +
			"takes as much room in the directory for temporary files.",
		Example: "  webhookctl journal ls /var/lib/webhook-edge/journal\n  webhookctl journal ls /var/lib/webhook-edge/journal --events",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if events {
				return listJournaled(cmd.Context(), cmd.OutOrStdout(), args[0], asJSON)
			}
			return listParts(cmd.Context(), cmd.OutOrStdout(), args[0], asJSON)
		},
	}
	cmd.Flags().BoolVar(&events, "events", false, "a line for each event")
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object a line")
	return cmd
}

// partLine is what is told of a part.
type partLine struct {
	Part    string  `json:"part"`
	Running bool    `json:"running"`
	Events  int64   `json:"events"`
	Held    int64   `json:"held"` // that the broker has and could lose
	Parked  int64   `json:"parked"`
	Bytes   int64   `json:"bytes"`
	Oldest  float64 `json:"oldest_seconds"`
}

func listParts(ctx context.Context, out io.Writer, dir string, asJSON bool) error {
	parts, err := journal.Parts(dir, "")
	if err != nil {
		return err
	}
	left, err := journal.Left(dir, "")
	if err != nil {
		return err
	}
	t := table.New(out, asJSON, "PART\tPROCESS\tEVENTS\tHELD\tPARKED\tBYTES\tOLDEST")
	for _, part := range parts {
		line := partLine{Part: part, Running: !slices.Contains(left, part)}
		err := withPart(ctx, dir, part, func(s *journal.Journal) error {
			stats := s.Stats()
			line.Held = s.Acknowledged()
			line.Events, line.Parked, line.Bytes, line.Oldest = stats.Depth-line.Held, stats.Parked, stats.Bytes, stats.Oldest.Seconds()
			return nil
		})
		if err != nil {
			return errors.Join(t.Flush(), err)
		}
		process := "gone"
		if line.Running {
			process = "running"
		}
		age := time.Duration(line.Oldest * float64(time.Second)).Round(time.Second)
		if err := t.Row(line, part, process, line.Events, line.Held, line.Parked, line.Bytes, age); err != nil {
			return err
		}
	}
	return t.Flush()
}

// journaledLine is what is told of an event.
type journaledLine struct {
	Part    string    `json:"part"`
	Stored  time.Time `json:"stored"`
	Subject string    `json:"subject"`
	ID      string    `json:"id"`
	Key     string    `json:"key,omitempty"`
	Bytes   int       `json:"bytes"`
	Held    bool      `json:"held,omitempty"`   // the broker has it and could lose it
	Parked  string    `json:"parked,omitempty"` // why
}

func listJournaled(ctx context.Context, out io.Writer, dir string, asJSON bool) error {
	t := table.New(out, asJSON, "PART\tSTORED\tSUBJECT\tID\tBYTES\tPARKED BECAUSE")
	err := eachJournaled(ctx, dir, func(part string, r *journal.Record, held bool) error {
		line := journaledLine{
			Part: part, Stored: r.Stored.UTC(), Subject: r.Subject, ID: strings.Join(r.Header["Nats-Msg-Id"], ","),
			Key: r.Key, Bytes: len(r.Data) + len(r.Object), Held: held, Parked: r.Why,
		}
		return t.Row(line, part, line.Stored.Format(time.RFC3339), line.Subject, strconv.Quote(line.ID), line.Bytes, line.Parked)
	})
	return errors.Join(err, t.Flush())
}

func drainCommand() *cobra.Command {
	var n natsflags.Flags
	var wait, sync time.Duration
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "drain DIRECTORY",
		Short: "Publish what processes left that do not run any more",
		Long: "A plugin that runs publishes its journal by itself, also what an earlier process left. This is for one that does\n" +
			"not start again, or whose route gets no delivery. It waits for the broker; what a running process has is left to it.\n" +
			"Events that the broker does not take as they are stay in the journal, and the exit code is 1. Events leave it after\n" +
			"twice the broker's sync interval, before which a power cut can cost the broker what it has.",
		Example: "  webhookctl journal drain /var/lib/webhook-edge/journal --server nats://nats:4222 --user webhooks",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			// The stage waits for a broker: this says at once what is wrong with the flags.
			if err := n.With(func(jetstream.JetStream) error { return nil }); err != nil {
				return err
			}
			ctx, cancel := context.WithTimeout(cmd.Context(), wait)
			defer cancel()
			return drainJournal(ctx, table.NewLines(cmd.OutOrStdout(), asJSON), args[0], &n, sync)
		},
	}
	n.Add(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object a line")
	cmd.Flags().DurationVar(&wait, "timeout", time.Hour, "`time` after which it gives up")
	cmd.Flags().DurationVar(&sync, "sync-interval", 2*time.Minute, "the broker's sync_interval, in whole seconds; 0 is always")
	return cmd
}

// drainedLine is what is told of a plugin's part.
type drainedLine struct {
	Plugin    string `json:"plugin"`
	Published uint64 `json:"published"`
	Waiting   int64  `json:"waiting"`
	Parked    int64  `json:"parked"`
}

func drainJournal(ctx context.Context, out *table.Lines, dir string, n *natsflags.Flags, sync time.Duration) error {
	cfg, err := publishing(n, dir, sync)
	if err != nil {
		return err
	}
	parts, err := journal.Left(dir, "")
	if err != nil {
		return err
	}
	plugins := map[string]bool{}
	for _, part := range parts {
		plugins[part[:strings.LastIndexByte(part, '-')]] = true
	}
	rest := int64(0)
	for _, plugin := range slices.Sorted(maps.Keys(plugins)) {
		done, err := publish.EmptyJournal(ctx, cfg, plugin, slog.New(slog.DiscardHandler))
		line := drainedLine{plugin, done.Published, done.Waiting, done.Parked}
		_ = out.Line(line, "%s: %d published, %d wait, %d parked", plugin, done.Published, done.Waiting, done.Parked) // the terminal is gone
		if err != nil {
			return err
		}
		rest += done.Waiting + done.Parked
	}
	if rest > 0 {
		return fmt.Errorf("%d events stay in the journal; `journal ls --events` says why", rest)
	}
	return nil
}

// publishing is a config of the publish stage with n's connection.
func publishing(n *natsflags.Flags, dir string, sync time.Duration) (cfg publish.Config, err error) {
	if err := config.Decode([]byte("{}"), &cfg); err != nil { // the defaults
		return cfg, err
	}
	at, err := n.Settings()
	switch {
	case err != nil:
		return cfg, err
	case at.JWT != "" || at.APIPrefix != "" || at.InboxPrefix != "" || at.TLSFirst:
		return cfg, exit.Usagef("the nats context has user_jwt, a prefix or tls_first, which the edge has no setting for: use --server and --creds")
	}
	cfg.Servers, cfg.JetStreamDomain, cfg.Stream.Ensure = strings.Split(at.Servers, ","), at.Domain, publish.EnsureOff
	cfg.TLS.CAFile, cfg.TLS.CertFile, cfg.TLS.KeyFile, cfg.CredsFile = at.CA, at.Cert, at.Key, at.Creds
	cfg.Username, cfg.Password, cfg.Token = at.User, config.NewSecret(at.Password), config.NewSecret(at.Token)
	cfg.Journal.Directory, cfg.Journal.MaxBytes, cfg.Journal.MaxAgeSeconds = dir, 1<<40, 2592000
	cfg.BrokerSync = publish.SyncAlways
	if sync > 0 {
		cfg.BrokerSync, cfg.BrokerSyncIntervalSeconds = publish.SyncInterval, int(max(sync, time.Second)/time.Second)
	}
	if at.NKey != "" {
		seed, err := os.ReadFile(at.NKey)
		if err != nil {
			return cfg, err
		}
		cfg.NKeySeed = config.NewSecret(strings.TrimSpace(string(seed)))
	}
	return cfg, cfg.Validate()
}
