package settings

import (
	"fmt"
	"slices"

	"webhookedge/plugins/internal/config"
	"webhookedge/plugins/normalize"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/provider/custom"
	"webhookedge/plugins/provider/spec"
)

// Sender says who calls a route: a provider of the catalogue, or a sender that the
// settings describe.
type Sender struct {
	Provider catalogue.Name   `json:"provider" doc:"The provider that calls this route, by its name in the catalogue. One of provider and custom must be set."`
	Custom   *custom.Provider `json:"custom" doc:"A sender that is not in the catalogue: how it signs and where its deliveries name their event, as a row of the catalogue says it."`
}

// KongChecks are the rules across the fields.
func (Sender) KongChecks() []config.EntityCheck {
	return []config.EntityCheck{{OnlyOneOf: []string{"provider", "custom"}}}
}

// readable refuses a sender that encrypts whatever its scheme: webhook-verify decrypts for
// itself, and hands no payload to a plugin that wants it verified. What is wrong with the
// row itself is told elsewhere.
func (s *Sender) readable(verified bool) error {
	plain := func(s spec.Scheme) bool { return s.Encrypted.At == "" }
	if row, _ := s.Row(); row == nil || !verified || slices.ContainsFunc(row.Schemes, plain) {
		return nil
	}
	field := "provider"
	if s.Custom != nil {
		field = "custom"
	}
	return fmt.Errorf("%s: %w", field, normalize.ErrSealed)
}

// Row returns the sender's row, compiled.
func (s *Sender) Row() (*provider.Provider, error) {
	if s.Custom != nil {
		row, err := s.Custom.Row()
		return row, config.Within("custom", err)
	}
	row, ok := catalogue.Lookup(string(s.Provider))
	if !ok {
		return nil, fmt.Errorf("provider: no provider %q in the catalogue", string(s.Provider))
	}
	return row, nil
}
