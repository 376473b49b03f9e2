package provider

import "time"

func gitlabRow() Provider {
	return Provider{
		Name:  "gitlab",
		Title: "GitLab",
		Docs:  "https://docs.gitlab.com/user/project/integrations/webhooks/",
		Schemes: []Scheme{{
			Name: "signing-token", Kind: HMAC, Hash: SHA256,
			Family: Family{Signature: "header:webhook-signature", Timestamp: "header:webhook-timestamp", ID: "header:webhook-id"},
			Layout: Versions, Mark: "v1", Encoding: Base64, Content: "{id}.{timestamp}.{body}",
			TimeUnit: Seconds, ToleranceSeconds: 300,
			Key: KeyBase64, KeyPrefix: "whsec_", KeyMin: 32, RawKey: true,
		}, {
			Name: "token", Kind: Token, Weak: true,
			Family: Family{Signature: "header:x-gitlab-token"},
			Key:    KeyText, KeyMin: 8,
		}},
		Facts: Locators{
			Type:    []string{"json:object_kind", "json:event_name", "header:x-gitlab-event"},
			Action:  []string{"json:object_attributes.action"},
			ID:      []string{"header:webhook-id", "header:idempotency-key"},
			Time:    []TimeAt{{"json:object_attributes.updated_at", DateTime}, {"json:updated_at", DateTime}, {"json:created_at", DateTime}},
			Tenant:  []string{"json:project.namespace", "json:group.full_path", "json:group_path", "header:x-gitlab-instance"},
			Subject: []string{"json:project.path_with_namespace", "json:path_with_namespace", "json:project_name", "json:group_path", "json:username"},
		},
		Identity: Identity{
			Why: "webhook-id is signed; Idempotency-Key, beside a token, is the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      10 * time.Second,
		Retry:        Retry{Note: "No retry by itself. A webhook is paused after 4 failures in a row, longer each time, and for good after 40; deliveries can be sent again by hand."},
		Status:       map[string]int{"rate_limited": 503},
		On429:        "Older versions of GitLab disable a hook for good after four 4xx in a row, and for a while after four 503.",
		Ranges:       []RangeList{{Name: "gitlab", Docs: "https://docs.gitlab.com/user/gitlab_com/"}},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"idempotency-key", "{id}"},
			{"user-agent", "GitLab/18.0"},
			{"x-gitlab-event", "Push Hook"},
			{"x-gitlab-instance", "https://gitlab.octo-corp.example"},
		},
		Pitfalls: []string{
			"The signing token (whsec_) signs the body; the older secret token is only repeated in X-Gitlab-Token and must be chosen in the settings.",
			"X-Gitlab-Event is a label such as Merge Request Hook: the event is object_kind, or event_name for system hooks.",
			"X-Gitlab-Event-UUID is shared by webhooks that one event sets off, so it is no id: before GitLab sent Idempotency-Key the id is made of the body.",
		},
		Source: "GitLab docs, Webhooks; merge requests 230944 and 231325 (signing token); real payloads",
		Unsure: []string{"failure counts", "time-out"},
	}
}

func gocardlessRow() Provider {
	return Provider{
		Name:  "gocardless",
		Title: "GoCardless",
		Docs:  "https://developer.gocardless.com/getting-started/api/staying-up-to-date-with-webhooks/",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family:   Family{Signature: "header:webhook-signature"},
			Encoding: Hex, Content: "{body}",
			Key: KeyText,
		}},
		Facts: Locators{},
		Batch: &Batch{At: "events", Facts: Locators{
			Type:    []string{"json:resource_type"},
			Action:  []string{"json:action"},
			ID:      []string{"json:id"},
			Time:    []TimeAt{{"json:created_at", RFC3339}},
			Tenant:  []string{"json:links.organisation"},
			Subject: []string{"json:links.payment", "json:links.mandate", "json:links.subscription", "json:links.payout", "json:links.refund"},
		}},
		Identity: Identity{
			Why: "id (EV...) of an event is unique at GoCardless, in the signed body.",
		},
		ContentTypes: []string{"application/json"},
		Status:       map[string]int{"signature_invalid": 498},
		Timeout:      10 * time.Second,
		Retry:        Retry{Max: 8, Note: "With growing pauses."},
		Ranges:       []RangeList{{Name: "gocardless", Docs: "https://developer.gocardless.com/api-reference/#overview-approved-ip-addresses"}},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"user-agent", "gocardless-webhook-service/1.1"},
		},
		Pitfalls: []string{
			"A delivery holds up to 250 events.",
			"498 is the answer GoCardless asks for where the signature is wrong.",
		},
		Source: "gocardless-pro-python, webhooks.py and its tests (recomputed)",
		Unsure: []string{"retry", "time-out"},
	}
}

