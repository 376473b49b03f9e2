package facts

import (
	"errors"
	"fmt"
	"slices"

	"webhookedge/plugins/provider/internal/place"
	"webhookedge/plugins/provider/spec"
)

// ErrUnnamed means that the header in which every delivery of the provider names its
// event is missing, or there twice with two values. Whoever takes it away must not make
// another event of the delivery.
var ErrUnnamed = errors.New("a header that every delivery has is missing or ambiguous")

// namesType reports whether every delivery of the row names its event in a header,
// where nothing else does.
func (c *Reader) namesType() bool {
	return slices.ContainsFunc(c.facts.kind, func(at place.Place) bool {
		return at.Kind == place.Header && slices.ContainsFunc(c.row.Sends, func(h spec.Header) bool { return h.Name == at.Name })
	})
}

// named returns ErrUnnamed where the type is missing that a header always tells, or of
// headers that come together only some are there.
func (c *Reader) named(v *place.Values, facts *Facts) error {
	if c.header && facts.Type == "" {
		return fmt.Errorf("%w: that of the type", ErrUnnamed)
	}
	there := 0
	for _, name := range c.row.Together {
		if text, n := v.Request.Headers.Get(name); n > 0 && text != "" {
			there++
		}
	}
	if there > 0 && there < len(c.row.Together) {
		return fmt.Errorf("%w: of headers that come together some are not there", ErrUnnamed)
	}
	return nil
}
