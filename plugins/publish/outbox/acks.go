package outbox

import (
	"context"
	"errors"
	"maps"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/internal/journal"
	"webhookedge/plugins/publish/jsconn"
	"webhookedge/plugins/streams"
)

// verifyInterval is how often the broker is asked whether it has what it
// acknowledged.
const verifyInterval = 2 * time.Second

// RepublishedHeader marks an event that the broker had acknowledged and lost: a
// consumer may have seen it before.
const RepublishedHeader = "Webhook-Republished"

// acknowledged is what the broker acknowledged of a stream, and what shows that it still
// has that.
type acknowledged struct {
	highest uint64 // sequence of an ack, 0 for the stream of a bucket
	known   bool   // that what follows was read
	keeps   bool   // what consumers have read
	created time.Time
	leader  string
}

// Note takes in an ack.
func (d *Outbox) Note(stream string, sequence uint64) {
	d.acksMu.Lock()
	defer d.acksMu.Unlock()
	s := d.acks[stream]
	s.highest = max(s.highest, sequence)
	d.acks[stream] = s
}

// acknowledged is a copy, so that no ack that comes later is held against an older
// answer.
func (d *Outbox) acknowledged() map[string]acknowledged {
	d.acksMu.Lock()
	defer d.acksMu.Unlock()
	return maps.Clone(d.acks)
}

// verify asks the broker, every two seconds and after each connect to a server
// process that was not seen before, whether it still has what it acknowledged. What it could have lost
// is published again under the same message ids: the duplicate window drops what is
// there.
func (d *Outbox) verify() {
	conn := d.owner.Load()
	restarts := conn.Restarts.Load()
	if time.Since(d.drain.verified) < verifyInterval && restarts == d.drain.restarts {
		return
	}
	ctx, cancel := context.WithTimeout(d.ctx, jsconn.AskTimeout)
	defer cancel()
	js, err := conn.Client(ctx)
	if err != nil {
		return
	}
	d.drain.verified = time.Now()
	other := restarts != d.drain.restarts
	for name, had := range d.acknowledged() {
		if conn.Settings.Stream.Ensure == jsconn.EnsureOff { // the user may have no right to ask
			if other {
				d.again(name, 0, "")
			}
			continue
		}
		if err := d.compare(ctx, js, name, had, other); err != nil {
			if d.complaints.Allow("verify", time.Now()) {
				d.log.Warn("the broker does not say whether it has what it acknowledged: nothing leaves the journal", "stream", name, "err", err.Error())
			}
			return
		}
	}
	d.drain.restarts = restarts
	for _, j := range d.journals() {
		j.Verified(d.drain.verified)
	}
}

// compare holds a stream against what it acknowledged. other is true when another
// server process answers than before.
func (d *Outbox) compare(ctx context.Context, js jetstream.JetStream, name string, had acknowledged, other bool) error {
	stream, err := js.Stream(ctx, name)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		d.again(name, 0, "the stream is gone")
		return nil
	}
	if err != nil {
		return err
	}
	info := stream.CachedInfo()
	leader := ""
	if info.Cluster != nil {
		leader = info.Cluster.Leader
	}
	first := uint64(0) // of all that it took
	if info.Config.Retention != jetstream.LimitsPolicy {
		first = info.State.LastSeq + 1 // consumers removed what they read
	}
	switch {
	case had.known && !info.Created.Equal(had.created):
		d.again(name, 0, "the stream was made anew")
	case info.State.LastSeq < had.highest:
		d.again(name, first, "the stream ends before what it acknowledged")
	case other || had.known && leader != had.leader:
		d.again(name, first, "")
	}
	d.acksMu.Lock()
	defer d.acksMu.Unlock()
	s := d.acks[name]
	s.known, s.keeps, s.created, s.leader = true, first == 0, info.Created, leader
	if info.State.LastSeq < had.highest { // what comes now counts anew
		s.highest = info.State.LastSeq
	}
	d.acks[name] = s
	return nil
}

// again publishes again what is held of a stream, of sequences from first on. why is
// what shows that events are missing, "" where they may be.
func (d *Outbox) again(stream string, first uint64, why string) {
	n := 0
	for _, j := range d.journals() {
		n += j.Again(stream, first)
	}
	if streams.IsOfBucket(stream) { // events are at their stream, and what they refer to may not be
		for name, had := range d.acknowledged() {
			for _, j := range d.journals() {
				if had.keeps {
					n += j.Again(name, 0)
				}
			}
		}
	}
	switch {
	case n == 0:
	case why != "": // a new leader says so too, for a moment
		d.log.Warn("the broker may have lost events that it had acknowledged: they are published again", "stream", stream, "held", n, "err", why)
	default:
		d.log.Info("another server or leader answers: what it may not have is published again", "stream", stream, "held", n)
	}
}

// journals are the own one and those that others left.
func (d *Outbox) journals() []*journal.Journal { return append(d.leftovers(), d.own) }

// sayForgotten raises the alarm once everything is published again.
func (d *Outbox) sayForgotten() {
	if d.drain.forgotten == 0 {
		return
	}
	d.log.Error("events that the broker had acknowledged were missing and were published again", "events", d.drain.forgotten)
	d.drain.forgotten = 0
}
