package provider

import "time"

func elevenlabsRow() Provider {
	return Provider{
		Name:  "elevenlabs",
		Title: "ElevenLabs",
		Docs:  "https://elevenlabs.io/docs/eleven-agents/workflows/post-call-webhooks",
		Schemes: []Scheme{{
			Name: "v0", Kind: HMAC, Hash: SHA256,
			Family: Family{Signature: "header:elevenlabs-signature", Timestamp: "pair:t"},
			Layout: Pairs, Mark: "v0", Encoding: Hex, Content: "{timestamp}.{body}",
			TimeUnit: Seconds, ToleranceSeconds: 1800,
			Key: KeyText,
		}},
		Facts: Locators{
			Type:    []string{"json:type"},
			Time:    []TimeAt{{"json:event_timestamp", Seconds}},
			Tenant:  []string{"json:data.agent_id"},
			Subject: []string{"json:data.conversation_id"},
		},
		Identity: Identity{
			Content: true,
			Why:     "The body holds the conversation, which ends once, and event_timestamp.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        Retry{Note: "Disabled after 10 failures in a row within 7 days."},
		Ranges:       []RangeList{{Name: "elevenlabs", Docs: "https://elevenlabs.io/docs/eleven-api/resources/ip-allowlisting"}},
		On429:        "Post-call transcriptions are tried again up to five times.",
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"v0 is the real version here.",
			"Audio events have large bodies.",
		},
		Source: "elevenlabs-js, wrapper for webhooks (format, tolerance); hookdeck/webhook-skills, elevenlabs",
		Unsure: []string{"retry"},
	}
}

func flutterwaveRow() Provider {
	return Provider{
		Name:  "flutterwave",
		Title: "Flutterwave",
		Docs:  "https://developer.flutterwave.com/docs/webhooks",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family:   Family{Signature: "header:flutterwave-signature"},
			Encoding: Base64, Content: "{body}",
			Key: KeyText, KeyMin: 8,
		}, {
			Name: "verif-hash", Kind: Token, Weak: true,
			Family: Family{Signature: "header:verif-hash"},
			Key:    KeyText, KeyMin: 8,
		}},
		Facts: Locators{
			Type:    []string{"json:type", "json:event"},
			Split:   SplitLastDot,
			Time:    []TimeAt{{"json:timestamp", Milliseconds}, {"json:data.created_at", RFC3339}},
			Subject: []string{"json:data.id"},
		},
		Identity: Identity{
			Content: true,
			Why:     "The body holds the transaction, its state and the time of the event in milliseconds.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      60 * time.Second,
		Retry:        Retry{Max: 3, Span: 90 * time.Minute, Note: "30 minutes apart, where tries are switched on."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"Version 4 signs (flutterwave-signature); version 3 only repeats the secret hash (verif-hash), which must be chosen in the settings.",
			"No id tells one event of an object from the next, so the id is made of the body: a try whose body differs counts as another event.",
		},
		Source: "Receivers of both versions in public repositories, which agree on header, hash and encoding",
		Unsure: []string{"places of the event's facts in version 4", "retry", "time-out"},
	}
}

func frontRow() Provider {
	return Provider{
		Name:  "front",
		Title: "Front",
		Docs:  "https://dev.frontapp.com/docs/application-webhooks",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family:   Family{Signature: "header:x-front-signature", Timestamp: "header:x-front-request-timestamp"},
			Encoding: Base64, Content: "{timestamp}:{body}",
			TimeUnit: EitherUnit, ToleranceSeconds: 300,
			Key: KeyText,
		}, {
			Name: "rule", Kind: HMAC, Hash: SHA1, Weak: true,
			Family:   Family{Signature: "header:x-front-signature"},
			Encoding: Base64, Content: "{body}",
			Key: KeyText,
		}},
		Facts: Locators{
			Type:    []string{"json:type"},
			ID:      []string{"json:payload.id", "json:id"},
			Time:    []TimeAt{{"json:emitted_at", Fraction}, {"json:payload.emitted_at", Fraction}},
			Tenant:  []string{"json:authorization.id"},
			Subject: []string{"json:payload.conversation.id", "json:conversation.id"},
		},
		Identity: Identity{
			Why: "payload.id (evt_...) names the event, in the signed body; that of a rule is id.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []Handshake{{Method: "POST", When: "header:x-front-challenge", Challenge: "header:x-front-challenge", Answer: Answer{ContentType: "application/json", Body: `{"challenge":{challenge|json}}`}}},
		Timeout:      5 * time.Second,
		Retry:        Retry{Max: 3},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"Rule webhooks sign the body alone with SHA-1 under the same header name (scheme rule, which must be chosen): application webhooks are better.",
			"The signed request sync carries X-Front-Challenge, which is sent back while the endpoint is saved.",
		},
		Source: "Front developer docs, Application webhooks, and receivers in public repositories (header, signed text, challenge)",
		Unsure: []string{"unit of the timestamp: seconds and milliseconds are both taken", "time-out"},
	}
}

