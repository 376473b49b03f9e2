package explain

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"webhookedge/plugins/internal/ctl/capture"
	"webhookedge/plugins/internal/ctl/delivery"
	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/infer"
	"webhookedge/plugins/provider/spec"
)

// inferring is what --infer is told.
type inferring struct {
	secretEnv, body, url, name string
	asJSON                     bool
}

// lineKeys are the keys of a line, as asked has them.
func lineKeys() []string {
	return []string{
		"at", "body", "body_base64", "certificates", "custom", "headers", "keys", "method", "options", "provider", "tolerance_seconds", "url",
	}
}

// run reads captured deliveries of one sender, and prints the row that verifies them.
func (o *inferring) run(ctx context.Context, in io.Reader, out io.Writer) error {
	text, err := io.ReadAll(io.LimitReader(in, capture.MaxBytes+1))
	if err != nil {
		return err
	}
	if len(text) > capture.MaxBytes {
		return fmt.Errorf("%w: it has more than %d MiB", errInput, capture.MaxBytes>>20)
	}
	q := infer.Question{Name: o.name}
	if o.secretEnv != "" {
		if q.Secret = os.Getenv(o.secretEnv); q.Secret == "" {
			return exit.Usagef("the environment variable %s is empty", o.secretEnv)
		}
	}
	switch form := capture.FormOf(text); {
	case form != capture.HTTP && (o.body != "" || o.url != ""):
		return fmt.Errorf("%w: --body and --url are for the output of curl -v, or an HTTP request", errInput)
	case form == capture.HTTP:
		err = o.http(&q, text)
	case form == capture.HAR:
		var all []capture.Delivery
		all, err = capture.ReadHAR(text)
		for _, d := range all {
			q.Samples = append(q.Samples, infer.Sample(d))
		}
	default:
		err = lines(&q, text)
	}
	if err != nil {
		return err
	}
	if q.Secret == "" {
		return fmt.Errorf("%w: there is no secret: name the environment variable that holds it with --secret-env", errInput)
	}
	answer, err := infer.Infer(ctx, q)
	if err != nil {
		return err
	}
	return o.print(out, &q, &answer)
}

func (o *inferring) http(q *infer.Question, text []byte) error {
	given := capture.Given{URL: o.url}
	if o.body != "" {
		var err error
		if given.Body, err = delivery.ReadBody(o.body, nil); err != nil {
			return err
		}
	}
	d, err := capture.ReadHTTP(text, given)
	q.Samples = []infer.Sample{infer.Sample(d)}
	return err
}

// lines reads the deliveries of JSON lines, whose keys must all be known: a misspelt one
// would be a header or a body that is not there.
func lines(q *infer.Question, text []byte) error {
	n := 0
	for line := range bytes.Lines(provider.WithoutBOM(text)) {
		n++
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		if err := oneLine(q, line); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
	}
	return nil
}

func oneLine(q *infer.Question, line []byte) error {
	if err := capture.CheckNames(line, lineKeys()); err != nil {
		return err
	}
	var a asked
	if err := json.Unmarshal(line, &a); err != nil {
		return fmt.Errorf("%w: it is not JSON of the right form", errInput)
	}
	secret := q.Secret
	switch {
	case len(a.Keys) == 1 && secret == "":
		secret = a.Keys[0]
	case len(a.Keys) == 0 && secret != "":
	case len(a.Keys) != 1 || a.Keys[0] != secret:
		return fmt.Errorf("%w: keys must hold one secret, the same in every line", errInput)
	}
	at, err := a.moment()
	if err != nil {
		return err
	}
	d, err := a.delivery(at)
	if err != nil {
		return err
	}
	x := infer.Sample{Request: provider.Request{Method: d.Method, URL: d.PublicURL, Headers: headersOf(d), Body: d.Body}}
	if a.At != "" {
		x.At = at
	}
	q.Secret, q.Samples = secret, append(q.Samples, x)
	return nil
}

func headersOf(d *pipeline.Delivery) (all provider.HeaderList) {
	for _, h := range d.Headers {
		all = append(all, spec.Header{Name: h.Name, Value: h.Value})
	}
	return all
}

// leastKey is the shortest secret in bytes that is looked for in what is printed. A
// shorter one stands in many a text by chance, and no sender makes one.
const leastKey = 3

// print writes what was found, unless it held a secret.
func (o *inferring) print(out io.Writer, q *infer.Question, answer *infer.Answer) error {
	write := prose
	if o.asJSON {
		write = inJSON
	}
	text, err := write(answer, infer.Known(*q))
	if err != nil {
		return err
	}
	hidden := []string{q.Secret}
	for i := range answer.Readings {
		hidden = append(hidden, answer.Readings[i].Secret)
	}
	for _, secret := range hidden {
		if len(secret) >= leastKey && strings.Contains(text, secret) {
			return errors.New("what was found holds the secret, in a URL or the name of a header, and is not printed")
		}
	}
	if _, err := io.WriteString(out, text); err != nil {
		return err
	}
	if len(answer.Readings) == 0 || answer.Readings[0].Row == nil {
		return exit.ErrFailed
	}
	return nil
}
