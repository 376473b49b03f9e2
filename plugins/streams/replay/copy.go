package replay

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/event"
)

// OriginHeader of a replayed message names where it was read: STREAM/sequence.
const OriginHeader = "Webhook-Origin"

// replayedHeader is the attribute replayed in binary mode.
const replayedHeader = "ce-replayed"

// attempts is how often a message is published under its id before it counts as
// failed.
const attempts = 3

// giveUp is how many messages may fail in a row.
const giveUp = 10

// The reasons for which a message is not replayed.
var (
	ErrSubject = errors.New("not a subject to publish on")
	ErrMark    = errors.New("the event cannot be marked as replayed")
	ErrGivenUp = errors.New("no more is tried, since nothing is taken")
)

// Original is a stored message.
type Original struct {
	Stream   string
	Sequence uint64
	Subject  string
	Header   nats.Header
	Data     []byte
}

// Copy returns the message that replays o on a subject, under a message id that
// is made of the run's name and o's place, so that it is the same when the run
// is repeated. The event's bytes stay but for the attribute that is added.
func Copy(o *Original, subject, run string) (*nats.Msg, error) {
	if !isSubject(subject) {
		return nil, fmt.Errorf("%w: %q", ErrSubject, subject)
	}
	e, err := event.Parse(o.Header, o.Data)
	if err != nil {
		return nil, err
	}
	msg := &nats.Msg{Subject: subject, Header: nats.Header{}, Data: o.Data}
	binary := false
	for name, values := range o.Header {
		if strings.HasPrefix(strings.ToLower(name), "nats-") {
			continue // orders to the server, which were for the first publication
		}
		binary = binary || strings.EqualFold(name, "ce-specversion")
		msg.Header[name] = values
	}
	if !e.Replayed {
		if binary {
			msg.Header[replayedHeader] = []string{"true"}
		} else {
			object := bytes.TrimRight(o.Data, " \t\r\n")
			msg.Data = append(object[:len(object)-1:len(object)-1], `,"replayed":true}`...)
		}
		if again, err := event.Parse(msg.Header, msg.Data); err != nil || !again.Replayed {
			return nil, ErrMark
		}
	}
	msg.Header[jetstream.MsgIDHeader] = []string{MsgID(e, o, run)}
	msg.Header[OriginHeader] = []string{o.Stream + "/" + strconv.FormatUint(o.Sequence, 10)}
	return msg, nil
}

// MsgID is the id of a copy: <id of the event>:replay:<run>:<stream>:<sequence>.
func MsgID(e *event.Event, o *Original, run string) string {
	return e.MsgID() + ":replay:" + run + ":" + o.Stream + ":" + strconv.FormatUint(o.Sequence, 10)
}

// Target returns the subject for an original: the template with {subject} in it
// replaced by the original's own.
func Target(template, subject string) string {
	return strings.ReplaceAll(template, "{subject}", subject)
}

// isSubject reports whether a message can be published on subject: no wildcards,
// no subjects of NATS's own, no empty tokens.
func isSubject(subject string) bool {
	if subject == "" || len(subject) > 2048 || subject[0] == '$' || strings.HasPrefix(subject, "_INBOX") {
		return false
	}
	for token := range strings.SplitSeq(subject, ".") {
		if token == "" || token == "*" || token == ">" {
			return false
		}
	}
	return !strings.ContainsFunc(subject, func(r rune) bool { return r <= ' ' || r > '~' })
}

// Publisher publishes messages in order, several under way at once.
type Publisher struct {
	js     jetstream.JetStream
	window int
	under  []flight
	failed int // in a row
	done   func(Result)
}

type flight struct {
	origin *Original
	future jetstream.PubAckFuture
}

// Result is what came of a message. Err is nil when a stream has it.
type Result struct {
	Original  *Original
	Subject   string // that it went to
	Stream    string // that took it
	Sequence  uint64
	Duplicate bool // it had been published before, by a run of the same name
	Err       error
}

// Window is how many messages are under way at once where nothing else is wanted.
const Window = 64

// NewPublisher returns a publisher with up to window messages under way, which
// tells done of every message, in order.
func NewPublisher(js jetstream.JetStream, window int, done func(Result)) *Publisher {
	return &Publisher{js: js, window: max(window, 1), done: done}
}

// Publish sends msg for o. It waits only while a whole window is under way.
func (p *Publisher) Publish(ctx context.Context, o *Original, msg *nats.Msg) error {
	future, err := p.js.PublishMsgAsync(msg)
	if err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	p.under = append(p.under, flight{o, future})
	if len(p.under) < p.window {
		return nil
	}
	return p.settle(ctx, p.window/2)
}

// Flush waits for everything that is under way.
func (p *Publisher) Flush(ctx context.Context) error { return p.settle(ctx, 0) }

func (p *Publisher) settle(ctx context.Context, left int) error {
	for len(p.under) > left {
		f := p.under[0]
		r := Result{Original: f.origin, Subject: f.future.Msg().Subject}
		var ack *jetstream.PubAck
		select {
		case ack = <-f.future.Ok():
		case r.Err = <-f.future.Err():
			ack, r.Err = p.again(ctx, f.future.Msg(), r.Err)
		case <-ctx.Done():
			return ctx.Err()
		}
		if r.Err == nil {
			r.Stream, r.Sequence, r.Duplicate = ack.Stream, ack.Sequence, ack.Duplicate
		}
		p.under = p.under[1:]
		p.done(r)
		if p.failed++; r.Err == nil {
			p.failed = 0
		}
		if p.failed >= giveUp {
			return fmt.Errorf("%w: %d in a row: %w", ErrGivenUp, p.failed, r.Err)
		}
	}
	return nil
}

// again publishes a message whose ack did not come, under the same id.
func (p *Publisher) again(ctx context.Context, msg *nats.Msg, err error) (ack *jetstream.PubAck, last error) {
	last = err
	for range attempts - 1 {
		if errors.Is(last, jetstream.ErrNoStreamResponse) || ctx.Err() != nil {
			break // the client has asked often enough
		}
		if ack, last = p.js.PublishMsg(ctx, msg); last == nil {
			break
		}
	}
	if errors.Is(last, jetstream.ErrNoStreamResponse) {
		last = fmt.Errorf("does a stream take %s? %w", msg.Subject, last)
	}
	return ack, last
}
