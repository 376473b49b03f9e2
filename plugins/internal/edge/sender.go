package edge

import (
	"fmt"

	"webhookedge/plugins/internal/config"
	"webhookedge/plugins/provider"
)

// Sender says who calls a route: a provider of the catalogue, or a sender that the
// settings describe.
type Sender struct {
	Provider provider.Name    `json:"provider" doc:"The provider that calls this route, by its name in the catalogue. One of provider and custom must be set."`
	Custom   *provider.Custom `json:"custom" doc:"A sender that is not in the catalogue: how it signs and where its deliveries name their event, as a row of the catalogue says it."`
}

// KongChecks are the rules across the fields.
func (Sender) KongChecks() []config.EntityCheck {
	return []config.EntityCheck{{OnlyOneOf: []string{"provider", "custom"}}}
}

// row returns the sender's row, compiled.
func (s *Sender) row() (*provider.Provider, error) {
	if s.Custom != nil {
		row, err := s.Custom.Row()
		return row, within("custom", err)
	}
	row, ok := provider.Lookup(string(s.Provider))
	if !ok {
		return nil, fmt.Errorf("provider: no provider %q in the catalogue", string(s.Provider))
	}
	return row, nil
}
