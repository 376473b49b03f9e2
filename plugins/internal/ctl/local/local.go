// Package local is `webhookctl local` and `webhookctl demo`: the plugins behind a
// stand-in for Kong, with an embedded NATS.
package local

import (
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"webhookedge/plugins/internal/ctl/inspector"
)

// Command returns `webhookctl local`.
func Command() *cobra.Command {
	var o stackOptions
	var open bool
	cmd := &cobra.Command{
		Use:   "local",
		Short: "Run a kong.yml without Kong; never in production",
		Long: "Reads the declarative file, starts the real plugin binaries, speaks Kong's protocol to them and embeds a NATS\n" +
			"server with JetStream. Secrets come from the environment, as the vault references of the file name them. It shows\n" +
			"each delivery as it passes and reloads when the file changes. It is never a gateway for production.\n\n" +
			"The inspector's page shows each delivery from the socket to the stream: headers and body, what every stage said, what the\n" +
			"policy decided and why, and the event that is stored; it sends samples, again, and releases. Its address holds a token.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runLocal(cmd, o, open) },
	}
	f := cmd.Flags()
	f.StringVar(&o.config, "config", "", "the declarative `file`, by default kong/kong.yml")
	f.StringVar(&o.listen, "listen", "127.0.0.1:8000", "`address` of the gateway; port 0 takes a free one")
	f.IntVar(&o.natsPort, "nats-port", 4222, "`port` of NATS on 127.0.0.1; -1 takes a free one")
	f.StringVar(&o.data, "data", "", "`directory` that keeps the stream, by default a temporary one")
	f.StringVar(&o.pluginsDir, "plugins-dir", "", "`directory` of the plugin binaries, by default built from this repository")
	f.StringVar(&o.inspect, "inspect", "127.0.0.1:0", "loopback `address` of the inspector's page, port 0 for a free one, or off")
	f.BoolVar(&open, "open", false, "open the inspector's page in the browser")
	return cmd
}

func runLocal(cmd *cobra.Command, o stackOptions, open bool) error {
	if o.inspect == inspectOff {
		o.inspect = ""
	}
	out := &printer{w: cmd.OutOrStdout()}
	o.warnings = cmd.ErrOrStderr()
	o.onDelivery = func(d delivered) { out.print("%s", d.line()) }
	o.onReload = func(found string, err error) {
		if err != nil {
			out.print("not reloaded, the last good configuration stays in use:\n%v", err)
			return
		}
		out.print("reloaded")
		out.found(found)
	}
	s, err := o.start(cmd.Context())
	if err != nil {
		return err
	}
	out.found(s.findings())
	s.monitor.onLine(func(plugin, line string) { out.print("[%s] %s", plugin, line) })
	s.introduce(out)
	if page := s.page.Load(); page != nil && open {
		remove, err := inspector.Open(cmd.Context(), page.URL())
		if err != nil {
			out.print("%v", err)
		} else {
			defer remove() //nolint:errcheck // a folder for temporary files
		}
	}
	<-cmd.Context().Done()
	out.print("stopping")
	return s.close()
}

// printer keeps lines of many goroutines whole.
type printer struct {
	mu sync.Mutex
	w  io.Writer
}

func (p *printer) print(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	fmt.Fprintf(p.w, format+"\n", args...) //nolint:errcheck // the terminal is gone
}

// found prints what is wrong with the configuration although it is in use.
func (p *printer) found(text string) {
	if text != "" {
		p.print("%s", text)
	}
}

func (s *stack) introduce(out *printer) {
	address := "http://" + s.server.Addr().String()
	out.print("gateway  %s", address)
	if page := s.page.Load(); page != nil {
		out.print("page     %s", page.URL())
	}
	out.print("NATS     %s", s.broker.url())
	out.print("         user %s, password %s, of this run only", brokerUser, s.broker.password)
	out.print("streams  %s", strings.Join(s.view.Load().streams, ", "))
	out.print("subjects webhooks.<provider>.<tenant>.<event>[.<action>]\n")
	for _, r := range s.server.Routes() {
		for _, path := range r.Paths {
			out.print("  %-18s %s%s", r.Name, address, path)
		}
	}
	out.print("\nwebhookctl routes shows methods, stages and subjects\n")
}

// line shows a delivery: status, code, subject, sequence and milliseconds.
func (d *delivered) line() string {
	code := d.code
	if code == "" {
		code = "-"
	}
	parts := []string{fmt.Sprintf("%s  %d %-18s %-18s %7.1f ms", d.Method, d.Status, code, d.Route, float64(d.Took.Microseconds())/1000)}
	if d.subject != "" {
		parts = append(parts, fmt.Sprintf("%s  seq %d", d.subject, d.seq))
	}
	if d.reason != "" {
		parts = append(parts, d.reason)
	}
	return strings.Join(parts, "  ")
}
