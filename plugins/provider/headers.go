package provider

import (
	"errors"
	"fmt"
	"slices"
)

// ErrUnnamed means that the header in which every delivery of the provider names its
// event is missing, or there twice with two values. Whoever takes it away must not make
// another event of the delivery.
var ErrUnnamed = errors.New("a header that every delivery has is missing or ambiguous")

// namesType reports whether every delivery of p names its event in a header, where
// nothing else does.
func (p *Provider) namesType(f *factPlan) bool {
	return slices.ContainsFunc(f.kind, func(at place) bool {
		return at.kind == atHeader && slices.ContainsFunc(p.Sends, func(h Header) bool { return h.Name == at.name })
	})
}

// named returns ErrUnnamed where the type is missing that a header always tells, or of
// headers that come together only some are there.
func (c *plan) named(p *Provider, v *values, facts *Facts) error {
	if c.header && facts.Type == "" {
		return fmt.Errorf("%w: that of the type", ErrUnnamed)
	}
	there := 0
	for _, name := range p.Together {
		if text, n := v.r.Headers.Get(name); n > 0 && text != "" {
			there++
		}
	}
	if there > 0 && there < len(p.Together) {
		return fmt.Errorf("%w: of headers that come together some are not there", ErrUnnamed)
	}
	return nil
}
