package spec

import (
	"slices"
	"strings"
)

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

// SignsURL reports whether the public URL, or its path, is a part of what a scheme of
// p signs or a handshake answers.
func (p *Provider) SignsURL(s *Scheme) bool {
	return namesURL(s.Content) || namesURL(s.FormContent) ||
		slices.ContainsFunc(s.Binds, func(b Bind) bool { return namesURL(b.Content) }) ||
		slices.ContainsFunc(p.Handshakes, func(h Handshake) bool { return namesURL(h.Response.Content) })
}

// namesURL reports whether a template names the URL.
func namesURL(content string) bool {
	return slices.ContainsFunc([]string{"{url", "{target", "{plivo:"}, func(name string) bool { return strings.Contains(content, name) })
}