func gogsRow() Provider {
	return Provider{
		Name:  "gogs",
		Title: "Gogs",
		Docs:  "https://gogs.io/docs/features/webhook",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family:   Family{Signature: "header:x-gogs-signature"},
			Encoding: Hex, Content: "{body}", FormContent: "{form-only:payload}",
			Key: KeyText, KeyMin: 8,
		}},
		Facts: Locators{
			Type:     []string{"header:x-gogs-event"},
			Action:   []string{"json:action"},
			ID:       []string{"header:x-gogs-delivery"},
			Tenant:   []string{"json:repository.owner.username", "json:repository.owner.login"},
			Subject:  []string{"json:repository.full_name"},
			FormJSON: "payload",
		},
		Types: gogsTypes(),
		Identity: Identity{
			Content: true,
			Why:     "The body holds the repository with updated_at and what changed with its ids and hashes; X-Gogs-Delivery is not signed.",
		},
		ContentTypes: []string{"application/json", "application/x-www-form-urlencoded"},
		Retry:        Retry{Note: "No retry."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"x-gogs-delivery", "{id}"},
			{"x-gogs-event", "{event}"},
		},
		Pitfalls: []string{
			"Form deliveries sign the JSON of the field payload, not the form, so that one with a field beside it is refused: better choose application/json.",
			"The signature covers neither the event name nor the delivery id: both come from headers.",
		},
		Source: "go-playground/webhooks and drone/go-scm (header, payloads)",
	}
}

func googleDriveCalendarRow() Provider {
	return Provider{
		Name:  "google-drive-calendar",
		Title: "Google Drive and Calendar push channels",
		Docs:  "https://developers.google.com/workspace/drive/api/guides/push",
		Schemes: []Scheme{{
			Name: "token", Kind: Token,
			Family: Family{Signature: "header:x-goog-channel-token"},
			Key:    KeyText,
		}},
		Facts: Locators{
			Type:    []string{"header:x-goog-resource-state"},
			ID:      []string{"header:x-goog-channel-id + header:x-goog-message-number"},
			Tenant:  []string{"header:x-goog-channel-id"},
			Subject: []string{"header:x-goog-resource-id"},
		},
		Identity: Identity{
			Scope: ScopeRoute,
			Why:   "A message has a number of its channel, whose id the receiver chose when it made the channel.",
		},
		ContentTypes: []string{"application/json"},
		Bodyless:     true,
		Retry:        Retry{Note: "Backs off after 500, 502, 503 and 504."},
		Sends: []Header{
			{"accept", "*/*"},
			{"user-agent", "APIs-Google; (+https://developers.google.com/webmasters/APIs-Google.html)"},
			{"x-goog-channel-id", "octo-channel-1"},
			{"x-goog-message-number", "17"},
			{"x-goog-resource-id", "ret08u3rv24htgh289g"},
			{"x-goog-resource-state", "{event}"},
			{"x-goog-resource-uri", "https://www.googleapis.com/drive/v3/files/octo"},
		},
		Pitfalls: []string{
			"The body is empty: fetch what changed.",
			"Channels expire; the first message has the state sync.",
			"The token is the one given to watch: nothing signs the headers.",
		},
		Source: "Google Workspace docs, Push notifications; trigger.dev source catalogue",
		Unsure: []string{"retry"},
	}
}

