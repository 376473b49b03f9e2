package check

import (
	"slices"

	"webhookedge/kong/local"
	"webhookedge/kong/local/declarative"
	"webhookedge/plugins/internal/settings"
)

// sealed is which routes webhook-verify decrypts payloads on, and which single plugins
// read payloads: no plugin hands one to another, so that on one route every delivery would
// be refused.
type sealed struct {
	decrypted []string
	readers   []reader
}

type reader struct {
	plugin string
	routes []string
	at     declarative.Problem
}

// add takes note of a plugin.
func (s *sealed) add(p *local.Inspected, spec *settings.Spec) {
	switch p.Name {
	case "webhook-verify":
		row, err := spec.Row()
		if err != nil {
			return
		}
		if scheme, ok := row.Scheme(spec.Verify.Scheme); ok && scheme.Encrypted.At != "" {
			s.decrypted = append(s.decrypted, p.Routes...)
		}
	case "webhook-policy", "webhook-publish":
		s.readers = append(s.readers, reader{p.Name, p.Routes, p.At("provider", "webhook-verify decrypts the payload on this route and hands it to no other plugin: use webhook-edge")})
	}
}

// sealedFaults says which plugins cannot read what an earlier one decrypted.
func (c *checker) sealedFaults() {
	told := func(r *reader) bool { // by the plugin itself, whatever the scheme
		return slices.ContainsFunc(c.Findings, func(f Finding) bool { return f.Plugin == r.plugin && f.Line == r.at.Line && f.Path == r.at.Path })
	}
	for i := range c.sealed.readers {
		r := &c.sealed.readers[i]
		routes := slices.DeleteFunc(slices.Clone(r.routes), func(name string) bool { return !slices.Contains(c.sealed.decrypted, name) })
		r.at.Path = setting(r.at.Path)
		if len(routes) > 0 && !told(r) {
			c.add(Error, r.at, routes, r.plugin)
		}
	}
}
