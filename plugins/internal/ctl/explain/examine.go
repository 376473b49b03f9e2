package explain

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"webhookedge/plugins/internal/ctl/capture"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/verify"
)

// examined is a delivery with all that it is verified with.
type examined struct {
	row     *provider.Provider
	cfg     verify.Config
	d       *pipeline.Delivery
	now     time.Time
	roots   *x509.CertPool
	docs    documents
	unkeyed bool
	notes   []string
}

// explainLine verifies the delivery of a line. A key that nobody knows would be a header
// or a body that is not there.
func explainLine(ctx context.Context, line []byte, given *given) (*verdict, error) {
	var a asked
	err := json.Unmarshal(line, &a)
	v := &verdict{Provider: a.Provider, Causes: []string{}}
	if err != nil {
		return v, fmt.Errorf("%w: it is not JSON of the right form", errInput)
	}
	if err := capture.CheckNames(line, slices.Concat(lineKeys(), keptKeys(), noteKeys())); err != nil {
		return v, fmt.Errorf("%w: %s", errInput, strings.TrimPrefix(err.Error(), capture.ErrCapture.Error()+": "))
	}
	return explainAsked(ctx, given.complete(&a))
}

// explainAsked verifies one delivery through the stage of the edge.
func explainAsked(ctx context.Context, a *asked) (*verdict, error) {
	v := &verdict{Causes: []string{}}
	row, err := a.row()
	v.Provider = a.Provider
	if err != nil {
		return v, err
	}
	if a.Cut {
		return v, fmt.Errorf("%w: only the beginning of the body was kept", errInput)
	}
	x := &examined{row: row, roots: x509.NewCertPool(), docs: documents(a.Certificates), unkeyed: len(a.Keys) == 0}
	for _, text := range a.Certificates {
		x.roots.AppendCertsFromPEM([]byte(text))
	}
	if len(a.Removed) > 0 {
		x.notes = append(x.notes, "It was kept without "+strings.Join(a.Removed, ", ")+", which the proof may need; quarantine release --dry-run puts them back.")
	}
	var unknown []string
	if x.cfg, unknown, err = a.config(row); err != nil {
		return v, err
	}
	for _, name := range unknown {
		x.notes = append(x.notes, fmt.Sprintf("The option %q means nothing to %s and was passed over.", name, row.Name))
	}
	if x.now, err = a.moment(); err != nil {
		return v, err
	}
	if x.d, err = a.delivery(x.now); err != nil {
		return v, err
	}
	return v, x.judge(ctx, v)
}

// judge verifies by the named scheme, or else by the default and then the others.
func (x *examined) judge(ctx context.Context, v *verdict) error {
	out, chosen, weak, err := x.nearest(ctx)
	if err != nil {
		return unusable(err)
	}
	if chosen != x.cfg.Scheme && out.Passed() {
		note := "The settings of the edge must name the scheme " + chosen
		if weak {
			note += ", which is a weak one"
		}
		x.notes = append(x.notes, note+"; without that the default is verified.")
	}
	x.cfg.Scheme = chosen
	v.take(&out, x.d)
	v.Notes = x.notes
	if v.Verdict == "invalid" {
		v.Reason, v.Causes = x.why(&out)
	}
	return nil
}

// nearest returns the outcome nearest to a proof, its scheme, and whether that is weak.
func (x *examined) nearest(ctx context.Context) (out pipeline.Outcome, chosen string, weak bool, err error) {
	chosen = x.cfg.Scheme
	out, err = x.run(ctx, chosen)
	if chosen != "" {
		return out, chosen, false, err
	}
	for _, s := range x.row.Schemes[1:] {
		if err == nil && (out.Passed() || out.Code == pipeline.Handshake) {
			break
		}
		if s.Weak && s.Companion {
			continue // sent beside the default, so alone it is a downgrade
		}
		other, oerr := x.run(ctx, s.Name)
		if oerr == nil && (err != nil || closer(&other, &out)) {
			out, err, chosen, weak = other, nil, s.Name, s.Weak
		}
	}
	return out, chosen, weak, err
}

// closer reports whether a is nearer to a proof than b.
func closer(a, b *pipeline.Outcome) bool {
	rank := func(o *pipeline.Outcome) int {
		switch {
		case o.Passed():
			return 4
		case errors.Is(o.Err, provider.ErrStale), errors.Is(o.Err, provider.ErrFuture):
			return 3
		case errors.Is(o.Err, provider.ErrMismatch), o.Code == pipeline.KeyUnavailable:
			return 2
		case errors.Is(o.Err, provider.ErrMalformed):
			return 1
		}
		return 0
	}
	return rank(a) > rank(b)
}

func (x *examined) run(ctx context.Context, scheme string) (pipeline.Outcome, error) {
	cfg := x.cfg
	cfg.Scheme = scheme
	opts := []verify.Option{verify.WithKeys(x.docs), verify.WithRoots(x.roots), verify.WithUnpinned()}
	if x.unkeyed {
		opts = append(opts, verify.WithoutSecrets())
	}
	clock := func() time.Time { return x.now }
	stage, err := verify.New(x.row, cfg, clock, opts...)
	if err != nil && ofDocs(err) {
		if lenient, lerr := verify.New(x.row, cfg, clock, append(opts, verify.WithDocsSecrets())...); lerr == nil {
			x.note("The edge refuses these keys when it loads them: " + strings.Join(sentences(err), " "))
			stage, err = lenient, nil
		}
	}
	if err != nil {
		return pipeline.Outcome{}, err
	}
	chain, err := pipeline.NewChain([]pipeline.Stage{stage, asStored{}}, pipeline.WithStatus(x.row.Status), pipeline.WithSuccess(success(x.row)))
	if err != nil {
		return pipeline.Outcome{}, err
	}
	x.d.Verification = nil
	return chain.Run(ctx, x.d), nil
}

// asStored replaces the stages behind verify: it answers as if they had stored the event.
type asStored struct{}

// Name implements pipeline.Stage.
func (asStored) Name() string { return "publish" }

// Handle implements pipeline.Stage.
func (asStored) Handle(_ context.Context, d *pipeline.Delivery) error {
	d.Ack.By = pipeline.AckBroker
	return nil
}

func (x *examined) note(text string) {
	if !slices.Contains(x.notes, text) {
		x.notes = append(x.notes, text)
	}
}

// ofDocs reports whether nothing is wrong but that secrets look like those of docs.
func ofDocs(err error) bool {
	for _, e := range flat(err) {
		var secret *provider.SecretError
		if !errors.As(e, &secret) || !secret.Docs {
			return false
		}
	}
	return true
}

func success(row *provider.Provider) pipeline.Reply {
	reply := pipeline.Reply{Status: row.Success.Status, ContentType: row.Success.ContentType, Body: []byte(row.Success.Body)}
	for _, h := range row.Success.Headers {
		reply.Headers = append(reply.Headers, pipeline.Header(h))
	}
	return reply
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

// unusable is the error of a line whose keys or options cannot be used.
func unusable(err error) error {
	return fmt.Errorf("%w: %s", errInput, strings.TrimSuffix(strings.Join(sentences(err), " "), "."))
}
