package policy

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus"

	"webhookedge/plugins/internal/bound"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/telemetry"
	"webhookedge/plugins/policy/engine"
	"webhookedge/plugins/provider"
)

const name = "policy"

// The reasons for which a delivery is refused.
var (
	ErrNone    = errors.New("no policy was ever loaded")
	ErrStale   = errors.New("the policy is older than max_stale_seconds allows")
	ErrDenied  = errors.New("the policy refuses the event")
	ErrNoEvent = errors.New("no stage made an event")
	ErrRedact  = errors.New("cannot redact what the policy names")
	ErrAlone   = errors.New("the policy asks for what only webhook-edge can do")
)

// Stage asks a policy about every event. It is safe for concurrent use.
type Stage struct {
	cfg      Config
	pool     *Pool
	lease    *lease // of the policy
	timeout  time.Duration
	maxStale time.Duration
	alone    bool
	closed   atomic.Bool
	redact   redactors
	outcomes map[string]prometheus.Counter
	labels   map[engine.Label]prometheus.Counter
	rest     prometheus.Counter // of labels that are not configured

	broker    *broker    // nil without NATS
	candidate *candidate // nil without one
}

// Option sets an optional part of a Stage.
type Option func(*Stage)

// Alone is for a plugin without publish: decisions may only pass or refuse.
func Alone() Option { return func(s *Stage) { s.alone = true } }

// WithNATS publishes candidate differences, and decision logs if OPA's configuration says so.
func WithNATS(client func(context.Context) (jetstream.JetStream, error), servers ...string) Option {
	return func(s *Stage) { s.broker = &broker{strings.Join(servers, ","), client} }
}

// New returns a stage with a policy out of pool. A policy that cannot be loaded is no error:
// it is logged, and deliveries are refused until it can. Close ends the lease.
func New(row *provider.Provider, cfg Config, pool *Pool, opts ...Option) (*Stage, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	if !cfg.On() {
		return nil, fmt.Errorf("directory: %w: neither it nor opa_config is set", ErrConfig)
	}
	s := &Stage{
		cfg: cfg, pool: pool, timeout: time.Duration(cfg.TimeoutMS) * time.Millisecond,
		maxStale: time.Duration(cfg.MaxStaleSeconds) * time.Second,
		outcomes: pool.metrics.outcomes(row.Name, cfg.Mode), labels: map[engine.Label]prometheus.Counter{},
		rest: pool.metrics.labels.WithLabelValues(telemetry.Other, telemetry.Other),
	}
	s.redact.key = cfg.RedactKey.Bytes()
	for _, l := range cfg.labels() {
		s.labels[l] = pool.metrics.labels.WithLabelValues(l.Name, l.Value)
	}
	for _, opt := range opts {
		opt(s)
	}
	var err error
	if s.lease, err = pool.acquire(&s.cfg, s.broker); err != nil {
		return nil, err
	}
	s.source().decides.Store(true)
	s.source().announce()
	if cfg.Candidate.Directory != "" {
		if err := s.openCandidate(row.Name); err != nil {
			s.lease.release()
			return nil, err
		}
	}
	return s, nil
}

func (s *Stage) source() *source { return s.lease.Value() }

// Name returns "policy".
func (*Stage) Name() string { return name }

// Reads returns where the policy reads the input, nothing where none is loaded.
func (s *Stage) Reads() []engine.Read {
	if s == nil {
		return nil
	}
	if current := s.source().current.Load(); current != nil {
		return current.policy.Reads()
	}
	return nil
}

// Close gives the policy back. The stage must not be used any more.
func (s *Stage) Close() {
	if s != nil && s.closed.CompareAndSwap(false, true) {
		s.candidate.close()
		s.lease.release()
	}
}

