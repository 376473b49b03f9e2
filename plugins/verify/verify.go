package verify

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/provider"
)

// ErrMethod means that the provider does not deliver with the request's method.
var ErrMethod = errors.New("method is not one of the provider's")

// Stage verifies deliveries of one provider. It is immutable and safe for
// concurrent use.
type Stage struct {
	row       *provider.Provider
	verifier  *provider.Verifier
	now       func() time.Time
	methods   []string
	publicURL string
	upstream  bool
	counters  *counters
}

// Option sets an optional part of a Stage.
type Option func(*Stage)

// WithUpstream tells the service behind Kong what was proved, in headers that
// the stage sets and no client can.
func WithUpstream() Option { return func(s *Stage) { s.upstream = true } }

// WithMetrics counts verifications in m.
func WithMetrics(m *Metrics) Option {
	return func(s *Stage) { s.counters = m.of(s.row.Name) }
}

// New validates cfg once, so that Handle cannot fail on configuration. The
// error joins everything that is wrong, each line with the path of its field.
func New(row *provider.Provider, cfg Config, now func() time.Time, opts ...Option) (*Stage, error) {
	if row == nil || now == nil {
		return nil, fmt.Errorf("provider: %w: the stage needs a row and a clock", ErrConfig)
	}
	o, err := cfg.options()
	verifier, verr := row.Verifier(o)
	if verr != nil {
		err = errors.Join(err, faults(verr))
	}
	if err != nil {
		return nil, err
	}
	s := &Stage{row: row, verifier: verifier, now: now, methods: row.AllowedMethods(), publicURL: cfg.PublicURL}
	for _, opt := range opts {
		opt(s)
	}
	return s, nil
}

// Name implements pipeline.Stage.
func (s *Stage) Name() string { return "verify" }

// Handle sets the verification of d, or refuses d with MethodNotAllowed or
// SignatureInvalid. It ends a handshake with a reply.
func (s *Stage) Handle(_ context.Context, d *pipeline.Delivery) error {
	if !slices.Contains(s.methods, d.Method) {
		return &pipeline.Reject{Code: pipeline.MethodNotAllowed, Allow: strings.Join(s.methods, ", "), Err: ErrMethod}
	}
	r := provider.Request{Method: d.Method, URL: s.url(d), Headers: d.Headers, Body: d.Body}
	if h := s.row.Handshake; h != nil && h.Unsigned {
		if err := s.handshake(r); err != nil {
			return err
		}
	}
	proof, err := s.verifier.Verify(r, s.now())
	s.counters.count(err)
	if err != nil {
		return &pipeline.Reject{Code: pipeline.SignatureInvalid, Err: err}
	}
	if proof.ID == "" {
		proof.ID = s.row.DeliveryID(r)
	}
	d.Verification = &pipeline.Verification{
		Provider: s.row.Name, Scheme: proof.Scheme, SecretID: proof.SecretID, ID: proof.ID,
	}
	if err := s.handshake(r); err != nil {
		return err
	}
	return s.tellUpstream(d, r)
}

// url returns the URL that the sender called.
func (s *Stage) url(d *pipeline.Delivery) string {
	switch {
	case s.publicURL == "":
		return d.PublicURL
	case d.RawQuery == "":
		return s.publicURL
	}
	return s.publicURL + "?" + d.RawQuery
}

// handshake returns the reply where r is a handshake, nil where it is not.
func (s *Stage) handshake(r provider.Request) error {
	answer, is, err := s.row.AnswerHandshake(r)
	switch {
	case err != nil:
		return &pipeline.Reject{Code: pipeline.Malformed, Err: err}
	case !is:
		return nil
	}
	return &pipeline.Reply{
		Code: pipeline.Handshake, Status: answer.Status, ContentType: answer.ContentType, Body: []byte(answer.Body),
	}
}

var _ pipeline.Stage = (*Stage)(nil)
