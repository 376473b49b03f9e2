package local

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"webhookedge/plugins/internal/ctl/delivery"
	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/provider/spec"
	"webhookedge/plugins/streams/read"
)

// demoRoute is a route of kong/kong.yml with a secret made for this run.
type demoRoute struct {
	provider, path, variable, secret string
}

func demoRoutes() []demoRoute {
	var key [32]byte
	_, _ = rand.Read(key[:]) // never fails
	return []demoRoute{
		{"github", "/webhooks/github", "GITHUB_WEBHOOK_SECRET", rand.Text()},
		{"stripe", "/webhooks/stripe", "STRIPE_WEBHOOK_SECRET", "whsec_" + rand.Text()},
		{"slack", "/webhooks/slack", "SLACK_SIGNING_SECRET", rand.Text()},
		{"shopify", "/webhooks/shopify", "SHOPIFY_WEBHOOK_SECRET", rand.Text()},
		{"standard-webhooks", "/webhooks/standard", "STANDARD_WEBHOOKS_SECRET", "whsec_" + base64.StdEncoding.EncodeToString(key[:])},
	}
}

// Demo returns `webhookctl demo`.
func Demo() *cobra.Command {
	o := stackOptions{listen: "127.0.0.1:0", natsPort: -1}
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Play good and bad deliveries through the plugins",
		Long: "Runs kong/kong.yml as `local` does, sends deliveries of every provider in it, good ones and forged ones, reads the\n" +
			"events back from JetStream and exits with 1 if anything is not as it should be.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runDemo(cmd, o) },
	}
	cmd.Flags().StringVar(&o.config, "config", "", "the declarative `file`, by default kong/kong.yml")
	cmd.Flags().StringVar(&o.pluginsDir, "plugins-dir", "", "`directory` of the plugin binaries, by default built from this repository")
	return cmd
}

func runDemo(cmd *cobra.Command, o stackOptions) error {
	out := cmd.OutOrStdout()
	routes := demoRoutes()
	o.env = map[string]string{}
	for _, r := range routes {
		o.env[r.variable] = r.secret
	}
	o.warnings = cmd.ErrOrStderr()
	fmt.Fprintln(out, "Building the plugins and starting them behind a stand-in for Kong, with an embedded NATS ...") //nolint:errcheck // the terminal is gone
	s, err := o.start(cmd.Context())
	if err != nil {
		return err
	}
	d := demo{stack: s, client: &http.Client{Timeout: 10 * time.Second, CheckRedirect: delivery.NoRedirect}}
	err = d.run(cmd.Context(), routes)
	if err == nil {
		err = d.readBack(cmd.Context())
	}
	if err := errors.Join(err, s.close()); err != nil {
		return err
	}
	return d.report(out)
}

type demo struct {
	stack  *stack
	client *http.Client
	plays  []play
	events []stored
	found  []string // what is wrong with the events
}

// play is one answer and what it should have been.
type play struct {
	provider, event, what string
	want                  int
	ack                   string // wanted, "" for none
	got                   delivery.Answer
	body                  []byte // of a delivery that must be stored
}

func (p *play) ok() bool { return p.got.Status == p.want && p.got.Ack == p.ack }

// run sends every sample signed, and one of each provider in every way that must fail.
func (d *demo) run(ctx context.Context, routes []demoRoute) error {
	for _, r := range routes {
		row, ok := catalogue.Lookup(r.provider)
		if !ok {
			return fmt.Errorf("no provider %q in the catalogue", r.provider)
		}
		base := delivery.Delivery{Row: row, Secret: r.secret, URL: "http://" + d.stack.server.Addr().String() + r.path}
		events := catalogue.SampleEvents(row)
		for _, event := range events {
			base.Event = event
			if err := d.good(ctx, base); err != nil {
				return err
			}
		}
		base.Event = events[0]
		for _, mutation := range []string{delivery.MutateForge, delivery.MutateTruncate, delivery.MutateDouble, delivery.MutateAge} {
			base.Mutate = mutation
			if mutation == delivery.MutateAge && row.Schemes[0].ToleranceSeconds == 0 {
				continue // the scheme signs no time
			}
			if err := d.play(ctx, base, mutation, play{want: http.StatusUnauthorized}); err != nil {
				return err
			}
		}
	}
	return nil
}

