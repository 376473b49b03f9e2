package normalize

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"github.com/prometheus/client_golang/prometheus"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/payloadschema"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/redact"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/spec"
)

const (
	// unknown is the type of an event that the provider does not name.
	unknown = "unknown"
	// maxID is the largest id that is kept as it is, in bytes; above it an id
	// is replaced by its hash. It is what provider allows for a fact.
	maxID = 256
)

// ErrUnverified is a delivery that nothing verified for this provider.
var ErrUnverified = errors.New("nothing verified the delivery for this provider")

// Stage makes events of one provider's deliveries. It is immutable and safe for
// concurrent use.
type Stage struct {
	row             *provider.Provider
	tenant          string
	separator       string // of the levels of event names
	files           string
	duplicates      spec.DuplicateKeys
	maxExpanded     int
	tokens          []string // parameters of the URL that are secrets
	allowUnverified bool
	splitter        *splitter // nil keeps a batch as one event

	redactor *redact.Redactor // nil without rules
	ofLines  *redact.Redactor // of a payload that was lines of JSON; nil without rules
	paths    *paths           // of redactor
	telling  []bool           // for each rule, whether it may change a fact

	schemas       *payloadschema.Set // nil without validation
	onInvalid     string
	requireSchema bool
	invalid       prometheus.Counter

	store   *payloadschema.Store
	metrics *Metrics
}

// Option sets an optional part of a Stage.
type Option func(*Stage)

// WithUnverified lets deliveries pass that nothing verified.
func WithUnverified() Option { return func(s *Stage) { s.allowUnverified = true } }

// WithMetrics counts in m.
func WithMetrics(m *Metrics) Option { return func(s *Stage) { s.metrics = m } }

// WithSchemas takes schemas from store, which stages share, instead of one of
// the stage's own.
func WithSchemas(store *payloadschema.Store) Option { return func(s *Stage) { s.store = store } }

// New validates cfg once, so that Handle cannot fail on configuration. The
// error joins everything that is wrong, each line with the path of its field.
// Close gives up what the stage holds.
func New(row *provider.Provider, cfg Config, opts ...Option) (*Stage, error) {
	if row == nil {
		return nil, fmt.Errorf("provider: %w: the stage needs a row", ErrConfig)
	}
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	s := &Stage{
		row: row, tenant: cfg.Tenant, separator: row.Separator(), files: cfg.Files,
		maxExpanded: cmp.Or(cfg.MaxExpandedBytes, defaultExpanded), tokens: tokensOf(row),
		onInvalid: cfg.Validation.OnInvalid, requireSchema: cfg.Validation.RequireSchema,
	}
	if s.duplicates = cfg.DuplicateKeys; row.DuplicateKeys == spec.DuplicatesLast {
		s.duplicates = row.DuplicateKeys
	}
	for _, opt := range opts {
		opt(s)
	}
	var err error
	if s.splitter, err = splitterOf(row, cfg.Batch); err != nil {
		return nil, err
	}
	if s.redactor, err = cfg.redactor(cfg.rules()); err != nil {
		return nil, err
	}
	if s.ofLines, err = cfg.redactor(ofLines(cfg.rules())); err != nil {
		return nil, err
	}
	if err := s.openSchemas(&cfg.Validation); err != nil {
		return nil, err
	}
	if s.redactor != nil {
		s.paths, s.telling = newPaths(row.Name, cfg.Redact), tellingRules(s.redactor, row, len(cfg.Redact))
		s.metrics.watch(s.paths)
	}
	return s, nil
}

func (s *Stage) openSchemas(cfg *ValidationConfig) error {
	if !cfg.on() {
		return nil
	}
	if s.store == nil {
		s.store = payloadschema.NewStore(slog.New(slog.DiscardHandler), nil)
	}
	schemas, err := s.store.Open(cfg.Directory)
	if err != nil {
		return fmt.Errorf("validation.directory: %w", err)
	}
	s.schemas, s.invalid = schemas, s.metrics.invalidOf(s.row.Name, cfg.OnInvalid)
	return nil
}

// Name returns "normalize".
func (s *Stage) Name() string { return "normalize" }

// Close gives up schemas and metrics. The stage must not be used any more. A nil
// stage has nothing to give up.
func (s *Stage) Close() {
	if s == nil {
		return
	}
	if s.schemas != nil {
		s.schemas.Close()
	}
	s.metrics.forget(s.paths)
}

// Handle sets d.Items, or refuses d with Malformed, BodyTooLarge, Unverified or
// PayloadInvalid. The data of events may refer to d.Body.
func (s *Stage) Handle(_ context.Context, d *pipeline.Delivery) error {
	v := d.Verification
	if !s.allowUnverified && (v == nil || v.Provider != s.row.Name) {
		return &pipeline.Reject{Code: pipeline.Unverified, Err: ErrUnverified}
	}
	if v != nil && v.Probe {
		d.Items = []pipeline.Item{s.probe(d)}
		return nil
	}
	p, err := s.open(d)
	if err == nil {
		err = s.events(d, p)
	}
	if err == nil {
		return nil
	}
	return rejected(err)
}

