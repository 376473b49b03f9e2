package publish

import (
	"cmp"
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/text"
	"webhookedge/plugins/publish/jsconn"
	"webhookedge/plugins/publish/outbox"
)

// maxSubject is the longest subject that is published, in bytes: the server's
// protocol line takes 4,096 by default, and headers' sizes and the inbox need
// some of them.
const maxSubject = 2048

// message is an event at one place.
type message struct {
	event   *event.Event
	subject string
	stream  string // that must acknowledge it
	id      string // Nats-Msg-Id
	headers []pipeline.Header
	key     string // ordering key, "" for none
}

// messages returns what item becomes: one message a target. The first has the
// event's own message id. The others need ids of their own, since a stream that
// takes two of the subjects would drop the second as a duplicate; they are made
// of the subject, so that a retry has them again.
func (s *Stage) messages(d *pipeline.Delivery, item *pipeline.Item) ([]message, error) {
	for _, h := range item.Headers {
		if !isFreeHeader(h) {
			return nil, fmt.Errorf("%w: header %q may not be set", ErrTarget, h.Name)
		}
	}
	m := message{
		event: item.Event, subject: item.Event.NATSSubject(s.cfg.SubjectPrefix), stream: s.cfg.Stream.Name,
		id: s.id(d, item), headers: item.Headers,
	}
	id := strings.TrimPrefix(m.id, item.Event.Provider+":")
	if len(item.Targets) == 0 {
		if s.cfg.Dedupe == DedupeExact {
			if item.Event.Action == "" {
				m.subject += "._" // otherwise the id would stand in its place
			}
			m.subject += "." + event.EscapeToken(id)
		}
		return []message{m}, nil
	}
	messages := make([]message, 0, len(item.Targets))
	for i, target := range item.Targets {
		if !isSubject(target.Subject) || target.Stream != "" && !text.IsName(target.Stream) {
			return nil, fmt.Errorf("%w: %q", ErrTarget, target.Subject)
		}
		one := m
		one.subject = target.Subject
		if target.Stream != "" {
			one.stream = target.Stream
		}
		if i > 0 {
			one.id += "@" + target.Subject
		}
		if s.cfg.Dedupe == DedupeExact {
			one.subject += "." + event.EscapeToken(id)
		}
		messages = append(messages, one)
	}
	return messages, nil
}

// id is the message id of an event. An id of a provider's own is taken to be unique at
// one route only, since two routes may be two hooks, two accounts or two secrets that
// get the same event.
func (s *Stage) id(d *pipeline.Delivery, item *pipeline.Item) string {
	switch {
	case s.cfg.Dedupe == DedupeOff:
		return item.MsgID(d.Route) + ":" + cmp.Or(d.RequestID, rand.Text())
	case s.cfg.DedupeScope == ScopeProvider:
		return item.MsgID("")
	}
	return item.MsgID(d.Route)
}

// isSubject reports whether an event can be published on subject: no wildcards,
// no subjects of NATS's own, no empty tokens.
func isSubject(subject string) bool {
	if subject == "" || len(subject) > maxSubject || subject[0] == '$' || strings.HasPrefix(subject, "_INBOX") {
		return false
	}
	for token := range strings.SplitSeq(subject, ".") {
		if token == "" || token == "*" || token == ">" {
			return false
		}
	}
	return !strings.ContainsFunc(subject, isOutside)
}

// isOutside reports whether r is no printable ASCII, or a space.
func isOutside(r rune) bool { return r <= ' ' || r >= 0x7F }

// isFreeHeader reports whether a policy may set h. "Nats-" headers are orders to
// the server, of which one empties the stream; the others are the stage's own.
func isFreeHeader(h pipeline.Header) bool {
	n := strings.ToLower(h.Name)
	if n == "" || strings.HasPrefix(n, "nats-") || strings.HasPrefix(n, "ce-") || n == "content-type" || n == traceHeader || n == strings.ToLower(outbox.RepublishedHeader) {
		return false
	}
	return !strings.ContainsFunc(n, isOutside) && !strings.Contains(n, ":") && !strings.ContainsAny(h.Value, "\r\n")
}

