package verify

import (
	"strings"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/provider"
)

// The headers for the service behind Kong. Nobody but this stage sets them.
const (
	headerProvider = "webhook-provider"
	headerType     = "webhook-event-type"
	headerID       = "webhook-delivery-id"
	headerVerified = "webhook-verified"
)

// tellUpstream removes what a client sent under the names of the stage's
// headers and, by option, sets them.
func (s *Stage) tellUpstream(d *pipeline.Delivery, r provider.Request) error {
	for i := range d.Headers {
		if name := d.Headers[i].Name; isOurs(name) {
			d.Upstream = append(d.Upstream, pipeline.Header{Name: name})
		}
	}
	if !s.upstream {
		return nil
	}
	facts, err := s.row.Describe(r)
	if err != nil {
		return &pipeline.Reject{Code: pipeline.Malformed, Err: err}
	}
	kind := facts.Type
	if kind != "" && facts.Action != "" {
		kind += "." + facts.Action
	}
	id := d.Verification.ID
	if id == "" {
		id = facts.ID
	}
	for _, h := range []pipeline.Header{
		{Name: headerProvider, Value: s.row.Name},
		{Name: headerType, Value: printable(kind)},
		{Name: headerID, Value: printable(id)},
		{Name: headerVerified, Value: "true"},
	} {
		// An empty value removes the header, which is done above where needed.
		if h.Value != "" {
			d.Upstream = append(d.Upstream, h)
		}
	}
	return nil
}

// isOurs reports whether a service could take name for one of the stage's
// headers. CGI and its heirs do not tell an underscore from a hyphen, and Kong
// lets headers with underscores through.
func isOurs(name string) bool {
	if len(name) < len("webhook-") || name[:len("webhook")] != "webhook" {
		return false
	}
	switch strings.ReplaceAll(name, "_", "-") {
	case headerProvider, headerType, headerID, headerVerified:
		return true
	}
	return false
}

// printable replaces what has no place in a header by question marks.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, text)
}
