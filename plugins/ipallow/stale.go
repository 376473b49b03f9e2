package ipallow

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/telemetry"
)

// staleInterval is how often a provider's list is said to be stale in the log.
const staleInterval = time.Hour

// staleness is what a process noticed about the lists of one provider.
type staleness struct {
	suspected prometheus.Counter
	toldAt    atomic.Int64 // Unix time in nanoseconds, 0 for never
}

func (s *staleness) tell(now time.Time) bool {
	last := s.toldAt.Load()
	due := last == 0 || now.UnixNano()-last >= int64(staleInterval)
	return due && s.toldAt.CompareAndSwap(last, now.UnixNano())
}

// afterVerify is the stage's second part.
type afterVerify struct{ *Stage }

// AfterVerify returns the part of s that stands behind verify, nil without published lists. It
// refuses nothing: a proved delivery from an address off the provider's list shows that the
// list is outdated. It sees those that allow let in, and with observe all.
func (s *Stage) AfterVerify() pipeline.Stage {
	if len(s.published) == 0 {
		return nil
	}
	return afterVerify{s}
}

// Handle notices that the published lists miss the address of a proved sender.
func (s afterVerify) Handle(_ context.Context, d *pipeline.Delivery) error {
	if d.Verification == nil || s.listed(d.ClientIP.Unmap()) {
		return nil
	}
	s.stale.suspected.Inc()
	if s.stale.tell(s.lists.now()) {
		s.log.Warn("the published address list may be stale: a proved sender is not on it", telemetry.KeyRequestID, d.RequestID,
			telemetry.KeyStage, s.Name(), telemetry.KeyProvider, s.provider, telemetry.KeyClientIP, d.ClientIP.String())
	}
	return nil
}
