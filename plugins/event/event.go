package event

import "time"

// Event is a CloudEvents 1.0 event with the extensions of the edge. A string
// that is empty and a time that is zero are absent from every encoded form.
type Event struct {
	ID              string // the provider's delivery or event id, or a hash
	Source          string // /webhooks/<provider>[/<account>]
	Provider        string // extension
	Type            string // the provider's event name without provider and action, "push", "charge.dispute"
	Action          string // "opened", "created"; empty where the provider has none
	Subject         string // the resource, "octo/hello"
	Time            time.Time
	DataSchema      string
	DataContentType string
	Tenant          string    // extension
	RequestID       string    // extension
	ReceivedAt      time.Time // extension, UTC with milliseconds
	Verification    string    // extension: the scheme that proved the sender
	SecretID        string    // extension
	TraceParent     string    // extension, W3C Trace Context

	// Data is the payload: one JSON value, or any bytes when Binary is set.
	// The event refers to it, it does not copy it.
	Data   []byte
	Binary bool
}
