package provider

import (
	"slices"
	"strings"
)

// SignsHost reports whether the host of the public URL is a part of what v checks or
// answers.
func (v *Verifier) SignsHost() bool { return v.row.SignsHost(&v.scheme.Scheme) }

// SignsHost reports whether the host of the public URL is a part of what a scheme of p
// signs or a handshake answers. A {target} is path and query only.
func (p *Provider) SignsHost(s *Scheme) bool {
	names := func(content string) bool {
		return strings.Contains(content, "{url}") || strings.Contains(content, "{url|") || strings.Contains(content, "{plivo:")
	}
	return names(s.Content) || names(s.FormContent) ||
		slices.ContainsFunc(s.Binds, func(b Bind) bool { return names(b.Content) }) ||
		slices.ContainsFunc(p.Handshakes, func(h Handshake) bool { return names(h.Response.Content) })
}
