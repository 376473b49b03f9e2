package deadletter

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/text"
	"webhookedge/plugins/streams/replay"
)

// The stream of letters where nothing else is wanted, as kong/streams.yml has it.
const (
	Stream = "WEBHOOKS_DEAD"
	Prefix = "webhooks-dead"
)

// Advisories is the pattern of the subjects on which JetStream reports messages
// that have reached their most deliveries (nats-server, JSAdvisoryConsumerMaxDeliveryExceedPre);
// the names of the stream and of the consumer follow.
const Advisories = "$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES"

// The headers of a letter that a consumer wrote, beside those of the message.
const (
	headerPrefix     = "Webhook-Dead-"
	headerConsumer   = headerPrefix + "Consumer"
	headerReason     = headerPrefix + "Reason"
	headerDeliveries = headerPrefix + "Deliveries"
	headerSubject    = headerPrefix + "Subject"
)

// maxReason bounds the reason of a letter in bytes.
const maxReason = 512

// ErrLetter is a message of the stream that is no letter.
var ErrLetter = errors.New("not a dead letter")

// Cause says who gave up.
type Cause string

// The causes.
const (
	GivenUp       Cause = "given_up"       // the consumer, after its tries or at once
	MaxDeliveries Cause = "max_deliveries" // JetStream: no delivery was acknowledged
)

// Letter is a message that could not be processed.
type Letter struct {
	Sequence   uint64    `json:"sequence"` // in the stream of letters
	At         time.Time `json:"at"`
	Cause      Cause     `json:"cause"`
	Consumer   string    `json:"consumer"`
	Stream     string    `json:"stream"`           // of the message
	Message    uint64    `json:"message"`          // its sequence there
	Subject    string    `json:"subject,omitzero"` // of the message; not known of MaxDeliveries
	Deliveries int       `json:"deliveries"`
	Reason     string    `json:"reason,omitzero"`

	header nats.Header // of the copy
	data   []byte
}

// Message returns the letter to write about a message: a copy of it on
// <prefix>.<consumer>.<its subject>, with who gave up and why. It has the same
// message id however often it is written.
func Message(prefix, consumer string, o *replay.Original, deliveries int, reason string) *nats.Msg {
	if len(reason) > maxReason {
		reason = reason[:maxReason]
	}
	h := nats.Header{}
	for name, values := range o.Header {
		if !strings.HasPrefix(strings.ToLower(name), "nats-") {
			h[name] = values
		}
	}
	origin := o.Stream + "/" + strconv.FormatUint(o.Sequence, 10)
	h[headerConsumer] = []string{text.Printable(consumer)}
	h[headerReason] = []string{text.Printable(reason)}
	h[headerDeliveries] = []string{strconv.Itoa(deliveries)}
	h[headerSubject] = []string{o.Subject}
	h[replay.OriginHeader] = []string{origin}
	h[jetstream.MsgIDHeader] = []string{"dead:" + origin + ":" + event.EscapeToken(consumer)} // no consumer's is another's
	return &nats.Msg{Subject: prefix + "." + event.EscapeToken(consumer) + "." + o.Subject, Header: h, Data: o.Data}
}

// parse reads a message of the stream of letters.
func parse(seq uint64, at time.Time, subject string, h nats.Header, data []byte) (*Letter, error) {
	l := &Letter{Sequence: seq, At: at.UTC()}
	if strings.HasPrefix(subject, Advisories+".") {
		return l, l.advisory(data)
	}
	origin, number, ok := strings.Cut(h.Get(replay.OriginHeader), "/")
	if !ok || h.Get(headerConsumer) == "" {
		return nil, fmt.Errorf("%w: %d", ErrLetter, seq)
	}
	var err error
	if l.Message, err = strconv.ParseUint(number, 10, 64); err != nil {
		return nil, fmt.Errorf("%w: %d names no message", ErrLetter, seq)
	}
	l.Cause, l.Stream, l.Consumer = GivenUp, text.Printable(origin), text.Printable(h.Get(headerConsumer))
	l.Subject, l.Reason = text.Printable(h.Get(headerSubject)), text.Printable(h.Get(headerReason))
	l.Deliveries, _ = strconv.Atoi(h.Get(headerDeliveries)) // 0 is unknown
	l.header, l.data = h, data
	return l, nil
}

// advisory reads an io.nats.jetstream.advisory.v1.max_deliver.
func (l *Letter) advisory(data []byte) error {
	var a struct {
		Type       string    `json:"type"`
		Time       time.Time `json:"timestamp"`
		Stream     string    `json:"stream"`
		Consumer   string    `json:"consumer"`
		StreamSeq  uint64    `json:"stream_seq"`
		Deliveries int       `json:"deliveries"`
	}
	if json.Unmarshal(data, &a) != nil || a.Type != "io.nats.jetstream.advisory.v1.max_deliver" || a.Stream == "" || a.StreamSeq == 0 {
		return fmt.Errorf("%w: %d is no advisory of that kind", ErrLetter, l.Sequence)
	}
	l.Cause, l.Stream, l.Consumer, l.Message, l.Deliveries = MaxDeliveries, text.Printable(a.Stream), text.Printable(a.Consumer), a.StreamSeq, a.Deliveries
	return nil
}
