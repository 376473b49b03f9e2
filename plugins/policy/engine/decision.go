package engine

import (
	"errors"
	"fmt"
	"regexp"

	"github.com/open-policy-agent/opa/v1/ast"

	"webhookedge/plugins/internal/pipeline"
)

// ErrShape is a decision that does not follow schemas/policy/decision.json.
var ErrShape = errors.New("decision has a wrong shape")

// Decision is what a policy says about one event.
type Decision struct {
	Allow      bool
	Reason     string
	Rule       string        // that decided; its own name, or that of METADATA, or its path
	Code       pipeline.Code // of a refusal
	Status     int           // of a refusal, 0 for the code's own
	Targets    []pipeline.Target
	Headers    []pipeline.Header // sorted by name
	Tenant     string
	Redact     []Redaction
	Labels     []Label // sorted by name
	Quarantine bool

	value ast.Value
}

// Redaction is a place of the payload that is taken out.
type Redaction struct {
	Path   string
	Action string // drop, mask or hash
}

// The values of Redaction.Action.
const (
	Drop = "drop"
	Mask = "mask"
	Hash = "hash"
)

// Label is a word about an event.
type Label struct{ Name, Value string }

// Value is the decision as the policy gave it.
func (d *Decision) Value() ast.Value { return d.value }

// refusals are the codes that a policy may refuse with.
func refusals() []pipeline.Code {
	return []pipeline.Code{pipeline.Malformed, pipeline.PayloadInvalid, pipeline.PolicyDenied, pipeline.PolicyUnavailable, pipeline.RateLimited}
}

var (
	ruleName   = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,128}$`)
	labelName  = regexp.MustCompile(`^[a-z][a-z0-9_]{0,31}$`)
	headerName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]{0,63}$`)
	// reserved are the headers of NATS, CloudEvents, tracing and the edge.
	reserved    = regexp.MustCompile(`^(?i:nats-|ce-|trace|content-|webhook-)`)
	headerValue = regexp.MustCompile(`^[ -~]*$`)
	redactPath  = regexp.MustCompile(`^\$[.\[]`)
	streamName  = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)
)

// ParseDecision reads a decision. An ErrShape names the wrong member without its value.
func ParseDecision(v ast.Value) (*Decision, error) {
	object, ok := v.(ast.Object)
	if !ok {
		return nil, fmt.Errorf("%w: it is not an object", ErrShape)
	}
	d := &Decision{Code: pipeline.PolicyDenied, value: v}
	r := reader{d: d}
	object.Foreach(func(key, value *ast.Term) {
		name, ok := key.Value.(ast.String)
		if !ok {
			r.fault("a name that is not a text")
			return
		}
		r.member(string(name), value.Value)
	})
	r.whole()
	if r.wrong != "" {
		return nil, fmt.Errorf("%w: %s", ErrShape, r.wrong)
	}
	if r.subject {
		d.Targets[0].Stream = r.stream
	}
	return d, nil
}
