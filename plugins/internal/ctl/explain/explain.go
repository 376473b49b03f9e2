// Package explain is `webhookctl explain`: why a delivery is accepted or refused.
package explain

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"webhookedge/plugins/internal/ctl/exit"
)

// maxLine bounds one delivery on standard input, in bytes: the largest body of a
// provider (25 MiB) in base64 or with every quote escaped, and its headers.
const maxLine = 64 << 20

// errInput is a line that says nothing that can be verified.
var errInput = errors.New("the line cannot be used")

// Command returns `webhookctl explain`.
func Command() *cobra.Command {
	var asJSON, infers bool
	var o inferring
	var g given
	cmd := &cobra.Command{
		Use:   "explain",
		Short: "Say why a delivery is accepted or refused",
		Long: "Reads deliveries from standard input and verifies each as the edge does. For one that is\n" +
			"refused it tries the mistakes that people make and names the likely cause. It is offline, and prints no key.\n" +
			"It takes JSON lines, what quarantine show --json writes, the output of curl -v or an HTTP request, and HAR.\n" +
			"Those but the first bring no key: --secret-env names it, and --provider the sender where they do not.\n\n" +
			`A line: {"provider", "keys": [...], "options": {...}, "certificates": {url: PEM or JWKS}, "method", "url",` + "\n" +
			`"headers": {name: value or [values]}, "body" or "body_base64", "at": unix seconds, "tolerance_seconds"?}` + "\n\n" +
			"For a sender that is not in the catalogue custom holds its row, as in kong.yml, instead of provider.\n" +
			"Keys are in the form that the provider's dashboard shows them. Options are scheme, raw_key, public_url and\n" +
			"setup, and the provider's settings (webhookctl providers show NAME). Without a scheme the provider's default\n" +
			"is tried first and then the others that it may use alone; a note says what the settings must then name.\n\n" +
			"The exit code is 0 when every line could be used, whatever its verdict, and else 1: a line that cannot be\n" +
			"used, such as one with an unknown key, gets the verdict invalid with the code misconfigured, and the next one is read.\n\n" +
			"With --infer it finds out how a sender signs that nobody described: from one captured delivery and its secret,\n" +
			"or from several of one sender, it prints the row for custom, what that does not cover, what else fits, and\n" +
			"whether it is sure. The capture is the output of curl -v, an HTTP request, a HAR, or lines as above, of which\n" +
			"url, headers, body, at and one of keys count. A search lasts two seconds at most, of bodies up to 1 MiB; it\n" +
			"prints no secret. The exit code is 0 when a row is printed, and else 1.",
		Example: "  webhookctl explain --json < deliveries.jsonl\n" +
			"  webhookctl quarantine show 17 --json | webhookctl explain --secret-env GITHUB_WEBHOOK_SECRET\n" +
			"  webhookctl explain --provider stripe --secret-env STRIPE_WEBHOOK_SECRET --body body.json < curl-v.txt\n" +
			"  webhookctl explain --infer --name acme --secret-env ACME_SECRET < delivery.har > acme.yml\n" +
			"  webhookctl explain --infer --secret-env ACME_SECRET --body body.json < curl-v.txt",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if infers {
				if g != (given{}) {
					return exit.Usagef("--provider and --at are not for --infer")
				}
				o.asJSON = asJSON
				return o.run(cmd.Context(), cmd.InOrStdin(), cmd.OutOrStdout())
			}
			if o.name != "" {
				return exit.Usagef("--name is for --infer; --provider names the sender")
			}
			g.body, g.url, g.secretEnv = o.body, o.url, o.secretEnv
			if err := g.resolve(); err != nil {
				return err
			}
			return explainAll(cmd.Context(), cmd.InOrStdin(), cmd.OutOrStdout(), &g, asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "a line of JSON for each delivery instead of prose, or one object with --infer")
	f := cmd.Flags()
	f.BoolVar(&infers, "infer", false, "find out how the sender of a captured delivery signs, and print the row for custom")
	f.StringVar(&o.secretEnv, "secret-env", "", "name of the environment `variable` that holds the secret, or the public key, of a delivery that brings none")
	f.StringVar(&o.body, "body", "", "`file` of the body, which the output of curl -v does not show")
	f.StringVar(&o.url, "url", "", "the `URL` that the sender called, where the output of curl -v does not show it")
	f.StringVar(&g.provider, "provider", "", "the sender of a delivery that names none, by its `name` in the catalogue")
	f.StringVar(&g.at, "at", "", "the `time` of receipt (RFC 3339) of a delivery that says none; by default now")
	f.StringVar(&o.name, "name", "", "name of the row of --infer, sender if empty")
	return cmd
}

func explainAll(ctx context.Context, in io.Reader, out io.Writer, given *given, asJSON bool) error {
	lines := bufio.NewReaderSize(in, 64<<10)
	buffered := bufio.NewWriter(out)
	failed := false
	if head, _ := lines.Peek(64 << 10); isCapture(head) {
		return given.explain(ctx, lines, out, asJSON)
	}
	if given.body != "" || given.url != "" {
		return exit.Usagef("--body and --url are for the output of curl -v, or an HTTP request")
	}
	for n := 1; ctx.Err() == nil; n++ {
		line, err := readLine(lines)
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil && len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		var v *verdict
		if err == nil {
			v, err = explainLine(ctx, line, given)
		}
		switch {
		case errors.Is(err, errInput):
			failed = true
			v = v.unusable(n, err)
		case err != nil:
			return errors.Join(err, buffered.Flush())
		}
		if err := errors.Join(v.print(buffered, asJSON), buffered.Flush()); err != nil {
			return err
		}
	}
	if failed {
		return exit.ErrFailed
	}
	return ctx.Err()
}

// readLine returns the next line without its end; errInput for one that is too long.
func readLine(r *bufio.Reader) ([]byte, error) {
	var line []byte
	long := false
	for {
		part, err := r.ReadSlice('\n')
		if long = long || len(line)+len(part) > maxLine; long {
			line = nil
		} else {
			line = append(line, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil && (!errors.Is(err, io.EOF) || len(line) == 0 && !long):
			return nil, err
		case long:
			return nil, fmt.Errorf("%w: it is longer than %d MiB", errInput, maxLine>>20)
		}
		return bytes.TrimRight(line, "\r\n"), nil
	}
}
