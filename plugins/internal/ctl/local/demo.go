package local

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/spf13/cobra"

	"webhookedge/plugins/internal/ctl/delivery"
)

// Demo returns `webhookctl demo`.
func Demo() *cobra.Command {
	o := stackOptions{listen: "127.0.0.1:0", natsPort: -1}
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Play good and bad deliveries through the plugins",
		Long: "Runs kong/kong.yml as `local` does, sends deliveries of every provider in it, good ones and bad ones, reads the " +
			"events back from JetStream and exits with 1 if anything is not as it should be.\n\n" +
			"All six stages are seen at work: for that it runs a copy of the file with a lower limit, and copies of the policies " +
			"whose tables refuse one kind of event and route another.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runDemo(cmd, o, asJSON) },
	}
	cmd.Flags().StringVar(&o.config, "config", "", "the declarative `file`, by default kong/kong.yml")
	cmd.Flags().StringVar(&o.pluginsDir, "plugins-dir", "", "`directory` of the plugin binaries, by default built from this repository")
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object with all that was sent and stored; progress goes to standard error")
	return cmd
}

func runDemo(cmd *cobra.Command, o stackOptions, asJSON bool) error {
	out, progress := cmd.OutOrStdout(), cmd.OutOrStdout()
	if asJSON {
		progress = cmd.ErrOrStderr()
	}
	dir, err := os.MkdirTemp("", "webhookctl-demo")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a folder for temporary files
	if o.env, err = demoFiles(&o, dir); err != nil {
		return err
	}
	routes := demoRoutes()
	for _, r := range routes {
		o.env[r.variable] = r.secret
	}
	var warnings bytes.Buffer // which is written once all has ended
	o.warnings = &warnings
	fmt.Fprintln(progress, "The plugins behind a stand-in for Kong, with an embedded NATS.") //nolint:errcheck // the terminal is gone
	done := ticking(progress, "Compiling the plugins (a minute or more the first time) ")
	s, err := o.start(cmd.Context())
	done()
	if err != nil {
		return err
	}
	d := demo{stack: s, client: &http.Client{Timeout: 10 * time.Second, CheckRedirect: delivery.NoRedirect}}
	s.monitor.onLine(d.pluginLine)
	err = d.run(cmd.Context(), routes)
	if err == nil {
		err = d.readBack(cmd.Context())
	}
	if err := errors.Join(err, s.close()); err != nil {
		return err
	}
	err = d.report(out, asJSON)
	if err != nil {
		_, _ = warnings.WriteTo(cmd.ErrOrStderr()) // the terminal is gone
	}
	return err
}

// ticking writes text, and a dot every five seconds until the function that it returns is
// called, which writes how long it took.
func ticking(w io.Writer, text string) (done func()) {
	fmt.Fprint(w, text) //nolint:errcheck // the terminal is gone
	ctx, stop := context.WithCancel(context.Background())
	start, ended := time.Now(), make(chan struct{})
	go func() {
		defer close(ended)
		for ticker := time.NewTicker(5 * time.Second); ; {
			select {
			case <-ctx.Done():
				ticker.Stop()
				return
			case <-ticker.C:
				fmt.Fprint(w, ".") //nolint:errcheck // the terminal is gone
			}
		}
	}()
	return func() {
		stop()
		<-ended
		fmt.Fprintf(w, " %.1f s\n", time.Since(start).Seconds()) //nolint:errcheck // the terminal is gone
	}
}
