package api

import "time"

// Routing is the way of deliveries from routes to consumers.
type Routing struct {
	Routes  []Route  `json:"routes"`
	Streams []Stream `json:"streams"`
	Notes   []string `json:"notes,omitempty"` // what could not be asked
	Minutes float64  `json:"minutes"`         // over which the rates are
}

// Route is one of the gateway.
type Route struct {
	Name     string   `json:"name"`
	Method   string   `json:"method"` // any, or POST,GET
	Calls    []string `json:"calls"`  // hosts and paths
	Provider string   `json:"provider"`
	Stages   []Stage  `json:"stages"`
	Targets  []Target `json:"targets,omitempty"`
	Notes    []string `json:"notes,omitempty"`
	Rate     float64  `json:"rate"` // deliveries a minute
}

// Stage is one of a route.
type Stage struct {
	Name    string  `json:"name"`
	Mode    string  `json:"mode,omitempty"` // where it is not the usual one
	Refused float64 `json:"refused"`        // deliveries a minute that ended here
}

// Target is where events of a route go.
type Target struct {
	Subject  string  `json:"subject"` // a pattern
	Stream   string  `json:"stream,omitempty"`
	ByPolicy bool    `json:"by_policy,omitempty"`
	Rate     float64 `json:"rate"` // events a minute
}

// Stream is one of NATS.
type Stream struct {
	Name      string     `json:"name"`
	Kind      string     `json:"kind"` // events, kept, dead or other
	Subjects  []string   `json:"subjects"`
	Messages  uint64     `json:"messages"`
	Bytes     uint64     `json:"bytes"`
	Rate      float64    `json:"rate"` // messages a minute
	Consumers []Consumer `json:"consumers,omitempty"`
}

// Consumer is one of a stream.
type Consumer struct {
	Name        string    `json:"name"`
	Filters     []string  `json:"filters,omitempty"`
	Pending     uint64    `json:"pending"` // messages that it has not been given yet: its lag
	Waiting     int       `json:"waiting"` // messages that it has not acknowledged
	Redelivered int       `json:"redelivered"`
	Active      time.Time `json:"active,omitzero"` // when it last acknowledged one
}

// The states of Check.
const (
	Good    = "good"
	Warn    = "warn"
	Bad     = "bad"
	Unknown = "unknown"
)

// Health is how the parts of an installation are.
type Health struct {
	Checks []Check   `json:"checks"`
	At     time.Time `json:"at"`
}

// Check is one thing that was looked at.
type Check struct {
	Area   string     `json:"area"` // broker, journal, policy, addresses, secrets, providers, config
	Name   string     `json:"name"` // what of it: a stream, a route, a secret's id
	State  string     `json:"state"`
	Text   string     `json:"text"`         // a sentence
	Do     string     `json:"do,omitempty"` // what to do about it
	Since  *time.Time `json:"since,omitempty"`
	Metric string     `json:"metric,omitempty"` // that tells it
}

// DeadLetters are the letters of consumers.
type DeadLetters struct {
	Stream  string   `json:"stream"`
	Letters []Letter `json:"letters"`
	More    bool     `json:"more,omitempty"` // there are more than these
	Absent  string   `json:"absent,omitempty"`
}

// Letter is a message that a consumer gave up on.
type Letter struct {
	Sequence   uint64    `json:"sequence"`
	At         time.Time `json:"at"`
	Cause      string    `json:"cause"`
	Consumer   string    `json:"consumer"`
	Stream     string    `json:"stream"`
	Message    uint64    `json:"message"`
	Subject    string    `json:"subject,omitempty"`
	Deliveries int       `json:"deliveries"`
	Reason     string    `json:"reason,omitempty"`
}
