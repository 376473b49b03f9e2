package jsconn

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const (
	// groupInterval is the most that a message waits for others to go with it.
	groupInterval = 2 * time.Millisecond
	// groupSize bounds the messages that wait to go together. JetStream takes 1,000 in a
	// batch.
	groupSize = 256
)

// group publishes messages of deliveries that wait at the same time together, so that
// client, network and broker wake up once for all of them. A message goes at once where no
// other waits for its ack; otherwise with all that come until those acks are there, after
// groupInterval at the latest, or syncInterval where the broker syncs first. Each message
// has its own ack.
type group struct {
	js    jetstream.JetStream
	inbox string // prefix of the subjects that acks come to
	// batched reports whether the broker stores several messages of a stream as one, with
	// one sync, and whether that is worth it.
	batched func(stream string) bool

	mu      sync.Mutex
	last    uint64               // number of the newest message
	out     map[uint64]*outgoing // published, and without an ack yet
	waiting []*outgoing
	began   time.Time   // when the newest ones were published
	timer   *time.Timer // publishes those that wait
	timed   bool        // it will
	single  time.Time   // until when there are no batches, because one was refused
}

// outgoing is a message, and what became of it.
type outgoing struct {
	msg    *nats.Msg
	number uint64 // 0 while it waits to be published
	ack    *jetstream.PubAck
	err    error
	done   chan struct{} // has room for one signal
}

func newGroup(js jetstream.JetStream, batched func(stream string) bool) (*group, error) {
	g := &group{js: js, batched: batched, inbox: js.Conn().NewInbox() + ".", out: map[uint64]*outgoing{}}
	g.timer = time.AfterFunc(time.Hour, g.tick)
	g.timer.Stop()
	_, err := js.Conn().Subscribe(g.inbox+"*", g.receive)
	return g, err
}

// publish returns the ack of m. Where ctx ends before, m may still be read afterwards.
func (g *group) publish(ctx context.Context, m *nats.Msg) (*jetstream.PubAck, error) {
	o := &outgoing{msg: m, done: make(chan struct{}, 1)}
	g.mu.Lock()
	g.waiting = append(g.waiting, o)
	g.release(time.Now())
	select {
	case <-o.done:
		return o.ack, o.err
	case <-ctx.Done():
		g.forget(o)
		return nil, ctx.Err()
	}
}

// release publishes what waits, where it is time for that, and unlocks g.
func (g *group) release(now time.Time) {
	wait := g.interval() - now.Sub(g.began)
	if len(g.waiting) == 0 || len(g.out) > 0 && wait > 0 && len(g.waiting) < groupSize {
		if len(g.waiting) > 0 && !g.timed {
			g.timed = true
			g.timer.Reset(wait)
		}
		g.mu.Unlock()
		return
	}
	ready := g.waiting
	g.waiting, g.began = nil, now
	for _, o := range ready {
		g.last++
		o.number = g.last
		g.out[o.number] = o
	}
	batches := len(ready) >= minBatch && now.After(g.single)
	g.mu.Unlock()
	if batches {
		ready = g.sendBatches(ready)
	}
	for _, o := range ready {
		g.send(o.msg, o.number)
	}
}

// interval is the most that what waits has to wait.
func (g *group) interval() time.Duration {
	if len(g.waiting) > 0 && g.batched(streamOf(g.waiting[0])) {
		return syncInterval
	}
	return groupInterval
}

// tick publishes what has waited long enough.
func (g *group) tick() {
	g.mu.Lock()
	g.timed = false
	g.release(time.Now())
}

// send publishes a message by itself.
func (g *group) send(m *nats.Msg, number uint64) {
	one := &nats.Msg{Subject: m.Subject, Reply: g.inbox + strconv.FormatUint(number, 36), Header: m.Header, Data: m.Data}
	if err := g.js.Conn().PublishMsg(one); err != nil {
		g.end(number, nil, err)
	}
}

// receive takes an ack.
func (g *group) receive(m *nats.Msg) {
	number, err := strconv.ParseUint(strings.TrimPrefix(m.Subject, g.inbox), 36, 64)
	if err != nil {
		return
	}
	ack, err := parseAck(m)
	g.end(number, ack, err)
}

// end tells who waits for a message what became of it.
func (g *group) end(number uint64, ack *jetstream.PubAck, err error) {
	g.mu.Lock()
	if o := g.out[number]; o != nil {
		delete(g.out, number)
		o.ack, o.err = ack, err
		o.done <- struct{}{}
	}
	g.release(time.Now())
}

// forget takes out a message that nobody waits for any more.
func (g *group) forget(o *outgoing) {
	g.mu.Lock()
	delete(g.out, o.number)
	g.waiting = slices.DeleteFunc(g.waiting, func(one *outgoing) bool { return one == o })
	g.release(time.Now())
}

// parseAck reads the answer to a publish (NATS ADR-1, ADR-22).
func parseAck(m *nats.Msg) (*jetstream.PubAck, error) {
	if len(m.Data) == 0 && m.Header.Get("Status") == "503" { // nobody listens
		return nil, jetstream.ErrNoStreamResponse
	}
	var answer struct {
		*jetstream.PubAck
		Error *jetstream.APIError `json:"error"`
	}
	if err := json.Unmarshal(m.Data, &answer); err != nil {
		return nil, jetstream.ErrInvalidJSAck
	}
	switch {
	case answer.Error != nil:
		return nil, fmt.Errorf("nats: %w", answer.Error)
	case answer.PubAck == nil || answer.Stream == "":
		return nil, jetstream.ErrInvalidJSAck
	}
	return answer.PubAck, nil
}
