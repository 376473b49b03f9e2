package local

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"webhookedge/kong/local"
	"webhookedge/plugins/internal/telemetry"
)

const (
	// stream is the one that kong/kong.yml names.
	stream = "WEBHOOKS"
	// deadLetters is the stream of events that consumers could not process, see
	// kong/streams.yml.
	deadLetters = "WEBHOOKS_DEAD"
	// handshake is the code of an answer of 2xx that stored nothing: no stage can give
	// another one. Where ack_header is false a duplicate looks alike.
	handshake = "handshake"
	// detailTimeout bounds the wait for an answered delivery's event or log line.
	detailTimeout = 500 * time.Millisecond
)

// delivered is a delivery with all that is known of it.
type delivered struct {
	local.Delivery
	code    string // of the table of codes
	reason  string // why it was refused
	subject string
	seq     uint64
}

// monitor joins what gateway, plugin logs and stream say of one delivery, by request id.
type monitor struct {
	show func(delivered)
	// stores reports whether the plugins on a route store what they take.
	stores func(route string) bool

	mu      sync.Mutex
	details map[string]chan delivered
	lines   func(plugin, line string) // further lines of plugins
}

func newMonitor(show func(delivered), stores func(route string) bool) *monitor {
	return &monitor{show: show, stores: stores, details: map[string]chan delivered{}}
}

// detail returns the channel of a request, which is dropped once it is answered.
func (m *monitor) detail(id string) chan delivered {
	m.mu.Lock()
	defer m.mu.Unlock()
	c, ok := m.details[id]
	if !ok {
		c = make(chan delivered, 1)
		m.details[id] = c
	}
	return c
}

func (m *monitor) tell(id string, d delivered) {
	if id == "" || m.show == nil {
		return
	}
	select {
	case m.detail(id) <- d:
	default: // known already
	}
}

func (m *monitor) answered(d local.Delivery) {
	if m.show == nil {
		return
	}
	go func() {
		timer := time.NewTimer(detailTimeout)
		defer timer.Stop()
		full := delivered{}
		if ack := d.Headers.Get("Webhook-Ack"); ack == "duplicate" {
			full.code = ack
		} else if ack != "" || d.Status >= 400 || m.stores(d.Route) {
			select {
			case full = <-m.detail(d.RequestID):
			case <-timer.C:
				if ack == "" && d.Status < 300 {
					full.code = handshake
				}
			}
		}
		m.mu.Lock()
		delete(m.details, d.RequestID)
		m.mu.Unlock()
		full.Delivery = d
		m.show(full)
	}()
}

// pluginLine takes a line of a plugin's log: a refusal belongs to a delivery, other important
// lines go to the reader, as does what a stage that only observes says of a delivery.
func (m *monitor) pluginLine(plugin, line string) {
	var fields map[string]any
	if json.Unmarshal([]byte(line), &fields) == nil {
		id, _ := fields[telemetry.KeyRequestID].(string)
		code, isRefusal := fields[telemetry.KeyCode].(string)
		if isRefusal {
			reason, _ := fields[telemetry.KeyErr].(string)
			if reason == "" { // an alarm about a delivery that was taken
				reason, _ = fields["msg"].(string)
			}
			if cause, _ := fields[telemetry.KeyCause].(string); cause != "" {
				reason += "; " + cause
			}
			m.tell(id, delivered{code: code, reason: reason})
			return
		}
		if fields["level"] == "DEBUG" || fields["level"] == "INFO" && id == "" {
			return
		}
	}
	m.mu.Lock()
	lines := m.lines
	m.mu.Unlock()
	if lines != nil {
		lines(plugin, line)
	}
}

// onLine gives further lines of plugins to fn.
func (m *monitor) onLine(fn func(plugin, line string)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.lines = fn
}

// follow tells of what the broker stores. What the quarantine keeps was not accepted, and
// letters of consumers are no deliveries.
func (m *monitor) follow(ctx context.Context, b *broker, refused func(stream string) bool) {
	if m.show == nil {
		return
	}
	skip := func(stream string) bool { return stream == deadLetters || refused(stream) }
	b.follow(ctx, skip, func(s stored) {
		m.tell(s.requestID, delivered{code: "accepted", subject: s.subject, seq: s.sequence})
	})
}
