package verify

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"slices"
	"strings"
	"time"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/probe"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/spec"
)

// ErrMethod means that the provider does not deliver with the request's method.
var ErrMethod = errors.New("method is not one of the provider's")

// ErrPeer means that the header of a client certificate comes from a peer that may
// not set it.
var ErrPeer = errors.New("peer may not pass on a client certificate")

// Keys fetches the documents in which providers publish their public keys.
type Keys interface {
	// Get returns the document at an https URL. It waits no longer than ctx.
	Get(ctx context.Context, url string) ([]byte, error)
	// Renew fetches one again in which the key of a delivery is not. It may
	// refuse, and should where it did so just now.
	Renew(ctx context.Context, url string) ([]byte, error)
}

// Stage verifies deliveries of one provider. It is immutable and safe for
// concurrent use.
type Stage struct {
	row       *provider.Provider
	verifier  *provider.Verifier
	keys      Keys
	log       *slog.Logger
	now       func() time.Time
	methods   []string
	publicURL string
	// publicHosts are those that count where there is no publicURL.
	publicHosts []string
	setup       bool
	setupFile   string
	upstream    bool
	unpinned    bool
	proxies     []netip.Prefix // that may show a client certificate
	unkeyed     bool
	docs        bool // secrets of docs are taken
	metrics     *Metrics
	counters    *counters
	roots       *x509.CertPool
	find        func(Refused) string
	// cause asks find; only a function holds the secrets.
	cause  func(provider.Request, time.Time, []byte, error) string
	probes map[string]probe.Key // by the id of the secret
	asks   []pipeline.Header    // of every refusal
}

// Option sets an optional part of a Stage.
type Option func(*Stage)

// WithUpstream tells the service behind Kong what was proved, in headers that
// the stage sets and no client can.
func WithUpstream() Option { return func(s *Stage) { s.upstream = true } }

// WithMetrics counts verifications in m.
func WithMetrics(m *Metrics) Option {
	return func(s *Stage) { s.metrics = m }
}

// WithKeys fetches the keys of providers that publish them. Without it their
// deliveries are refused unless the settings hold the keys.
func WithKeys(k Keys) Option { return func(s *Stage) { s.keys = k } }

// WithRoots trusts other authorities of certificates that are fetched than those
// of the system.
func WithRoots(roots *x509.CertPool) Option { return func(s *Stage) { s.roots = roots } }

// WithUnpinned drops the requirement of settings that tell a route's own deliveries from
// those of the provider's other customers. It is for tools, never for a route.
func WithUnpinned() Option { return func(s *Stage) { s.unpinned = true } }

// WithDocsSecrets takes secrets as providers' docs have them, short ones and
// placeholders. It is for tools, never for a route.
func WithDocsSecrets() Option { return func(s *Stage) { s.docs = true } }

// WithFinder puts into the log what find says of a delivery that was not proved: a
// sentence without a secret, a signature or a part of the body, "" for nothing.
// It runs on the sender's time, and who sends wrong signatures calls it, so it
// must bound what it does.
func WithFinder(find func(Refused) string) Option { return func(s *Stage) { s.find = find } }

// WithoutSecrets allows that there are no secrets, as setup does: every delivery is
// then refused, and handshakes that need no secret are answered.
func WithoutSecrets() Option { return func(s *Stage) { s.unkeyed = true } }

// WithLogger tells of handshakes that hand something over.
func WithLogger(l *slog.Logger) Option { return func(s *Stage) { s.log = l } }