// good sends a sample that must be stored, twice where it is an event, for a duplicate.
func (d *demo) good(ctx context.Context, base delivery.Delivery) error {
	if slices.ContainsFunc(base.Row.Handshakes, func(h spec.Handshake) bool { return h.Is != "" && h.Is == base.Event }) {
		return d.play(ctx, base, "handshake", play{want: http.StatusOK})
	}
	base.Mutate = delivery.MutateReplay
	if err := base.Complete(); err != nil {
		return err
	}
	answers, err := base.Send(ctx, d.client)
	if err != nil {
		return err
	}
	first := play{base.Row.Name, base.Event, "signed", http.StatusOK, "broker", answers[0], base.Body}
	second := play{base.Row.Name, base.Event, "sent again", http.StatusOK, "duplicate", answers[1], nil}
	d.plays = append(d.plays, first, second)
	return nil
}

func (d *demo) play(ctx context.Context, base delivery.Delivery, what string, p play) error {
	answers, err := base.Send(ctx, d.client)
	if err != nil {
		return err
	}
	p.provider, p.event, p.what, p.got = base.Row.Name, base.Event, what, answers[0]
	d.plays = append(d.plays, p)
	return nil
}

func (d *demo) readBack(ctx context.Context) error {
	wanted := map[string]*play{}
	for i := range d.plays {
		if p := &d.plays[i]; p.body != nil {
			wanted[p.got.RequestID] = p
		}
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	for m, err := range read.All(ctx, d.stack.broker.js, stream, read.Range{}) {
		if err != nil {
			return err
		}
		s := storedAs(m)
		d.events = append(d.events, s)
		p, ok := wanted[s.requestID]
		if !ok {
			d.found = append(d.found, fmt.Sprintf("event %d (%s) was never sent, or is there twice", s.sequence, s.subject))
			continue
		}
		delete(wanted, s.requestID)
		if why := p.differs(s.data); why != "" {
			d.found = append(d.found, fmt.Sprintf("event %d (%s): %s", s.sequence, s.subject, why))
		}
	}
	for _, p := range wanted {
		d.found = append(d.found, fmt.Sprintf("%s %s was answered %d and is not in the stream", p.provider, p.event, p.got.Status))
	}
	return nil
}

func (p *play) differs(data []byte) string {
	var event struct {
		SpecVersion string          `json:"specversion"`
		Provider    string          `json:"provider"`
		Data        json.RawMessage `json:"data"`
	}
	switch err := json.Unmarshal(data, &event); {
	case err != nil:
		return "it is not JSON"
	case event.SpecVersion != "1.0" || event.Provider != p.provider:
		return "it is not the provider's CloudEvent"
	case p.body[0] == '{' && !bytes.Equal(event.Data, bytes.TrimSpace(p.body)):
		return "its data are not the bytes that were sent"
	case len(event.Data) == 0 || event.Data[0] != '{':
		return "it has no data"
	}
	return ""
}

// report prints what happened. It fails where anything was not as it should be.
func (d *demo) report(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "\nPROVIDER\tEVENT\tDELIVERY\tSTATUS\tACK\tMS\t") //nolint:errcheck // flushed below
	wrong := len(d.found)
	for i := range d.plays {
		p := &d.plays[i]
		mark := ""
		if !p.ok() {
			wrong++
			mark = fmt.Sprintf("WRONG: want %d %s, got %s", p.want, p.ack, p.got.Body)
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%d\t%s\t%.1f\t%s\n", //nolint:errcheck // flushed below
			p.provider, p.event, p.what, p.got.Status, p.got.Ack, float64(p.got.Took.Microseconds())/1000, mark)
	}
	fmt.Fprintln(t, "\nSEQ\tSUBJECT\tMESSAGE ID\tBYTES\t") //nolint:errcheck // flushed below
	for _, s := range d.events {
		fmt.Fprintf(t, "%d\t%s\t%s\t%d\t\n", s.sequence, s.subject, s.msgID, len(s.data)) //nolint:errcheck // flushed below
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, text := range d.found {
		fmt.Fprintln(w, "WRONG:", text) //nolint:errcheck // the terminal is gone
	}
	fmt.Fprintf(w, "\n%d deliveries, %d events in the stream, %d not as they should be\n", len(d.plays), len(d.events), wrong) //nolint:errcheck // as above
	if wrong > 0 {
		return exit.ErrFailed
	}
	return nil
}
