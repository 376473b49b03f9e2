package catalogue

import "webhookedge/plugins/provider/spec"

func httpMessageSignaturesRow() spec.Provider {
	signature := spec.Scheme{
		Name: "signature", Kind: spec.HTTPSignature,
		Family: spec.Family{Signature: "header:signature", Timestamp: "pair:created"},
		Message: spec.Message{
			Algorithms: []spec.MessageAlgorithm{spec.MessageEd25519, spec.MessageP256, spec.MessageP384, spec.MessagePSS},
			Components: []string{"@method", "@target-uri|@authority", "@target-uri|@path", "@target-uri|@query?", "content-digest"},
			Parameters: []string{"keyid"}, Label: "{setting:label}",
		},
		TimeUnit: spec.Seconds, ToleranceSeconds: 300,
		Key: spec.KeyJWKS,
	}
	jwks, pkcs1, hmac := signature, signature, signature
	jwks.Name = "jwks"
	jwks.Remote = &spec.Remote{
		URL: "https://{setting:jwks_host}/{setting:jwks_path}", Hosts: []string{"{setting:jwks_host}"}, Form: spec.KeyJWKS,
	}
	pkcs1.Name, pkcs1.Message.Algorithms = "rsa-v1_5-sha256", []spec.MessageAlgorithm{spec.MessagePKCS1}
	hmac.Name, hmac.Message.Algorithms, hmac.Key = "hmac-sha256", []spec.MessageAlgorithm{spec.MessageHMAC}, spec.KeyBase64
	return spec.Provider{
		Name:    "http-message-signatures",
		Title:   "HTTP Message Signatures",
		Docs:    "https://www.rfc-editor.org/rfc/rfc9421.html",
		Schemes: []spec.Scheme{signature, jwks, pkcs1, hmac},
		Settings: []spec.Setting{
			{Name: "label", Doc: "Label of the signature that counts, such as sig1, where a delivery may have several.", Optional: true, Example: "sig1"},
			{Name: "jwks_host", Doc: "Host that publishes the sender's keys, for the scheme jwks.", Example: "keys.octo-corp.example"},
			{Name: "jwks_path", Doc: "Path of the set of keys at that host, for the scheme jwks.", Default: ".well-known/http-message-signatures-directory"},
		},
		Facts: spec.Locators{
			Type:  []string{"json:type", "json:event", "text:message"},
			Split: spec.SplitLastDot,
			ID:    []string{"json:id"},
			Time:  []spec.TimeAt{{At: "json:timestamp", Unit: spec.RFC3339}, {At: "json:time", Unit: spec.RFC3339}},
		},
		Identity: spec.Identity{
			Why: "The id of the signed payload, where it has one; else an event is known by its content.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Time: "Up to the sender: a standard of signatures says nothing of retries."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"A signature must cover the method, the URL (as @target-uri, or its parts) and content-digest, and tell created and keyid: one that leaves the body or the endpoint open is refused.",
			"The key decides the algorithm: a JSON Web Key by its kty, crv and alg. What the message names must be the same.",
			"Of a sender with other fields, copy the row under custom: and name its components.",
		},
		Source: "RFC 9421; RFC 9530; draft-meunier-http-message-signatures-directory, section 4 (path of the keys)",
	}
}
