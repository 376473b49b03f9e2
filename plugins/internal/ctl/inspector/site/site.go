// Package site is what the parts of the inspector share: the installation that is looked
// at, and what is known of its deliveries.
package site

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/internal/ctl/inspector/api"
	"webhookedge/plugins/observe"
	"webhookedge/plugins/streams/archive"
)

// ErrUnknown is a delivery, message or letter that is not known, or not any more.
var ErrUnknown = errors.New("it is not known, or not any more")

// The values of Site.Mode.
const (
	Local   = "local"
	Inspect = "inspect"
)

// Site is the installation that is looked at.
type Site struct {
	Mode string
	// JetStream returns the client. Its connection makes itself anew.
	JetStream func(context.Context) (jetstream.JetStream, error)
	// Connected reports whether NATS is there now.
	Connected func() bool
	// Config is the path of the kong.yml, "" where none is known.
	Config string
	// Env looks up the variables that Config refers to.
	Env func(name string) (string, bool)
	// Gateway is its URL, "" where it is not known and nothing can be sent.
	Gateway string
	// Kept is the stream of the quarantine, Dead that of the letters of consumers.
	Kept, Dead Place
	// Keys open what the quarantine keeps.
	Keys *archive.Keys
	// Streams returns the names of the streams of events.
	Streams func() []string
	// Metrics are the URLs of the plugins' metrics.
	Metrics []string
	// Changes allows acts.
	Changes bool
	// Deliveries are those that are known.
	Deliveries Deliveries
}

// Place is a stream, and the tokens that its subjects begin with.
type Place struct{ Stream, Prefix string }

// Deliveries is what the feed knows. It is safe for concurrent use.
type Deliveries interface {
	// Get returns the delivery of a number; ok is false where it is not known any more.
	Get(n uint64) (d Delivery, ok bool)
	// Recent yields the deliveries since a time, the newest first.
	Recent(since time.Time) iter.Seq[Recent]
	// Same returns the numbers of deliveries whose event has a place in a stream, the
	// newest first, 20 at most.
	Same(stream string, sequence uint64) []uint64
}

// Delivery is what is known of one without asking NATS.
type Delivery struct {
	Row    api.Row
	Record *observe.Record // nil where none came
	// Request is the delivery as it came, where the gateway is ours; nil elsewhere. It
	// holds secrets and signatures, and is never shown as it is.
	Request *Request
	Stored  []Stored // where its events are
	Kept    uint64   // its sequence in the quarantine, 0 for none
}

// Stored is where a stream has an event.
type Stored struct {
	Stream    string
	Sequence  uint64
	Subject   string
	Duplicate bool // an earlier delivery stored it
}

// Request is a delivery as it came.
type Request struct {
	Method, Host, Path, Query, Client string
	Headers                           [][2]string // in their order
	Body                              []byte      // whole, or its beginning
	Size                              int         // of the whole body, in bytes
	At                                time.Time
	Status                            int // of the answer
	Answer                            [][2]string
}

// Recent is a delivery for who counts.
type Recent struct {
	Row      api.Row
	Stage    string   // that refused it
	Subjects []string // on which its events were published
}
