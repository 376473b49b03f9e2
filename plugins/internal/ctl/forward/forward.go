// Package forward is `webhookctl forward`: stored events go to a developer's port.
package forward

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/spf13/cobra"

	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/internal/ctl/pick"
	"webhookedge/plugins/internal/ctl/stored"
	"webhookedge/plugins/internal/text"
	"webhookedge/plugins/streams/archive"
)

// What --as may be.
const (
	asStructured = "structured"
	asBinary     = "binary"
	asProvider   = "provider"
)

// Command returns `webhookctl forward`.
func Command() *cobra.Command {
	var o options
	cmd := &cobra.Command{
		Use:   "forward --to URL",
		Short: "Send stored events to a port of yours, and go on with what comes",
		Long: "Posts events to a URL, one after the other in their order: as CloudEvents (--as structured or binary), or signed anew as\n" +
			"the provider would (--as provider, with --secret-env, or the secret of its route in a kong.yml). It begins with what\n" +
			"comes next, or at --from, --last or, with --durable, behind what was forwarded under that name before: what came\n" +
			"while the laptop slept comes too.\n\n" +
			"A try that gets no answer, 408, 429 or 5xx is repeated. Whatever else is answered, and 5xx after --tries, is told\n" +
			"and the next event follows; where nobody answers, forward ends and says where to go on.",
		Example: "  webhookctl forward --to http://127.0.0.1:3000/hook --durable mine\n" +
			"  webhookctl forward --to http://127.0.0.1:3000/hook --since 2h --type 'github.*' --as provider --route github\n" +
			"  webhookctl forward --to http://127.0.0.1:3000/hook --last 1 --once --as binary",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			f, err := o.open(cmd)
			if err != nil {
				return err
			}
			return o.events.NATS.With(func(js jetstream.JetStream) error { return f.run(cmd.Context(), js) })
		},
	}
	o.add(cmd)
	return cmd
}

type options struct {
	events        stored.Flags
	to, as        string
	durable       string
	once, fromNew bool
	remote        bool
	tries         int
	timeout       time.Duration
	secret        resigner
	asJSON        bool
}

func (o *options) add(cmd *cobra.Command) {
	o.events.Add(cmd)
	f := cmd.Flags()
	f.StringVar(&o.to, "to", "", "the `URL` to post to, http or https")
	f.StringVar(&o.as, "as", asStructured, "`how`: structured or binary (CloudEvents), or provider (its payload, signed anew)")
	f.StringVar(&o.durable, "durable", "", "`name` under which the broker keeps how far this came, for thirty days")
	f.BoolVar(&o.fromNew, "new", false, "begin with what comes next, which is the default")
	f.BoolVar(&o.once, "once", false, "end behind what is stored now")
	f.BoolVar(&o.remote, "allow-remote", false, "let --to be another machine; payloads of your customers go there")
	f.IntVar(&o.tries, "tries", 8, "most tries of an event")
	f.DurationVar(&o.timeout, "timeout", 10*time.Second, "how long an answer may take")
	f.StringVar(&o.secret.env, "secret-env", "", "with --as provider: name of the environment `variable` with the secret")
	f.StringVar(&o.secret.route, "route", "", "with --as provider: the `name` of the route in the kong.yml that has the secret, by default that of the event")
	f.BoolVar(&o.asJSON, "json", false, "one JSON object a line")
	cmd.MarkFlagsMutuallyExclusive("new", "from", "last")
	cmd.MarkFlagsMutuallyExclusive("secret-env", "route")
	if err := cmd.MarkFlagRequired("to"); err != nil {
		panic(err) // the flag is defined above
	}
	if err := cmd.RegisterFlagCompletionFunc("as", cobra.FixedCompletions(ways(), cobra.ShellCompDirectiveNoFileComp)); err != nil {
		panic(err) // as above
	}
}

func ways() []string { return []string{asStructured, asBinary, asProvider} }

