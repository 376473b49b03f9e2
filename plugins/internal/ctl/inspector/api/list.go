package api

import "time"

// Session is what the page must know of its server.
type Session struct {
	Mode     string    `json:"mode"`    // local or inspect
	Changes  bool      `json:"changes"` // acts may be run
	Version  string    `json:"version"`
	Started  time.Time `json:"started"`
	Gateway  string    `json:"gateway,omitempty"` // URL of it, where acts can call it
	NATS     string    `json:"nats"`              // its address without user and password
	Records  string    `json:"records"`           // subject of the records of deliveries
	Streams  []string  `json:"streams,omitempty"` // of events
	Config   string    `json:"config,omitempty"`  // the kong.yml, "" where none is known
	Notes    []string  `json:"notes,omitempty"`   // what the page cannot show, and why
	Routes   []Sender  `json:"routes,omitempty"`
	Mutation []string  `json:"mutations,omitempty"` // of a sample that is sent
}

// Sender is a route with what its provider can send.
type Sender struct {
	Route    string   `json:"route"`
	Provider string   `json:"provider"`
	Events   []string `json:"events,omitempty"` // of samples
	Signs    bool     `json:"signs"`            // its secret is here, and signs
	Why      string   `json:"why,omitempty"`    // why it does not
}

// The kinds of Row.
const (
	KindDelivery = "delivery" // a record, or a request at the gateway of local
	KindEvent    = "event"    // a stored event of whose delivery no record is known
	KindKept     = "kept"     // a delivery in the quarantine of which no record is known
)

// The states of Row.
const (
	StateStored  = "stored"  // or passed on to a service
	StateRefused = "refused" // and not held
	StateHeld    = "held"    // in the quarantine, for somebody to look at
)

// Row is a delivery in the list.
type Row struct {
	N         uint64    `json:"n"` // from 1 in the order of arrival here; it never changes
	At        time.Time `json:"at"`
	Kind      string    `json:"kind"`
	State     string    `json:"state"`
	Provider  string    `json:"provider"`
	Route     string    `json:"route,omitempty"`
	Type      string    `json:"type,omitempty"` // of its first event, without the provider
	Events    int       `json:"events"`
	Tenant    string    `json:"tenant,omitempty"`
	Status    int       `json:"status,omitempty"` // 0 where it is not known
	Code      string    `json:"code,omitempty"`
	Ack       string    `json:"ack,omitempty"`
	Micros    int64     `json:"took_us,omitempty"` // 0 where it is not known
	RequestID string    `json:"request_id,omitempty"`
}

// Query is a part of the list, in the parameters of a URL. A filter that is empty picks
// all; several values of one are alternatives with commas between them.
type Query struct {
	Search   string   // q: a text in any column, an id, or a request id
	Provider []string // provider
	Route    []string // route
	Type     []string // type; a star is any text
	Tenant   []string // tenant
	Status   []string // status, such as 401 or 4xx
	Code     []string // code
	Ack      []string // ack
	State    []string // state
	Until    uint64   // until: the newest row that counts; 0 is all
	Offset   int      // offset, from the newest that match
	Count    int      // count, 200 at most
}

// Page is the rows of a Query, the newest first.
type Page struct {
	Rows    []Row  `json:"rows"`
	Offset  int    `json:"offset"`
	Matched int    `json:"matched"` // all that the filters pick
	Total   int    `json:"total"`   // all that are known
	Last    uint64 `json:"last"`    // number of the newest row there is
	Dropped uint64 `json:"dropped"` // rows that are forgotten, since there were too many
}

// Facets are the values that filters can have, the most frequent first.
type Facets struct {
	Provider []Facet `json:"provider"`
	Route    []Facet `json:"route"`
	Type     []Facet `json:"type"`
	Tenant   []Facet `json:"tenant"`
	Status   []Facet `json:"status"`
	Code     []Facet `json:"code"`
	Ack      []Facet `json:"ack"`
	State    []Facet `json:"state"`
}

// Facet is one value, and how many rows have it.
type Facet struct {
	Value string `json:"value"`
	Rows  int    `json:"rows"`
}

// Tick says that something has changed. It comes at most five times a second, and every
// ten seconds when nothing does.
type Tick struct {
	Last      uint64  `json:"last"` // number of the newest row
	Total     int     `json:"total"`
	PerSecond float64 `json:"per_second"`        // deliveries, over the last ten seconds
	Broker    bool    `json:"broker"`            // NATS is connected
	Changed   string  `json:"changed,omitempty"` // config: routes and settings are to be asked for again
}

// Fault is why a request failed.
type Fault struct {
	Error string `json:"error"`
}
