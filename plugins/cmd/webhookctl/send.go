package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"webhookedge/plugins/provider"
)

// maxPayload bounds a payload file, in bytes: more than any provider sends.
const maxPayload = 100 << 20

func sendCommand() *cobra.Command {
	var d delivery
	var name, secretEnv, file string
	var expect int
	var newKey bool
	cmd := &cobra.Command{
		Use:   "send --provider NAME --url URL --secret-env VARIABLE",
		Short: "Sign a delivery as its provider would, and send it",
		Long: "Signs a sample of the catalogue, or a file, exactly as the provider does and posts it.\n" +
			"Exits with 0 when the answer is 2xx, or what --expect names, and with 1 otherwise.",
		Example: "  webhookctl send --provider github --event push --secret-env GITHUB_WEBHOOK_SECRET --url http://localhost:8000/webhooks/github\n" +
			"  webhookctl send --provider stripe --secret-env STRIPE_WEBHOOK_SECRET --mutate age --expect 401 --url http://localhost:8000/webhooks/stripe",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if newKey {
				return printKey(cmd.OutOrStdout(), name, d.scheme)
			}
			if err := d.resolve(name, secretEnv, file, cmd.InOrStdin()); err != nil {
				return err
			}
			answers, err := d.send(cmd.Context(), &http.Client{Timeout: 30 * time.Second, CheckRedirect: noRedirect})
			if err != nil {
				return err
			}
			ok := true
			for _, a := range answers {
				ok = ok && (expect == 0 && a.status/100 == 2 || a.status == expect)
				a.print(cmd.OutOrStdout(), &d)
			}
			if !ok {
				return errFailed
			}
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&name, "provider", "", "the sender, by its `name` in the catalogue")
	f.StringVar(&d.url, "url", "", "where to send it")
	f.StringVar(&d.publicURL, "public-url", "", "the `URL` that a provider would call and sign, without its query, where it is not --url")
	f.StringVar(&secretEnv, "secret-env", "", "name of the environment variable that holds the secret; a secret on the command line would be in everybody's process list")
	f.StringVar(&d.event, "event", "", "the event, by default the provider's first sample")
	f.StringVar(&file, "file", "", "the payload instead of a sample; - is standard input")
	f.StringVar(&d.contentType, "content-type", "application/json", "content type of --file")
	f.StringVar(&d.id, "id", "", "delivery id, by default a new one")
	f.StringVar(&d.scheme, "scheme", "", "how to sign, by default as the provider does")
	f.StringToStringVar(&d.settings, "setting", nil, "a setting of the provider, `name=value`")
	f.BoolVar(&newKey, "new-key", false, "make a key for the scheme, print it and what belongs into the config, and send nothing")
	f.BoolVar(&d.rawKey, "raw-key", false, "use the secret's text undecoded")
	f.StringVar(&d.mutate, "mutate", mutateNone, "spoil it: "+strings.Join(mutations(), ", "))
	f.IntVar(&expect, "expect", 0, "the `status` that is a success; by default any 2xx")
	if err := cmd.MarkFlagRequired("provider"); err != nil {
		panic(err) // the flag is defined above
	}
	return cmd
}

// printKey makes a key for trying a route out.
func printKey(w io.Writer, name, scheme string) error {
	row, ok := provider.Lookup(name)
	if !ok {
		return unknownProvider(name)
	}
	pair, err := row.NewKeyPair(scheme)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "# for the sender: put it into an environment variable and name that with --secret-env\n%s\n\n# for verify.secrets in kong.yml\n%s\n",
		strings.TrimSpace(pair.Private), strings.TrimSpace(pair.Public))
	return err
}

func unknownProvider(name string) error {
	return fmt.Errorf("no provider %q; there are: %s", name, strings.Join(provider.Names(), ", "))
}

func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// resolve turns the flags into what they name.
func (d *delivery) resolve(name, secretEnv, file string, stdin io.Reader) error {
	row, ok := provider.Lookup(name)
	if !ok {
		return unknownProvider(name)
	}
	d.row = row
	if d.url == "" || secretEnv == "" {
		return errors.New("--url and --secret-env are needed")
	}
	if d.mutate != mutateNone && !slices.Contains(mutations(), d.mutate) {
		return fmt.Errorf("no mutation %q; there are: %s", d.mutate, strings.Join(mutations(), ", "))
	}
	if d.secret = os.Getenv(secretEnv); d.secret == "" {
		return fmt.Errorf("the environment variable %s is empty", secretEnv)
	}
	if d.event == "" && file == "" && len(row.SampleEvents()) > 0 {
		d.event = row.SampleEvents()[0]
	}
	if file == "" {
		return nil
	}
	in := stdin
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return err
		}
		defer f.Close() //nolint:errcheck // only read
		in = f
	}
	var err error
	d.body, err = io.ReadAll(io.LimitReader(in, maxPayload+1))
	if err == nil && len(d.body) > maxPayload {
		err = errors.New("payload is over 100 MiB")
	}
	return err
}

func (a *answer) print(w io.Writer, d *delivery) {
	line := fmt.Sprintf("%d %s %s id=%s %.1fms", a.status, d.row.Name, d.event, a.id, float64(a.took.Microseconds())/1000)
	if a.ack != "" {
		line += " ack=" + a.ack
	}
	if a.body != "" {
		line += " " + a.body
	}
	fmt.Fprintln(w, line) //nolint:errcheck // the terminal is gone
}