// open checks the options and returns what forwards as they say.
func (o *options) open(cmd *cobra.Command) (*forwarder, error) {
	if err := pick.Known("way to forward", o.as, ways()); err != nil {
		return nil, err
	}
	switch {
	case o.tries < 1 || o.tries > 100:
		return nil, exit.Usagef("--tries: must be from 1 to 100")
	case o.timeout < 100*time.Millisecond || o.timeout > 5*time.Minute:
		return nil, exit.Usagef("--timeout: must be from 100ms to 5m")
	case o.durable != "" && (len(o.durable) > 64 || !text.IsName(o.durable)):
		return nil, exit.Usagef("--durable: must be 1 to 64 letters, digits, _ and -")
	case o.as != asProvider && (o.secret.env != "" || o.secret.route != ""):
		return nil, exit.Usagef("--secret-env and --route are for --as provider")
	}
	if err := o.events.Validate(); err != nil {
		return nil, err
	}
	t, err := newTarget(o.to, o.remote, o.timeout)
	if err != nil {
		return nil, err
	}
	o.events.Complain = cmd.ErrOrStderr()
	o.secret.config, o.secret.url = o.events.Config, o.to
	return &forwarder{options: o, target: t, out: cmd.OutOrStdout(), complain: cmd.ErrOrStderr()}, o.secret.open(o.as == asProvider)
}

type forwarder struct {
	*options
	target        *target
	out, complain io.Writer
	failed        bool
}

// outcome is what became of an event.
type outcome struct {
	Sequence uint64 `json:"sequence"`
	Type     string `json:"type"`
	ID       string `json:"id"`
	Status   int    `json:"status,omitempty"`
	Tries    int    `json:"tries"`
	TookMS   int64  `json:"took_ms"`
	Error    string `json:"error,omitempty"`
}

func (f *forwarder) run(ctx context.Context, js jetstream.JetStream) error {
	incoming, err := f.source(ctx, js)
	if err != nil {
		return err
	}
	for in, err := range incoming {
		if err != nil {
			return err
		}
		if err := f.one(ctx, js, in); err != nil {
			return err
		}
	}
	if f.failed {
		return exit.ErrFailed
	}
	return nil
}

// one forwards an event and tells what became of it. Its error ends the run.
func (f *forwarder) one(ctx context.Context, js jetstream.JetStream, in *incoming) error {
	start := time.Now()
	o := outcome{Sequence: in.Message.Sequence, Type: in.FullType(), ID: in.ID}
	p, err := f.post(ctx, js, in.Event)
	unreachable := false
	if err == nil {
		unreachable, err = f.try(ctx, in, p, &o)
	}
	if ctx.Err() != nil {
		in.release() // somebody ended it
		return nil   //nolint:nilerr // and nobody asked for more
	}
	o.TookMS = time.Since(start).Milliseconds()
	if err != nil {
		o.Error, f.failed = err.Error(), true
	}
	if err := f.tell(&o); err != nil {
		return err
	}
	if unreachable {
		in.release()
		return fmt.Errorf("nobody answers at --to; %s", f.goOn(in.Message.Sequence))
	}
	return in.done(ctx)
}

func (f *forwarder) goOn(seq uint64) string {
	if f.durable != "" {
		return "the same command goes on with this event"
	}
	return fmt.Sprintf("--from %d goes on with this event", seq)
}

func (f *forwarder) tell(o *outcome) error {
	if f.asJSON {
		enc := json.NewEncoder(f.out)
		enc.SetEscapeHTML(false)
		return enc.Encode(o)
	}
	result := fmt.Sprintf("%d in %d ms", o.Status, o.TookMS)
	if o.Error != "" {
		result = archive.Escape(o.Error)
	}
	if o.Tries > 1 {
		result += fmt.Sprintf(", %d tries", o.Tries)
	}
	_, err := fmt.Fprintf(f.out, "%6d  %-30s %s\n", o.Sequence, strings.ReplaceAll(archive.Escape(o.Type), "\t", `\t`), result)
	return err
}
