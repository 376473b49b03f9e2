// Package inspect is `webhookctl inspect`: the inspector's page for an installation that
// runs elsewhere.
package inspect

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/spf13/cobra"

	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/internal/ctl/inspector"
	"webhookedge/plugins/internal/ctl/inspector/site"
	"webhookedge/plugins/internal/ctl/keyflags"
	"webhookedge/plugins/internal/ctl/natsflags"
	"webhookedge/plugins/internal/pluginserver"
)

// flags are those of the command.
type flags struct {
	nats                   natsflags.Flags
	keys                   keyflags.Flag
	streams, metrics       []string
	config, records        string
	keptStream, keptPrefix string
	listen, gateway        string
	changes, open          bool
	backfill               int
	named                  func(flag string) bool // it is on the command line
}

// Command returns `webhookctl inspect`.
func Command() *cobra.Command {
	var f flags
	cmd := &cobra.Command{
		Use:   "inspect",
		Short: "Show deliveries, routes and health on a page",
		Long: "Serves the inspector's page on a loopback address and prints it: what happens to each delivery, the stored events, the\n" +
			"quarantine, where events go, and what is not well. The page reads from NATS, and changes nothing without --allow-changes.\n\n" +
			"The address holds a token: whoever knows it may use the page until the command ends. No other machine reaches it; take\n" +
			"ssh -L for that.\n\n" +
			"What the stages did comes from the records of routes with observe.subject. A kong.yml adds routes, settings and policies;\n" +
			"variables that it refers to are read from the environment.",
		Example: "  webhookctl inspect --server nats://nats:4222 --user webhooks --config kong/kong.yml --open\n" +
			"  webhookctl inspect --context production --key 2026=QUARANTINE_KEY --metrics http://edge:9542",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			f.named = cmd.Flags().Changed
			return run(cmd, &f)
		},
	}
	f.nats.Add(cmd)
	s := cmd.Flags()
	f.keys.Add(s)
	s.StringArrayVar(&f.streams, "stream", nil, "`name` of a stream of events, once for each; by default those that the kong.yml names, or WEBHOOKS")
	s.StringVar(&f.config, "config", "", "the `kong.yml` of the gateway; without one the page shows no routes, no policies and no settings")
	s.StringVar(&f.records, "subject", "webhooks-trace.>", "the `subject` of observe.subject, or a pattern of several")
	s.StringVar(&f.keptStream, "kept-stream", "WEBHOOKS_REJECTED", "`name` of the quarantine's stream; by default that of the kong.yml")
	s.StringVar(&f.keptPrefix, "kept-prefix", "webhooks-rejected", "`tokens` before provider and code in its subjects; by default those of the kong.yml")
	s.StringArrayVar(&f.metrics, "metrics", nil, "`URL` of the metrics of a plugin process, such as http://edge:9542/metrics, once for each")
	s.StringVar(&f.listen, "listen", "127.0.0.1:0", "loopback `address` of the page; port 0 takes a free one")
	s.StringVar(&f.gateway, "gateway", "", "`URL` of the gateway, which samples are sent to")
	s.BoolVar(&f.changes, "allow-changes", false, "let the page send, release, drop, replay and discard")
	s.BoolVar(&f.open, "open", false, "open the page in the browser")
	s.IntVar(&f.backfill, "backfill", inspector.DefaultBackfill, "how many of the newest messages of each stream are read at the start")
	return cmd
}

func run(cmd *cobra.Command, f *flags) error {
	if f.backfill < 0 || f.backfill > inspector.MaxBackfill {
		return exit.Usagef("--backfill: must be from 0 to %d", inspector.MaxBackfill)
	}
	s, err := f.site()
	if err != nil {
		return err
	}
	return f.nats.With(func(js jetstream.JetStream) error {
		s.JetStream = func(context.Context) (jetstream.JetStream, error) { return js, nil }
		s.Connected = js.Conn().IsConnected
		return f.serve(cmd, inspector.Setup{Site: s, Records: f.records, Backfill: f.backfill, Listen: f.listen, Address: js.Conn().ConnectedAddr(), Version: pluginserver.Version()})
	}, nats.MaxReconnects(-1))
}

// serve prints the address of the page, and serves it until the command is ended.
func (f *flags) serve(cmd *cobra.Command, setup inspector.Setup) error {
	page, err := inspector.Start(setup)
	if errors.Is(err, inspector.ErrAddress) {
		return exit.Usagef("--listen: %w", err)
	}
	if err != nil {
		return err
	}
	fmt.Fprintln(cmd.OutOrStdout(), page.URL()) //nolint:errcheck // the terminal is gone
	if f.open {
		remove, err := inspector.Open(cmd.Context(), page.URL())
		if err != nil {
			fmt.Fprintln(cmd.ErrOrStderr(), err) //nolint:errcheck // the terminal is gone
		} else {
			defer remove() //nolint:errcheck // a folder for temporary files
		}
	}
	<-cmd.Context().Done()
	return page.Close()
}

// site is the installation, but for its client of NATS.
func (f *flags) site() (s site.Site, err error) {
	s = site.Site{
		Mode: site.Inspect, Config: f.config, Env: environment(f.config), Gateway: f.gateway, Changes: f.changes,
		Kept: site.Place{Stream: f.keptStream, Prefix: f.keptPrefix}, Dead: site.Place{Stream: "WEBHOOKS_DEAD", Prefix: "webhooks-dead"},
	}
	if s.Keys, err = f.keys.Keys(); err != nil {
		return s, err
	}
	if s.Metrics, err = f.metricsURLs(); err != nil {
		return s, err
	}
	if f.gateway != "" {
		if _, err := absolute("gateway", f.gateway); err != nil {
			return s, err
		}
	}
	return s, f.place(&s)
}

// metricsURLs are those of --metrics; one without a path is that of the usual one.
func (f *flags) metricsURLs() (all []string, err error) {
	if len(f.metrics) > maxMetrics {
		return nil, exit.Usagef("--metrics: at most %d can be asked", maxMetrics)
	}
	for _, text := range f.metrics {
		u, err := absolute("metrics", text)
		if err != nil {
			return nil, err
		}
		if u.Path == "" || u.Path == "/" {
			u.Path = "/metrics"
		}
		all = append(all, u.String())
	}
	return all, nil
}

// place says where events and kept deliveries are: as the flags say, else as the kong.yml
// does.
func (f *flags) place(s *site.Site) error {
	streams := f.streams
	if f.config != "" {
		found, err := configured(f.config)
		if err != nil {
			return err
		}
		if len(streams) == 0 {
			streams = found.streams
		}
		if !f.named("kept-stream") && !f.named("kept-prefix") && found.kept.Stream != "" {
			s.Kept = found.kept
		}
	}
	if len(streams) == 0 {
		streams = []string{"WEBHOOKS"}
	}
	s.Streams = func() []string { return streams }
	return nil
}

// maxMetrics bounds the processes whose metrics are asked for.
const maxMetrics = 16

// absolute reads the URL of a flag.
func absolute(flag, text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, exit.Usagef("--%s: must be http://HOST:PORT or https://HOST, without user and query", flag)
	}
	return u, nil
}
