// Package send is `webhookctl send`: a delivery as its provider would make it.
package send

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"webhookedge/plugins/internal/ctl/delivery"
	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/internal/ctl/pick"
	"webhookedge/plugins/provider/catalogue"
)

// Command returns `webhookctl send`.
func Command() *cobra.Command {
	var d delivery.Delivery
	var name, secretEnv, file string
	var expect int
	var newKey, asJSON bool
	var route routeFlags
	var wait waiter
	cmd := &cobra.Command{
		Use:   "send --route NAME | --provider NAME --url URL --secret-env VARIABLE",
		Short: "Sign a delivery as its provider would, and send it",
		Long: "Signs a sample of the catalogue, or a file, exactly as the provider does and posts it.\n" +
			"With --route, sender, secret and URL are those of a route in a kong.yml. With --wait it prints the event that is stored.\n" +
			"Exits with 0 when the answer is 2xx, or what --expect names, and with 1 otherwise.",
		Example: "  webhookctl send --route github --event push --wait\n" +
			"  webhookctl send --provider github --event push --secret-env GITHUB_WEBHOOK_SECRET --url http://localhost:8000/webhooks/github\n" +
			"  webhookctl send --provider stripe --secret-env STRIPE_WEBHOOK_SECRET --mutate age --expect 401 --url http://localhost:8000/webhooks/stripe",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if newKey {
				return printKey(cmd.OutOrStdout(), name, d.Scheme)
			}
			if err := route.fill(&d, &wait, secretEnv); err != nil {
				return err
			}
			if err := resolve(&d, name, secretEnv, file, cmd.InOrStdin()); err != nil {
				return err
			}
			ok := true
			err := wait.around(cmd.Context(), cmd.OutOrStdout(), &d, func() ([]delivery.Answer, error) {
				answers, err := d.Send(cmd.Context(), &http.Client{Timeout: 30 * time.Second, CheckRedirect: delivery.NoRedirect})
				for _, a := range answers {
					ok = ok && (expect == 0 && a.Status/100 == 2 || a.Status == expect)
					printAnswer(cmd.OutOrStdout(), a, &d, asJSON)
				}
				return answers, err
			})
			if err == nil && !ok {
				err = exit.ErrFailed
			}
			return err
		},
	}
	f := cmd.Flags()
	f.StringVar(&name, "provider", "", "the sender, by its `name` in the catalogue")
	f.StringVar(&d.URL, "url", "", "where to send it")
	f.StringVar(&d.PublicURL, "public-url", "", "the `URL` that a provider would call and sign, without its query, where it is not --url")
	f.StringVar(&secretEnv, "secret-env", "", "name of the environment variable that holds the secret; a secret on the command line would be in everybody's process list")
	f.StringVar(&d.Event, "event", "", "the event, by default the provider's first sample")
	f.StringVar(&file, "file", "", "the payload instead of a sample; - is standard input")
	f.StringVar(&d.ContentType, "content-type", "application/json", "content type of --file")
	f.StringVar(&d.ID, "id", "", "delivery id, by default a new one")
	f.StringVar(&d.Scheme, "scheme", "", "how to sign, by default as the provider does")
	f.StringToStringVar(&d.Settings, "setting", nil, "a setting of the provider, `name=value`")
	f.BoolVar(&newKey, "new-key", false, "make a key for the scheme, print it and what belongs into the config, and send nothing")
	f.BoolVar(&d.RawKey, "raw-key", false, "use the secret's text undecoded")
	f.StringVar(&d.Mutate, "mutate", delivery.MutateNone, "spoil it: "+strings.Join(delivery.Mutations(), ", "))
	f.IntVar(&expect, "expect", 0, "the `status` that is a success; by default any 2xx")
	f.BoolVar(&asJSON, "json", false, "the answer as a JSON object, and behind it what --wait finds")
	route.add(cmd)
	wait.add(cmd)
	return cmd
}

func printKey(w io.Writer, name, scheme string) error {
	row, err := delivery.Provider(name)
	if err != nil {
		return err
	}
	pair, err := row.NewKeyPair(scheme)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "# for the sender: put it into an environment variable and name that with --secret-env\n%s\n\n# for verify.secrets in kong.yml\n%s\n",
		strings.TrimSpace(pair.Private), strings.TrimSpace(pair.Public))
	return err
}

func resolve(d *delivery.Delivery, name, secretEnv, file string, stdin io.Reader) error {
	var err error
	if d.Row == nil {
		d.Row, err = delivery.Provider(name)
	}
	if err != nil {
		return err
	}
	row := d.Row
	if d.URL == "" || secretEnv == "" && d.Secret == "" {
		return exit.Usagef("--url and --secret-env are needed, or --route")
	}
	if d.Mutate != delivery.MutateNone && !slices.Contains(delivery.Mutations(), d.Mutate) {
		return pick.Known("mutation", d.Mutate, delivery.Mutations())
	}
	if err := readSecret(d, secretEnv); err != nil {
		return err
	}
	if d.Event == "" && file == "" && len(catalogue.SampleEvents(row)) > 0 {
		d.Event = catalogue.SampleEvents(row)[0]
	}
	if file == "" {
		return nil
	}
	if d.Event == "" && delivery.NamesEvent(row) {
		return exit.Usagef("give --event: %s names the event beside the payload, in a header; such as --event %s", row.Name, strings.Join(catalogue.SampleEvents(row), ", --event "))
	}
	d.Body, err = delivery.ReadBody(file, stdin)
	return err
}

// readSecret reads the secret of a variable, "" being that of the route.
func readSecret(d *delivery.Delivery, variable string) error {
	if variable != "" {
		d.Secret = os.Getenv(variable)
	}
	if d.Secret == "" {
		return exit.Usagef("the environment variable %s is empty", variable)
	}
	return nil
}

func printAnswer(w io.Writer, a delivery.Answer, d *delivery.Delivery, asJSON bool) {
	if asJSON {
		//nolint:errcheck // the terminal is gone
		json.NewEncoder(w).Encode(map[string]any{
			"status": a.Status, "provider": d.Row.Name, "event": d.Event, "id": a.ID, "took_ms": float64(a.Took.Microseconds()) / 1000,
			"ack": a.Ack, "request_id": a.RequestID, "body": a.Body,
		})
		return
	}
	line := fmt.Sprintf("%d %s %s id=%s %.1fms", a.Status, d.Row.Name, d.Event, a.ID, float64(a.Took.Microseconds())/1000)
	if a.Ack != "" {
		line += " ack=" + a.Ack
	}
	if a.Body != "" {
		line += " " + a.Body
	}
	fmt.Fprintln(w, line) //nolint:errcheck // the terminal is gone
}
