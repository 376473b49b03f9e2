package api

import "time"

// The acts.
const (
	ActSend    = "send"    // a signed sample of a route's provider
	ActAgain   = "again"   // the request of a delivery, once more
	ActRelease = "release" // a kept delivery, through the stages again
	ActDrop    = "drop"    // a kept delivery, for good
	ActReplay  = "replay"  // a stored event, marked as replayed
	ActRetry   = "retry"   // the message of a dead letter
	ActDiscard = "discard" // a dead letter, for good
)

// Order is an act that is asked for.
type Order struct {
	Act string `json:"act"`
	Key string `json:"key,omitempty"` // that of the Plan; needed to run it

	N        uint64 `json:"n,omitempty"`        // the delivery, of again, release, drop and replay
	Event    int    `json:"event,omitempty"`    // which of its events, of replay
	Sequence uint64 `json:"sequence,omitempty"` // the letter, of retry and discard

	Route    string `json:"route,omitempty"`  // of send
	Sample   string `json:"sample,omitempty"` // event of the sample
	Mutation string `json:"mutation,omitempty"`
	Body     string `json:"body,omitempty"` // instead of the sample's
	ID       string `json:"id,omitempty"`
	Resign   bool   `json:"resign,omitempty"`  // sign again, of again
	Approve  bool   `json:"approve,omitempty"` // what a policy would hold again, of release
	Subject  string `json:"subject,omitempty"` // where to, of replay and retry; "" is the message's own
}

// Plan is what an act would do. Nothing of it has happened.
type Plan struct {
	Key     string   `json:"key"`   // of this plan alone; it is good for ten minutes and one run
	Title   string   `json:"title"` // "Release delivery 17 of GitHub"
	Steps   []string `json:"steps"` // what will happen, in sentences
	Warn    []string `json:"warn,omitempty"`
	Request *Request `json:"request,omitempty"` // that would be sent
	Undo    string   `json:"undo"`              // how it can be undone, or that it cannot
	Command string   `json:"command,omitempty"` // of webhookctl that does the same
	Denied  string   `json:"denied,omitempty"`  // why it cannot be run here
}

// Done is what an act has done.
type Done struct {
	OK     bool       `json:"ok"`
	Title  string     `json:"title"`
	Lines  []string   `json:"lines,omitempty"`
	Status int        `json:"status,omitempty"` // of the answer to what was sent
	Body   string     `json:"body,omitempty"`
	Undo   string     `json:"undo,omitempty"`  // key for undoing it
	Until  *time.Time `json:"until,omitempty"` // until when that is possible
	// RequestID is that of the delivery it made, "" where it made none or the answer names none.
	RequestID string `json:"request_id,omitempty"`
}

// Undo takes an act back.
type Undo struct {
	Key string `json:"key"`
}
