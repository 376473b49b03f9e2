package spec

// Chain says that a token holds the certificates of its key (x5c, RFC 7515 section
// 4.1.6). The authority in which they end is a secret of the settings or, without one,
// one of Roots; no other is trusted, and nothing is fetched.
type Chain struct {
	// Roots are authorities in PEM that the sender publishes.
	Roots string `json:"roots,omitempty" maxlen:"16384" doc:"Authorities in PEM, where there are no secrets."`
	// OIDs are those of extensions that mark the certificates for this use, from the
	// token's own on. The chain has one certificate more than there are OIDs, its
	// authority.
	OIDs []string `json:"oids" required:"true" maxlen:"4" doc:"Object identifiers of extensions that the certificates must have, from the token's own on; the chain has one certificate more, its authority."`
	// SignedAt is the claim with the time of signing, in milliseconds, at which the
	// certificates must be valid.
	SignedAt string `json:"signed_at" required:"true" maxlen:"64" doc:"Claim with the time of signing, in milliseconds since 1970, at which the certificates must be valid."`
	// Nested are claims that hold tokens of the same sender, which are verified too.
	Nested []string `json:"nested,omitempty" maxlen:"8" doc:"Claims that hold further tokens of the sender, which must be right where they are there."`
}