func fusionauthRow() Provider {
	return Provider{
		Name:  "fusionauth",
		Title: "FusionAuth",
		Docs:  "https://fusionauth.io/docs/extend/events-and-webhooks/signing",
		Schemes: []Scheme{{
			Name: "hs", Kind: JSONToken,
			Family: Family{Signature: "header:x-fusionauth-signature-jwt"},
			Binds:  []Bind{{"claim:request_body_sha256", "{body|sha256|base64}"}},
			Key:    KeyText,
			JWT:    JWT{Algorithms: []Algorithm{HS256, HS384, HS512}},
		}, {
			Name: "public", Kind: JSONToken,
			Family: Family{Signature: "header:x-fusionauth-signature-jwt"},
			Binds:  []Bind{{"claim:request_body_sha256", "{body|sha256|base64}"}},
			Key:    KeyJWKS,
			JWT:    JWT{Algorithms: []Algorithm{RS256, RS384, RS512, ES256, ES384, ES512, EdDSA}},
		}},
		Facts: Locators{
			Type:    []string{"json:event.type"},
			Split:   SplitLastDot,
			ID:      []string{"json:event.id"},
			Time:    []TimeAt{{"json:event.createInstant", Milliseconds}},
			Tenant:  []string{"json:event.tenantId"},
			Subject: []string{"json:event.user.id", "json:event.applicationId"},
		},
		Identity: Identity{
			Why: "event.id is a UUID, in the body whose hash is signed.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        Retry{Note: "No retry by default."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"Signing is off until the webhook has a key.",
			"With a key pair choose the scheme public and configure FusionAuth's JWKS (/.well-known/jwks.json).",
		},
		Source: "hookdeck/webhook-skills, fusionauth; FusionAuth docs, Signing webhooks",
		Unsure: []string{"retry"},
	}
}

