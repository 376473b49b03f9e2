package event

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"
)

// ErrIncomplete is an event without one of the attributes that CloudEvents or
// the NATS form cannot do without.
var ErrIncomplete = errors.New("event lacks a required attribute")

// Event is a CloudEvents 1.0 event with the extensions of the edge. A string
// that is empty and a time that is zero are absent from every encoded form.
type Event struct {
	ID              string    // the provider's delivery or event id, or a hash
	Source          string    // /webhooks/<provider>[/<account>]
	Provider        string    // extension
	Type            string    // the provider's event name without provider and action, "push", "charge.dispute"
	Action          string    // "opened", "created"; empty where the provider has none
	Separator       string    // between the levels of Type in the NATS subject, "." of "charge.dispute"; in no encoded form, empty for one level
	Subject         string    // the resource, "octo/hello"
	Time            time.Time // when it happened; where it is zero, encoded forms say ReceivedAt and that it is this
	DataSchema      string
	DataContentType string
	Tenant          string    // extension
	RequestID       string    // extension
	ReceivedAt      time.Time // extension, UTC with milliseconds
	Verification    string    // extension: the scheme that proved the sender
	SecretID        string    // extension
	TraceParent     string    // extension, W3C Trace Context
	DeliveryID      string    // extension: the id of the delivery that this event is one item of
	Invalid         string    // extension: why the payload does not match its schema; it was passed on all the same
	Unsigned        []string  // extension: the attributes out of Unsignable that no signature covers, sorted
	Decrypted       bool      // extension: the payload came encrypted, and the edge decrypted it
	Redacted        bool      // extension: something was taken out of the payload
	Replayed        bool      // extension: this is not the first publication of the event

	// DataRef says where the payload is when it is not in the event, an
	// absolute URI (CloudEvents extension Dataref); DataSize is then its length
	// in bytes, as a CloudEvents Integer, and DataSHA256 its hash in hex.
	DataRef    string
	DataSize   int32
	DataSHA256 string

	// Data is the payload: one JSON value, or any bytes when Binary is set.
	// The event refers to it, it does not copy it. Nothing here checks that it
	// is JSON: who sets it has parsed it.
	Data   []byte
	Binary bool
}

// Unsignable returns the names that Unsigned can hold, sorted.
func Unsignable() []string {
	return []string{"action", "id", "subject", "tenant", "time", "type"}
}

// Validate reports every required attribute that is missing, each as an
// ErrIncomplete. It does not look at Data.
func (e *Event) Validate() error {
	var missing []error
	for _, a := range [...]attribute{
		{"id", e.ID}, {"source", e.Source}, {"provider", e.Provider}, {"type", e.Type},
	} {
		if a.value == "" {
			missing = append(missing, fmt.Errorf("%w: %s", ErrIncomplete, a.name))
		}
	}
	return errors.Join(missing...)
}

// Source returns the source of events of a provider and tenant, which may be
// empty: /webhooks/<provider>[/<tenant>].
func Source(provider, tenant string) string {
	if tenant == "" {
		return "/webhooks/" + provider
	}
	return "/webhooks/" + provider + "/" + EscapeToken(tenant)
}

// SetTenant makes e one of another tenant, in its source too.
func (e *Event) SetTenant(tenant string) {
	e.Tenant, e.Source = tenant, Source(e.Provider, tenant)
}

// FullType returns the CloudEvents type, <provider>.<event>[.<action>].
func (e *Event) FullType() string {
	if e.Action == "" {
		return e.Provider + "." + e.Type
	}
	return e.Provider + "." + e.Type + "." + e.Action
}

// FallbackID is the id of an event whose provider gives none: the SHA-256, in hex, of
// texts and content, each after its length in 8 bytes, so that no two lists of them
// run together.
func FallbackID(content []byte, texts ...string) string {
	h := sha256.New()
	var size [8]byte
	for _, text := range texts {
		binary.BigEndian.PutUint64(size[:], uint64(len(text)))
		h.Write(size[:])
		_, _ = io.WriteString(h, text) // a hash never fails
	}
	binary.BigEndian.PutUint64(size[:], uint64(len(content)))
	h.Write(size[:])
	h.Write(content)
	var sum [sha256.Size]byte
	return hex.EncodeToString(h.Sum(sum[:0]))
}