// maxKept is the largest buffer that is used again: large bodies are rare, and
// a pool that kept theirs would hold their memory for good.
const maxKept = 64 << 10

const (
	contentTypeHeader = "Content-Type"
	traceHeader       = "traceparent"
)

// buffer is the memory of one publish. It can be used again as soon as PublishMsg
// has returned, ack or not: nats.go copies headers and data into its own write
// buffer or to the socket before it waits, and keeps neither for a retry
// (nats.go v1.55, natsWriter.appendBufs).
type buffer struct {
	buf    []byte
	values [5]string
	header nats.Header
	msg    nats.Msg
	exact  bool           // the subject takes one event only
	binary bool           // the payload alone is the message, the attributes are headers
	object *jsconn.Object // what the message only refers to, nil for nothing
	// maybe is the first attempt after which the event may be stored although no
	// ack came, zero for none.
	maybe time.Time
	// shared is true when the connection may still read the message.
	shared bool
}

// The places in buffer.values.
const (
	idValue = iota
	typeValue
	streamValue
	traceValue
	expectValue
)

func (s *Stage) buffer() *buffer {
	if p, ok := s.buffers.Get().(*buffer); ok {
		return p
	}
	return &buffer{header: make(nats.Header, len(buffer{}.values))}
}

// keep puts p back without anything of the event that it carried.
func (s *Stage) keep(p *buffer) {
	if p.shared {
		return
	}
	if cap(p.buf) > maxKept {
		p.buf = nil
	}
	p.values = [len(p.values)]string{}
	clear(p.header)
	p.msg, p.exact, p.binary, p.object, p.maybe = nats.Msg{}, false, false, nil, time.Time{}
	s.buffers.Put(p)
}

// address fills in everything but the data, for e, which is m's event or stands
// for it.
func (p *buffer) address(m *message, e *event.Event, cfg *Config) {
	clear(p.header)
	p.exact, p.binary = cfg.Dedupe == DedupeExact, cfg.ContentMode == ModeBinary
	p.set(jetstream.MsgIDHeader, idValue, m.id)
	// The server compares, so that another stream on the subject stores nothing.
	p.set(jetstream.ExpectedStreamHeader, streamValue, m.stream)
	if e.TraceParent != "" {
		p.set(traceHeader, traceValue, e.TraceParent)
	}
	if p.exact {
		p.set(jetstream.ExpectedLastSubjSeqHeader, expectValue, "0")
	}
	if p.binary {
		for key, value := range e.Headers() {
			p.header[key] = []string{value}
		}
	} else {
		p.set(contentTypeHeader, typeValue, event.ContentType)
	}
	for _, h := range m.headers {
		p.header[h.Name] = append(p.header[h.Name], h.Value)
	}
	p.msg = nats.Msg{Subject: m.subject, Header: p.header}
}

// set writes a header without allocating its list.
func (p *buffer) set(key string, place int, value string) {
	p.values[place] = value
	p.header[key] = p.values[place : place+1 : place+1]
}

// size is the number of bytes that encode writes.
func (p *buffer) size(e *event.Event) int {
	if p.binary {
		return len(e.Data)
	}
	return e.Size()
}

// encode fills in the data. In binary mode it refers to the event's own.
func (p *buffer) encode(e *event.Event, size int) {
	if p.binary {
		p.msg.Data = e.Data
		return
	}
	if cap(p.buf) < size {
		p.buf = make([]byte, 0, size)
	}
	p.buf = e.AppendJSON(p.buf[:0])
	p.msg.Data = p.buf
}

// headerSize is the size of the encoded header block, which the broker counts
// towards max_payload (NATS client protocol, HPUB).
func (p *buffer) headerSize() int {
	n := len("NATS/1.0\r\n") + len("\r\n")
	for key, values := range p.header {
		for _, value := range values {
			n += len(key) + len(": \r\n") + len(value)
		}
	}
	return n
}
