package quarantine

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/spec"
	"webhookedge/plugins/streams/archive"
)

// Connect returns a client of the broker, or why there is none now. It waits no
// longer than ctx.
type Connect func(ctx context.Context) (jetstream.JetStream, error)

// Keep stores a message whose id stands for one content, and returns nil when it is as
// safe as a published event.
type Keep func(ctx context.Context, msg *nats.Msg) error

// Keeper keeps the deliveries of one route. It is safe for concurrent use.
type Keeper struct {
	pool     *Pool
	cfg      Config
	provider string
	scheme   string // by which the route proves its deliveries, "" where that is not known here
	url      bool   // the route's settings say which URL is signed
	keep     map[pipeline.Code]bool
	keys     *archive.Keys
	scrub    *scrubber
	writer   writer
	counters counters
}

// Keeper returns a keeper for deliveries of row. proof is nil in a plugin that does
// not prove them itself. keep stores what is held back, nil for connect's client. The error joins everything that is wrong with cfg, each after
// the path of its field.
func (p *Pool) Keeper(row *provider.Provider, proof *Proof, cfg Config, connect Connect, keep Keep) (*Keeper, error) {
	if row == nil || connect == nil {
		return nil, fmt.Errorf("provider: %w: a row and a connection are needed", ErrConfig)
	}
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	keys, kerr := cfg.Ring()
	codes, cerr := cfg.kept()
	if err := errors.Join(kerr, cerr); err != nil {
		return nil, err
	}
	k := &Keeper{pool: p, cfg: cfg, provider: row.Name, keep: codes, keys: keys, counters: newCounters(p.records, p.label(row.Name))}
	k.writer = writer{connect: connect, keep: keep, cfg: cfg, now: p.now, log: p.log}
	var chosen *spec.Scheme
	if proof != nil {
		chosen, k.scheme, k.url = &proof.Scheme, proof.Scheme.Name, proof.URL
	}
	k.scrub = newScrubber(row, chosen, cfg.RemoveHeaders)
	for i := range k.scrub.schemes {
		if s := &k.scrub.schemes[i]; proof == nil && s.shows() && s.unnamed() {
			return nil, fmt.Errorf("custom.schemes: %w: a setting names the place of the secret in %s, and this plugin has no settings: without the name the secret would be kept", ErrConfig, s.name)
		}
	}
	return k, nil
}

// Refused takes note of a refused delivery; it is for pipeline.WithRefused. It
// copies what is kept and waits for nothing.
func (k *Keeper) Refused(_ context.Context, d *pipeline.Delivery, out *pipeline.Outcome) {
	if !k.keep[out.Code] {
		return
	}
	j := job{keeper: k, stranger: d.Verification == nil, source: sourceOf(d.ClientIP)}
	if result := k.pool.budget.take(k.provider, j.source, j.stranger, k.pool.now(), k.cfg.PerProviderPerMinute, k.cfg.PerMinute); result != resultStored {
		k.counters.count(kindRefused, result)
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
	j.record = r
	if !k.pool.push(j) {
		k.pool.free(size)
		k.counters.count(kindRefused, resultQueue)
	}
}

// Hold stores the delivery of an event that is held back under code, and returns
// when the stream has acknowledged it. Then the sender may be told that it is
// safe. A sender's retry within the stream's duplicate window is stored once.
//
// What could never be released is not held: that is a *pipeline.Reject with
// Misconfigured and an ErrUnreleasable.
func (k *Keeper) Hold(ctx context.Context, d *pipeline.Delivery, item *pipeline.Item, code pipeline.Code) error {
	r := k.record(d, code)
	r.Held, r.Body, r.Items = true, d.Body, len(d.Items)
	for i := range d.Items {
		if &d.Items[i] == item {
			r.Item = i + 1
		}
	}
	msgID := "held:" + r.ID
	if item != nil && item.Event != nil {
		r.Event = item.Event.ID
		msgID = heldID(r, item)
	}
	k.scrub.apply(r, k.keys)
	if why := k.unreleasable(r); why != "" {
		k.counters.count(kindHeld, resultUnreleasable)
		return &pipeline.Reject{Code: pipeline.Misconfigured, Err: fmt.Errorf("%w as %s: %s", ErrUnreleasable, code, why)}
	}
	r.State()
	if err := k.storeHeld(ctx, r, msgID); err != nil {
		k.counters.count(kindHeld, resultFailed)
		return fmt.Errorf("hold in quarantine: %w", err)
	}
	k.counters.count(kindHeld, resultStored)
	return nil
}

// heldID is the message id of an event that is held back, the same for a sender's
// retry. Events of one id that differ in anything else have different ones: a double
// would be lost behind a 200.
func heldID(r *archive.Record, item *pipeline.Item) string {
	e := item.Event
	h := sha256.New()
	for _, text := range [...]string{r.Route, r.Code, e.FullType(), e.Source, e.Subject, e.Tenant, strconv.Itoa(r.Item)} {
		_ = binary.Write(h, binary.BigEndian, uint64(len(text))) // a hash takes everything
		h.Write([]byte(text))
	}
	h.Write(r.Body)
	return "held:" + item.MsgID(r.Route) + ":" + hex.EncodeToString(h.Sum(nil)[:16])
}

func (k *Keeper) record(d *pipeline.Delivery, code pipeline.Code) *archive.Record {
	r := archive.Capture(d)
	r.ID, r.KeptAt, r.Code, r.Provider = rand.Text(), k.pool.now().UTC(), code.String(), k.provider
	return r
}

// storeHeld stores only where a stream keeps what it takes.
func (k *Keeper) storeHeld(ctx context.Context, r *archive.Record, msgID string) error {
	k.pool.use(&k.writer)
	known, err := k.writer.ready(ctx)
	if err != nil || known.fit != nil {
		return errors.Join(err, known.fit)
	}
	m, err := archive.Pack(r, k.cfg.SubjectPrefix, k.keys)
	if err != nil {
		return err
	}
	return k.writer.write(ctx, m, msgID, 0)
}

// storeRefused runs in the pool's worker.
func (k *Keeper) storeRefused(ctx context.Context, j *job) error {
	k.pool.use(&k.writer)
	known, err := k.writer.ready(ctx)
	if err != nil {
		return err
	}
	if known.room <= 0 {
		return ErrFull
	}
	k.scrub.apply(j.record, k.keys)
	m, err := archive.Pack(j.record, k.cfg.SubjectPrefix, k.keys)
	if err != nil {
		return err
	}
	if !j.stranger {
		return k.writer.write(ctx, m, j.record.ID, 0)
	}
	if err := k.pool.share(k.cfg.Stream).take(j.source, m.Size(), &known, k.pool.now()); err != nil {
		return err
	}
	return k.writer.write(ctx, m, j.record.ID, known.ttl)
}
