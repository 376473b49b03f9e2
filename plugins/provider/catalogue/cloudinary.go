package catalogue

import "webhookedge/plugins/provider/spec"

func cloudinaryRow() spec.Provider {
	scheme := func(h spec.Hash) spec.Scheme {
		return spec.Scheme{
			Name: string(h), Kind: spec.Digest, Hash: h, Weak: h == spec.SHA1,
			Family:   spec.Family{Signature: "header:x-cld-signature", Timestamp: "header:x-cld-timestamp"},
			Encoding: spec.Hex, Content: "{body}{timestamp}{key}",
			TimeUnit: spec.Seconds, ToleranceSeconds: 7200, AheadSeconds: 300,
			Key: spec.KeyText,
		}
	}
	return spec.Provider{
		Name:    "cloudinary",
		Title:   "Cloudinary notifications",
		Docs:    "https://cloudinary.com/documentation/notification_signatures",
		Schemes: []spec.Scheme{scheme(spec.SHA256), scheme(spec.SHA1)},
		Facts: spec.Locators{
			Type:    []string{"json:notification_type"},
			ID:      []string{"json:notification_context.triggered_at + json:request_id"},
			Time:    []spec.TimeAt{{At: "json:timestamp", Unit: spec.RFC3339}},
			Subject: []string{"json:asset_id", "json:public_id"},
		},
		Identity: spec.Identity{
			Scope: spec.ScopeRoute,
			Why:   "request_id with the moment that triggered it, both in the signed body; without them the content.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Time: "Cloudinary's own libraries refuse what is older than 2 hours; no retries are documented."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The signature is a plain hash of body, time and API secret, which is weaker than an HMAC: set the account to SHA-256 alone.",
			"Accounts sign with SHA-1 unless Cloudinary's support sets SHA-256: the scheme sha1 is weak and counts only where verify.scheme names it.",
			"The key is the API secret of the account, which also signs uploads: keep it as safe as a password.",
		},
		Source: "cloudinary (npm) 2, lib/utils/index.js, verifyNotificationSignature (text, 2 h, hashes); Cloudinary docs, Verifying notification signatures (headers)",
		Unsure: []string{"retry", "time-out", "request_id and triggered_at in every type"},
	}
}
