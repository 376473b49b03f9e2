package consumer

import (
	"context"
	"log/slog"

	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/streams/deadletter"
	"webhookedge/plugins/streams/replay"
)

// deadLetter writes the dead letter of a message, and only when a stream has it takes
// the message off the consumer. Where it cannot be written the message comes
// again, to try that once more.
func (c *Consumer) deadLetter(ctx context.Context, log *slog.Logger, msg jetstream.Msg, meta *jetstream.MsgMetadata, why error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), ackTimeout)
	defer cancel()
	o := &replay.Original{Stream: meta.Stream, Sequence: meta.Sequence.Stream, Subject: msg.Subject(), Header: msg.Headers(), Data: msg.Data()}
	letter := deadletter.Message(c.cfg.DeadPrefix, c.cfg.Name, o, int(meta.NumDelivered), why.Error())
	if _, err := c.js.PublishMsg(ctx, letter); err != nil {
		log.Error("dead letter could not be written; the event will be redelivered", "subject", letter.Subject, "err", err.Error())
		_ = msg.NakWithDelay(c.cfg.MaxBackoff) // without it the event comes after AckWait
		return
	}
	log.Warn("event became a dead letter", "subject", letter.Subject, "err", why.Error())
	if err := msg.TermWithReason("dead letter"); err != nil {
		log.Error("an event that became a dead letter may be redelivered", "err", err.Error())
	}
}