// New validates cfg once, so that Handle cannot fail on configuration. The
// error joins everything that is wrong, each line with the path of its field.
func New(row *provider.Provider, cfg Config, now func() time.Time, opts ...Option) (*Stage, error) {
	if row == nil || now == nil {
		return nil, fmt.Errorf("provider: %w: the stage needs a row and a clock", ErrConfig)
	}
	s := &Stage{
		row: row, now: now, methods: row.AllowedMethods(), publicURL: cfg.PublicURL, publicHosts: cfg.PublicHosts,
		setup: cfg.Setup, setupFile: cfg.SetupFile, log: slog.New(slog.DiscardHandler),
	}
	for _, opt := range opts {
		opt(s)
	}
	o, err := cfg.options()
	o.Roots, o.Unkeyed = s.roots, cfg.Setup || s.unkeyed
	for i := range o.Secrets {
		o.Secrets[i].Docs = s.docs
	}
	if !s.unpinned {
		err = errors.Join(err, faults(row.Unpinned(o.Settings)))
	}
	all := o.Secrets
	o.Secrets = present(all)
	verifier, verr := row.Verifier(o)
	if verr != nil { // of everything that is wrong, the empty secrets are a part
		o.Secrets = all
		_, verr = row.Verifier(o)
	}
	if err = errors.Join(err, faults(verr)); err != nil {
		return nil, err
	}
	s.proxies, err = cfg.proxies(verifier.Scheme().Kind)
	if err = errors.Join(err, cfg.checkSigned(verifier)); err != nil && !s.unpinned {
		return nil, err
	}
	s.verifier, s.asks = verifier, challenge(verifier.Scheme().Kind)
	s.cause = func(r provider.Request, now time.Time, doc []byte, err error) string {
		if s.find == nil {
			return ""
		}
		return s.find(Refused{Row: row, Options: o, Request: r, Now: now, Document: doc, Err: err})
	}
	s.counters = s.metrics.of(row.Name, verifier.SecretIDs())
	s.probes = probeKeys(verifier, o.Secrets)
	return s, nil
}

// Name implements pipeline.Stage.
func (s *Stage) Name() string { return "verify" }

// Scheme returns the scheme that deliveries are proved by, with its settings filled in.
func (s *Stage) Scheme() spec.Scheme { return s.verifier.Scheme() }

// Tolerance returns how old a signed time may be, 0 where none is signed.
func (s *Stage) Tolerance() time.Duration { return s.verifier.Tolerance() }

// Handle sets the verification of d, or refuses d with MethodNotAllowed,
// SignatureInvalid or KeyUnavailable. It ends a handshake with a reply.
func (s *Stage) Handle(ctx context.Context, d *pipeline.Delivery) error {
	if !slices.Contains(s.methods, d.Method) {
		return &pipeline.Reject{Code: pipeline.MethodNotAllowed, Allow: strings.Join(s.methods, ", "), Err: ErrMethod}
	}
	url, err := s.url(d)
	if err != nil {
		return err
	}
	r := provider.Request{Method: d.Method, URL: url, Query: d.RawQuery, Headers: d.Headers, Body: d.Body}
	if err := s.handshake(ctx, r, false); err != nil {
		return err
	}
	if !s.row.Delivers(d.Method) && !s.row.Shakes(d.Method) {
		return &pipeline.Reject{Code: pipeline.MethodNotAllowed, Allow: strings.Join(s.methods, ", "), Err: ErrMethod}
	}
	if s.proxies != nil && !s.shows(d.Peer) {
		s.counters.count("", ErrPeer)
		return &pipeline.Reject{Code: pipeline.SignatureInvalid, Err: ErrPeer}
	}
	proof, probed, err := s.prove(ctx, r)
	if err != nil {
		return err
	}
	if r.Covers = proof.Covers; proof.Payload != nil {
		d.Payload, r.Body = proof.Payload, proof.Payload
	}
	d.Verification = &pipeline.Verification{
		Provider: s.row.Name, Scheme: proof.Scheme, SecretID: proof.SecretID,
		ID: proof.ID, IDSigned: proof.ID != "", Covers: proof.Covers, Signed: proof.Signed.String(),
		Decrypted: proof.Payload != nil, Probe: probed,
	}
	if proof.ID == "" {
		d.Verification.ID = s.row.DeliveryID(r)
	}
	if err := s.handshake(ctx, r, true); err != nil {
		return err
	}
	return s.tellUpstream(d, r)
}

