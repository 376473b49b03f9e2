package ackmodel

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// Line is one thing that was seen of the real system. A trace is a file with a JSON
// object a line, in the order in which the lines were written. A line about something
// that is begun is written before, one about something that is over after it.
type Line struct {
	Event string `json:"event"`

	// ID and Body name a delivery: the event's id and any text that is the same
	// for the same body alone, such as a hash.
	ID   string `json:"id,omitempty"`
	Body string `json:"body,omitempty"`
	// Large says that the payload goes to the object store.
	Large bool `json:"large,omitempty"`
	// Gateway counts from 0.
	Gateway int `json:"gateway,omitempty"`
	// Ack is the Webhook-Ack of an answer.
	Ack string `json:"ack,omitempty"`
	// Fault is one of the Fault constants; others change nothing.
	Fault string `json:"fault,omitempty"`

	// Mode, Gateways and Shows belong to the first line: "journal", "spool" or
	// "broker"; how many gateways there are; and which of the events of gateways
	// the trace shows. What it does not show may have happened at any time.
	Mode     string   `json:"mode,omitempty"`
	Gateways int      `json:"gateways,omitempty"`
	Shows    []string `json:"shows,omitempty"`
}

// The events of every trace.
const (
	Begin       = "begin"       // the first line
	Deliver     = "deliver"     // a sender begins a try
	Answered    = "answered"    // the try was answered with 2xx, and Ack
	Unanswered  = "unanswered"  // the try ended otherwise
	FaultBegins = "fault"       // Fault may happen from now on, any number of times
	FaultIsOver = "recovered"   // Fault has happened and does not any more
	Drained     = "drained"     // all journals are empty
	Stored      = "stored"      // the stream has the event, in a reading before End
	Quarantined = "quarantined" // the quarantine has the delivery, likewise
	End         = "end"         // the stream has nothing but what was said to be stored
)

// The events of gateways, which a trace may show or not.
const (
	Received   = "received"   // a handler begins
	Journalled = "journalled" // the journal has it, synced
	Acked      = "acked"      // the stream took it and the ack came
	Doubled    = "duplicate"  // the stream had the same, and the ack came
	HeldBack   = "held"       // the quarantine took it
	SetAside   = "parked"     // the journal set it aside
	Dropped    = "dropped"    // the journal let go of it
	Connected  = "connected"  // a gateway connected to the broker
)

// The faults that do not happen in the model unless a trace has them. A link may
// break, an answer be lost and a handler give up at any time.
const (
	FaultGatewayKilled   = "gateway killed"
	FaultGatewayPowerCut = "gateway power cut"
	FaultBrokerKilled    = "broker killed"
	FaultBrokerPowerCut  = "broker power cut"
)

// shown has the kinds of steps that each event of gateways stands for.
func shown() map[string][]Kind {
	return map[string][]Kind{
		Received: {Request, RequestAgain}, Journalled: {Sync}, Acked: {Store}, Doubled: {Duplicate},
		HeldBack: {Hold}, SetAside: {Park}, Dropped: {Drop}, Connected: {Connect},
	}
}

// gated has the kind of step behind each fault.
func gated() map[string]Kind {
	return map[string]Kind{
		FaultGatewayKilled: Kill, FaultGatewayPowerCut: GatewayPower, FaultBrokerKilled: BrokerKill, FaultBrokerPowerCut: BrokerPower,
	}
}

// ErrTrace says that a trace cannot be read, or is about more than the model has.
var ErrTrace = errors.New("not a trace")

// WriteTrace writes a trace, a JSON object a line.
func WriteTrace(w io.Writer, lines []Line) error {
	out := json.NewEncoder(w)
	for i := range lines {
		if err := out.Encode(&lines[i]); err != nil {
			return err
		}
	}
	return nil
}

// setting is what the first line of a trace says.
type setting struct {
	mode     Mode
	gateways int
	hidden   [Expire + 1]bool // kinds of steps that the trace does not show
	shows    []string
}

func settingOf(lines []Line) (setting, error) {
	if len(lines) == 0 || lines[0].Event != Begin {
		return setting{}, fmt.Errorf("%w: it does not begin with %q", ErrTrace, Begin)
	}
	first := lines[0]
	s := setting{gateways: first.Gateways, shows: first.Shows}
	mode := slices.Index([]string{Journal: "journal", Spool: "spool", Broker: "broker"}, first.Mode)
	if mode < 0 || first.Gateways < 1 || first.Gateways > gateways {
		return setting{}, fmt.Errorf("%w: mode %q with %d gateways", ErrTrace, first.Mode, first.Gateways)
	}
	s.mode = Mode(mode)
	for kind := range s.hidden {
		s.hidden[kind] = true
	}
	for _, event := range first.Shows {
		hides, known := shown()[event]
		if !known {
			return setting{}, fmt.Errorf("%w: it cannot show %q", ErrTrace, event)
		}
		for _, kind := range hides {
			s.hidden[kind] = false
		}
	}
	return s, nil
}
