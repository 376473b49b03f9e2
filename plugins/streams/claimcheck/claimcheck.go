// Package claimcheck fetches the payload of an event that was too large for a message:
// the event carries a reference to an object of NATS in its place (dataref).
package claimcheck

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/event"
)

// MaxData is the usual bound of a payload, in bytes: four times the most that the edge
// takes (max_body_bytes).
const MaxData = 100 << 20

// The reasons for which a payload is not what the event says.
var (
	ErrTooLarge = errors.New("the payload is larger than the bound")
	ErrPayload  = errors.New("the payload in the object store is not the one of the event")
)

// Fetch returns the payload that e refers to, at most most bytes of it, after a look at
// its hash. Errors are event.ErrDataRef, ErrTooLarge, ErrPayload, or those of NATS.
func Fetch(ctx context.Context, js jetstream.JetStream, e *event.Event, most int64) ([]byte, error) {
	bucket, name, err := event.ParseObjectRef(e.DataRef)
	if err != nil {
		return nil, err
	}
	store, err := js.ObjectStore(ctx, bucket)
	if err != nil {
		return nil, fmt.Errorf("object store %s: %w", bucket, err)
	}
	object, err := store.Get(ctx, name)
	if err != nil {
		return nil, fmt.Errorf("payload of the event: %w", err)
	}
	defer object.Close() //nolint:errcheck // only read
	data, err := io.ReadAll(io.LimitReader(object, most+1))
	if err == nil {
		err = object.Error() // the client's own check of the digest
	}
	switch {
	case int64(len(data)) > most:
		return nil, ErrTooLarge
	case err != nil:
		return nil, fmt.Errorf("payload of the event: %w", err)
	}
	sum := sha256.Sum256(data)
	want, err := hex.DecodeString(e.DataSHA256)
	if err != nil || subtle.ConstantTimeCompare(sum[:], want) != 1 {
		return nil, ErrPayload
	}
	return data, nil
}
