package publish

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/event"
	"webhookedge/plugins/streams"
)

const (
	// chunkSize is how much of a payload is a message of the bucket, in bytes;
	// half of max_payload where that is less.
	chunkSize = 256 << 10
	// outlive is how much longer than its event a payload lives.
	outlive = 24 * time.Hour
	// discardTimeout bounds the removal of a payload that no event refers to.
	discardTimeout = time.Second
)

// ObjectsConfig is the place for payloads that are too large for a message.
type ObjectsConfig struct {
	Bucket   string `json:"bucket" doc:"Bucket of the NATS object store for payloads that are too large for the server's max_payload or the stream; their events carry dataref, datasize and datasha256. With stream.ensure: create it is created, with the stream's replicas and a day more than its max_age. Empty refuses such events." default:"WEBHOOKS_DATA" minlen:"0" maxlen:"64"`
	MaxBytes int64  `json:"max_bytes" doc:"Bytes that a created bucket may take; 0 is no limit." default:"0" min:"0" max:"1125899906842624"`
}

func (c *ObjectsConfig) on() bool { return c.Bucket != "" }

func (c *ObjectsConfig) validate() error {
	if c.on() && !isName(c.Bucket) {
		return errors.New("objects.bucket: only letters, digits, _ and - are possible")
	}
	return nil
}

// cargo is a payload that does not fit into a message, and where it goes. Its name
// is its own: what becomes of it cannot touch the payload of another delivery of the
// same event.
type cargo struct {
	bucket, name string
	data         []byte
}

func (c *cargo) ref() string { return event.ObjectRef(c.bucket, c.name) }

// outsource makes e's payload a cargo, and returns e with a reference to it.
func (c *ObjectsConfig) outsource(e *event.Event) (*event.Event, *cargo) {
	load := &cargo{bucket: c.Bucket, name: e.Provider + "/" + event.EscapeToken(e.ID) + "/" + rand.Text(), data: payload(e)}
	light := *e
	light.Data = nil
	light.DataRef, light.DataSize, light.DataSHA256 = load.ref(), int32(len(load.data)), digest(e)
	return &light, load
}

// errTorn is an object of which a part is missing.
var errTorn = errors.New("a part of the payload is missing")

// intact is nil when an object reads as it was written. That an upload was
// acknowledged does not say so: the client sends a part that found no leader again
// behind the later ones, and with the bytes of the latest (nats.go v1.55,
// jetstream/object.go, Put: its parts share one message); and an object whose upload
// was cut off may say that it is whole. Reading compares with the digest that was
// made of the payload.
func intact(ctx context.Context, js jetstream.JetStream, store jetstream.ObjectStore, o *jetstream.ObjectInfo) error {
	if err := complete(ctx, js, o); err != nil {
		return err
	}
	r, err := store.Get(ctx, o.Name)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, r)
	return errors.Join(err, r.Close())
}

// complete is nil when all parts of an object are there.
func complete(ctx context.Context, js jetstream.JetStream, o *jetstream.ObjectInfo) error {
	parts := "$O." + o.Bucket + ".C." + o.NUID
	s, err := js.Stream(ctx, streams.OfBucket(o.Bucket))
	if err != nil {
		return err
	}
	info, err := s.Info(ctx, jetstream.WithSubjectFilter(parts))
	if err != nil {
		return err
	}
	if info.State.Subjects[parts] != uint64(o.Chunks) {
		return errTorn // for which a reader would wait
	}
	return nil
}

// upload stores load, and reads it back. Where all of it is there already nothing is
// stored.
func (c *connection) upload(ctx context.Context, load *cargo) error {
	l, err := c.client(ctx)
	if err != nil {
		return err
	}
	if fault := c.bucketErr.Load(); fault != nil && load.bucket == c.cfg.Objects.Bucket {
		return fmt.Errorf("bucket %s: %w", load.bucket, *fault)
	}
	store, err := l.js.ObjectStore(ctx, load.bucket)
	if errors.Is(err, jetstream.ErrBucketNotFound) && c.cfg.Stream.Ensure == EnsureCreate && load.bucket == c.cfg.Objects.Bucket {
		if err = c.createBucket(ctx, l.js); err == nil {
			store, err = l.js.ObjectStore(ctx, load.bucket)
		}
	}
	if err != nil {
		return fmt.Errorf("bucket %s: %w", load.bucket, err)
	}
	info, err := store.GetInfo(ctx, load.name)
	if err == nil && info.Size == uint64(len(load.data)) && intact(ctx, l.js, store, info) == nil {
		return nil
	}
	if err != nil && !errors.Is(err, jetstream.ErrObjectNotFound) {
		return fmt.Errorf("bucket %s: %w", load.bucket, err)
	}
	size := min(chunkSize, uint32(l.nc.MaxPayload()/2))
	meta := jetstream.ObjectMeta{Name: load.name, Opts: &jetstream.ObjectMetaOptions{ChunkSize: size}}
	if info, err = store.Put(ctx, meta, bytes.NewReader(load.data)); err == nil {
		err = intact(ctx, l.js, store, info)
	}
	if err != nil {
		return fmt.Errorf("bucket %s: %w", load.bucket, err)
	}
	return nil
}

