package chain

import (
	"context"
	"slices"
	"strings"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/drift"
	"webhookedge/plugins/internal/drift/learner"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/redact"
	"webhookedge/plugins/policy/engine"
	"webhookedge/plugins/provider"
)

// driftSubject begins the subjects of events about changes of payloads, before the
// provider's and the event's token.
const driftSubject = "webhooks-edge.drift."

// learn has the process learn what i stores, and returns what takes deliveries; nil where
// that is not asked for. It ends before what it reads and stores by.
func (i *Instance) learn() func(*pipeline.Delivery) {
	if !i.Normalize.Learn || i.Offline {
		return nil
	}
	source := i.process.shapes.Source(learner.Options{
		Provider: i.Provider.Name, Servers: strings.Join(i.Publish.Servers, ","), Stream: i.Publish.Stream.Name, JetStream: i.JetStream,
		Tell: i.tellDrift, Readers: i.Readers(i.Provider, i.policy.Reads),
	})
	i.closers = slices.Insert(i.closers, 0, source.Close)
	return source.Stored
}

// tellDrift stores an event edge.schema.drift beside the probes. Its id is that of the
// changes, so that it is stored once where two gateways tell of them.
func (i *Instance) tellDrift(ctx context.Context, n drift.Notice) error {
	about := []string{"edge.schema.drift", n.Provider, n.Event}
	for _, c := range n.Changes {
		about = append(about, string(c.Kind), c.Path, c.Since.String())
	}
	e := event.Event{ID: event.FallbackID(nil, about...), Source: event.Source(n.Provider, ""), Type: "schema", Action: "drift", Subject: n.Provider + "." + n.Event}
	return i.say(ctx, e, driftSubject+event.EscapeToken(n.Provider)+"."+event.EscapeToken(n.Event), n)
}

// Readers returns what finds the readers of a field: the redactions of s, the places where
// row finds facts, and the rules of the policy, as reads then returns them.
func (s *Spec) Readers(row *provider.Provider, reads func() []engine.Read) func(place []string) []drift.Reader {
	rules := make([]redact.Rule, len(s.Normalize.Redact))
	for n, r := range s.Normalize.Redact {
		rules[n] = redact.Rule{Path: r.Path, Action: redact.Mask} // where it leads is all that counts
	}
	redactor, err := redact.Compile(rules, nil)
	facts := row.ReadsJSON()
	return func(place []string) (all []drift.Reader) {
		if err == nil { // normalize refuses the others
			for n, concerned := range redactor.Concerns(place) {
				if concerned {
					all = append(all, drift.Reader{Kind: drift.ReadByRedaction, Name: rules[n].Path})
				}
			}
		}
		for _, fact := range facts {
			if drift.Reads(fact, place) {
				all = append(all, drift.Reader{Kind: drift.ReadByFact, Name: strings.Join(fact, ".")})
			}
		}
		for _, r := range reads() {
			if path, ok := r.Payload(); ok && drift.Reads(path, place) {
				all = append(all, drift.Reader{Kind: drift.ReadByPolicy, Name: r.Rule, File: r.File, Row: r.Row})
			}
		}
		return all
	}
}