func googlePubsubPushRow() Provider {
	return Provider{
		Name:  "google-pubsub-push",
		Title: "Google Cloud Pub/Sub push",
		Docs:  "https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions",
		Schemes: []Scheme{{
			Name: "oidc", Kind: JSONToken,
			Family:       Family{Signature: "header:authorization"},
			Mark:         "Bearer ",
			BodyUnsigned: true,
			Key:          KeyJWKS,
			JWT:          JWT{Algorithms: []Algorithm{RS256}, Issuers: []string{"https://accounts.google.com", "accounts.google.com"}, Audience: "{setting:audience}", Claims: []Expect{{"email", "{setting:service_account}"}, {"email_verified", "true"}}, NeedExpiry: true},
			Remote: &Remote{
				URL:   "https://www.googleapis.com/oauth2/v3/certs",
				Hosts: []string{"www.googleapis.com"},
				Form:  KeyJWKS,
			},
		}},
		Settings: []Setting{{
			Name: "audience", Doc: "The audience of the push subscription, which is its endpoint's URL unless another one was set.",
			Example: "https://hooks.octo-corp.example/google-pubsub-push",
		}, {
			Name: "service_account", Doc: "The e-mail address of the service account that the subscription signs as.",
			Example: "octo@octo-corp.iam.gserviceaccount.com",
		}},
		Facts: Locators{
			Type:    []string{"json:message.attributes.eventType", "text:message"},
			ID:      []string{"json:message.messageId"},
			Time:    []TimeAt{{"json:message.publishTime", RFC3339}},
			Tenant:  []string{"json:subscription"},
			Subject: []string{"json:message.orderingKey"},
		},
		Identity: Identity{
			Scope: ScopeTenant, Volatile: []string{"deliveryAttempt"},
			Why: "messageId is unique in the topic that the subscription belongs to; deliveryAttempt counts the tries.",
		},
		ContentTypes: []string{"application/json"},
		Success:      Answer{Status: 204},
		Retry:        Retry{Span: 168 * time.Hour, Note: "Anything but 102, 200, 201, 202 and 204 sends the message again with growing pauses, until the retention (7 days by default) or the dead-letter topic."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"The token says nothing of the body: it proves that the subscription's service account calls.",
			"message.data is base64.",
			"Switch authentication on in the push subscription, and leave payload unwrapping off.",
		},
		Source: "Google Cloud docs, Authentication for push subscriptions; Google JWKS",
		Unsure: []string{"type: an attribute of your own choice"},
	}
}

func grafanaRow() Provider {
	return Provider{
		Name:    "grafana",
		Title:   "Grafana alerting",
		Docs:    "https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/",
		Methods: []string{"POST", "PUT"},
		Schemes: []Scheme{{
			Name: "time", Kind: HMAC, Hash: SHA256,
			Family:   Family{Signature: "header:x-grafana-alerting-signature", Timestamp: "header:x-grafana-alerting-timestamp"},
			Encoding: Hex, Content: "{timestamp}:{body}",
			TimeUnit: Seconds, ToleranceSeconds: 300,
			Key: KeyText, KeyMin: 8,
		}, {
			Name: "body", Kind: HMAC, Hash: SHA256, Weak: true,
			Family:   Family{Signature: "header:x-grafana-alerting-signature"},
			Encoding: Hex, Content: "{body}",
			Key: KeyText, KeyMin: 8,
		}, {
			Name: "bearer", Kind: Token, Weak: true,
			Family: Family{Signature: "header:authorization"},
			Mark:   "Bearer ",
			Key:    KeyText, KeyMin: 8,
		}, {
			Name: "basic", Kind: Basic, Weak: true,
			Family: Family{Signature: "header:authorization"},
			Key:    KeyUser, KeyMin: 8,
		}},
		Facts: Locators{
			Type:    []string{"text:alerts"},
			Action:  []string{"json:status"},
			Time:    []TimeAt{{"json:alerts.0.startsAt", RFC3339}},
			Tenant:  []string{"json:orgId"},
			Subject: []string{"json:groupKey"},
		},
		Identity: Identity{
			None: true,
			Why:  "A group of alerts that goes on firing is sent again with the same body as a reminder, and has no id.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        Retry{Note: "Alertmanager tries again while the alert lasts."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"user-agent", "Grafana"},
		},
		Pitfalls: []string{
			"Signing is off until the contact point has a secret (Grafana 12).",
			"Enter X-Grafana-Alerting-Timestamp as timestamp header: without one the body alone is signed (scheme body), and a replay is not noticed.",
			"One delivery holds all alerts of a group.",
		},
		Source: "Grafana docs, Webhook notifier: HMAC signature; receivers in public repositories",
		Unsure: []string{"retry"},
	}
}
