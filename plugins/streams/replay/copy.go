package replay

import (
	"bytes"
	"cmp"
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
	sequence := strconv.FormatUint(o.Sequence, 10)
	msg.Header[jetstream.MsgIDHeader] = []string{e.MsgID() + ":replay:" + run + ":" + o.Stream + ":" + sequence}
	msg.Header[OriginHeader] = []string{o.Stream + "/" + sequence}
	return msg, nil
}

// Target returns the subject for an original: the template with {subject} in it
// replaced by the original's own, which is also what "" stands for.
func Target(template, subject string) string {
	return strings.ReplaceAll(cmp.Or(template, "{subject}"), "{subject}", subject)
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

// flight is a message that is under way.
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

// maxWindow is how many messages are under way at once at most.
const maxWindow = 64

// publish sends msg for o. It waits only while a whole window is under way.
func (r *run) publish(ctx context.Context, o *Original, msg *nats.Msg) error {
	future, err := r.js.PublishMsgAsync(msg)
	if err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	r.under = append(r.under, flight{o, future})
	if len(r.under) < r.window {
		return nil
	}
	return r.settle(ctx, r.window/2)
}

// settle waits until no more than left messages are under way.
func (r *run) settle(ctx context.Context, left int) error {
	for len(r.under) > left {
		f := r.under[0]
		res := Result{Original: f.origin, Subject: f.future.Msg().Subject}
		var ack *jetstream.PubAck
		select {
		case ack = <-f.future.Ok():
		case res.Err = <-f.future.Err():
			ack, res.Err = r.again(ctx, f.future.Msg(), res.Err)
		case <-ctx.Done():
			return ctx.Err()
		}
		r.failed++
		if res.Err == nil {
			res.Stream, res.Sequence, res.Duplicate, r.failed = ack.Stream, ack.Sequence, ack.Duplicate, 0
		}
		r.under = r.under[1:]
		r.done(res)
		if r.failed >= giveUp {
			return fmt.Errorf("%w: %d in a row: %w", ErrGivenUp, r.failed, res.Err)
		}
	}
	return nil
}

// again publishes a message whose ack did not come, under the same id.
func (r *run) again(ctx context.Context, msg *nats.Msg, err error) (ack *jetstream.PubAck, last error) {
	last = err
	for range attempts - 1 {
		if errors.Is(last, jetstream.ErrNoStreamResponse) || ctx.Err() != nil {
			break // the client has asked often enough
		}
		if ack, last = r.js.PublishMsg(ctx, msg); last == nil {
			break
		}
	}
	if errors.Is(last, jetstream.ErrNoStreamResponse) {
		last = fmt.Errorf("does a stream take %s? %w", msg.Subject, last)
	}
	return ack, last
}
