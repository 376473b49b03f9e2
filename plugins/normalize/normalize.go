package normalize

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/provider"
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
	usual           string // media type of a request that names none
	allowUnverified bool
}

// Option sets an optional part of a Stage.
type Option func(*Stage)

// WithUnverified lets deliveries pass that nothing verified.
func WithUnverified() Option { return func(s *Stage) { s.allowUnverified = true } }

// New returns a stage for deliveries of row.
func New(row *provider.Provider, cfg Config, opts ...Option) (*Stage, error) {
	if row == nil {
		return nil, fmt.Errorf("provider: %w: the stage needs a row", ErrConfig)
	}
	s := &Stage{row: row, tenant: cfg.Tenant, usual: octets}
	if len(row.ContentTypes) > 0 {
		s.usual = row.ContentTypes[0]
	}
	for _, opt := range opts {
		opt(s)
	}
	return s, nil
}

// Name returns "normalize".
func (s *Stage) Name() string { return "normalize" }

// Handle sets d.Items, or refuses d with Malformed or Unverified. The event's
// data may refer to d.Body.
func (s *Stage) Handle(_ context.Context, d *pipeline.Delivery) error {
	v := d.Verification
	if !s.allowUnverified && (v == nil || v.Provider != s.row.Name) {
		return &pipeline.Reject{Code: pipeline.Unverified, Err: ErrUnverified}
	}
	p, err := s.payload(d)
	if err != nil {
		return &pipeline.Reject{Code: pipeline.Malformed, Err: err}
	}
	facts, err := s.row.Describe(provider.Request{Method: d.Method, URL: d.PublicURL, Headers: p.headers, Body: d.Body})
	if err != nil {
		return &pipeline.Reject{Code: pipeline.Malformed, Err: err}
	}
	if err := p.convert(s.row.Facts.FormJSON); err != nil {
		return &pipeline.Reject{Code: pipeline.Malformed, Err: err}
	}
	d.SetEvent(s.event(d, &facts, p))
	return nil
}

func (s *Stage) event(d *pipeline.Delivery, facts *provider.Facts, p *payload) *event.Event {
	e := &event.Event{
		ID: s.id(d, facts), Provider: s.row.Name, Type: facts.Type, Action: facts.Action,
		Subject: facts.Subject, Time: facts.Time, Tenant: facts.Tenant, RequestID: d.RequestID, ReceivedAt: d.ReceivedAt.UTC(),
		TraceParent: traceParent(d.Headers), DataContentType: p.contentType, Data: p.data, Binary: p.binary,
	}
	if e.Type == "" {
		// An action without an event would read as the event itself.
		e.Type, e.Action = unknown, ""
	}
	if s.tenant != "" {
		e.Tenant = s.tenant
	}
	e.Source = source(e.Provider, e.Tenant)
	if v := d.Verification; v != nil && v.Provider == s.row.Name {
		e.Verification, e.SecretID = v.Scheme, v.SecretID
	}
	return e
}

// id prefers what verify proved: a scheme that signs the id also keeps a second
// one from being slipped in beside it.
func (s *Stage) id(d *pipeline.Delivery, facts *provider.Facts) string {
	id := facts.ID
	if v := d.Verification; v != nil && v.Provider == s.row.Name && v.ID != "" {
		id = v.ID
	}
	switch {
	case id == "":
		return event.FallbackID(s.row.Name, d.Route, d.Body)
	case len(id) > maxID:
		return event.FallbackID(s.row.Name, "", []byte(id))
	default:
		return id
	}
}

func source(provider, tenant string) string {
	if tenant == "" {
		return "/webhooks/" + provider
	}
	return "/webhooks/" + provider + "/" + event.EscapeToken(tenant)
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
	if !isHex(trace) || !isHex(parent) || !isHex(flags) || strings.Trim(trace, "0") == "" || strings.Trim(parent, "0") == "" {
		return ""
	}
	return v
}

func isHex(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

var _ pipeline.Stage = (*Stage)(nil)
