package publish

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/sony/gobreaker/v2"

	"webhookedge/plugins/internal/journal"
	"webhookedge/plugins/internal/pipeline"
)

// assumedPayload is what a broker is taken to accept that nobody has reached yet:
// the default of NATS, in bytes.
const assumedPayload = 1 << 20

// JournalConfig is the place for events that the broker did not take yet, or could
// still lose.
type JournalConfig struct {
	Directory     string `json:"directory" doc:"Absolute path of a directory on a local disk for events that the broker has not taken, or could lose in a power cut. Empty is off. One directory is for one broker and user." minlen:"0" maxlen:"1024" referenceable:"true"`
	MaxBytes      int64  `json:"max_bytes" doc:"Bytes that the events of a process may take. When they are used up the broker goes on alone, and what it does not take gets 503. An event stays for four minutes with NATS's defaults: 100 a second of 4 KB are 100 MB." default:"4294967296" min:"1048576" max:"1099511627776"`
	MaxAgeSeconds int    `json:"max_age_seconds" doc:"Age of the oldest event that waits for the broker, in seconds, at which new ones get 503: an engineer has to look. None is ever dropped." default:"86400" min:"60" max:"2592000"`
	BrokerPercent int    `json:"broker_percent" doc:"Part of ack_timeout_ms, in percent, that the broker has before the journal alone is the answer." default:"60" min:"10" max:"90"`
}

func (c *JournalConfig) on() bool { return c.Directory != "" }

func (c *JournalConfig) validate() error {
	if c.on() && !filepath.IsAbs(c.Directory) {
		return errors.New("journal.directory: must be an absolute path")
	}
	return nil
}

// backed reports whether events go into a journal as well as to the broker.
func (c *Config) backed() bool { return c.Journal.on() && c.Ack != AckBroker }

// heldWindow is the duplicate window that keeps what is published again from being
// stored twice, with some time for a segment to be ended and looked at.
func (c *Config) heldWindow() time.Duration {
	if !c.Journal.on() || c.hold() == 0 {
		return 0
	}
	return c.hold() + time.Minute
}

func (c *Config) limits() journal.Limits {
	j := &c.Journal
	return journal.Limits{MaxBytes: j.MaxBytes, MaxAge: time.Duration(j.MaxAgeSeconds) * time.Second, Hold: c.hold()}
}

// share is the broker's part of the time where there is a journal behind it.
func (s *Stage) share(ctx context.Context) (context.Context, context.CancelFunc) {
	if s.depot == nil {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, s.timeout*time.Duration(s.cfg.Journal.BrokerPercent)/100)
}

// brokerIsAway reports whether the broker may take the event another time: it did
// not answer, or has no room. What is wrong with the event itself goes back to the
// sender.
func brokerIsAway(err error) bool {
	var api *jetstream.APIError
	switch {
	case errors.Is(err, gobreaker.ErrOpenState), errors.Is(err, gobreaker.ErrTooManyRequests):
		return true
	case errors.As(err, &api):
		return api.Code == codeUnavailable || inProcess(err)
	default:
		return transient(err)
	}
}

// streamIsAway reports whether the stage's own stream was there and is gone, or was
// changed so that it does not keep events: the journal has them until somebody puts
// that right. One that was never fit is a mistake that its author should see at once.
func (s *Stage) streamIsAway(err error, m *message) bool {
	return m.stream == s.cfg.Stream.Name && s.conn.wasFit.Load() && (errors.Is(err, ErrUnfit) || takesNothing(err) && s.cfg.isOwn(m.subject))
}

// isOwn reports whether the stage's own stream has to take subject.
func (c *Config) isOwn(subject string) bool { return strings.HasPrefix(subject, c.SubjectPrefix+".") }

// takesNothing reports whether no stream, or another one, takes the subject.
func takesNothing(err error) bool {
	var api *jetstream.APIError
	return errors.Is(err, jetstream.ErrNoStreamResponse) || errors.As(err, &api) && api.ErrorCode == errCodeStreamNotMatch
}

// errBehind keeps an event that has an order behind those in the journal.
var errBehind = fmt.Errorf("%w: events wait in the journal before it", ErrDisconnected)

