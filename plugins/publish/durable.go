package publish

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/telemetry"
	"webhookedge/plugins/publish/jsconn"
)

// The values of Config.Require.
const (
	RequireAny     = "any"
	RequireDurable = "durable"
)

// ErrNotDurable is an event that a power cut could take, where Config.Require does not
// allow that.
var ErrNotDurable = errors.New("nothing keeps the event through a power cut")

// ackClasses are the values of the label "ack".
var ackClasses = [...]string{pipeline.AckBroker, pipeline.AckBrokerMemory, pipeline.AckSpool, pipeline.AckDuplicate, pipeline.AckQuarantine}

// countAck counts an answer for an event.
func (c *counters) countAck(by string) {
	if i := slices.Index(ackClasses[:], by); i >= 0 {
		c.acked[i].Add(1)
	}
}

// ackClass is what the broker's ack stands for, of an event that is on this machine's
// disk as well where synced is true.
func (s *Stage) ackClass(synced bool) string {
	if synced || s.conn.Worth().Memory == nil {
		return pipeline.AckBroker
	}
	return pipeline.AckBrokerMemory
}

// durable refuses an event that only the broker would have, where that does not do.
func (s *Stage) durable(synced bool) error {
	if s.cfg.Require != RequireDurable || synced {
		return nil
	}
	if memory := s.conn.Worth().Memory; memory != nil {
		return &pipeline.Reject{Code: pipeline.BrokerUnavailable, Err: fmt.Errorf("%w: %w", ErrNotDurable, memory)}
	}
	return nil
}

// Durable reports, as a telemetry.Degraded, what can cost stored events although
// the broker takes them.
func (c *Connections) Durable(context.Context) error {
	var faults []error
	for _, conn := range c.inUse() {
		if risk := conn.Risk(); risk != nil {
			faults = append(faults, risk)
		}
		w := conn.Worth()
		if w.Contrary != nil {
			faults = append(faults, w.Contrary)
		}
		if w.Memory != nil && !c.backed(conn) {
			faults = append(faults, fmt.Errorf("answers are sent for events that are not on a disk yet; set journal.directory, or sync_interval: always at NATS: %w", w.Memory))
		}
	}
	if len(faults) == 0 {
		return nil
	}
	return &telemetry.Degraded{Err: errors.Join(faults...)}
}

// backed reports whether all events of conn go into a journal as well.
func (c *Connections) backed(conn *jsconn.Conn) bool {
	c.mu.Lock()
	shared := c.shared[conn]
	bare := shared != nil && shared.bare > 0
	c.mu.Unlock()
	return !bare && c.boxes.Takes(conn)
}