// Decrypt sets the payload of a delivery that was proved before, by the record of its
// verification, and that the secrets of today may not prove. It refuses one that no key
// decrypts, with SignatureInvalid.
func (s *Stage) Decrypt(d *pipeline.Delivery) (err error) {
	r := provider.Request{Method: d.Method, Query: d.RawQuery, Headers: d.Headers, Body: d.Body}
	if d.Payload, err = s.verifier.Decrypt(r); err != nil {
		return &pipeline.Reject{Code: pipeline.SignatureInvalid, Err: err}
	}
	return nil
}

// prove verifies r, or refuses it, and reports whether it is a probe, which is not
// counted: its secret is not used by the provider.
func (s *Stage) prove(ctx context.Context, r provider.Request) (_ provider.Proof, probed bool, _ error) {
	now := s.now()
	proof, doc, err := s.verify(ctx, r, now)
	if err == nil {
		probed, err = s.probed(r, proof.SecretID, now)
	}
	if !probed {
		s.counters.count(proof.SecretID, err)
	}
	switch {
	case errors.Is(err, provider.ErrKeyDocument):
		return proof, false, &pipeline.Reject{Code: pipeline.KeyUnavailable, Err: err}
	case errors.Is(err, ErrProbe):
		return proof, false, &pipeline.Reject{Code: pipeline.SignatureInvalid, Err: err}
	case err != nil:
		return proof, false, &pipeline.Reject{Code: pipeline.SignatureInvalid, Headers: s.asks, Err: err, Cause: s.cause(r, now, doc, err)}
	}
	return proof, probed, nil
}

// verify returns what r proves and by which document of keys, nil where the
// settings hold them.
func (s *Stage) verify(ctx context.Context, r provider.Request, now time.Time) (proof provider.Proof, doc []byte, err error) {
	address, err := s.verifier.KeyURL(r)
	if err != nil {
		return proof, nil, err
	}
	if address == "" {
		proof, err = s.verifier.Verify(r, now)
		return proof, nil, err
	}
	if s.keys == nil {
		return proof, nil, fmt.Errorf("%w: the settings hold none, and nothing fetches it", provider.ErrKeyDocument)
	}
	ctx, cancel := context.WithTimeout(ctx, s.keyTimeout())
	defer cancel()
	if doc, err = s.keys.Get(ctx, address); err != nil {
		return proof, nil, fmt.Errorf("%w: %w", provider.ErrKeyDocument, err)
	}
	proof, err = s.verifier.VerifyWith(r, now, doc)
	if !errors.Is(err, provider.ErrMismatch) {
		return proof, doc, err
	}
	// The provider may have changed its keys since they were fetched.
	if other, rerr := s.keys.Renew(ctx, address); rerr == nil && !bytes.Equal(other, doc) {
		doc = other
		proof, err = s.verifier.VerifyWith(r, now, doc)
	}
	return proof, doc, err
}

// maxKeyTimeout bounds the wait for a key where nobody knows how long the provider
// waits.
const maxKeyTimeout = 5 * time.Second

// keyTimeout bounds the wait for a key: half of what the provider waits, so that the
// rest of the way has time, too.
func (s *Stage) keyTimeout() time.Duration {
	if s.row.Timeout > 0 {
		return min(s.row.Timeout/2, maxKeyTimeout)
	}
	return maxKeyTimeout
}

// shows reports whether a peer may say which certificate the client has.
func (s *Stage) shows(peer netip.Addr) bool {
	return slices.ContainsFunc(s.proxies, func(n netip.Prefix) bool { return n.Contains(peer.Unmap()) })
}

// NeedsConnection reports whether a delivery must hold its peer or, because the
// provider signs its URL and no setting says what that is, its public URL.
func (s *Stage) NeedsConnection() bool {
	return s.publicURL == "" && s.verifier.SignsURL() || s.proxies != nil
}

// UnprovedCopies returns how many copies of a body the stage makes, beside the body
// itself, before it knows whether its sender is proved.
func (s *Stage) UnprovedCopies() int { return s.verifier.UnprovedCopies() }

var _ pipeline.Stage = (*Stage)(nil)
