package policy

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/redact"
	"webhookedge/plugins/policy/engine"
	"webhookedge/plugins/provider"
)

// refusal drops one event; the other events of the delivery go on.
type refusal struct{ pipeline.Reject }

// Error implements error.
func (r *refusal) Error() string { return r.Reject.Error() }

func (s *Stage) apply(item *pipeline.Item, d *engine.Decision) error {
	item.Rule = d.Rule
	if !d.Allow {
		r := &refusal{pipeline.Reject{Code: d.Code, Status: d.Status, Err: fmt.Errorf("%w: %s", ErrDenied, d.Reason)}}
		if d.Rule != "" {
			r.Err = fmt.Errorf("%w by %s: %s", ErrDenied, d.Rule, d.Reason)
		}
		return r
	}
	if s.alone {
		if d.Quarantine || len(d.Targets) > 0 || len(d.Headers) > 0 || d.Tenant != "" || len(d.Redact) > 0 {
			return &pipeline.Reject{Code: pipeline.PolicyFailed, Err: ErrAlone}
		}
		return nil
	}
	redacted, err := s.redact.apply(item.Event, d.Redact)
	if err != nil {
		return &pipeline.Reject{Code: pipeline.PolicyFailed, Err: err}
	}
	if redacted && item.Key != "" {
		item.Key = event.FallbackID(nil, item.Key) // which may hold what was taken out
	}
	if d.Tenant != "" {
		item.Event.SetTenant(d.Tenant)
		item.Event.Unsigned = slices.DeleteFunc(slices.Clone(item.Event.Unsigned), func(name string) bool { return name == "tenant" })
	}
	item.Targets, item.Headers = d.Targets, d.Headers
	if d.Quarantine && item.Hold == pipeline.Accepted {
		item.Hold = pipeline.Quarantined
	}
	return nil
}

// maxRedactors bounds how many lists of redactions are kept compiled.
const maxRedactors = 256

// redactors compile each list of redactions once.
type redactors struct {
	key []byte

	mu       sync.Mutex
	compiled map[string]*redact.Redactor
}

// apply takes places out of the payload of e, and reports whether anything stood there.
func (r *redactors) apply(e *event.Event, places []engine.Redaction) (bool, error) {
	if len(places) == 0 || len(e.Data) == 0 {
		return false, nil
	}
	if e.Binary {
		return false, fmt.Errorf("%w: the payload is no JSON", ErrRedact)
	}
	redactor, err := r.get(places)
	if err != nil {
		return false, fmt.Errorf("%w: %w", ErrRedact, err)
	}
	data, hit, err := redactor.Apply(e.Data)
	if err != nil {
		return false, fmt.Errorf("%w: %w", ErrRedact, err)
	}
	if !slices.Contains(hit, true) {
		return false, nil
	}
	before := e.Data
	e.Data, e.Redacted = data, true
	forget(e, before)
	return true, nil
}

// forget clears attributes of e that were read from what is no longer in the payload. An id
// becomes the hash of the whole payload, which is the same when the sender tries again.
func forget(e *event.Event, before []byte) {
	var subject, tenant, delivery, id bool
	for text := range redact.Texts(before) {
		tells := [...]struct {
			of   bool
			gone *bool
		}{
			{string(text) == e.Subject, &subject}, {e.Tenant != "" && provider.EscapeName(string(text)) == e.Tenant, &tenant},
			{partOf(e.DeliveryID, string(text)), &delivery}, {partOf(e.ID, string(text)), &id},
		}
		for _, t := range tells {
			*t.gone = *t.gone || t.of && !redact.Holds(e.Data, text)
		}
	}
	if subject {
		e.Subject = ""
	}
	if tenant {
		e.SetTenant("")
	}
	if delivery {
		e.DeliveryID = ""
	}
	if id {
		e.ID = event.FallbackID(before, e.Provider)
	}
}

// partOf reports whether text is a part of id, as it is or as it stands in one of several.
func partOf(id, text string) bool {
	escaped := provider.EscapePart(text)
	return standsIn(id, text) || escaped != text && standsIn(id, escaped)
}

// standsIn reports whether part stands in id between colons (values) or slashes (position).
func standsIn(id, part string) bool {
	ends := func(at int) bool { return at < 0 || at == len(id) || id[at] == ':' || id[at] == '/' }
	for from := 0; part != ""; {
		i := strings.Index(id[from:], part)
		if i < 0 {
			return false
		}
		if from += i; ends(from-1) && ends(from+len(part)) {
			return true
		}
		from++
	}
	return false
}

func (r *redactors) get(places []engine.Redaction) (*redact.Redactor, error) {
	var key []byte
	for _, p := range places { // in quotes, so that no path can end before it does
		key = strconv.AppendQuote(strconv.AppendQuote(key, p.Action), p.Path)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if found, ok := r.compiled[string(key)]; ok {
		return found, nil
	}
	rules := make([]redact.Rule, len(places))
	for i, p := range places {
		rules[i] = redact.Rule{Path: p.Path, Action: redact.Action(p.Action)}
	}
	made, err := redact.Compile(rules, r.key)
	if err != nil {
		return nil, err
	}
	if r.compiled == nil || len(r.compiled) >= maxRedactors {
		r.compiled = map[string]*redact.Redactor{} // more than that come from the payload, not from a policy
	}
	r.compiled[string(key)] = made
	return made, nil
}
