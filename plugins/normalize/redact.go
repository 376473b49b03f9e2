package normalize

import (
	"errors"
	"slices"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/redact"
	"webhookedge/plugins/provider"
)

// ErrUnredacted is a payload that is no JSON on a route with redactions.
var ErrUnredacted = errors.New("payload is not JSON, so nothing can be redacted")

// redact applies the route's rules to data, a part of p's data or all of it.
func (s *Stage) redact(d *pipeline.Delivery, p *payload, data []byte) (out []byte, redacted bool, err error) {
	if s.redactor == nil {
		return data, false, nil
	}
	if p.binary {
		if len(data) == 0 {
			return data, false, nil
		}
		return nil, false, ErrUnredacted
	}
	out, hit, err := s.redactor.Apply(data)
	if err != nil {
		return nil, false, err
	}
	s.paths.saw(hit, d.ReceivedAt)
	return out, slices.Contains(hit, true), nil
}

// unmask takes masks out of facts. Were one taken for an id, all events would
// have the same, and JetStream would store the first alone.
func unmask(facts *provider.Facts) {
	for _, fact := range []*string{&facts.Type, &facts.Action, &facts.ID, &facts.Tenant, &facts.Subject} {
		if *fact == redact.Masked {
			*fact = ""
		}
	}
}
