package main

import (
	"bufio"
	"context"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"webhookedge/plugins/internal/config"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/explain"
	"webhookedge/plugins/verify"
)

// maxLine bounds one delivery on standard input, in bytes: the largest body of a
// provider in base64, and its headers.
const maxLine = 40 << 20

// errInput is a line that says nothing that can be verified.
var errInput = errors.New("the line cannot be used")

// asked is a line of input.
type asked struct {
	Provider     string            `json:"provider"`
	Keys         []string          `json:"keys"`
	Options      map[string]any    `json:"options"`
	Certificates map[string]string `json:"certificates"`
	Method       string            `json:"method"`
	URL          string            `json:"url"`
	Headers      map[string]values `json:"headers"`
	Body         string            `json:"body"`
	BodyBase64   string            `json:"body_base64"`
	At           json.Number       `json:"at"`
	Tolerance    int               `json:"tolerance_seconds"`
}

// values are those of a header: one, or a list.
type values []string

// UnmarshalJSON implements json.Unmarshaler.
func (v *values) UnmarshalJSON(text []byte) error {
	var one string
	if json.Unmarshal(text, &one) == nil {
		*v = values{one}
		return nil
	}
	return json.Unmarshal(text, (*[]string)(v))
}

// verdict is a line of output.
type verdict struct {
	Provider string   `json:"provider"`
	Verdict  string   `json:"verdict"` // valid, invalid or handshake
	Code     string   `json:"code"`    // of the edge's answer
	Reason   string   `json:"reason,omitempty"`
	Scheme   string   `json:"scheme,omitempty"`
	Key      string   `json:"key_id,omitempty"` // the position of the key that matched
	ID       string   `json:"delivery_id,omitempty"`
	Response response `json:"response"`
	Causes   []string `json:"causes"`
}

type response struct {
	Status  int               `json:"status"`
	Headers map[string]string `json:"headers"`
	Body    string            `json:"body"`
}

func explainCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "explain",
		Short: "Say why a delivery is accepted or refused",
		Long: "Reads deliveries as JSON lines from standard input and verifies each as the edge does. For one that is\n" +
			"refused it tries the mistakes that people make and names the likely cause. It is offline, and prints no key.\n\n" +
			`A line: {"provider", "keys": [...], "options": {...}, "certificates": {url: PEM}, "method", "url",` + "\n" +
			` "headers": {name: value or [values]}, "body" or "body_base64", "at": unix seconds, "tolerance_seconds"?}`,
		Example: `  webhookctl explain --json < deliveries.jsonl`,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return explainAll(cmd.Context(), cmd.InOrStdin(), cmd.OutOrStdout(), asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "a line of JSON for each delivery instead of prose")
	return cmd
}

func explainAll(ctx context.Context, in io.Reader, out io.Writer, asJSON bool) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 0, 64<<10), maxLine)
	failed := false
	for n := 1; lines.Scan(); n++ {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		v, err := explainLine(ctx, lines.Bytes())
		if err != nil {
			failed = true
			v = &verdict{
				Provider: v.Provider, Verdict: "invalid", Code: pipeline.Misconfigured.String(),
				Response: response{Status: pipeline.Misconfigured.Info().Status, Headers: map[string]string{}},
				Causes:   []string{fmt.Sprintf("Line %d: %v.", n, err)},
			}
		}
		if err := v.print(out, asJSON); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return err
	}
	if failed {
		return errFailed
	}
	return nil
}

// explainLine verifies one delivery through the stage of the edge.
func explainLine(ctx context.Context, line []byte) (*verdict, error) {
	v := &verdict{Causes: []string{}}
	var a asked
	if err := json.Unmarshal(line, &a); err != nil {
		return v, fmt.Errorf("%w: it is not JSON of the right form", errInput)
	}
	v.Provider = a.Provider
	row, ok := provider.Lookup(a.Provider)
	if !ok {
		return v, fmt.Errorf("%w: no provider %q in the catalogue", errInput, a.Provider)
	}
	now, err := a.moment()
	if err != nil {
		return v, err
	}
	d, err := a.delivery(now)
	if err != nil {
		return v, err
	}
	cfg := a.config()
	roots := x509.NewCertPool()
	for _, text := range a.Certificates {
		roots.AppendCertsFromPEM([]byte(text))
	}
	docs := documents(a.Certificates)
	stage, err := verify.New(row, cfg, func() time.Time { return now }, verify.WithKeys(docs), verify.WithRoots(roots), verify.WithUnpinned())
	if err != nil {
		return v, fmt.Errorf("%w: %w", errInput, err)
	}
	chain, err := pipeline.NewChain([]pipeline.Stage{stage}, pipeline.WithStatus(row.Status), pipeline.WithSuccess(success(row)))
	if err != nil {
		return v, err
	}
	out := chain.Run(ctx, d)
	v.take(&out, d)
	if v.Verdict == "invalid" {
		v.Reason, v.Causes = a.why(row, roots, docs, d, now, out.Err)
	}
	return v, nil
}

func success(row *provider.Provider) pipeline.Reply {
	reply := pipeline.Reply{Status: row.Success.Status, ContentType: row.Success.ContentType, Body: []byte(row.Success.Body)}
	for _, h := range row.Success.Headers {
		reply.Headers = append(reply.Headers, pipeline.Header(h))
	}
	return reply
}

