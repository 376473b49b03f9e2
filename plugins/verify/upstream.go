package verify

import (
	"errors"
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
// headers and, by option, sets them. It names each header once.
func (s *Stage) tellUpstream(d *pipeline.Delivery, r provider.Request) error {
	var ours pipeline.Headers
	if s.upstream {
		facts, err := s.row.Describe(r)
		if err != nil {
			code := pipeline.Malformed
			if errors.Is(err, provider.ErrTypeMismatch) {
				code = pipeline.TypeMismatch
			}
			return &pipeline.Reject{Code: code, Err: err}
		}
		ours = s.headers(d.Verification.ID, facts)
	}
	for i := range d.Headers {
		if name := d.Headers[i].Name; isOurs(name) {
			if _, n := ours.Get(name); n == 0 {
				ours = append(ours, pipeline.Header{Name: name})
			}
		}
	}
	d.Upstream = append(d.Upstream, ours...)
	return nil
}

// headers returns the headers for what is known. One that is unknown is not
// there, and then removed if a client sent it.
func (s *Stage) headers(id string, facts provider.Facts) pipeline.Headers {
	kind := facts.Type
	if kind != "" && facts.Action != "" {
		kind += "." + facts.Action
	}
	if id == "" {
		id = facts.ID
	}
	known := pipeline.Headers{{Name: headerProvider, Value: s.row.Name}, {Name: headerVerified, Value: "true"}}
	if kind != "" {
		known = append(known, pipeline.Header{Name: headerType, Value: printable(kind)})
	}
	if id != "" {
		known = append(known, pipeline.Header{Name: headerID, Value: printable(id)})
	}
	return known
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
