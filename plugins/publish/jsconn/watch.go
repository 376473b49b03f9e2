package jsconn

import (
	"context"
	"errors"

	"github.com/nats-io/nats.go/jetstream"
)

// watch looks at the stream again. Nobody is told of a broker that does not answer
// just now.
func (c *Conn) watch() error {
	if c.cfg.Stream.Ensure == EnsureOff {
		return nil
	}
	ctx, cancel := context.WithTimeout(c.ctx, AskTimeout)
	defer cancel()
	err := c.look(ctx)
	if err == nil || errors.Is(err, ErrUnfit) {
		c.note(err)
	}
	return err
}

// look checks the stream, what it holds, and what its acks are worth. It belongs to the
// run goroutine.
func (c *Conn) look(ctx context.Context) error {
	highest := c.highest.Load() // before the question: a later ack is no part of its answer
	info, err := c.check(ctx, c.js)
	if err != nil {
		return err
	}
	c.checkLost(info, highest)
	c.weigh(ctx, info)
	return nil
}

// NoteAck takes in an ack of the connection's own stream.
func (c *Conn) NoteAck(ack *jetstream.PubAck) {
	if ack.Stream == c.cfg.Stream.Name {
		raise(&c.highest, ack.Sequence)
	}
}

// checkLost raises the alarm when the stream ends before what it acknowledged, and does
// so a second later too: a new leader may say that for a moment. A broker lost events
// in a power cut, or somebody removed the stream. Where there is a journal they are
// published again.
func (c *Conn) checkLost(info *jetstream.StreamInfo, highest uint64) {
	before := c.short
	c.short = info.State.LastSeq < highest
	if !before || !c.short || !c.highest.CompareAndSwap(highest, info.State.LastSeq) {
		return
	}
	c.short = false
	c.WentBack.Add(1)
	c.log.Error("the stream ends before what it acknowledged: events are lost, unless a journal has them",
		"acknowledged", highest, "last", info.State.LastSeq)
}
