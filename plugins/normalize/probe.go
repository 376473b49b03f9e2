package normalize

import (
	"crypto/rand"
	"encoding/json"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/probe"
)

// probe makes the event of a probe, of a type and at a place of its own. Nothing of the
// payload is in it, which is that of a real delivery.
func (s *Stage) probe(d *pipeline.Delivery) pipeline.Item {
	data, err := json.Marshal(map[string]string{"provider": s.row.Name, "route": d.Route})
	if err != nil { // texts always marshal
		data = []byte("{}")
	}
	e := &event.Event{
		ID: rand.Text(), Source: event.Source(s.row.Name, ""), Provider: probe.Provider, Type: probe.Type, Subject: d.Route,
		Time: d.ReceivedAt.UTC(), RequestID: d.RequestID, ReceivedAt: d.ReceivedAt.UTC(), TraceParent: d.TraceParent,
		DataContentType: "application/json", Data: data,
	}
	if v := d.Verification; v != nil {
		e.Verification, e.SecretID = v.Scheme, v.SecretID
	}
	route := d.Route
	if route == "" {
		route = "_"
	}
	return pipeline.Item{Event: e, Targets: []pipeline.Target{{
		Subject: probe.Prefix + "." + event.EscapeToken(s.row.Name) + "." + event.EscapeToken(route), Stream: probe.Stream,
	}}}
}
