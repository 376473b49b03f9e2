// Package observe writes a compact record of each delivery to a subject of NATS: which
// stages it went through, what each took, what was decided and where its events are. It
// has no headers and no body, and none of its texts holds a secret or a signature: what
// the errors of stages say is what the log says.
//
// Nothing waits for a record. What finds the queue full, NATS away or the bound of a
// second reached is dropped and counted.
package observe

import (
	"strings"
	"time"
	"unicode/utf8"

	"webhookedge/plugins/internal/pipeline"
)

// Version is that of the form of a Record; a later one only adds members.
const Version = 1

// Bounds of a record: with them its texts take 12 KiB at most, and in JSON 64 KiB where
// all of them are control characters.
const (
	maxText   = 128 // bytes of an attribute
	maxReason = 512 // bytes of an error or its cause
	maxEvents = 8   // of a batch, the first ones
	maxPlaces = 2   // targets of an event
	maxCovers = 16
)

// Record is what happened to a delivery.
type Record struct {
	Version   int       `json:"v"`
	At        time.Time `json:"at"` // its receipt
	RequestID string    `json:"request_id"`
	Route     string    `json:"route,omitempty"` // its name, or its id where it has none
	Provider  string    `json:"provider"`
	Client    string    `json:"client,omitempty"` // address of a sender that was refused
	Bytes     int       `json:"bytes"`            // of the body
	Status    int       `json:"status,omitempty"` // 0 where the delivery went on to a service
	Code      string    `json:"code"`
	Stage     string    `json:"stage,omitempty"` // that ended it; "" where all passed it on
	Reason    string    `json:"reason,omitempty"`
	Cause     string    `json:"cause,omitempty"` // what is most likely behind the reason
	Micros    int64     `json:"took_us"`         // from the request to the answer
	Steps     []Step    `json:"steps"`
	Proof     *Proof    `json:"proof,omitempty"` // absent where nothing proved the sender
	Events    []Event   `json:"events,omitempty"`
	More      int       `json:"more_events,omitempty"` // beyond those of Events
	Ack       string    `json:"ack,omitempty"`         // where the events are safe
	Stream    string    `json:"stream,omitempty"`
	Sequence  uint64    `json:"sequence,omitempty"` // of the last event
	Probe     bool      `json:"probe,omitempty"`    // a synthetic delivery of whoever runs the edge
}

// Step is one stage that the delivery went through, in their order.
type Step struct {
	Stage  string `json:"stage"`
	Micros int64  `json:"us"`
}

// Proof is what the signature proved.
type Proof struct {
	Scheme   string   `json:"scheme"`
	SecretID string   `json:"secret_id"`
	Covers   []string `json:"covers,omitempty"` // such as body and header:x-timestamp
}

// Event is one event of the delivery.
type Event struct {
	ID      string   `json:"id"`
	Type    string   `json:"type"`
	Tenant  string   `json:"tenant,omitempty"`
	Subject string   `json:"subject,omitempty"`
	Rule    string   `json:"rule,omitempty"`    // of the policy that decided
	Targets []string `json:"targets,omitempty"` // subjects that the policy chose
	Hold    string   `json:"hold,omitempty"`    // the code under which it is held back
	Drop    bool     `json:"drop,omitempty"`    // the policy left it out of its batch
}

// recordOf copies what it says: the delivery's memory is used again.
func recordOf(provider string, d *pipeline.Delivery, out *pipeline.Outcome, took time.Duration) *Record {
	r := &Record{
		Version: Version, At: d.ReceivedAt.UTC(), RequestID: short(d.RequestID, maxText), Route: short(d.Route, maxText), Provider: provider,
		Bytes: len(d.Body), Status: out.Status, Code: out.Code.String(), Stage: out.Stage, Cause: short(out.Cause, maxReason), Micros: took.Microseconds(),
		Steps: make([]Step, len(d.Steps)), Ack: d.Ack.By, Stream: d.Ack.Stream, Sequence: d.Ack.Sequence, Probe: d.Probed(),
	}
	for n, s := range d.Steps {
		r.Steps[n] = Step{s.Stage, s.Took.Microseconds()}
	}
	if out.Err != nil {
		r.Reason = short(out.Err.Error(), maxReason)
		if d.ClientIP.IsValid() {
			r.Client = d.ClientIP.String()
		}
	}
	if v := d.Verification; v != nil {
		r.Proof = &Proof{Scheme: v.Scheme, SecretID: short(v.SecretID, maxText)}
		for _, place := range v.Covers[:min(len(v.Covers), maxCovers)] {
			r.Proof.Covers = append(r.Proof.Covers, short(place, maxText))
		}
	}
	shown := d.Items[:min(len(d.Items), maxEvents)]
	r.More = len(d.Items) - len(shown)
	for n := range shown {
		r.Events = append(r.Events, eventOf(&shown[n]))
	}
	return r
}

func eventOf(item *pipeline.Item) Event {
	e := item.Event
	one := Event{
		ID: short(e.ID, maxText), Type: short(e.FullType(), maxText), Tenant: short(e.Tenant, maxText), Subject: short(e.Subject, maxText),
		Rule: short(item.Rule, maxText), Drop: item.Drop,
	}
	for _, t := range item.Targets[:min(len(item.Targets), maxPlaces)] {
		one.Targets = append(one.Targets, short(t.Subject, maxText))
	}
	if item.Hold != pipeline.Accepted {
		one.Hold = item.Hold.String()
	}
	return one
}

// short copies the first n bytes of s, whole characters of valid UTF-8.
func short(s string, n int) string {
	if len(s) > n {
		for n > 0 && !utf8.RuneStart(s[n]) {
			n--
		}
		s = s[:n]
	}
	return strings.Clone(strings.ToValidUTF8(s, "�"))
}
