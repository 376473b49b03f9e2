package jsconn

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/synadia-io/orbit.go/jetstreamext"
)

const (
	// batchTimeout bounds the wait for a batch's ack. Each delivery has a time of its own,
	// which is shorter.
	batchTimeout = 5 * time.Second
	// syncInterval bounds the wait for the messages before, which a broker that syncs
	// before its ack writes first anyway, unless that is lost.
	syncInterval = 50 * time.Millisecond
	// minBatch is how many messages a batch has at least: the broker writes it down by
	// itself first, which is a sync more.
	minBatch = 4
	// singleTime is how long messages go one by one after a batch that was refused: while
	// a sender repeats itself the next one would be, too.
	singleTime = 100 * time.Millisecond
)

// sendBatches publishes the messages of each stream that takes batches as one (NATS
// ADR-50), and returns the others.
func (g *group) sendBatches(ready []*outgoing) (others []*outgoing) {
	byStream := map[string][]*outgoing{}
	for _, o := range ready {
		stream := streamOf(o)
		byStream[stream] = append(byStream[stream], o)
	}
	for stream, list := range byStream {
		if len(list) < minBatch || !g.batched(stream) {
			others = append(others, list...)
			continue
		}
		go g.sendBatch(list)
	}
	return others
}

// streamOf is the stream that a message is for.
func streamOf(o *outgoing) string { return o.msg.Header.Get(jetstream.ExpectedStreamHeader) }

// sendBatch publishes messages as one. The broker takes all of them or none: where it
// refuses, each goes by itself and gets its own verdict. What becomes of a batch without
// an answer nobody knows, as with a single message.
func (g *group) sendBatch(list []*outgoing) {
	messages := make([]*nats.Msg, len(list))
	for i, o := range list {
		messages[i] = &nats.Msg{Subject: o.msg.Subject, Header: maps.Clone(o.msg.Header), Data: o.msg.Data}
	}
	ctx, cancel := context.WithTimeout(context.Background(), batchTimeout)
	defer cancel()
	ack, err := jetstreamext.PublishMsgBatch(ctx, g.js, messages, jetstreamext.BatchFlowControl{})
	if notStored(err) {
		g.mu.Lock()
		g.single = time.Now().Add(singleTime)
		list = slices.DeleteFunc(list, func(o *outgoing) bool { return g.out[o.number] != o }) // nobody waits for it
		g.mu.Unlock()
		for _, o := range list {
			g.send(o.msg, o.number)
		}
		return
	}
	for i, o := range list {
		if err != nil {
			g.end(o.number, nil, err)
			continue
		}
		// A batch takes sequences that follow each other; its ack has the last.
		g.end(o.number, &jetstream.PubAck{Stream: ack.Stream, Domain: ack.Domain, Sequence: ack.Sequence - uint64(len(list)-1-i)}, nil)
	}
}

// notStored reports whether the broker has nothing of a batch for certain: it said no, or
// did not get the last message, without which the others are nothing.
func notStored(err error) bool {
	_, refused := errors.AsType[*jetstream.APIError](err)
	return refused || Unstored(err) || errors.Is(err, nats.ErrNoResponders)
}
