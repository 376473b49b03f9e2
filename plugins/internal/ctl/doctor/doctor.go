// Package doctor is `webhookctl doctor`: what is to be changed at an installation that
// runs.
package doctor

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"webhookedge/plugins/internal/ctl/color"
	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/internal/ctl/kongyml"
	"webhookedge/plugins/internal/ctl/table"
	"webhookedge/plugins/internal/text"
)

// timeout bounds everything that is asked over a network.
const timeout = 20 * time.Second

// State says what a finding asks for.
type State string

// The states of findings.
const (
	Fine   State = "ok"
	Change State = "change"  // something must change
	Open   State = "unknown" // it could not be looked at
)

// Finding is what was seen of one thing.
type Finding struct {
	State State  `json:"state"`
	About string `json:"about"` // kong.conf, kong.yml, nats, streams, redis, policy, clock, socket, journal, readyz
	Text  string `json:"text"`
	Fix   string `json:"fix,omitempty"`
}

// Command returns `webhookctl doctor`.
func Command() *cobra.Command {
	d := &doctor{}
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Look at a running installation, and say what to change",
		Long: "Looks at kong.conf and kong.yml, asks NATS, its streams and Redis with the settings of the routes, compiles the " +
			"policies, compares clocks, and looks at the sockets, the files and /readyz of the plugin process. It changes " +
			"nothing, and prints no secret. Run it where Kong runs, with Kong's environment: vault references are read from it. " +
			"`webhookctl check` names the faults of a kong.yml without any connection.\n\n" +
			"Each finding says what to do where something must change; the exit code is then 1.",
		Example: "  docker compose exec kong webhookctl doctor\n" +
			"  webhookctl doctor --config kong/kong.yml --kong-conf kong/kong.conf --json",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			if d.config, err = kongyml.Path(d.config); err != nil {
				return err
			}
			ctx, cancel := context.WithTimeout(cmd.Context(), timeout)
			defer cancel()
			lines := table.NewLines(cmd.OutOrStdout(), asJSON)
			if err := d.run(ctx, lines); err != nil {
				return err
			}
			if d.changes > 0 {
				return exit.ErrFailed
			}
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&d.config, "config", "", "the kong.yml, by default the repository's or the image's")
	f.StringVar(&d.conf, "kong-conf", "", "the kong.conf, by default /etc/kong/kong.conf, or the `file` beside kong.yml")
	f.StringVar(&d.telemetry, "telemetry", "", "`address` of the plugin process's /readyz, by default that of kong.conf")
	f.BoolVar(&asJSON, "json", false, "one JSON object a line")
	return cmd
}

type doctor struct {
	config, conf, telemetry string

	settings map[string]string // of kong.conf
	found    []Finding
	changes  int
}

func (d *doctor) add(state State, about, text, fix string) {
	d.found = append(d.found, Finding{state, about, text, fix})
}

// fault adds what is wrong, if anything is, and says whether that is so.
func (d *doctor) fault(about string, err error, fix string) bool {
	if err != nil {
		d.add(Change, about, oneLine(err), fix)
	}
	return err != nil
}

// run looks at one thing after the other, and writes what it finds at once.
func (d *doctor) run(ctx context.Context, lines *table.Lines) error {
	var sites []site
	steps := []func(){
		d.kongConf,
		func() { sites = d.kongYML() },
		func() { d.nats(ctx, sites) },
		func() { d.redis(ctx, sites) },
		func() { d.policies(sites) },
		d.socket,
		func() { d.journals(sites) },
		func() { d.readyz(ctx) },
	}
	for _, step := range steps {
		d.found = nil
		step()
		for i := range d.found {
			if err := d.write(lines, &d.found[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

func (d *doctor) write(lines *table.Lines, f *Finding) error {
	style := color.Plain
	switch f.State {
	case Change:
		d.changes++
		style = color.Red
	case Open:
		style = color.Yellow
	}
	begin := fmt.Sprintf("%-7s  %-9s  ", f.State, f.About)
	hang := strings.Repeat(" ", len(begin))
	shown := text.Wrap(begin+f.Text, hang)
	if f.Fix != "" {
		shown = append(shown, text.Wrap(hang+"-> "+f.Fix, hang+"   ")...)
	}
	return lines.LineIn(style, f, "%s", strings.Join(shown, "\n"))
}
