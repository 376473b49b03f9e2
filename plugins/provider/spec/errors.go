package spec

import "errors"

// What can be wrong with a delivery. No error of this package holds any part
// of a signature, a secret or a body.
var (
	// ErrMissing means that a header which the scheme needs is not there, or
	// holds no signature of the scheme's version.
	ErrMissing = errors.New("signature is missing")
	// ErrRepeated means that a value which must stand alone is there twice,
	// so that two readers could each see another one.
	ErrRepeated = errors.New("signature header is repeated")
	// ErrMalformed means that a signature header is not in the scheme's form.
	ErrMalformed = errors.New("signature header is malformed")
	// ErrMismatch means that no secret makes the signature.
	ErrMismatch = errors.New("signature does not match")
	// ErrStale means that the signature is right and older than the tolerance.
	ErrStale = errors.New("signature is too old")
	// ErrFuture means that the signature is right and further in the future
	// than the tolerance.
	ErrFuture = errors.New("signature is from the future")
	// ErrDowngrade means that a weak scheme is set and the delivery carries a
	// strong signature too, which is what should be checked.
	ErrDowngrade = errors.New("weak signature beside a strong one")
	// ErrKeyDocument means that the document of public keys which the delivery
	// needs is not there or cannot be trusted. Nothing is known of the sender.
	ErrKeyDocument = errors.New("document of public keys cannot be used")
	// ErrBody means that the body is in none of the forms that the provider sends, or
	// is broken.
	ErrBody = errors.New("body is in no form that the provider sends")
	// ErrSealed means that the delivery is proved, and that no key decrypts its payload.
	// It says nothing more, since what else is said of padding can tell the payload.
	ErrSealed = errors.New("payload cannot be decrypted")
	// ErrAnswered means that what is signed is a challenge which a handshake would have
	// answered with that signature.
	ErrAnswered = errors.New("what is signed could be the challenge of a handshake")
	// ErrChallenge means that a handshake's challenge cannot be answered.
	ErrChallenge = errors.New("handshake cannot be answered")
	// ErrSetup means that a handshake hands over a secret while setup is off.
	ErrSetup = errors.New("handshake hands over a secret and setup is off")
)

// What can be wrong with a configuration.
var (
	// ErrKey means that a secret cannot be used. It says which and why, and
	// never what the secret is.
	ErrKey = errors.New("secret cannot be used")
	// ErrOption means that an option does not fit the provider.
	ErrOption = errors.New("option does not fit the provider")
	// ErrRow means that a row is not complete or contradicts itself.
	ErrRow = errors.New("provider row is wrong")
)
