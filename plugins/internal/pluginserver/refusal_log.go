package pluginserver

import (
	"cmp"
	"context"
	"log/slog"
	"net/netip"
	"sync"
	"time"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/telemetry"
)

const (
	// refusalInterval is how often repeated refusals are summed up.
	refusalInterval = 10 * time.Second
	// refusalLines is how many refusals of one kind have a line of their own in an
	// interval: all of a sender in trouble, few of a flood.
	refusalLines = 10
	// maxRefusalKinds bounds the kinds of an interval that are told apart by address.
	maxRefusalKinds = 4096
)

// refusalKind is what refusals that are summed up have in common.
type refusalKind struct {
	provider string
	stage    string
	code     pipeline.Code
	client   netip.Prefix // an IPv4 address or an IPv6 network of 64 bits; none stands for many
}

// repeated are the refusals of a kind in an interval.
type repeated struct {
	lines int // written
	more  int // not written
	last  pipeline.Outcome
	id    string // request id of the last
}

// refusalLog writes a line for each refused delivery, until those of one kind repeat:
// a stranger must not be able to fill a disk with lines.
type refusalLog struct {
	log *slog.Logger

	mu    sync.Mutex
	kinds map[refusalKind]*repeated
}

func newRefusalLog(log *slog.Logger) *refusalLog {
	return &refusalLog{log: log, kinds: map[refusalKind]*repeated{}}
}

// write logs that d was refused, or counts it where its kind has its lines.
func (r *refusalLog) write(provider string, d *pipeline.Delivery, out *pipeline.Outcome, took time.Duration) {
	if !r.admit(provider, d, out) {
		return
	}
	attrs := append(refusalAttrs(provider, d.ClientIP.String(), d.RequestID, out), slog.Float64(telemetry.KeyTookMS, float64(took.Microseconds())/1000))
	if out.Cause != "" {
		attrs = append(attrs, slog.String(telemetry.KeyCause, out.Cause))
	}
	if e := d.Event(); e != nil {
		attrs = append(attrs, slog.String(telemetry.KeyEventType, e.FullType()))
	}
	if out.Stack != nil {
		attrs = append(attrs, slog.String(telemetry.KeyStack, string(out.Stack)))
	}
	r.log.LogAttrs(context.Background(), refusalLevel(out), "delivery refused", attrs...)
}

func refusalLevel(out *pipeline.Outcome) slog.Level {
	if out.Status >= 500 {
		return slog.LevelError
	}
	return slog.LevelInfo
}

func refusalAttrs(provider, client, id string, out *pipeline.Outcome) []slog.Attr {
	return []slog.Attr{
		slog.String(telemetry.KeyRequestID, id),
		slog.String(telemetry.KeyStage, out.Stage),
		slog.String(telemetry.KeyProvider, provider),
		slog.String(telemetry.KeyCode, out.Code.String()),
		slog.String(telemetry.KeyClientIP, client),
		slog.String(telemetry.KeyErr, out.Err.Error()),
	}
}

// admit says whether a refusal has a line of its own, and counts it.
func (r *refusalLog) admit(provider string, d *pipeline.Delivery, out *pipeline.Outcome) bool {
	kind := refusalKind{provider: provider, stage: out.Stage, code: out.Code, client: network(d.ClientIP)}
	r.mu.Lock()
	defer r.mu.Unlock()
	seen := r.kinds[kind]
	if seen == nil {
		seen = &repeated{}
		if len(r.kinds) >= maxRefusalKinds { // those beyond have one kind, without lines
			kind.client = netip.Prefix{}
			seen = cmp.Or(r.kinds[kind], &repeated{lines: refusalLines})
		}
		r.kinds[kind] = seen
	}
	if seen.lines < refusalLines {
		seen.lines++
		return true
	}
	seen.more++
	seen.last, seen.id = *out, d.RequestID
	return false
}

// network is what an address is counted by: whoever has an IPv6 address has its 64
// bits of others.
func network(addr netip.Addr) netip.Prefix {
	addr = addr.Unmap().WithZone("")
	p, _ := addr.Prefix(min(addr.BitLen(), 64)) // none of the zero address
	return p
}

// sumUp writes a line for each kind with refusals that had none, and begins the next
// interval.
func (r *refusalLog) sumUp() {
	r.mu.Lock()
	kinds := r.kinds
	r.kinds = map[refusalKind]*repeated{}
	r.mu.Unlock()
	for kind, seen := range kinds {
		if seen.more == 0 {
			continue
		}
		client := "several or unknown"
		switch {
		case kind.client.IsSingleIP():
			client = kind.client.Addr().String()
		case kind.client.IsValid():
			client = kind.client.String()
		}
		attrs := append(refusalAttrs(kind.provider, client, seen.id, &seen.last), slog.Int("more", seen.more))
		r.log.LogAttrs(context.Background(), refusalLevel(&seen.last), "deliveries refused like those before", attrs...)
	}
}

// run sums up at each interval until ctx is done.
func (r *refusalLog) run(ctx context.Context) {
	tick := time.NewTicker(refusalInterval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			r.sumUp()
		}
	}
}
