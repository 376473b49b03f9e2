package handshake

import (
	"webhookedge/plugins/provider/spec"
)

// Reply is a handshake that is to be answered.
type Reply struct {
	Handshake spec.Handshake
	Answer    spec.Answer
	// Confirm is a URL of the provider's that must be called, "" for none.
	Confirm string
	// Secret is what a handshake with Setup hands over. It must not be logged.
	Secret string
}