// Handle decides every event of d, and drops refused ones; without any left d is refused.
func (s *Stage) Handle(ctx context.Context, d *pipeline.Delivery) error {
	if len(d.Items) == 0 {
		return ErrNoEvent
	}
	current := s.current(ctx)
	now := s.pool.now()
	if err := s.usable(current, now); err != nil || current == nil {
		return err
	}
	if d.Probed() { // of an event of ours, no policy knows anything
		return nil
	}
	var first error
	left := 0
	for i := range d.Items {
		item := &d.Items[i]
		if item.Event == nil || item.Drop {
			continue
		}
		decision, err := s.decide(ctx, current, d, item, now)
		if s.cfg.Mode == modeShadow {
			s.shadow(d, item, decision, err)
			continue
		}
		if err == nil {
			err = s.apply(item, decision)
		}
		var refused *refusal
		switch {
		case err == nil:
			left++
		case !errors.As(err, &refused):
			return err // a fault: nothing of the delivery is published
		default:
			item.Drop = true
			if first == nil {
				first = &refused.Reject
			}
		}
	}
	if left == 0 && s.cfg.Mode == modeEnforce {
		return first
	}
	return nil
}

// current is the policy in use. The mode shadow does not wait for the first one.
func (s *Stage) current(ctx context.Context) *loaded {
	if s.cfg.Mode == modeShadow {
		return s.source().current.Load()
	}
	return s.source().wait(ctx)
}

// usable is nil for a policy that may decide, and for none in the mode shadow.
func (s *Stage) usable(current *loaded, now time.Time) error {
	switch {
	case s.cfg.Mode == modeShadow:
		return nil
	case current == nil:
		return &pipeline.Reject{Code: pipeline.PolicyUnavailable, Err: ErrNone}
	case s.maxStale > 0 && s.source().stale(now) > s.maxStale:
		return &pipeline.Reject{Code: pipeline.PolicyUnavailable, Err: ErrStale}
	}
	return nil
}

func (s *Stage) decide(ctx context.Context, current *loaded, d *pipeline.Delivery, item *pipeline.Item, now time.Time) (*engine.Decision, error) {
	ctx, cancel := bound.WithTimeout(ctx, s.timeout)
	defer cancel()
	in := engine.Input{Event: item.Event, Request: d}
	decision, err := current.policy.Eval(ctx, in, now)
	s.candidate.ask(in, decision, now)
	if s.source().logging() {
		s.source().record(entry{current, current.policy.Document(in), decision, err, now, d.RequestID})
	}
	if err != nil {
		s.outcomes[engine.Failed].Inc()
		return nil, &pipeline.Reject{Code: failure(err), Err: err}
	}
	s.count(decision)
	return decision, nil
}

// failure is the code of an event about which nothing was decided.
func failure(err error) pipeline.Code {
	if errors.Is(err, engine.ErrTimeout) {
		return pipeline.PolicyUnavailable
	}
	return pipeline.PolicyFailed
}

func (s *Stage) count(d *engine.Decision) {
	s.outcomes[d.Outcome()].Inc()
	s.pool.metrics.rule(d.Rule).Inc()
	for _, l := range d.Labels {
		if c, ok := s.labels[l]; ok {
			c.Inc()
		} else {
			s.rest.Inc()
		}
	}
}

func (s *Stage) shadow(d *pipeline.Delivery, item *pipeline.Item, decision *engine.Decision, err error) {
	attrs := []slog.Attr{
		slog.String("request_id", d.RequestID), slog.String("stage", name), slog.String("provider", item.Event.Provider),
		slog.String("event_type", item.Event.FullType()),
	}
	switch {
	case err != nil:
		attrs = append(attrs, slog.String("err", err.Error()))
	case decision.Allow && !decision.Quarantine:
		return // as it is
	default:
		attrs = append(attrs, slog.String("outcome", decision.Outcome()), slog.String("rule", decision.Rule), slog.String("err", decision.Reason))
	}
	s.pool.log.LogAttrs(context.Background(), slog.LevelInfo, "policy in shadow mode would not publish", attrs...)
}

var _ pipeline.Stage = (*Stage)(nil)
