// Package feed learns of deliveries and fills the inspector's list with them: from the
// edge's records, from the streams of events, from the quarantine, and from the gateway of
// webhookctl local. What they say of one delivery is joined by its request id.
//
// It only reads. Nothing of NATS waits for it: records that come faster than they are
// taken are lost to it.
package feed

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/internal/ctl/inspector/list"
	"webhookedge/plugins/internal/ctl/inspector/site"
	"webhookedge/plugins/observe"
)

const (
	// maxWaiting bounds the records that wait while streams are read.
	maxWaiting = 8192
	// maxRecords and maxRequests bound what is kept whole of the newest deliveries, in
	// bytes.
	maxRecords  = 64 << 20
	maxRequests = 64 << 20
	// retryInterval is how often it is tried again what failed.
	retryInterval = time.Second
	// lookInterval is how often it is looked for streams that are new.
	lookInterval = 500 * time.Millisecond
	// askTimeout bounds a question to NATS.
	askTimeout = 5 * time.Second
)

// Config says where deliveries are learned of.
type Config struct {
	// JetStream returns the client, and waits for it until ctx is done.
	JetStream func(context.Context) (jetstream.JetStream, error)
	// Streams names the streams of events; those that are not there yet are waited for.
	Streams func() []string
	// Kept is the quarantine.
	Kept site.Place
	// Records is the subject of the edge's records, or a pattern of several.
	Records string
	// Backfill is how many of the newest messages of each stream are read at the start.
	Backfill int
}

// Feed is the deliveries that are known. It is safe for concurrent use.
type Feed struct {
	Config
	list *list.List

	mu       sync.Mutex
	records  newest[[]byte]
	requests newest[*site.Request]
	notes    []string
}

// New returns a feed that fills l once it runs.
func New(cfg Config, l *list.List) *Feed {
	return &Feed{Config: cfg, list: l, records: newest[[]byte]{max: maxRecords}, requests: newest[*site.Request]{max: maxRequests}}
}

// Run reads what is there, in the order of its times, and follows what comes until ctx is
// done.
func (f *Feed) Run(ctx context.Context) {
	js := f.connect(ctx)
	if js == nil {
		return
	}
	var wg sync.WaitGroup
	defer wg.Wait()
	records := make(chan *nats.Msg, maxWaiting)
	if sub := f.subscribe(js.Conn(), records); sub != nil {
		defer sub.Unsubscribe() //nolint:errcheck // the connection ends too
	}
	positions := f.backfill(ctx, js)
	wg.Go(func() { f.takeRecords(ctx, records) })
	if f.Kept.Stream != "" {
		wg.Go(func() { f.follow(ctx, f.kept(f.Kept), positions[f.Kept.Stream]) })
	}
	followed := []string{f.Kept.Stream}
	tick := time.NewTicker(lookInterval)
	defer tick.Stop()
	for {
		for _, name := range f.Streams() {
			if !slices.Contains(followed, name) {
				followed = append(followed, name)
				wg.Go(func() { f.follow(ctx, events(name), positions[name]) })
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// connect returns nil once ctx is done.
func (f *Feed) connect(ctx context.Context) jetstream.JetStream {
	for {
		js, err := f.JetStream(ctx)
		if err == nil {
			return js
		}
		if !wait(ctx) {
			return nil
		}
	}
}

// wait reports whether there is a next try.
func wait(ctx context.Context) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(retryInterval):
		return true
	}
}

// subscribe asks for records. A server that refuses says so a little later.
func (f *Feed) subscribe(nc *nats.Conn, records chan *nats.Msg) *nats.Subscription {
	if f.Records == "" {
		return nil
	}
	sub, err := nc.ChanSubscribe(f.Records, records)
	if err == nil && nc.IsConnected() {
		if err = nc.FlushTimeout(askTimeout); err == nil {
			err = nc.LastError()
		}
	}
	if err != nil {
		f.note(fmt.Sprintf("Records of deliveries on %s cannot be read: %v", f.Records, err))
	}
	return sub
}

func (f *Feed) takeRecords(ctx context.Context, records <-chan *nats.Msg) {
	for {
		select {
		case <-ctx.Done():
			return
		case m := <-records:
			f.Record(m.Data)
		}
	}
}

// Record takes a record of the edge. What is none is left out.
func (f *Feed) Record(text []byte) {
	var r observe.Record
	if json.Unmarshal(text, &r) != nil || r.Version < observe.Version {
		return
	}
	fact := recordFact(&r, f.Kept.Stream)
	n := f.list.Put(&fact)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.records.put(n, text, len(text))
}

// Request takes a request that our own gateway has answered. r is not to be changed any
// more.
func (f *Feed) Request(id, route string, took time.Duration, r *site.Request) {
	fact := requestFact(id, route, took, r)
	n := f.list.Put(&fact)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.requests.put(n, r, sizeOf(r))
}

// sizeOf is about what a request takes, in bytes.
func sizeOf(r *site.Request) int {
	size := 512 + len(r.Path) + len(r.Query) + len(r.Body)
	for _, list := range [...][][2]string{r.Headers, r.Answer} {
		for _, h := range list {
			size += 32 + len(h[0]) + len(h[1])
		}
	}
	return size
}

// Get implements [site.Deliveries].
func (f *Feed) Get(n uint64) (site.Delivery, bool) {
	d, ok := f.list.Get(n)
	if !ok {
		return d, false
	}
	f.mu.Lock()
	text, known := f.records.get(n)
	d.Request, _ = f.requests.get(n)
	f.mu.Unlock()
	if r := (&observe.Record{}); known && json.Unmarshal(text, r) == nil {
		d.Record = r
	}
	return d, true
}

// Recent implements [site.Deliveries].
func (f *Feed) Recent(since time.Time) iter.Seq[site.Recent] { return f.list.Recent(since) }

// Same implements [site.Deliveries].
func (f *Feed) Same(stream string, sequence uint64) []uint64 { return f.list.Same(stream, sequence) }

// Notes says what cannot be read.
func (f *Feed) Notes() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.notes)
}

// maxNotes bounds the notes: a stream that comes and goes has one each time.
const maxNotes = 20

func (f *Feed) note(text string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.notes) < maxNotes && !slices.Contains(f.notes, text) {
		f.notes = append(f.notes, text)
	}
}

var _ site.Deliveries = (*Feed)(nil)
