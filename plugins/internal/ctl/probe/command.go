package probe

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/spf13/cobra"

	"webhookedge/kong/local"
	"webhookedge/plugins/internal/ctl/delivery"
	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/internal/ctl/kongyml"
	"webhookedge/plugins/internal/ctl/pick"
	"webhookedge/plugins/internal/ctl/table"
	"webhookedge/plugins/internal/text"
)

// maxDetail bounds what is said of a route, in characters.
const maxDetail = 1000

// minEvery keeps probes from being a load.
const minEvery = time.Second

type options struct {
	config, gateway  string
	routes           []string
	every, timeout   time.Duration
	json             bool
	textfile, listen string
}

// Command returns `webhookctl probe`.
func Command() *cobra.Command {
	var o options
	cmd := &cobra.Command{
		Use:   "probe",
		Short: "Send a signed synthetic delivery on each route, and see it stored",
		Long: "Signs a delivery for each route of a kong.yml as its sender would, and posts it to the gateway, once or again and\n" +
			"again. The edge stores it as an event of the type edge.probe in the stream WEBHOOKS_EDGE, which\n" +
			"`webhookctl streams apply` makes; no policy decides about it, and no consumer of events gets it. Only whoever has\n" +
			"the route's secret can make one. Routes whose sender signs with a private key are skipped.\n" +
			"Exits with 1 when one was not stored.",
		Example: "  webhookctl probe --config kong/kong.yml\n" +
			"  webhookctl probe --every 1m --textfile /var/lib/node_exporter/webhook_edge_probe.prom",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), cmd.OutOrStdout()) },
	}
	f := cmd.Flags()
	f.StringVar(&o.config, "config", "", "the kong.yml, by default the repository's or the image's; its vault references are read from the environment")
	f.StringVar(&o.gateway, "gateway", "http://127.0.0.1:8000", "`URL` of the gateway, before the routes' paths")
	f.StringSliceVar(&o.routes, "route", nil, "`name` of a route, by default all")
	f.DurationVar(&o.every, "every", 0, "probe again after this `time`, until stopped; 0 is once")
	f.DurationVar(&o.timeout, "timeout", 10*time.Second, "`time` that a delivery may take")
	f.BoolVar(&o.json, "json", false, "print one JSON object a route")
	f.StringVar(&o.textfile, "textfile", "", "write metrics to this `file` after each round, for the node exporter's textfile collector")
	f.StringVar(&o.listen, "listen", "", "serve /metrics on this `address`, for instance :9543, which is 127.0.0.1:9543")
	return cmd
}

func (o *options) run(ctx context.Context, out io.Writer) error {
	targets, err := o.targets()
	if err != nil {
		return err
	}
	m := newMetrics()
	if o.listen != "" {
		stop, err := m.serve(o.listen)
		if err != nil {
			return err
		}
		defer stop()
	}
	client := &http.Client{Timeout: o.timeout, CheckRedirect: delivery.NoRedirect}
	for {
		ok, err := o.round(ctx, out, client, targets, m)
		if err != nil || o.every == 0 {
			if err == nil && !ok {
				return exit.ErrFailed
			}
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(o.every):
		}
	}
}

// targets reads the routes.
func (o *options) targets() ([]target, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	file, err := kongyml.Path(o.config)
	if err != nil {
		return nil, err
	}
	all, err := kongyml.Routes(file)
	if err != nil {
		return nil, err
	}
	if err := o.known(all); err != nil {
		return nil, err
	}
	var targets []target
	for i := range all {
		if len(o.routes) > 0 && !slices.ContainsFunc(o.routes, all[i].Is) {
			continue
		}
		t, err := targetOf(&all[i], o.gateway)
		if err != nil {
			return nil, err
		}
		targets = append(targets, t)
	}
	if len(targets) == 0 {
		return nil, fmt.Errorf("%s has no route with our plugins", file)
	}
	return targets, nil
}

// check says what is wrong with the flags.
func (o *options) check() error {
	u, err := url.Parse(o.gateway)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return exit.Usagef("--gateway: must be an http or https URL, such as http://127.0.0.1:8000")
	case o.every != 0 && o.every < minEvery:
		return exit.Usagef("--every: must be %s or more", minEvery)
	case o.timeout <= 0 || o.timeout > time.Minute:
		return exit.Usagef("--timeout: must be more than 0s and at most 1m")
	case o.listen != "" && o.every == 0:
		return exit.Usagef("--listen: needs --every, since a single round is over before anybody asks")
	}
	return nil
}

func (o *options) known(all []local.RouteConfigs) error {
	var names []string
	for i := range all {
		names = append(names, all[i].Name, all[i].ID)
	}
	for _, name := range o.routes {
		if err := pick.Known("route", name, slices.DeleteFunc(slices.Clone(names), func(n string) bool { return n == "" })); err != nil {
			return err
		}
	}
	return nil
}

// round probes every target, one after the other, and reports whether all were stored
// that could be probed, and there was one.
func (o *options) round(ctx context.Context, out io.Writer, client *http.Client, targets []target, m *metrics) (ok bool, err error) {
	t := table.New(out, o.json, "ROUTE\tPROVIDER\tRESULT\tSTATUS\tACK\tTOOK")
	var details strings.Builder
	probed := 0
	ok = true
	for i := range targets {
		r := targets[i].run(ctx, client)
		select {
		case <-ctx.Done(): // stopped by its user
			return false, nil
		default:
		}
		m.observe(&r, time.Now())
		if r.Result != skipped {
			probed++
		}
		ok = ok && r.Result != failed
		status, took := "-", "-"
		if r.Status > 0 {
			status, took = fmt.Sprint(r.Status), fmt.Sprintf("%.0fms", r.Seconds*1000)
		}
		if err := t.Row(r, table.Cell(r.Route, 22), table.Cell(dash(r.Provider), 20), r.Result, status, dash(r.Ack), took); err != nil {
			return false, err
		}
		if r.Detail != "" && !o.json {
			line := table.Cell(r.Route+": "+strings.Join(strings.Fields(r.Detail), " "), maxDetail)
			details.WriteString(strings.Join(text.Wrap(line, "  "), "\n") + "\n")
		}
	}
	if err := t.Flush(); err != nil {
		return false, err
	}
	if _, err := io.WriteString(out, details.String()); err != nil {
		return false, err
	}
	if o.textfile != "" {
		if err := prometheus.WriteToTextfile(o.textfile, m.registry); err != nil {
			return false, fmt.Errorf("--textfile: %w", err)
		}
	}
	return ok && probed > 0, nil
}

func dash(cell string) string {
	if cell == "" {
		return "-"
	}
	return cell
}