func ghostRow() Provider {
	return Provider{
		Name:  "ghost",
		Title: "Ghost",
		Docs:  "https://ghost.org/docs/webhooks/",
		Schemes: []Scheme{{
			Name: "sha256-time", Kind: HMAC, Hash: SHA256,
			Family: Family{Signature: "header:x-ghost-signature", Timestamp: "pair:t"},
			Layout: Pairs, Mark: "sha256", Separator: ", ", Encoding: Hex, Content: "{body}{timestamp}",
			TimeUnit: Milliseconds, ToleranceSeconds: 300,
			Key: KeyText, KeyMin: 8,
		}},
		Facts: Locators{
			Type:    []string{"member:post", "member:page", "member:member", "member:tag", "text:event"},
			Time:    []TimeAt{{"json:post.current.updated_at", RFC3339}, {"json:member.current.updated_at", RFC3339}, {"json:page.current.updated_at", RFC3339}},
			Subject: []string{"json:post.current.id", "json:member.current.id", "json:page.current.id", "json:post.previous.id", "json:member.previous.id"},
		},
		Identity: Identity{
			Content: true,
			Why:     "The body is the resource before and after, each with its updated_at.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      2 * time.Second,
		Retry:        Retry{Max: 5, Note: "An answer of 410 deletes the webhook."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"A body does not name its event: give each event its own route.",
			"Versions before 5.107 signed the body alone: update them.",
			"No id tells one event of an object from the next, so the id is made of the body: a try whose body differs counts as another event.",
		},
		Source: "TryGhost/Ghost, core/server/services/webhooks; receivers in public repositories",
		Unsure: []string{"first version that signs the time", "retry", "time-out"},
	}
}

func giteaRow() Provider {
	return Provider{
		Name:  "gitea",
		Title: "Gitea and Forgejo",
		Docs:  "https://docs.gitea.com/usage/webhooks",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family:   Family{Signature: "header:x-gitea-signature"},
			Encoding: Hex, Content: "{body}", FormContent: "{form-only:payload}",
			Key: KeyText, KeyMin: 8,
		}, {
			Name: "hub", Kind: HMAC, Hash: SHA256,
			Family: Family{Signature: "header:x-hub-signature-256"},
			Mark:   "sha256=", Encoding: Hex, Content: "{body}", FormContent: "{form-only:payload}",
			Key: KeyText, KeyMin: 8,
		}, {
			Name: "forgejo", Kind: HMAC, Hash: SHA256,
			Family:   Family{Signature: "header:x-forgejo-signature"},
			Encoding: Hex, Content: "{body}", FormContent: "{form-only:payload}",
			Key: KeyText, KeyMin: 8,
		}},
		Facts: Locators{
			Type:     []string{"header:x-gitea-event-type", "header:x-gitea-event", "header:x-forgejo-event"},
			Action:   []string{"json:action"},
			ID:       []string{"header:x-gitea-delivery", "header:x-forgejo-delivery"},
			Tenant:   []string{"json:repository.owner.login", "json:repository.owner.username", "json:organization.username"},
			Subject:  []string{"json:repository.full_name"},
			FormJSON: "payload",
		},
		Types: giteaTypes(),
		Identity: Identity{
			Content: true,
			Why:     "The body holds the repository with updated_at and what changed with its ids, hashes and times; X-Gitea-Delivery is not signed.",
		},
		ContentTypes: []string{"application/json", "application/x-www-form-urlencoded"},
		Timeout:      5 * time.Second,
		Retry:        Retry{Note: "No retry by itself; deliveries can be sent again by hand."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"x-gitea-delivery", "{id}"},
			{"x-gitea-event", "{event}"},
			{"x-gitea-event-type", "{event}"},
			{"x-github-delivery", "{id}"},
			{"x-github-event", "{event}"},
			{"x-gogs-delivery", "{id}"},
			{"x-gogs-event", "{event}"},
		},
		Pitfalls: []string{
			"Headers of GitHub and Gogs are sent as well: do not tell the sender by its headers.",
			"Form deliveries sign the JSON of the field payload, not the form, so that one with a field beside it is refused: better choose application/json.",
			"The signature covers neither the event name nor the delivery id: both come from headers.",
		},
		Source: "go-gitea/gitea, services/webhook/deliver.go; go-playground/webhooks",
		Unsure: []string{"time-out", "names of Forgejo's headers"},
	}
}

func giteeRow() Provider {
	return Provider{
		Name:  "gitee",
		Title: "Gitee",
		Docs:  "https://gitee.com/help/articles/4290",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family:   Family{Signature: "header:x-gitee-token", Timestamp: "header:x-gitee-timestamp"},
			Encoding: Base64, Content: "{timestamp}\n{key}",
			BodyUnsigned: true,
			TimeUnit:     Milliseconds, ToleranceSeconds: 3600,
			Key: KeyText, KeyMin: 8,
		}, {
			Name: "password", Kind: Token, Weak: true,
			Family: Family{Signature: "header:x-gitee-token"},
			Key:    KeyText, KeyMin: 8,
		}},
		Facts: Locators{
			Type:    []string{"json:hook_name", "header:x-gitee-event"},
			Action:  []string{"json:action"},
			Time:    []TimeAt{{"json:timestamp", Milliseconds}},
			Tenant:  []string{"json:repository.owner.login", "json:repository.namespace"},
			Subject: []string{"json:repository.full_name"},
		},
		Identity: Identity{
			Content: true,
			Why:     "The body holds the time in milliseconds and what changed; there is no id, and the signature covers no body.",
		},
		ContentTypes: []string{"application/json"},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"user-agent", "git-oschina-hook"},
			{"x-gitee-event", "Push Hook"},
		},
		Pitfalls: []string{
			"The signature covers the time and no body: whoever has seen a delivery can send another body under it for an hour.",
			"The header holds either the password or the signature: choose the signature in Gitee, or the scheme password here.",
			"No id tells one event of an object from the next, so the id is made of the body: a try whose body differs counts as another event.",
		},
		Source: "drone/go-scm (headers); receivers in public repositories, which agree on the signed text",
		Unsure: []string{"retry"},
	}
}
