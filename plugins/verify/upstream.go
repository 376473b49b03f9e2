package verify

import (
	"errors"
	"strings"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/text"
	"webhookedge/plugins/provider"
)

// The headers for the service behind Kong. Nobody but this stage sets them.
const (
	headerProvider = "webhook-provider"
	headerType     = "webhook-event-type"
	headerID       = "webhook-delivery-id"
	headerVerified = "webhook-verified"
)

// tellUpstream removes what a client sent under the names of the stage's headers
// and, by option, sets them. With the option each of the four is set or removed
// whatever the client sent, so that a service can rely on them even if a header
// never reached this stage. Without it nobody is told anything, and a removal
// costs Kong a call, so only those are removed that the client sent.
func (s *Stage) tellUpstream(d *pipeline.Delivery, r provider.Request) error {
	var known pipeline.Headers
	if s.upstream {
		facts, err := s.row.Describe(r)
		if err != nil {
			code := pipeline.Malformed
			if errors.Is(err, provider.ErrTypeMismatch) {
				code = pipeline.TypeMismatch
			}
			return &pipeline.Reject{Code: code, Err: err}
		}
		known = s.headers(d.Verification.ID, facts)
	}
	var forged pipeline.Headers
	for i := range d.Headers {
		if !isOurs(d.Headers[i].Name) {
			continue
		}
		name := strings.ToLower(d.Headers[i].Name)
		_, told := known.Get(name)
		_, removed := forged.Get(name)
		if told+removed == 0 {
			forged = append(forged, pipeline.Header{Name: name})
		}
	}
	// Ours come last: should a server take two spellings for one header, it is
	// not ours that is removed.
	d.Upstream = append(append(d.Upstream, forged...), known...)
	return nil
}

// headers returns each of the stage's headers, without a value where it is not
// known.
func (s *Stage) headers(id string, facts provider.Facts) pipeline.Headers {
	kind := facts.Type
	if kind != "" && facts.Action != "" {
		kind += "." + facts.Action
	}
	if id == "" {
		id = facts.ID
	}
	return pipeline.Headers{
		{Name: headerProvider, Value: s.row.Name},
		{Name: headerType, Value: text.Printable(kind)},
		{Name: headerID, Value: text.Printable(id)},
		{Name: headerVerified, Value: "true"},
	}
}

// isOurs reports whether a service could take name for one of the stage's headers.
// CGI and its heirs do not tell an underscore from a hyphen, some of them no other
// mark either, and Kong lets all of them through.
func isOurs(name string) bool {
	if len(name) < len("webhook-") || !strings.EqualFold(name[:len("webhook")], "webhook") {
		return false
	}
	switch strings.Map(folded, name) {
	case headerProvider, headerType, headerID, headerVerified:
		return true
	}
	return false
}

// folded is a letter in lower case, and a hyphen in the place of every mark.
func folded(r rune) rune {
	switch {
	case r >= 'A' && r <= 'Z':
		return r + 'a' - 'A'
	case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
		return r
	}
	return '-'
}
