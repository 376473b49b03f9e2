package pipeline

import (
	"net/netip"
	"time"

	"webhookedge/plugins/event"
)

// Delivery is one request of a sender. The first group of fields is a snapshot
// of the request, never changed after it was taken but for a large body; the second
// is what stages found out, each field written by one stage only.
type Delivery struct {
	Method   string // as sent, upper case by convention
	Path     string // as sent, without the query, percent-encoding kept
	RawQuery string // as sent, without '?'
	Headers  Headers
	// Body is valid until the chain has answered: its memory is used again for
	// a later delivery, so a stage that keeps it for longer must copy it. A large
	// one is nil until the step LoadBody.
	Body []byte
	// Source is the server that has the rest of the delivery; nil where there is
	// none.
	Source Source
	// ClientIP is the sender's address after Kong's trusted_ips and
	// real_ip_header; the zero Addr when it is unknown.
	ClientIP netip.Addr
	// RequestID is the id that Kong shows the client in X-Kong-Request-Id.
	RequestID string
	// Route is the name of Kong's route, or its id where it has no name.
	Route string
	// ReceivedAt is when the snapshot was taken.
	ReceivedAt time.Time
	// PublicURL is the URL that the sender called, for schemes that sign it: by
	// the Host header, or by the forwarded values of a peer that Kong trusts. It
	// is "" where no stage asked for it.
	PublicURL string
	// RouteHosts are the hosts that Kong's route lists, under one of which the request
	// came; nil where it lists none or no stage asked for them. One may have a
	// wildcard as its first or its last label.
	RouteHosts []string
	// Peer is the address at the other end of the connection, a proxy's or the
	// client's; the zero Addr where it is unknown or no stage asked for it.
	Peer netip.Addr

	// TraceParent is the span that events go on from (W3C Trace Context), set by a
	// Tracer. Empty: that of the request's header counts.
	TraceParent string
	// Verification is set by verify, or taken over from an earlier plugin of
	// the same request. Nil means that nothing proved the sender.
	Verification *Verification
	// Payload is the body that verify decrypted, where the sender encrypts it, else nil.
	// It is in no record and no log: who keeps the delivery keeps Body.
	Payload []byte
	// Items are the events that normalize made: one, or one for each item of a
	// batch. SetEvent sets a single one.
	Items []Item
	// Ack is set by publish.
	Ack Ack
	// Steps are the stages that it went through, where [WithSteps] asks for them.
	Steps []Step
	// Upstream holds headers for the service behind Kong: set, or removed
	// where the value is empty.
	Upstream []Header
}

// SetEvent makes e the only event of d.
func (d *Delivery) SetEvent(e *event.Event) { d.Items = []Item{{Event: e}} }

// Event returns the first event of d, nil when there is none.
func (d *Delivery) Event() *event.Event {
	if len(d.Items) == 0 {
		return nil
	}
	return d.Items[0].Event
}

// Item is one event of a delivery and what was decided about it.
type Item struct {
	Event *event.Event
	// Targets are set by policy; none means the event's own subject in the
	// configured stream. All of them are stored, or the delivery is refused.
	Targets []Target
	// Headers are further headers of the stored message, set by policy.
	Headers []Header
	// Hold keeps the event in quarantine under this code instead of publishing
	// it; the sender gets 200 once it is there. Accepted means publish.
	Hold Code
	// Key tells the event from every other of its provider, the same when the
	// provider tries again: see provider.Key. Empty: event.MsgID counts. A release
	// has another one, so that it is not dropped as a duplicate.
	Key string
	// Rule is the policy's that decided, "" where it names none.
	Rule string
	// Drop leaves out an item of a batch that policy denied.
	Drop bool
}

// Target is a place to store an event.
type Target struct {
	Subject string // a whole NATS subject
	Stream  string // the stream that must acknowledge it; "" for the configured one
}

// Verification says what verify proved, and by what.
type Verification struct {
	Provider string `json:"provider"`           // the catalogue's name, "github"
	Scheme   string `json:"scheme"`             // the catalogue's scheme name, "sha256"
	SecretID string `json:"secret_id"`          // the configured id of the secret that matched
	ID       string `json:"delivery,omitempty"` // the delivery id that the signature covers or the header names
	// IDSigned says that the signature covers ID.
	IDSigned bool `json:"delivery_signed,omitempty"`
	// Covers is what of the delivery the proof covers, sorted, such as body, url and
	// header:x-timestamp; empty where the sender only showed a secret.
	Covers []string `json:"covers,omitempty"`
	// Signed is the digest of the signed content, "" where the event's identity needs
	// none: see provider.Proof.
	Signed string `json:"signed,omitempty"`
	// Decrypted says that the body is encrypted, and Payload what it holds.
	Decrypted bool `json:"decrypted,omitempty"`
	// Probe says that it is a synthetic delivery of whoever runs the edge.
	Probe bool `json:"probe,omitempty"`
}

// Probed reports whether d is proved to be a synthetic delivery of whoever runs the edge.
func (d *Delivery) Probed() bool { return d.Verification != nil && d.Verification.Probe }

// The values of Ack.By and of the answer's Webhook-Ack header.
const (
	AckBroker = "broker" // JetStream acknowledged the event, and a power cut leaves it
	// AckBrokerMemory is an event that JetStream acknowledged and that no disk has yet.
	AckBrokerMemory = "broker-memory"
	AckDuplicate    = "duplicate"  // JetStream had an event of this id before
	AckSpool        = "spool"      // the local journal has the event on disk
	AckQuarantine   = "quarantine" // the event is held back, in the stream of refused deliveries
)

// Acks are all values of Ack.By.
func Acks() []string {
	return []string{AckBroker, AckBrokerMemory, AckSpool, AckDuplicate, AckQuarantine}
}

// Ack says where the event is safe.
type Ack struct {
	By       string // one of the Ack constants; empty while nothing is stored
	Stream   string
	Sequence uint64
}

// MsgID returns the message id under which i's event is stored: the provider, the
// route unless that is "", and what tells the event from every other.
func (i *Item) MsgID(route string) string {
	if i.Key == "" {
		return i.Event.MsgID()
	}
	if route == "" {
		return i.Event.Provider + ":" + i.Key
	}
	return i.Event.Provider + ":" + event.EscapeToken(route) + ":" + i.Key
}
