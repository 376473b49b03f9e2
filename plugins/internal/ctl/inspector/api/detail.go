package api

import (
	"encoding/json"
	"time"

	"webhookedge/plugins/observe"
	"webhookedge/plugins/policy/author"
)

// Detail is all that is known of a delivery.
type Detail struct {
	Row
	Record   *observe.Record `json:"record,omitempty"`
	Request  *Request        `json:"request,omitempty"` // nil where nobody kept it
	Absent   string          `json:"absent,omitempty"`  // why there is no Request
	Stored   []StoredEvent   `json:"stored,omitempty"`
	Proof    *Proof          `json:"proof,omitempty"`
	Origins  []Origin        `json:"origins,omitempty"`
	Refusal  *Refusal        `json:"refusal,omitempty"`
	Decision []Decision      `json:"decisions,omitempty"` // one an event
	Kept     *Kept           `json:"kept,omitempty"`
	Copies   Copies          `json:"copies"`
	Acts     []string        `json:"acts,omitempty"` // that make sense for it: again, release, drop, replay
}

// Request is a delivery as it came, with secrets and signatures masked.
type Request struct {
	From    string   `json:"from"` // gateway, or quarantine
	Method  string   `json:"method"`
	URL     string   `json:"url"`
	Client  string   `json:"client,omitempty"`
	Headers []Header `json:"headers"`
	Body    Body     `json:"body"`
}

// Header is one line of a request.
type Header struct {
	Name   string `json:"name"`
	Value  string `json:"value"`
	Masked bool   `json:"masked,omitempty"` // the value is not here
	Signed bool   `json:"signed,omitempty"` // the signature covers it
}

// Body is a payload for people. Control characters and those that turn the direction of
// text are in it as they came: who shows it must make them visible.
type Body struct {
	Text   string   `json:"text"`             // at most 256 KiB, as UTF-8; hex of a binary one
	Kind   string   `json:"kind"`             // json, text, or binary
	Size   int      `json:"size"`             // in bytes, of the whole
	Cut    bool     `json:"cut,omitempty"`    // Text is its beginning
	Masked []string `json:"masked,omitempty"` // places whose values are not here
}

// StoredEvent is an event as a stream has it.
type StoredEvent struct {
	Stream     string      `json:"stream"`
	Sequence   uint64      `json:"sequence"`
	StoredAt   time.Time   `json:"stored_at"`
	Subject    string      `json:"subject"`
	MessageID  string      `json:"message_id,omitempty"`
	Attributes [][2]string `json:"attributes"` // name and value, in the order of CloudEvents
	Data       Body        `json:"data"`
	Duplicate  bool        `json:"duplicate,omitempty"`  // it was stored by an earlier delivery, which this one repeats
	Deliveries []uint64    `json:"deliveries,omitempty"` // numbers of other rows of the same event
	Error      string      `json:"error,omitempty"`      // why it could not be read
}

// Proof is what the signature says, and what it does not.
type Proof struct {
	Scheme   string   `json:"scheme"`
	SecretID string   `json:"secret_id,omitempty"`
	Covers   []string `json:"covers"`   // places: body, header:x-id, method, url
	Unsigned []string `json:"unsigned"` // attributes of the event that no signature covers
	Text     string   `json:"text"`     // the same in a sentence
}

// Origin is where an attribute of the event came from.
type Origin struct {
	Event     int    `json:"event"` // its position in Stored
	Attribute string `json:"attribute"`
	Value     string `json:"value"`
	// Place is as a row of the catalogue names it, header:x-github-event or
	// json:repository.full_name, several with a plus between them; setting:normalize.tenant
	// where the route sets it, and edge where the edge made it.
	Place     string `json:"place"`
	Signed    bool   `json:"signed"`
	Header    string `json:"header,omitempty"` // name of the header that it stands in
	Start     int    `json:"start,omitempty"`  // in Request.Body.Text, in UTF-16 units as JavaScript counts; End is 0 where it is not in there
	End       int    `json:"end,omitempty"`
	DataStart int    `json:"data_start,omitempty"` // the same in the text of the event's data
	DataEnd   int    `json:"data_end,omitempty"`
}

// Refusal is why a delivery was refused, and what to do.
type Refusal struct {
	Code    string `json:"code"`
	Status  int    `json:"status"`
	Stage   string `json:"stage,omitempty"`
	Meaning string `json:"meaning"` // of the code
	Reason  string `json:"reason"`
	Cause   string `json:"cause,omitempty"`
	Change  string `json:"change"`         // what to change, in a sentence
	Retry   bool   `json:"retry"`          // the sender should try again
	File    string `json:"file,omitempty"` // kong.yml
	Line    int    `json:"line,omitempty"`
	Lines   []Line `json:"lines,omitempty"` // those around it, with values of secrets masked
}

// Line is one of a file.
type Line struct {
	Number int    `json:"number"`
	Text   string `json:"text"`
}

// Decision is what the policy made of an event: what was decided then, and what the
// policies that are there now, live and candidate, say of it.
type Decision struct {
	Rule      string   `json:"rule,omitempty"` // that decided then
	Targets   []string `json:"targets,omitempty"`
	Live      *Answer  `json:"live,omitempty"`
	Candidate *Answer  `json:"candidate,omitempty"`
	Differs   bool     `json:"differs,omitempty"`
	Absent    string   `json:"absent,omitempty"` // why nothing could be asked
}

// Answer is a decision with the rules that led to it.
type Answer struct {
	Directory string          `json:"directory"`
	Decision  json.RawMessage `json:"decision,omitempty"`
	Error     string          `json:"error,omitempty"`
	Steps     []author.Step   `json:"steps,omitempty"`
}

// Kept is where the quarantine has a delivery.
type Kept struct {
	Stream   string   `json:"stream"`
	Sequence uint64   `json:"sequence"`
	Held     bool     `json:"held"`
	Cut      bool     `json:"cut,omitempty"`
	Removed  []string `json:"removed,omitempty"`
	Error    string   `json:"error,omitempty"` // why it could not be opened
}

// Copies are texts for the clipboard, without secrets.
type Copies struct {
	Curl   string `json:"curl,omitempty"`
	Send   string `json:"send,omitempty"`   // the command that signs and sends it
	Test   string `json:"test,omitempty"`   // a test of a policy in Rego
	Sample string `json:"sample,omitempty"` // the payload with its personal values replaced
}
