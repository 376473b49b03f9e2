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
	p.msg = nats.Msg{}
	s.parcels.Put(p)
}

// address fills in everything but the data.
func (p *parcel) address(e *event.Event, cfg *Config) {
	p.values = [...]string{e.MsgID(), event.ContentType, cfg.Stream.Name, e.TraceParent}
	p.header[jetstream.MsgIDHeader] = p.values[0:1:1]
	p.header[contentTypeHeader] = p.values[1:2:2]
	// The server compares, so that another stream on the subject stores nothing.
	p.header[jetstream.ExpectedStreamHeader] = p.values[2:3:3]
	if e.TraceParent == "" {
		delete(p.header, traceHeader)
	} else {
		p.header[traceHeader] = p.values[3:4:4]
	}
	p.msg = nats.Msg{Subject: e.NATSSubject(cfg.SubjectPrefix), Header: p.header}
}

// headerSize is the size of the encoded header block, which the broker counts
// towards max_payload (NATS client protocol, HPUB).
func (p *parcel) headerSize() int {
	n := len("NATS/1.0\r\n") + len("\r\n")
	for key, values := range p.header {
		n += len(key) + len(": \r\n") + len(values[0])
	}
	return n
}
