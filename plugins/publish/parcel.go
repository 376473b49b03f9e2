package publish

import (
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/event"
)

// maxKept is the largest buffer that is used again: large bodies are rare, and
// a pool that kept theirs would hold their memory for good.
const maxKept = 64 << 10

const (
	contentTypeHeader = "Content-Type"
	traceHeader       = "traceparent"
)

// parcel is the memory of one publish. It can be used again as soon as PublishMsg
// has returned, ack or not: nats.go copies headers and data into its own write
// buffer or to the socket before it waits, and keeps neither for a retry
// (nats.go v1.55, natsWriter.appendBufs).
type parcel struct {
	buf    []byte
	values [4]string
	header nats.Header
	msg    nats.Msg
}

func (s *Stage) parcel() *parcel {
	if p, ok := s.parcels.Get().(*parcel); ok {
		return p
	}
	return &parcel{header: make(nats.Header, len(parcel{}.values))}
}

// keep puts p back without anything of the event that it carried.
func (s *Stage) keep(p *parcel) {
	if cap(p.buf) > maxKept {
		p.buf = nil
	}
	p.values = [len(p.values)]string{}
	clear(p.header)
	p.msg = nats.Msg{}
	s.parcels.Put(p)
}

// address fills in everything but the data.
func (p *parcel) address(m *message) {
	p.values = [...]string{m.id, event.ContentType, m.stream, m.event.TraceParent}
	p.header[jetstream.MsgIDHeader] = p.values[0:1:1]
	p.header[contentTypeHeader] = p.values[1:2:2]
	// The server compares, so that another stream on the subject stores nothing.
	p.header[jetstream.ExpectedStreamHeader] = p.values[2:3:3]
	if m.event.TraceParent != "" {
		p.header[traceHeader] = p.values[3:4:4]
	}
	for _, h := range m.headers {
		p.header[h.Name] = append(p.header[h.Name], h.Value)
	}
	p.msg = nats.Msg{Subject: m.subject, Header: p.header}
}

// headerSize is the size of the encoded header block, which the broker counts
// towards max_payload (NATS client protocol, HPUB).
func (p *parcel) headerSize() int {
	n := len("NATS/1.0\r\n") + len("\r\n")
	for key, values := range p.header {
		for _, value := range values {
			n += len(key) + len(": \r\n") + len(value)
		}
	}
	return n
}
