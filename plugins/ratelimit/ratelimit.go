package ratelimit

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/pool"
	"webhookedge/plugins/internal/telemetry"
)

// Why a delivery is refused.
var (
	ErrOverLimit      = errors.New("over the limit")
	ErrUnknownAddress = errors.New("the client address is unknown, so it cannot be counted")
)

// Stage counts deliveries and refuses those over a limit. It is safe for concurrent use.
type Stage struct {
	provider    string
	observe     bool
	scope       string // the beginning of all keys
	grouped     bool   // the scope is a group's, and routes have none of their own
	onError     string
	early, late []policy
	stores      *Stores
	remote      *pool.Lease[remoteKey, *remote] // nil for the store memory
	log         *slog.Logger
	counters    *counters
}

// New validates cfg once, so that Handle cannot fail on it. The error joins all faults, each
// with the path of its field. A stage holds its store until Close.
func New(provider string, cfg Config, stores *Stores) (*Stage, error) {
	if stores == nil {
		return nil, fmt.Errorf("store: %w: the stage needs stores", ErrConfig)
	}
	err := cfg.usable()
	if err != nil {
		return nil, err
	}
	rules, _ := cfg.rules() // usable said what is wrong
	s := &Stage{
		provider: provider, observe: cfg.Mode == ModeObserve, onError: cfg.OnStoreError,
		scope: "{" + cfg.Redis.Prefix + ":provider:" + safe(provider) + "}", grouped: cfg.Group != "",
		early: policies(rules, false), late: policies(rules, true),
		stores: stores, log: stores.log, counters: stores.metrics.of(provider, cmp.Or(cfg.Mode, ModeEnforce)),
	}
	if s.grouped {
		s.scope = "{" + cfg.Redis.Prefix + ":group:" + cfg.Group + "}"
	}
	if cfg.Store == StoreRedis {
		if len(s.early) > 0 && len(s.late) > 0 {
			cfg.Redis.TimeoutMS = max(1, cfg.Redis.TimeoutMS/2) // the delivery asks twice
		}
		if s.remote, err = stores.acquire(&cfg.Redis); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// Close gives the store up. The stage must not be used any more.
func (s *Stage) Close() {
	if s.remote != nil {
		s.remote.Release()
	}
}

// Name implements pipeline.Stage.
func (s *Stage) Name() string { return "ratelimit" }

// Handle applies the limits that need no proof of the sender. It refuses with RateLimited,
// with LimiterUnavailable if on_store_error is refuse, and with IPDenied for an unknown address.
func (s *Stage) Handle(ctx context.Context, d *pipeline.Delivery) error {
	return s.apply(ctx, d, s.early)
}

// afterNormalize is the stage's second part.
type afterNormalize struct{ *Stage }

// AfterNormalize returns the limits by tenant and event type, nil where there are none.
func (s *Stage) AfterNormalize() pipeline.Stage {
	if len(s.late) == 0 {
		return nil
	}
	return afterNormalize{s}
}

// Handle applies the limits that need the event, and refuses as Stage.Handle does.
func (s afterNormalize) Handle(ctx context.Context, d *pipeline.Delivery) error {
	return s.apply(ctx, d, s.late)
}

func (s *Stage) apply(ctx context.Context, d *pipeline.Delivery, ps []policy) error {
	if len(ps) == 0 {
		return nil
	}
	var room [4]window
	windows, err := s.windows(d, ps, room[:0])
	if err != nil {
		return s.refuse(d, &pipeline.Reject{Code: pipeline.IPDenied, Err: err}, resultUnknown)
	}
	if len(windows) == 0 {
		return nil // no event, no tenant
	}
	var few [4]count
	counts := few[:]
	if len(windows) > len(few) {
		counts = make([]count, len(windows))
	}
	full, result, err := s.take(ctx, windows, counts)
	switch {
	case err != nil:
		return s.refuse(d, &pipeline.Reject{Code: pipeline.LimiterUnavailable, Err: err}, resultUnavailable)
	case full < 0:
		s.counters.results[result].Inc()
		return nil
	}
	w := &windows[full]
	s.counters.over[w.policy.rule.by].Inc()
	return s.refuse(d, &pipeline.Reject{
		Code: pipeline.RateLimited, RetryAfter: counts[full].reset, Headers: headers(ps, w, counts[full]),
		Err: fmt.Errorf("%w: %s of %d in %d s", ErrOverLimit, w.policy.name, w.rate.Limit, seconds(w.rate.Period)),
	}, result)
}

// take counts in the store, or as on_store_error says.
func (s *Stage) take(ctx context.Context, windows []window, counts []count) (full int, r result, err error) {
	hot := false
	if s.remote != nil {
		full, hot, err = s.remote.Value().guard.take(ctx, windows, counts)
	}
	switch {
	case err != nil && s.onError == OnErrorAllow:
		return -1, resultPassedUncounted, nil
	case err != nil && s.onError == OnErrorRefuse:
		return -1, resultUnavailable, err
	case err != nil, s.remote == nil:
		full, err = s.stores.local.take(ctx, windows, counts)
	}
	switch {
	case full < 0:
		return full, resultPassed, err
	case hot:
		return full, resultRefusedHot, err
	}
	return full, resultRefused, err
}

func (s *Stage) refuse(d *pipeline.Delivery, r *pipeline.Reject, why result) error {
	s.counters.results[why].Inc()
	if !s.observe {
		return r
	}
	s.log.Info("would be refused by a limit", telemetry.KeyRequestID, d.RequestID, telemetry.KeyStage, s.Name(),
		telemetry.KeyProvider, s.provider, telemetry.KeyClientIP, d.ClientIP.String(), telemetry.KeyErr, r.Err.Error())
	return nil
}

// headers say which limits there are and which is used up: RateLimit and RateLimit-Policy as in
// draft-ietf-httpapi-ratelimit-headers-11, and the older X-RateLimit-*, with a reset in
// seconds as in the draft (GitHub's is a Unix time).
func headers(ps []policy, w *window, c count) []pipeline.Header {
	texts := make([]string, len(ps))
	for i := range ps {
		texts[i] = ps[i].text
	}
	reset := strconv.FormatInt(max(1, int64((c.reset+999_999_999)/1_000_000_000)), 10)
	return []pipeline.Header{
		{Name: "ratelimit-policy", Value: strings.Join(texts, ", ")},
		{Name: "ratelimit", Value: fmt.Sprintf("%q;r=0;t=%s", w.policy.name, reset)},
		{Name: "x-ratelimit-limit", Value: strconv.FormatInt(w.rate.Limit, 10)},
		{Name: "x-ratelimit-remaining", Value: "0"},
		{Name: "x-ratelimit-reset", Value: reset},
	}
}

var _ pipeline.Stage = (*Stage)(nil)
