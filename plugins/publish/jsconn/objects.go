package jsconn

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

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

// Object is a payload that does not fit into a message, and where it goes. Its name
// is its own: what becomes of it cannot touch the payload of another delivery of the
// same event.
type Object struct {
	Bucket, Name string
	Data         []byte
}

// Ref is the reference that an event carries instead of its payload.
func (c *Object) Ref() string { return event.ObjectRef(c.Bucket, c.Name) }

// CheckIn makes e's payload an object, and returns e with a reference to it.
func (c *ObjectsConfig) CheckIn(e *event.Event) (*event.Event, *Object) {
	obj := &Object{Bucket: c.Bucket, Name: e.Provider + "/" + event.EscapeToken(e.ID) + "/" + rand.Text(), Data: Body(e)}
	light := *e
	light.Data = nil
	light.DataRef, light.DataSize, light.DataSHA256 = obj.Ref(), int32(len(obj.Data)), digest(e)
	return &light, obj
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

// Upload stores obj, and reads it back. Where all of it is there already nothing is
// stored.
func (c *Conn) Upload(ctx context.Context, obj *Object) error {
	js, err := c.Client(ctx)
	if err != nil {
		return err
	}
	if obj.Bucket == c.Settings.Objects.Bucket {
		err = c.bucketErr.get()
	}
	if err == nil {
		err = c.upload(ctx, js, obj)
	}
	if err != nil {
		return fmt.Errorf("bucket %s: %w", obj.Bucket, err)
	}
	return nil
}

func (c *Conn) upload(ctx context.Context, js jetstream.JetStream, obj *Object) error {
	store, err := js.ObjectStore(ctx, obj.Bucket)
	if errors.Is(err, jetstream.ErrBucketNotFound) && c.Settings.Stream.Ensure == EnsureCreate && obj.Bucket == c.Settings.Objects.Bucket {
		if err = c.createBucket(ctx); err == nil {
			store, err = js.ObjectStore(ctx, obj.Bucket)
		}
	}
	if err != nil {
		return err
	}
	info, err := store.GetInfo(ctx, obj.Name)
	if err == nil && info.Size == uint64(len(obj.Data)) && intact(ctx, js, store, info) == nil {
		return nil
	}
	if err != nil && !errors.Is(err, jetstream.ErrObjectNotFound) {
		return err
	}
	size := min(chunkSize, uint32(js.Conn().MaxPayload()/2))
	meta := jetstream.ObjectMeta{Name: obj.Name, Opts: &jetstream.ObjectMetaOptions{ChunkSize: size}}
	if info, err = store.Put(ctx, meta, bytes.NewReader(obj.Data)); err != nil {
		return err
	}
	return intact(ctx, js, store, info)
}

// Restore stores the payload of an event that is in the stream again where it is gone:
// a power cut may leave the one and take the other. e is the same event, and has its
// payload. That was read back when it was stored, so that nobody reads it again here.
func (c *Conn) Restore(ctx context.Context, there, e *event.Event) error {
	if there == nil || there.DataRef == "" || e.Data == nil {
		return nil
	}
	bucket, name, err := event.ParseObjectRef(there.DataRef)
	if err != nil {
		return nil //nolint:nilerr // it is kept by somebody else
	}
	js, err := c.Client(ctx)
	if err != nil {
		return err
	}
	if store, err := js.ObjectStore(ctx, bucket); err == nil {
		if info, err := store.GetInfo(ctx, name); err == nil && complete(ctx, js, info) == nil {
			return nil
		}
	}
	return c.Upload(ctx, &Object{Bucket: bucket, Name: name, Data: Body(e)})
}

// Discard removes obj, to which no event refers. Where that fails its age does.
func (c *Conn) Discard(ctx context.Context, obj *Object) {
	ctx, cancel := context.WithTimeout(ctx, discardTimeout)
	defer cancel()
	err := c.remove(ctx, obj)
	if err != nil && !errors.Is(err, jetstream.ErrObjectNotFound) && c.Complaints.Allow("discard", time.Now()) {
		c.Log.Warn("a payload without an event stays in its bucket until its age removes it", "bucket", obj.Bucket, "err", err.Error())
	}
}

func (c *Conn) remove(ctx context.Context, obj *Object) error {
	js, err := c.Client(ctx)
	if err != nil {
		return err
	}
	store, err := js.ObjectStore(ctx, obj.Bucket)
	if err != nil {
		return err
	}
	return store.Delete(ctx, obj.Name)
}

// createBucket makes the bucket where it is missing, and looks whether payloads
// live as long as their events.
func (c *Conn) createBucket(ctx context.Context) error {
	cfg := &c.Settings.Objects
	if !cfg.On() {
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
	store, err := c.js.ObjectStore(ctx, cfg.Bucket)
	switch {
	case errors.Is(err, jetstream.ErrBucketNotFound):
		_, err = c.js.CreateObjectStore(ctx, jetstream.ObjectStoreConfig{
			Bucket: cfg.Bucket, Description: "Payloads that are too large for a message", TTL: age, MaxBytes: cfg.MaxBytes,
			Storage: jetstream.FileStorage, Replicas: max(spec.Replicas, 1),
		})
		if err != nil {
			return fmt.Errorf("create the bucket %s: %w", cfg.Bucket, err)
		}
		c.Log.Info("bucket created", "created", cfg.Bucket)
		return nil
	case err != nil:
		return fmt.Errorf("ask for the bucket %s: %w", cfg.Bucket, err)
	}
	status, err := store.Status(ctx)
	if err == nil && status.TTL() > 0 && (spec.MaxAge == 0 || status.TTL() < spec.MaxAge) {
		c.Log.Warn("the bucket forgets payloads before the stream forgets their events", "bucket", cfg.Bucket, "ttl", status.TTL().String())
	}
	return err
}

// spec describes the connection's own stream.
func (c *Conn) spec() (streams.Spec, error) {
	specs, err := c.specs()
	if err != nil {
		return streams.Spec{}, err
	}
	at := slices.IndexFunc(specs, func(s streams.Spec) bool { return s.Name == c.Settings.Stream.Name })
	return specs[max(at, 0)], nil // checkFile has seen that it is there
}