// events sets d.Items: an event an item of a batch, or one.
func (s *Stage) events(d *pipeline.Delivery, p *payload) error {
	facts, err := s.describe(p)
	if err != nil {
		return err
	}
	if s.splitter != nil && !p.binary && (s.row.Batch == nil || s.row.Batch.Has(p.headers)) {
		parts, err := s.splitter.find(p.data)
		switch {
		case err != nil:
			return err
		case len(parts) > 0:
			return s.split(d, p, parts, &facts)
		}
	}
	// What is redacted must not come back as the subject or the tenant.
	l, err := s.redact(d, p, p.data)
	if err == nil && l.facts {
		facts, err = s.describeLeft(p, l.data)
	}
	if err != nil {
		return err
	}
	return s.keep(d, p, l, &facts)
}

func (s *Stage) keep(d *pipeline.Delivery, p *payload, l left, facts *provider.Facts) error {
	e := s.event(d, facts, p)
	e.Data, e.Redacted = l.data, l.any
	told := s.told(d, p, facts)
	key := s.row.Key(&told)
	if e.ID = told.ID; told.ID == "" {
		e.ID = event.FallbackID(nil, s.row.Name, d.Route, key)
	}
	item, err := s.item(e, p.data)
	if err == nil {
		item.Key = key
		d.Items = []pipeline.Item{item}
	}
	return err
}

// event makes an event without its id and data.
func (s *Stage) event(d *pipeline.Delivery, facts *provider.Facts, p *payload) *event.Event {
	e := &event.Event{
		Provider: s.row.Name, Type: facts.Type, Action: facts.Action, Separator: s.separator,
		Subject: facts.Subject, Time: facts.Time, Tenant: facts.Tenant, RequestID: d.RequestID, ReceivedAt: d.ReceivedAt.UTC(),
		TraceParent: cmp.Or(d.TraceParent, traceParent(d.Headers)), DataContentType: p.contentType, Binary: p.binary,
	}
	if e.Type == "" {
		// An action without an event would read as the event itself.
		e.Type, e.Action = unknown, ""
	}
	e.Unsigned = facts.Unsigned
	if s.tenant != "" {
		e.Tenant = s.tenant
		e.Unsigned = slices.DeleteFunc(slices.Clone(e.Unsigned), func(name string) bool { return name == "tenant" })
	}
	e.Source = event.Source(e.Provider, e.Tenant)
	if v := d.Verification; v != nil && v.Provider == s.row.Name {
		e.Verification, e.SecretID, e.Decrypted = v.Scheme, v.SecretID, v.Decrypted
		if v.IDSigned && v.ID != "" && slices.Contains(e.Unsigned, "id") {
			e.Unsigned = slices.DeleteFunc(slices.Clone(e.Unsigned), func(name string) bool { return name == "id" })
		}
	}
	return e
}

// told is what the identity of a delivery is made of. The id that verify proved comes
// before the one in the delivery: beside a signed id, nobody can slip in a second one.
func (s *Stage) told(d *pipeline.Delivery, p *payload, facts *provider.Facts) provider.Told {
	t := provider.Told{Route: d.Route, Request: d.RequestID, Facts: *facts, ID: facts.ID}
	if t.Request == "" {
		t.Request = rand.Text()
	}
	t.Proved = !slices.Contains(facts.Unsigned, "id")
	if v := d.Verification; v != nil && v.Provider == s.row.Name {
		t.Signed = v.Signed
		// Who shows a secret signs nothing, and nobody else can have sent it.
		t.Proved = t.Proved || len(v.Covers) == 0
		if v.ID != "" {
			t.ID, t.Proved = v.ID, t.Proved || v.IDSigned
		}
	}
	if len(t.ID) > maxID {
		t.ID = event.FallbackID(nil, t.ID)
	}
	if t.Signed == "" && (t.ID == "" || !t.Proved || s.row.Identity.Content) {
		t.Signed = provider.DigestOf(s.row.Lasting(p.sent)).String()
	}
	return t
}

// traceParent returns the request's traceparent where it is one of version 00
// (W3C Trace Context, section 3.2), else "". One that is not valid must not be
// passed on, and later versions may mean more than is known here.
func traceParent(h pipeline.Headers) string {
	v, n := h.Get("traceparent")
	if n != 1 || len(v) != len("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01") || v[:3] != "00-" || v[35] != '-' || v[52] != '-' {
		return ""
	}
	trace, parent, flags := v[3:35], v[36:52], v[53:]
	if strings.Trim(trace+parent+flags, "0123456789abcdef") != "" || strings.Trim(trace, "0") == "" || strings.Trim(parent, "0") == "" {
		return ""
	}
	return v
}

var _ pipeline.Stage = (*Stage)(nil)
