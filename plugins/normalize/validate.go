package normalize

import (
	"errors"
	"fmt"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/payloadschema"
	"webhookedge/plugins/internal/pipeline"
)

// ErrInvalid is a payload that does not match its schema.
var ErrInvalid = errors.New("payload does not match its schema")

// noSchema is the reason of an event that must have a schema and has none.
const noSchema = "no schema is known"

// item makes the item of e, whose payload was data before redaction, and sets
// what validation says of it. Without validation an event names the built-in schema
// that its payload should match, which nobody has looked at.
func (s *Stage) item(e *event.Event, data []byte) (pipeline.Item, error) {
	item := pipeline.Item{Event: e}
	if s.schemas == nil {
		if !e.Binary {
			e.DataSchema = payloadschema.BuiltinID(e.Provider, e.Type, e.Action)
		}
		return item, nil
	}
	schema := s.schemas.Find(e.Provider, e.Type, e.Action)
	var reason string
	switch {
	case schema == nil && !s.requireSchema:
		return item, nil
	case schema == nil || e.Binary:
		reason = noSchema
	default:
		e.DataSchema = schema.ID()
		reason = schema.Check(data)
	}
	if reason == "" {
		return item, nil
	}
	if s.invalid != nil {
		s.invalid.Inc()
	}
	switch s.onInvalid {
	case invalidTag:
		e.Invalid = reason
	case invalidQuarantine:
		e.Invalid, item.Hold = reason, pipeline.PayloadInvalid
	default:
		return item, &pipeline.Reject{Code: pipeline.PayloadInvalid, Err: fmt.Errorf("%w: %s", ErrInvalid, reason)}
	}
	return item, nil
}