// restore stores the payload of an event that is in the stream again where it is gone:
// a power cut may leave the one and take the other. e is the same event, and has its
// payload. That was read back when it was stored, so that nobody reads it again here.
func (c *connection) restore(ctx context.Context, there, e *event.Event) error {
	if there == nil || there.DataRef == "" || e.Data == nil {
		return nil
	}
	bucket, name, err := event.ParseObjectRef(there.DataRef)
	if err != nil {
		return nil //nolint:nilerr // it is kept by somebody else
	}
	l, err := c.client(ctx)
	if err != nil {
		return err
	}
	if store, err := l.js.ObjectStore(ctx, bucket); err == nil {
		if info, err := store.GetInfo(ctx, name); err == nil && complete(ctx, l.js, info) == nil {
			return nil
		}
	}
	return c.upload(ctx, &cargo{bucket: bucket, name: name, data: payload(e)})
}

// discard removes load, to which no event refers. Where that fails its age does.
func (c *connection) discard(ctx context.Context, load *cargo) {
	ctx, cancel := context.WithTimeout(ctx, discardTimeout)
	defer cancel()
	err := c.remove(ctx, load)
	if err != nil && !errors.Is(err, jetstream.ErrObjectNotFound) && c.complaints.allow("discard", time.Now()) {
		c.log.Warn("a payload without an event stays in its bucket until its age removes it", "bucket", load.bucket, "err", err.Error())
	}
}

func (c *connection) remove(ctx context.Context, load *cargo) error {
	l, err := c.client(ctx)
	if err != nil {
		return err
	}
	store, err := l.js.ObjectStore(ctx, load.bucket)
	if err != nil {
		return err
	}
	return store.Delete(ctx, load.name)
}

// unstored reports whether err says for certain that an attempt stored nothing.
// Without an ack it may have.
func unstored(err error) bool {
	var api *jetstream.APIError
	return errors.As(err, &api) && !inProcess(err) || errors.Is(err, nats.ErrMaxPayload) || errors.Is(err, jetstream.ErrNoStreamResponse)
}

// isTooLarge reports whether err is about the size of a message.
func isTooLarge(err error) bool {
	return errors.Is(err, nats.ErrMaxPayload) || errors.Is(err, jetstream.ErrStreamMessageExceedsMaximum)
}

// createBucket makes the bucket where it is missing, and looks whether payloads
// live as long as their events.
func (c *connection) createBucket(ctx context.Context, js jetstream.JetStream) error {
	cfg := &c.cfg.Objects
	if !cfg.on() {
		return nil
	}
	spec, err := c.spec()
	if err != nil {
		return err
	}
	var age time.Duration
	if spec.MaxAge > 0 {
		age = spec.MaxAge + outlive
	}
	store, err := js.ObjectStore(ctx, cfg.Bucket)
	switch {
	case errors.Is(err, jetstream.ErrBucketNotFound):
		_, err = js.CreateObjectStore(ctx, jetstream.ObjectStoreConfig{
			Bucket: cfg.Bucket, Description: "Payloads that are too large for a message", TTL: age, MaxBytes: cfg.MaxBytes,
			Storage: jetstream.FileStorage, Replicas: max(spec.Replicas, 1),
		})
		if err != nil {
			return fmt.Errorf("create the bucket %s: %w", cfg.Bucket, err)
		}
		c.log.Info("bucket created", "created", cfg.Bucket)
		return nil
	case err != nil:
		return fmt.Errorf("ask for the bucket %s: %w", cfg.Bucket, err)
	}
	status, err := store.Status(ctx)
	if err == nil && status.TTL() > 0 && (spec.MaxAge == 0 || status.TTL() < spec.MaxAge) {
		c.log.Warn("the bucket forgets payloads before the stream forgets their events", "bucket", cfg.Bucket, "ttl", status.TTL().String())
	}
	return err
}

// spec describes the connection's own stream.
func (c *connection) spec() (streams.Spec, error) {
	specs, err := c.specs()
	if err != nil {
		return streams.Spec{}, err
	}
	for _, spec := range specs {
		if spec.Name == c.cfg.Stream.Name {
			return spec, nil
		}
	}
	return specs[0], nil // which checkFile keeps from happening
}

// adviceForObjects says what to create for large events.
func (c *Config) adviceForObjects() string {
	if !c.Objects.on() {
		return "objects.bucket is off"
	}
	return fmt.Sprintf("create a bucket for such payloads, for instance: nats object add %s --storage file", c.Objects.Bucket)
}
