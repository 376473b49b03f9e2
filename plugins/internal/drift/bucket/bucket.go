// Package bucket keeps what is learnt of payloads in a bucket of NATS, so that all gateways
// and every restart share it.
package bucket

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/drift"
)

const (
	// Name is that of the bucket.
	Name = "WEBHOOKS_SHAPES"
	// maxBytes bounds it.
	maxBytes = 64 << 20
	// maxEvents is how many events of a provider are learnt: their names may be a sender's.
	maxEvents = 256
	// attempts is how often a change is made anew because another one was faster.
	attempts = 8
)

var (
	// ErrNone is a bucket that is not there: nothing was learnt yet.
	ErrNone = errors.New("the bucket " + Name + " is not there: no gateway has learnt yet")
	// ErrUnknown is an event of which nothing was learnt.
	ErrUnknown = errors.New("nothing was learnt of the event")
	// ErrEvents is one event too many.
	ErrEvents = fmt.Errorf("of more than %d events of a provider nothing is learnt", maxEvents)
	// ErrLarge is a model with too many fields or names that are too long.
	ErrLarge = fmt.Errorf("the shape takes more than %d bytes", drift.MaxBytes)
	// ErrUnreadable is a value that is no model.
	ErrUnreadable = errors.New("a shape in the bucket " + Name + " cannot be read: webhookctl drift forget removes it")
	// ErrBusy is a model that others changed each time.
	ErrBusy = errors.New("others changed the shape at the same time, again and again")
)

// Bucket is the bucket.
type Bucket struct {
	kv     jetstream.KeyValue
	stream jetstream.Stream // of kv
}

// Open returns the bucket. The error is ErrNone where it is not there.
func Open(ctx context.Context, js jetstream.JetStream) (*Bucket, error) {
	kv, err := js.KeyValue(ctx, Name)
	if errors.Is(err, jetstream.ErrBucketNotFound) {
		return nil, ErrNone
	}
	if err != nil {
		return nil, fmt.Errorf("bucket %s: %w", Name, err)
	}
	return open(ctx, js, kv)
}

func open(ctx context.Context, js jetstream.JetStream, kv jetstream.KeyValue) (*Bucket, error) {
	stream, err := js.Stream(ctx, "KV_"+Name)
	if err != nil {
		return nil, fmt.Errorf("bucket %s: %w", Name, err)
	}
	return &Bucket{kv, stream}, nil
}

// OpenOrCreate returns the bucket, which it makes where it is not there, with as many
// replicas as the stream of events has.
func OpenOrCreate(ctx context.Context, js jetstream.JetStream, events string) (*Bucket, error) {
	b, err := Open(ctx, js)
	if !errors.Is(err, ErrNone) {
		return b, err
	}
	replicas := 1
	if s, err := js.Stream(ctx, events); err == nil {
		replicas = s.CachedInfo().Config.Replicas
	}
	kv, err := js.CreateKeyValue(ctx, jetstream.KeyValueConfig{
		Bucket: Name, Description: "Shapes of payloads, learnt by the webhook edge", MaxValueSize: drift.MaxBytes, MaxBytes: maxBytes, Storage: jetstream.FileStorage, Replicas: replicas,
	})
	if err != nil {
		return nil, fmt.Errorf("create the bucket %s: %w", Name, err)
	}
	return open(ctx, js, kv)
}

// key is that of an event. A subject's token has percent signs where a key may not.
func key(provider, name string) string { return token(provider) + "." + token(name) }

func token(text string) string { return strings.ReplaceAll(event.EscapeToken(text), "%", "=") }

// Get returns what is known of an event. The error is ErrUnknown where nothing is.
func (b *Bucket) Get(ctx context.Context, provider, name string) (*drift.Model, error) {
	m, _, err := b.get(ctx, provider, name)
	return m, err
}

func (b *Bucket) get(ctx context.Context, provider, name string) (*drift.Model, uint64, error) {
	e, err := b.kv.Get(ctx, key(provider, name))
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return nil, 0, ErrUnknown
	}
	if err != nil {
		return nil, 0, err
	}
	m, err := decode(e)
	return m, e.Revision(), err
}

func decode(e jetstream.KeyValueEntry) (*drift.Model, error) {
	m := &drift.Model{}
	if err := json.Unmarshal(e.Value(), m); err != nil || m.Root == nil {
		return nil, fmt.Errorf("%w: %s", ErrUnreadable, e.Key())
	}
	return m, nil
}

// Change changes what is known of an event by change, which is called again, with what is
// known then, when somebody else was faster. Where nothing is known, change gets a model
// that knows nothing, or with only known set the error is ErrUnknown. A change that returns
// false stores nothing.
func (b *Bucket) Change(ctx context.Context, provider, name string, now time.Time, known bool, change func(*drift.Model) bool) (*drift.Model, error) {
	for n := range attempts {
		m, revision, err := b.get(ctx, provider, name)
		switch {
		case errors.Is(err, ErrUnknown) && !known:
			if err := b.hasRoom(ctx, provider); err != nil {
				return nil, err
			}
			m = drift.NewModel(provider, name, now)
		case err != nil:
			return nil, err
		}
		if !change(m) {
			return m, nil
		}
		if err = b.put(ctx, m, revision); !faster(err) {
			return m, err
		}
		select {
		case <-time.After(time.Duration(n) * 2 * time.Millisecond):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return nil, ErrBusy
}

// faster reports whether somebody else changed the key since it was read.
func faster(err error) bool {
	var api *jetstream.APIError
	return errors.Is(err, jetstream.ErrKeyExists) || errors.As(err, &api) && api.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequence
}

func (b *Bucket) put(ctx context.Context, m *drift.Model, revision uint64) error {
	value, err := json.Marshal(m)
	if err != nil {
		return err
	}
	if len(value) > drift.MaxBytes {
		return ErrLarge
	}
	if revision == 0 {
		_, err = b.kv.Create(ctx, key(m.Provider, m.Event), value)
	} else {
		_, err = b.kv.Update(ctx, key(m.Provider, m.Event), value, revision)
	}
	return err
}

func (b *Bucket) hasRoom(ctx context.Context, provider string) error {
	info, err := b.stream.Info(ctx, jetstream.WithSubjectFilter("$KV."+Name+"."+token(provider)+".>"))
	if err == nil && len(info.State.Subjects) >= maxEvents {
		err = ErrEvents
	}
	return err
}

// Each calls fn with what is known of each event, those of a provider unless that is "".
// With follow it goes on with what changes until ctx is done.
func (b *Bucket) Each(ctx context.Context, provider string, follow bool, fn func(*drift.Model) error) error {
	filter := ">"
	if provider != "" {
		filter = token(provider) + ".*"
	}
	w, err := b.kv.Watch(ctx, filter, jetstream.IgnoreDeletes())
	if err != nil {
		return err
	}
	defer func() { _ = w.Stop() }()
	for {
		select {
		case e, more := <-w.Updates():
			switch {
			case !more || e == nil && !follow:
				return nil
			case e == nil: // that was all there is now
				continue
			}
			m, err := decode(e)
			if err == nil {
				err = fn(m)
			}
			if err != nil {
				return err
			}
		case <-ctx.Done():
			if follow {
				return nil
			}
			return ctx.Err()
		}
	}
}

// Forget removes what is known of an event: it is learnt anew.
func (b *Bucket) Forget(ctx context.Context, provider, name string) error {
	return b.kv.Purge(ctx, key(provider, name))
}
