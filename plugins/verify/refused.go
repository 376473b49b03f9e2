package verify

import (
	"time"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/spec"
)

// Refused is a delivery that was not proved, for whoever looks for the reason.
type Refused struct {
	Row      *provider.Provider
	Options  provider.Options
	Request  provider.Request
	Now      time.Time
	Document []byte // of the provider's keys, where they are fetched
	Err      error  // what the verifier said
}

// challenge is what a refusal asks for: a user and a password some senders show only once
// they were asked (RFC 9110, section 15.5.2). Other proofs need no asking.
func challenge(kind spec.Kind) []pipeline.Header {
	if kind != spec.Basic {
		return nil
	}
	return []pipeline.Header{{Name: "www-authenticate", Value: `Basic realm="webhooks", charset="UTF-8"`}}
}
