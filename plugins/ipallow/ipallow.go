package ipallow

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"slices"

	"github.com/gaissmai/bart"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/pool"
	"webhookedge/plugins/internal/telemetry"
	"webhookedge/plugins/provider"
)

// Why a delivery is refused.
var (
	ErrUnknown   = errors.New("the client address is unknown")
	ErrDenied    = errors.New("the client address is on the deny list")
	ErrNotListed = errors.New("the client address is on no list that allows it")
)

// Stage admits deliveries by client address. It is safe for concurrent use.
type Stage struct {
	provider    string
	observe     bool
	open        bool // who is not denied may deliver
	allow, deny *bart.Lite
	lists       *Lists
	published   []*pool.Lease[listKey, *list]
	log         *slog.Logger
	counters    counters
	stale       *staleness
}

// New validates cfg once, so that Handle cannot fail on it. The error joins all faults, each
// with the path of its field. A stage holds its lists until Close.
func New(row *provider.Provider, cfg Config, lists *Lists) (*Stage, error) {
	if row == nil || lists == nil {
		return nil, fmt.Errorf("provider: %w: the stage needs a row and lists", ErrConfig)
	}
	if err := cfg.Check(row); err != nil {
		return nil, err
	}
	allow, _ := prefixes("allow", cfg.Allow) // Check said what is wrong
	deny, _ := prefixes("deny", cfg.Deny)
	s := &Stage{
		provider: row.Name, observe: cfg.Mode == ModeObserve,
		open:  len(cfg.Allow) == 0 && !cfg.ProviderRanges,
		allow: trie(allow), deny: trie(deny), lists: lists, log: lists.log,
		counters: lists.metrics.counters(row.Name, cmp.Or(cfg.Mode, ModeEnforce)),
	}
	if cfg.ProviderRanges {
		if err := s.publish(row, &cfg.Ranges); err != nil {
			s.Close()
			return nil, err
		}
	}
	return s, nil
}

func (s *Stage) publish(row *provider.Provider, cfg *RangesConfig) error {
	s.stale = s.lists.metrics.staleness(row.Name)
	for _, r := range row.Ranges {
		lease, err := s.lists.acquire(r, cfg)
		if err != nil {
			return err
		}
		s.published = append(s.published, lease)
		if one := lease.Value(); one.key.url == "" && len(one.state.Load().prefixes) == 0 {
			return fmt.Errorf("ranges.refresh: %w: the list %s has no snapshot, so it must be fetched", ErrConfig, r.Name)
		}
	}
	return nil
}

// Close gives the lists up. The stage must not be used any more.
func (s *Stage) Close() {
	for _, lease := range s.published {
		lease.Release()
	}
}

// Name implements pipeline.Stage.
func (s *Stage) Name() string { return "ipallow" }

// Handle refuses d with IPDenied unless its client address is allowed.
func (s *Stage) Handle(_ context.Context, d *pipeline.Delivery) error {
	err := s.check(d.ClientIP)
	s.counters.count(err)
	if err == nil {
		return nil
	}
	if s.observe {
		s.log.Info("would be refused by its address", telemetry.KeyRequestID, d.RequestID, telemetry.KeyStage, s.Name(),
			telemetry.KeyProvider, s.provider, telemetry.KeyClientIP, d.ClientIP.String(), telemetry.KeyErr, err.Error())
		return nil
	}
	return &pipeline.Reject{Code: pipeline.IPDenied, Err: err}
}

// check returns nil for an address that may deliver. A zone names an interface
// of this host, so an address with one did not come from the internet.
func (s *Stage) check(addr netip.Addr) error {
	if !addr.IsValid() || addr.Zone() != "" {
		return ErrUnknown
	}
	addr = addr.Unmap()
	switch {
	case s.deny.Contains(addr):
		return ErrDenied
	case s.open, s.allow.Contains(addr), s.listed(addr):
		return nil
	}
	return ErrNotListed
}

func (s *Stage) listed(addr netip.Addr) bool {
	return slices.ContainsFunc(s.published, func(l *pool.Lease[listKey, *list]) bool { return l.Value().contains(addr) })
}

var _ pipeline.Stage = (*Stage)(nil)