// moment is the clock of the receiver; now if the line has none.
func (a *asked) moment() (time.Time, error) {
	if a.At == "" {
		return time.Now(), nil
	}
	seconds, err := a.At.Float64()
	if err != nil || seconds < 0 || seconds > 253402300799 { // the year 9999
		return time.Time{}, fmt.Errorf("%w: at must be in seconds since 1970", errInput)
	}
	whole := int64(seconds)
	return time.Unix(whole, int64((seconds-float64(whole))*1e9)).UTC(), nil
}

func (a *asked) delivery(now time.Time) (*pipeline.Delivery, error) {
	body := []byte(a.Body)
	if a.BodyBase64 != "" {
		var err error
		if body, err = base64.StdEncoding.DecodeString(a.BodyBase64); err != nil || a.Body != "" {
			return nil, fmt.Errorf("%w: body_base64 is no base64, or there is a body beside it", errInput)
		}
	}
	d := &pipeline.Delivery{Method: a.Method, PublicURL: a.URL, Body: body, ReceivedAt: now, RequestID: "explain"}
	if d.Method == "" {
		d.Method = "POST"
	}
	if u, err := url.Parse(a.URL); err == nil {
		d.Path, d.RawQuery = u.EscapedPath(), u.RawQuery
	}
	for name, all := range a.Headers {
		for _, value := range all {
			d.Headers = append(d.Headers, pipeline.Header{Name: strings.ToLower(name), Value: value})
		}
	}
	return d, nil
}

// config is the route's, as kong.yml would have it. Options are the stage's own
// (scheme, raw_key, public_url, setup) and the settings of the provider.
func (a *asked) config() verify.Config {
	c := verify.Config{ToleranceSeconds: a.Tolerance}
	for _, key := range a.Keys {
		c.Secrets = append(c.Secrets, verify.SecretConfig{Value: config.NewSecret(key)})
	}
	for name, value := range a.Options {
		text := fmt.Sprint(value)
		switch name {
		case "scheme":
			c.Scheme = text
		case "public_url":
			c.PublicURL = text
		case "raw_key":
			c.RawKey = text == "true"
		case "setup":
			c.Setup = text == "true"
		default:
			c.Settings = append(c.Settings, verify.SettingConfig{Name: name, Value: config.NewSecret(text)})
		}
	}
	return c
}

// why finds the causes of a refusal.
func (a *asked) why(row *provider.Provider, roots *x509.CertPool, docs documents, d *pipeline.Delivery, now time.Time, err error) (reason string, causes []string) {
	c := a.config()
	o := provider.Options{
		Scheme: c.Scheme, RawKey: c.RawKey, Tolerance: time.Duration(c.ToleranceSeconds) * time.Second,
		Settings: map[string]string{}, Roots: roots,
	}
	for _, s := range c.Secrets {
		o.Secrets = append(o.Secrets, provider.Secret{Value: s.Value.Reveal()})
	}
	for _, s := range c.Settings {
		o.Settings[s.Name] = s.Value.Reveal()
	}
	r := provider.Request{Method: d.Method, URL: d.PublicURL, Query: d.RawQuery, Headers: d.Headers, Body: d.Body}
	var doc []byte
	if v, verr := row.Verifier(o); verr == nil {
		if address, kerr := v.KeyURL(r); kerr == nil {
			doc = []byte(docs[address])
		}
	}
	for _, cause := range explain.Causes(explain.Case{Row: row, Options: o, Request: r, Now: now, Err: err, Document: doc, Others: true}) {
		if reason == "" {
			reason = cause.Name
		}
		causes = append(causes, cause.Text)
	}
	return reason, causes
}

// documents are the keys that the line brings along.
type documents map[string]string

// Renew implements verify.Keys.
func (d documents) Renew(ctx context.Context, address string) ([]byte, error) {
	return d.Get(ctx, address)
}

// Get implements verify.Keys.
func (d documents) Get(_ context.Context, address string) ([]byte, error) {
	text, ok := d[address]
	if !ok {
		return nil, errors.New("certificates of the line does not hold the document at " + address)
	}
	return []byte(text), nil
}

func (v *verdict) take(out *pipeline.Outcome, d *pipeline.Delivery) {
	v.Verdict, v.Code = "invalid", out.Code.String()
	v.Response = response{Status: out.Status, Headers: map[string]string{}, Body: string(out.Body)}
	for _, h := range out.Headers {
		v.Response.Headers[h.Name] = h.Value
	}
	switch out.Code {
	case pipeline.Handshake:
		v.Verdict = "handshake"
	case pipeline.Accepted:
		v.Verdict = "valid"
		v.Scheme, v.Key, v.ID = d.Verification.Scheme, d.Verification.SecretID, d.Verification.ID
	}
}

func (v *verdict) print(w io.Writer, asJSON bool) error {
	if asJSON {
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		return enc.Encode(v)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s, answered with %d", v.Provider, v.Verdict, v.Response.Status)
	if v.Verdict == "valid" {
		fmt.Fprintf(&b, " (scheme %s, key %s)", v.Scheme, v.Key)
	} else {
		fmt.Fprintf(&b, " %s", v.Code)
	}
	for _, cause := range v.Causes {
		b.WriteString("\n  " + cause)
	}
	_, err := fmt.Fprintln(w, b.String())
	return err
}
