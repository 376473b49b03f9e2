package quarantine

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/provider"
)

// Connect returns a client of the broker, or why there is none now. It waits no
// longer than ctx.
type Connect func(ctx context.Context) (jetstream.JetStream, error)

// Keeper keeps the deliveries of one route. It is safe for concurrent use.
type Keeper struct {
	pool     *Pool
	cfg      Config
	provider string
	keep     map[pipeline.Code]bool
	keys     *Keys
	scrub    *scrubber
	writer   writer
	counters counters
}

// Keeper returns a keeper for deliveries of row. Its error joins everything that
// is wrong with cfg, each after the path of its field.
func (p *Pool) Keeper(row *provider.Provider, cfg Config, connect Connect) (*Keeper, error) {
	if row == nil || connect == nil {
		return nil, fmt.Errorf("provider: %w: a row and a connection are needed", ErrConfig)
	}
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	keys, kerr := cfg.Ring()
	keep, cerr := cfg.kept()
	if err := errors.Join(kerr, cerr); err != nil {
		return nil, err
	}
	return &Keeper{
		pool: p, cfg: cfg, provider: row.Name, keep: keep, keys: keys, scrub: newScrubber(row, cfg.RemoveHeaders),
		writer: writer{connect: connect, cfg: cfg, now: p.now}, counters: newCounters(p.records, row.Name),
	}, nil
}

// Refused takes note of a refused delivery; it is for pipeline.WithRefused. It
// copies what is kept and waits for nothing.
func (k *Keeper) Refused(_ context.Context, d *pipeline.Delivery, out *pipeline.Outcome) {
	if !k.keep[out.Code] {
		return
	}
	if !k.pool.budget.take(k.provider, k.pool.now(), k.cfg.PerProviderPerMinute, k.cfg.PerMinute) {
		k.counters.count(kindRefused, resultBudget)
		return
	}
	size := min(len(d.Body), k.cfg.MaxBodyBytes)
	if !k.pool.reserve(size) {
		k.counters.count(kindRefused, resultQueue)
		return
	}
	r := k.record(d, out.Code)
	r.Stage, r.Reason = out.Stage, out.Err.Error()
	r.Body, r.Cut = bytes.Clone(d.Body[:size]), size < len(d.Body)
	if !k.pool.push(job{keeper: k, record: r}) {
		k.pool.free(size)
		k.counters.count(kindRefused, resultQueue)
	}
}

// Hold stores the delivery of an event that is held back under code, and returns
// when the stream has acknowledged it. Then the sender may be told that it is
// safe. A sender's retry within the stream's duplicate window is stored once.
func (k *Keeper) Hold(ctx context.Context, d *pipeline.Delivery, item *pipeline.Item, code pipeline.Code) error {
	r := k.record(d, code)
	r.Held, r.Body = true, d.Body
	msgID := "held:" + r.ID
	if item != nil && item.Event != nil {
		r.Event = item.Event.ID
		sum := sha256.Sum256(d.Body)
		msgID = "held:" + item.MsgID(d.Route) + ":" + r.Code + ":" + hex.EncodeToString(sum[:8])
	}
	k.scrub.apply(r, k.keys)
	if err := k.storeHeld(ctx, r, msgID); err != nil {
		k.counters.count(kindHeld, resultFailed)
		return fmt.Errorf("hold in quarantine: %w", err)
	}
	k.counters.count(kindHeld, resultStored)
	return nil
}

func (k *Keeper) record(d *pipeline.Delivery, code pipeline.Code) *Record {
	r := capture(d)
	r.ID, r.KeptAt, r.Code, r.Provider = rand.Text(), k.pool.now().UTC(), code.String(), k.provider
	return r
}

// storeHeld stores only where a stream keeps what it takes.
func (k *Keeper) storeHeld(ctx context.Context, r *Record, msgID string) error {
	if _, fit, err := k.writer.ready(ctx); err != nil || fit != nil {
		return errors.Join(err, fit)
	}
	return k.writer.write(ctx, r, k.keys, msgID)
}

// storeRefused runs in the pool's worker.
func (k *Keeper) storeRefused(ctx context.Context, r *Record) error {
	full, _, err := k.writer.ready(ctx)
	if err != nil {
		return err
	}
	if full {
		return ErrFull
	}
	k.scrub.apply(r, k.keys)
	return k.writer.write(ctx, r, k.keys, r.ID)
}
