package verify

import (
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/provider/spec"
)

// reply is the answer to a handshake. It may hold what a stranger chose, so browsers must
// not execute it: its type is an inert one, and they may not guess another.
func reply(a *spec.Answer) *pipeline.Reply {
	const sniffing = "x-content-type-options"
	r := &pipeline.Reply{Code: pipeline.Handshake, Status: a.Status, ContentType: a.ContentType, Body: []byte(a.Body)}
	if a.Body != "" && !spec.IsInert(a.ContentType) {
		r.ContentType = "text/plain"
	}
	for _, h := range a.Headers {
		if h.Name != sniffing && h.Name != "content-type" {
			r.Headers = append(r.Headers, pipeline.Header(h))
		}
	}
	r.Headers = append(r.Headers, pipeline.Header{Name: sniffing, Value: "nosniff"})
	return r
}
