package scheme

import (
	"crypto/x509"
	"time"

	"webhookedge/plugins/provider/internal/keys"
)

// Options are the settings of a Verifier or a Signer.
type Options struct {
	Scheme string // the scheme's name, "" for the row's default
	// Secrets are in the order of trial, newest first. A Verifier wants public
	// keys where a scheme has them, a Signer private ones. A Signer signs with
	// all of them where the layout is a list, else with the first.
	Secrets []keys.Secret
	// Settings are the row's, by name.
	Settings map[string]string
	// Tolerance is the greatest distance of a signed time from now, in both
	// directions; 0 for the scheme's default. It means nothing to a scheme
	// that signs no time.
	Tolerance time.Duration
	// RawKey uses the text of the secrets undecoded, where Scheme.RawKey says
	// that some senders do.
	RawKey bool
	// Unkeyed allows that there are no secrets, for a provider that hands its
	// secret over in a handshake: every delivery is then refused, and handshakes
	// that need no secret are answered.
	Unkeyed bool
	// Roots are the authorities of certificates that are fetched, nil for the
	// system's.
	Roots *x509.CertPool
}
