package publish

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/internal/bound"
	"webhookedge/plugins/internal/journal"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/publish/jsconn"
)

// assumedPayload is what a broker is taken to accept that nobody has reached yet:
// the default of NATS, in bytes.
const assumedPayload = 1 << 20

// JournalConfig is the place for events that the broker did not take yet, or could
// still lose.
type JournalConfig struct {
	Directory     string `json:"directory" format:"journal" doc:"Absolute path of a directory on a local disk for events that the broker has not taken, or could lose in a power cut. Empty is off. One directory is for one broker and user." minlen:"0" maxlen:"1024" referenceable:"true"`
	MaxBytes      int64  `json:"max_bytes" doc:"Bytes that the events of a process may take. When they are used up the broker goes on alone, and what it does not take gets 503. An event stays for four minutes with NATS's defaults: 100 a second of 4 KB are 100 MB." default:"4294967296" min:"1048576" max:"1099511627776"`
	MaxAgeSeconds int    `json:"max_age_seconds" doc:"Age of the oldest event that waits for the broker, in seconds, at which new ones get 503: an engineer has to look. None is ever dropped." default:"86400" min:"60" max:"2592000"`
	BrokerPercent int    `json:"broker_percent" doc:"Part of ack_timeout_ms, in percent, that the broker has before the journal alone is the answer." default:"60" min:"10" max:"90"`
}

func (c *JournalConfig) on() bool { return c.Directory != "" }

// backed reports whether events go into a journal as well as to the broker.
func (c *Config) backed() bool { return c.Journal.on() && c.Ack != AckBroker }

// heldWindow is the duplicate window that keeps what is published again from being
// stored twice, with some time for a segment to be ended and looked at.
func (c *Config) heldWindow() time.Duration {
	settings := c.settings()
	if !c.Journal.on() || settings.Hold() == 0 {
		return 0
	}
	return settings.Hold() + time.Minute
}

// share is the broker's part of the time where there is a journal behind it.
func (s *Stage) share(ctx context.Context) (context.Context, context.CancelFunc) {
	if s.outbox == nil {
		return ctx, func() {}
	}
	return bound.WithTimeout(ctx, s.timeout*time.Duration(s.cfg.Journal.BrokerPercent)/100)
}

// streamIsAway reports whether the stage's own stream was there and is gone, or was
// changed so that it does not keep events: the journal has them until somebody puts
// that right. One that was never fit is a mistake that its author should see at once.
func (s *Stage) streamIsAway(err error, m *message) bool {
	return m.stream == s.cfg.Stream.Name && s.conn.WasFit.Load() && (errors.Is(err, jsconn.ErrUnfit) || jsconn.TakesNothing(err) && s.settings.IsOwn(m.subject))
}

// errBehind keeps an event that has an order behind those in the journal.
var errBehind = fmt.Errorf("%w: events wait in the journal before it", jsconn.ErrDisconnected)

// Keep stores a message of another stream as safely as an event: at the broker, and
// where there is a journal in that too, or in the journal alone while the broker does
// not answer. Its message id must stand for one content.
func (s *Stage) Keep(ctx context.Context, msg *nats.Msg) error {
	backup := s.begin(ctx, func() *journal.Record {
		return &journal.Record{Subject: msg.Subject, Header: msg.Header, Data: msg.Data, Final: true}
	})
	if err := s.durable(backup.entry != nil); err != nil {
		return err
	}
	share, cancel := s.share(ctx)
	defer cancel()
	begun := time.Now()
	var ack *jetstream.PubAck
	js, err := s.conn.Client(share)
	if err == nil {
		ack, err = js.PublishMsg(share, msg)
	}
	switch {
	case err == nil:
		return s.durable(s.both(ctx, backup, ack))
	case backup.entry == nil || !jsconn.IsAway(err):
		backup.drop()
		return err
	}
	backup.entry.Leave(begun)
	return backup.entry.Wait(ctx)
}

// recordOf is what the journal keeps of p.
func recordOf(p *buffer, m *message) *journal.Record {
	r := &journal.Record{Subject: p.msg.Subject, Header: p.msg.Header, Data: p.msg.Data, Key: m.key, Tried: p.maybe}
	if p.object != nil {
		r.Object, r.Bucket, r.Name = p.object.Data, p.object.Bucket, p.object.Name
	}
	return r
}

// journaled keeps p in the journal alone, because of why. e is its entry, nil where that
// is yet to be made. The refusal names what is wrong with the broker and with the journal.
func (s *Stage) journaled(ctx context.Context, p *buffer, m *message, e *journal.Entry, why error) (pipeline.Ack, error) {
	var err error
	if e == nil {
		e, err = s.outbox.Begin(ctx, s.conn, recordOf(p, m))
	}
	if err == nil {
		e.Leave(p.maybe)
		err = e.Wait(ctx)
	}
	if err != nil {
		s.conns.boxes.Refused.Add(1)
		reject := s.reject(why, m)
		reject.Err = fmt.Errorf("%w; %w", reject.Err, err)
		return pipeline.Ack{}, reject
	}
	s.conns.boxes.Journaled.Add(1)
	return pipeline.Ack{By: pipeline.AckSpool}, nil
}

// backup is the journal's part in a message that is being published.
type backup struct {
	entry *journal.Entry // nil where the journal has none
	// restarts is that of the connection before the message went out.
	restarts uint64
}

// begin writes a record to the journal while its message is published, unless there
// is no journal or the answer does not wait for it. A journal that takes nothing is
// said by /readyz, and the broker goes on alone.
func (s *Stage) begin(ctx context.Context, record func() *journal.Record) backup {
	b := backup{restarts: s.conn.Restarts.Load()}
	if s.outbox == nil || s.cfg.Ack == AckBroker {
		return b
	}
	var err error
	if b.entry, err = s.outbox.Begin(ctx, s.conn, record()); err != nil {
		s.conns.boxes.Missed.Add(1)
	}
	return b
}

// drop takes the record out: its message is not wanted, or not answered for.
func (b backup) drop() {
	if b.entry != nil {
		b.entry.Drop()
	}
}

// both waits for the disk after the broker took the message, and reports whether the
// disk has it too. An ack of a server process that is gone counts for nothing, and the
// outbox may have compared what that one had before this ack was noted.
func (s *Stage) both(ctx context.Context, b backup, ack *jetstream.PubAck) (synced bool) {
	if b.entry == nil {
		return false
	}
	b.entry.Acked(ack.Stream, ack.Sequence)
	s.outbox.Note(ack.Stream, ack.Sequence)
	if s.conn.Restarts.Load() != b.restarts && s.settings.Hold() > 0 {
		b.entry.Leave(time.Now())
	}
	if b.entry.Wait(ctx) != nil {
		s.conns.boxes.Missed.Add(1)
		return false
	}
	return true
}
