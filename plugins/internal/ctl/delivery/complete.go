package delivery

import "webhookedge/plugins/provider/catalogue"

// Events returns the events that a provider has samples of, none where there is no such
// provider.
func Events(provider string) []string {
	if row, ok := catalogue.Lookup(provider); ok {
		return catalogue.SampleEvents(row)
	}
	return nil
}
