package publish

import (
	"cmp"
	"crypto/rand"
	"fmt"
	"strings"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/text"
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
			m.subject = exactSubject(s.cfg.SubjectPrefix, item.Event, id)
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

// exactSubject is the event's subject with an id as the last token, so that no
// two events share one. The action is always there, "_" where there is none:
// otherwise the id would stand in its place.
func exactSubject(prefix string, e *event.Event, id string) string {
	subject := e.NATSSubject(prefix)
	if e.Action == "" {
		subject += "._"
	}
	return subject + "." + event.EscapeToken(id)
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
	for i := range len(subject) {
		if subject[i] <= ' ' || subject[i] >= 0x7F {
			return false
		}
	}
	return true
}

// isFreeHeader reports whether a policy may set h. "Nats-" headers are orders to
// the server, of which one empties the stream; the others are the stage's own.
func isFreeHeader(h pipeline.Header) bool {
	n := strings.ToLower(h.Name)
	if n == "" || strings.HasPrefix(n, "nats-") || strings.HasPrefix(n, "ce-") || n == "content-type" || n == traceHeader || n == strings.ToLower(outbox.RepublishedHeader) {
		return false
	}
	for i := range len(n) {
		if n[i] <= ' ' || n[i] >= 0x7F || n[i] == ':' {
			return false
		}
	}
	return !strings.ContainsAny(h.Value, "\r\n")
}
