package archive

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/internal/text"
)

// The headers of a message. They are what a listing needs, so that it opens
// nothing; a reader must not trust them for more.
const (
	headerID       = "Webhook-Record"
	headerReceived = "Webhook-Received-At"
	headerRoute    = "Webhook-Route"
	headerRequest  = "Webhook-Request-Id"
	headerSize     = "Webhook-Body-Size"
	headerKey      = "Webhook-Key"
	headerHeld     = "Webhook-Held"
	// headerParts lists the sequences of the messages that hold the rest of a
	// record, headerPart marks such a message.
	headerParts = "Webhook-Parts"
	headerPart  = "Webhook-Part-Of"
)

// overhead is about what a stream takes for a message beside its subject, headers and
// data, in bytes: its id and age among the headers, and what stands before it on disk.
const overhead = 192

// Message is a record as it goes into the stream.
type Message struct {
	Held    bool // it holds an event, and is to be stored as safely as one that is published
	id      string
	subject string
	data    []byte
	header  nats.Header
}

// Pack encodes r, whose subject begins with prefix, and seals it where there is a key.
func Pack(r *Record, prefix string, keys *Keys) (*Message, error) {
	plain, err := r.encode()
	if err != nil {
		return nil, err
	}
	subject := r.subject(prefix)
	return &Message{Held: r.Held, id: r.ID, subject: subject, data: keys.seal(plain, subject), header: r.headers(keys)}, nil
}

// Size is about what m takes of the stream in bytes.
func (m *Message) Size() int64 {
	n := len(m.data) + len(m.subject)
	for name, values := range m.header {
		for _, value := range values {
			n += len(name) + len(value) + len(": \r\n")
		}
	}
	return int64(n) + overhead
}

// Split returns the message to store last, under msgID. What of a record is larger than
// most bytes is stored by part before, in messages that the last one names by their
// sequences; whole says that there are none.
func (m *Message) Split(most int, msgID string, part func(*nats.Msg) (sequence uint64, err error)) (head *nats.Msg, whole bool, err error) {
	first, rest := m.data[:min(most, len(m.data))], m.data[min(most, len(m.data)):]
	var parts []string
	for data := range slices.Chunk(rest, most) {
		// Not msgID: parts of a first try must not stand for those of a second, which is sealed anew.
		id := m.id + ":" + strconv.Itoa(len(parts)+1)
		sequence, err := part(&nats.Msg{Subject: m.subject, Data: data, Header: nats.Header{headerPart: {m.id}, jetstream.MsgIDHeader: {id}}})
		if err != nil {
			return nil, false, err
		}
		parts = append(parts, strconv.FormatUint(sequence, 10))
	}
	head = &nats.Msg{Subject: m.subject, Data: first, Header: m.header}
	head.Header.Set(jetstream.MsgIDHeader, msgID)
	if len(parts) > 0 {
		head.Header.Set(headerParts, strings.Join(parts, ","))
	}
	return head, len(parts) == 0, nil
}

// headers are the record's, but for its id as a message.
func (r *Record) headers(keys *Keys) nats.Header {
	h := nats.Header{}
	h.Set(headerID, r.ID)
	h.Set(headerReceived, r.ReceivedAt.Format(time.RFC3339Nano))
	h.Set(headerRoute, text.Printable(r.Route))
	h.Set(headerRequest, text.Printable(r.RequestID))
	h.Set(headerSize, strconv.Itoa(r.Size))
	if key := keys.Use(); key != "" {
		h.Set(headerKey, key)
	}
	if r.Held {
		h.Set(headerHeld, "true")
	}
	return h
}