// behind reports whether an event has to wait for those in the journal. When the
// disk fails, the broker goes on without them.
func (s *Stage) behind(m *message) bool {
	d := s.depot
	return m.key != "" && d != nil && d.isFor(s.conn) && d.own.Part() != "" && d.depth() > 0
}

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
	ack, err := s.publishPlain(share, msg)
	switch {
	case err == nil:
		return s.durable(s.both(ctx, backup, ack))
	case backup.entry == nil || !brokerIsAway(err):
		backup.drop()
		return err
	}
	backup.entry.Leave(begun)
	return backup.entry.Wait(ctx)
}

func (s *Stage) publishPlain(ctx context.Context, msg *nats.Msg) (*jetstream.PubAck, error) {
	l, err := s.conn.client(ctx)
	if err != nil {
		return nil, err
	}
	return l.js.PublishMsg(ctx, msg)
}

// recordOf is what the journal keeps of p.
func recordOf(p *parcel, m *message) *journal.Record {
	r := &journal.Record{Subject: p.msg.Subject, Header: p.msg.Header, Data: p.msg.Data, Key: m.key, Tried: p.maybe}
	if p.cargo != nil {
		r.Object, r.Bucket, r.Name = p.cargo.data, p.cargo.bucket, p.cargo.name
	}
	return r
}

// journaled keeps p on disk because of why. The refusal that it returns names both
// reasons.
func (s *Stage) journaled(ctx context.Context, p *parcel, m *message, why error) (pipeline.Ack, error) {
	if err := s.depot.put(ctx, s.conn, recordOf(p, m)); err != nil {
		return pipeline.Ack{}, s.refuseBoth(why, err, m)
	}
	return pipeline.Ack{By: pipeline.AckSpool}, nil
}

// refuseBoth refuses because of the broker, and says what is wrong with the journal.
func (s *Stage) refuseBoth(broker, disk error, m *message) error {
	reject := s.reject(broker, m)
	reject.Err = fmt.Errorf("%w; %w", reject.Err, disk)
	return reject
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
	b := backup{restarts: s.conn.restarts.Load()}
	if s.depot == nil || s.cfg.Ack == AckBroker {
		return b
	}
	var err error
	if b.entry, err = s.depot.begin(ctx, s.conn, record()); err != nil {
		s.conn.journalMissed.Add(1)
	}
	return b
}

// drop takes the record out: its message is not wanted, or not answered for.
func (b backup) drop() {
	if b.entry != nil {
		b.entry.Drop()
	}
}

// leave is the answer for an event that the broker did not take in time, and that
// is on its way to the disk.
func (s *Stage) leave(ctx context.Context, e *journal.Entry, p *parcel, m *message, why error) (pipeline.Ack, error) {
	e.Leave(p.maybe)
	if err := e.Wait(ctx); err != nil {
		s.conn.journalRefused.Add(1)
		return pipeline.Ack{}, s.refuseBoth(why, err, m)
	}
	s.conn.journaled.Add(1)
	return pipeline.Ack{By: pipeline.AckSpool}, nil
}

// both waits for the disk after the broker took the message, and reports whether the
// disk has it too. An ack of a server process that is gone counts for nothing, and the
// depot may have looked after what that one had before this ack was noted.
func (s *Stage) both(ctx context.Context, b backup, ack *jetstream.PubAck) (synced bool) {
	if b.entry == nil {
		return false
	}
	b.entry.Acked(ack.Stream, ack.Sequence)
	s.depot.note(ack.Stream, ack.Sequence)
	if s.conn.restarts.Load() != b.restarts && s.cfg.hold() > 0 {
		b.entry.Leave(time.Now())
	}
	if b.entry.Wait(ctx) != nil {
		s.conn.journalMissed.Add(1)
		return false
	}
	return true
}

// cargoOf is what a record's message refers to, nil for nothing.
func cargoOf(r *journal.Record) *cargo {
	if r.Object == nil {
		return nil
	}
	return &cargo{bucket: r.Bucket, name: r.Name, data: r.Object}
}

// messageOf is the message of a record.
func messageOf(r *journal.Record) *nats.Msg {
	return &nats.Msg{Subject: r.Subject, Header: r.Header, Data: r.Data}
}
