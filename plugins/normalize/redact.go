package normalize

import (
	"errors"
	"slices"
	"strings"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/redact"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/spec"
)

// ErrUnredacted is a payload that is no JSON on a route with redactions.
var ErrUnredacted = errors.New("payload is not JSON, so nothing can be redacted")

// left is what a redaction has left of a payload.
type left struct {
	data  []byte
	any   bool // something was redacted
	facts bool // among it may be what a fact of the delivery was read from
}

// redact applies the route's rules to data, a part of p's data or all of it.
func (s *Stage) redact(d *pipeline.Delivery, p *payload, data []byte) (left, error) {
	switch {
	case s.redactor == nil || p.binary && len(data) == 0:
		return left{data: data}, nil
	case p.binary:
		return left{}, ErrUnredacted
	}
	redactor, lines := s.redactor, p.format == spec.FormatLines && len(data) == len(p.data)
	if lines {
		redactor = s.ofLines
	}
	out, hit, err := redactor.Apply(data)
	if err != nil {
		return left{}, err
	}
	if lines {
		hit = eitherOf(hit)
	}
	s.paths.saw(hit, d.ReceivedAt)
	return s.leftOf(p, out, hit), nil
}

func (s *Stage) leftOf(p *payload, out []byte, hit []bool) left {
	// The places of a form's document are not those of the data.
	elsewhere := p.form && !p.alone || p.queried
	l := left{data: out}
	for i, found := range hit {
		l.any = l.any || found
		l.facts = l.facts || found && (s.telling[i] || elsewhere)
	}
	return l
}

// ofLines returns each rule twice, the second time for the documents of an array, which
// is what lines of JSON become: a path leads from the document that the sender wrote,
// whether one comes or many.
func ofLines(rules []redact.Rule) []redact.Rule {
	twice := make([]redact.Rule, 0, 2*len(rules))
	for _, r := range rules {
		twice = append(twice, r, redact.Rule{Path: r.Path, Action: r.Action, Each: true})
	}
	return twice
}

// eitherOf returns for each rule whether one of its two forms in ofLines led to a value.
func eitherOf(hit []bool) []bool {
	either := hit[:len(hit)/2]
	for i := range either {
		either[i] = hit[2*i] || hit[2*i+1]
	}
	return either
}

// tellingRules reports for each rule whether it may change a fact of row.
func tellingRules(r *redact.Redactor, row *provider.Provider, rules int) []bool {
	telling := make([]bool, rules)
	for _, place := range row.ReadsJSON() {
		for i, touches := range r.Touches(place) {
			telling[i] = telling[i] || touches
		}
	}
	return telling
}

// unmask takes masks out of facts. Were one taken for an id, or for a part of it,
// events would have the same, and JetStream would store the first alone.
func unmask(facts *provider.Facts) {
	for _, fact := range []*string{&facts.Type, &facts.Action, &facts.Tenant, &facts.Subject} {
		if *fact == redact.Masked {
			*fact = ""
		}
	}
	if slices.Contains(strings.Split(facts.ID, ":"), redact.Masked) {
		facts.ID = ""
	}
}
