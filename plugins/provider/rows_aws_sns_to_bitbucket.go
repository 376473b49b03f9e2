package provider

import "time"

func awsSnsRow() Provider {
	return Provider{
		Name:  "aws-sns",
		Title: "AWS SNS",
		Docs:  "https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html",
		Schemes: []Scheme{{
			Name: "v2", Kind: RSA, Hash: SHA256,
			Family:   Family{Signature: "json:Signature", Timestamp: "json:Timestamp"},
			Encoding: Base64, Content: "Message\n{json:Message|free}\nMessageId\n{json:MessageId}\n[Subject\n{json:Subject}\n][SubscribeURL\n{json:SubscribeURL}\n]Timestamp\n{timestamp}\n[Token\n{json:Token}\n]TopicArn\n{json:TopicArn}\nType\n{json:Type}\n",
			BodyUnsigned: true, Expect: []Expect{{"json:SignatureVersion", "2"}, {"json:TopicArn", "{setting:topic_arn}"}},
			TimeUnit: RFC3339, ToleranceSeconds: 3600,
			Key: KeyCertificate,
			Remote: &Remote{
				At:         "json:SigningCertURL",
				Hosts:      []string{"sns.*.amazonaws.com", "sns.*.amazonaws.com.cn"},
				PathSuffix: ".pem",
				Form:       KeyCertificate,
				Example:    "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-octo.pem",
			},
		}, {
			Name: "v1", Kind: RSA, Hash: SHA1, Weak: true,
			Family:   Family{Signature: "json:Signature", Timestamp: "json:Timestamp"},
			Encoding: Base64, Content: "Message\n{json:Message|free}\nMessageId\n{json:MessageId}\n[Subject\n{json:Subject}\n][SubscribeURL\n{json:SubscribeURL}\n]Timestamp\n{timestamp}\n[Token\n{json:Token}\n]TopicArn\n{json:TopicArn}\nType\n{json:Type}\n",
			BodyUnsigned: true, Expect: []Expect{{"json:SignatureVersion", "1"}, {"json:TopicArn", "{setting:topic_arn}"}},
			TimeUnit: RFC3339, ToleranceSeconds: 3600,
			Key: KeyCertificate,
			Remote: &Remote{
				At:         "json:SigningCertURL",
				Hosts:      []string{"sns.*.amazonaws.com", "sns.*.amazonaws.com.cn"},
				PathSuffix: ".pem",
				Form:       KeyCertificate,
				Example:    "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-octo.pem",
			},
		}},
		Settings: []Setting{{
			Name: "topic_arn", Doc: "The ARN of the topic. Amazon signs the messages of every account with one key, so without it anybody's topic could deliver.",
			Example: "arn:aws:sns:eu-central-1:123456789012:octo", Optional: true, Pins: true,
		}},
		Facts: Locators{
			Type:    []string{"json:Type"},
			ID:      []string{"json:MessageId"},
			Time:    []TimeAt{{"json:Timestamp", RFC3339}},
			Tenant:  []string{"json:TopicArn"},
			Subject: []string{"json:Subject"},
		},
		Identity: Identity{
			Why: "MessageId is signed and unique for each message that is published, whatever the topic (SNS API reference).",
		},
		ContentTypes: []string{"text/plain"},
		Forms:        []Format{FormatJSON},
		Handshakes:   []Handshake{{Method: "POST", When: "json:Type", Is: "SubscriptionConfirmation", Confirm: "json:SubscribeURL", ConfirmHosts: []string{"sns.*.amazonaws.com", "sns.*.amazonaws.com.cn"}}},
		Timeout:      15 * time.Second,
		Retry:        Retry{Max: 50, Span: 1 * time.Hour, Note: "By policy: three at once, two after 1 s, ten backing off from 1 to 20 s, 35 every 20 s, then the dead-letter queue."},
		Status:       map[string]int{"rate_limited": 503},
		On429:        "SNS tries again after errors of the server, so a 503 is answered: a 4xx may drop the message.",
		Ranges: []RangeList{{
			Name: "aws", URL: "https://ip-ranges.amazonaws.com/ip-ranges.json", Format: RangeJSON,
			Paths: []string{"prefixes.*.ip_prefix", "ipv6_prefixes.*.ipv6_prefix"}, Where: []RangeMatch{{Field: "service", OneOf: []string{"AMAZON"}}},
			Docs: "https://docs.aws.amazon.com/vpc/latest/userguide/aws-ip-ranges.html",
		}},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "text/plain; charset=UTF-8"},
			{"user-agent", "Amazon Simple Notification Service Agent"},
			{"x-amz-sns-message-type", "{event}"},
		},
		Pitfalls: []string{
			"A topic signs with SHA-1 (SignatureVersion 1) unless its attribute SignatureVersion is 2: set it, or choose the scheme v1.",
			"Any AWS account can have a message signed and delivered here: topic_arn is what makes it yours.",
			"The content type is text/plain although the body is JSON.",
			"Raw message delivery has neither envelope nor signature, so its deliveries are refused.",
			"A subscription is confirmed by a request to SubscribeURL, whose host is checked as that of the certificate is.",
			"The event itself is the text in Message.",
		},
		Source: "aws-php-sns-message-validator; aws-sdk-java-v2, sns-message-manager (five messages recomputed); SNS developer guide",
		Unsure: []string{"retry", "time-out"},
	}
}

func azureDevopsRow() Provider {
	return Provider{
		Name:  "azure-devops",
		Title: "Azure DevOps service hooks",
		Docs:  "https://learn.microsoft.com/azure/devops/service-hooks/services/webhooks",
		Schemes: []Scheme{{
			Name: "basic", Kind: Basic,
			Family: Family{Signature: "header:authorization"},
			Key:    KeyUser, KeyMin: 8,
		}},
		Facts: Locators{
			Type:    []string{"json:eventType"},
			Split:   SplitLastDot,
			ID:      []string{"json:id"},
			Time:    []TimeAt{{"json:createdDate", RFC3339}},
			Tenant:  []string{"json:resourceContainers.account.id", "json:resourceContainers.collection.id"},
			Subject: []string{"json:resource.repository.name", "json:resource.pullRequest.repository.name", "json:resource.id"},
		},
		Identity: Identity{
			Why: "id is a UUID of the event, and the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        Retry{Note: "Transient failures are tried again, then the subscription goes on probation."},
		Status:       map[string]int{"rate_limited": 503},
		On429:        "A 503 counts as passing and is sent again; a 4xx counts against the subscription.",
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"There is no signature: basic authentication over HTTPS is all there is.",
			"The secret is user:password as entered in the service hook.",
		},
		Source: "go-playground/webhooks, azuredevops; real payloads",
		Unsure: []string{"retry"},
	}
}

func azureEventGridRow() Provider {
	return Provider{
		Name:  "azure-event-grid",
		Title: "Azure Event Grid",
		Docs:  "https://learn.microsoft.com/azure/event-grid/end-point-validation-event-grid-events-schema",
		Schemes: []Scheme{{
			Name: "query", Kind: Token,
			Family: Family{Signature: "query:secret"},
			Key:    KeyText,
		}},
		Settings: []Setting{{
			Name: "origin", Doc: "The one origin (WebHook-Request-Origin) that may deliver; any may ask where it is not set, and still needs the secret to deliver.",
			Example: "eventgrid.azure.net", Optional: true,
		}},
		Facts: Locators{
			Type:    []string{"header:ce-type", "json:type"},
			Split:   SplitLastDot,
			ID:      []string{"header:ce-id", "json:id"},
			Time:    []TimeAt{{"header:ce-time", RFC3339}, {"json:time", RFC3339}},
			Tenant:  []string{"header:ce-source", "json:source", "header:aeg-subscription-name"},
			Subject: []string{"header:ce-subject", "json:subject"},
		},
		Batch: &Batch{Unless: "header:ce-specversion", Facts: Locators{
			Type:    []string{"json:eventType", "json:type"},
			Split:   SplitLastDot,
			ID:      []string{"json:id"},
			Time:    []TimeAt{{"json:eventTime", RFC3339}, {"json:time", RFC3339}},
			Tenant:  []string{"json:topic", "json:source"},
			Subject: []string{"json:subject"},
		}},
		Identity: Identity{
			Scope: ScopeTenant,
			Why:   "An id is unique in the topic (Event Grid schema) or source (CloudEvents) that published the event: publishers choose it.",
		},
		ContentTypes: []string{"application/json", "application/cloudevents+json", "application/cloudevents-batch+json"},
		Handshakes:   []Handshake{{Method: "POST", When: "header:aeg-event-type", Is: "SubscriptionValidation", Challenge: "json:0.data.validationCode", Answer: Answer{ContentType: "application/json", Body: `{"validationResponse":{challenge|json}}`}, Unsigned: true}, {Method: "OPTIONS", When: "header:webhook-request-origin", Challenge: "header:webhook-request-origin", Token: "header:webhook-request-origin", TokenSetting: "origin", Answer: Answer{Headers: []Header{{"webhook-allowed-origin", "{challenge}"}}}, Grants: []Grant{{"header:webhook-request-rate", "webhook-allowed-rate"}}, Unsigned: true}},
		Timeout:      30 * time.Second,
		Retry:        Retry{Span: 24 * time.Hour, Note: "By default, then dead letters; 400, 401, 403 and 413 are treated apart."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"Event Grid does not sign: the secret is the query parameter secret of the endpoint's URL; keep it out of access logs.",
			"An array is posted even for one event.",
			"Firewalls often block the validation request.",
		},
		Source: "Microsoft Learn, endpoint validation; CloudEvents HTTP webhook specification",
		Unsure: []string{"retry", "time-out"},
	}
}

func beehiivRow() Provider {
	return Provider{
		Name:  "beehiiv",
		Title: "beehiiv",
		Docs:  "https://developers.beehiiv.com/webhooks",
		Schemes: []Scheme{{
			Name: "v1", Kind: HMAC, Hash: SHA256,
			Family:     Family{Signature: "header:svix-signature", Timestamp: "header:svix-timestamp", ID: "header:svix-id"},
			Alternates: []Family{{Signature: "header:webhook-signature", Timestamp: "header:webhook-timestamp", ID: "header:webhook-id"}},
			Layout:     Versions, Mark: "v1", Encoding: Base64, Content: "{id}.{timestamp}.{body}",
			TimeUnit: Seconds, ToleranceSeconds: 300,
			Key: KeyBase64, KeyPrefix: "whsec_", RawKey: true,
		}},
		Facts: Locators{
			Type:    []string{"json:event_type", "json:type"},
			Split:   SplitLastDot,
			ID:      []string{"header:svix-id", "header:webhook-id"},
			Time:    []TimeAt{{"json:event_timestamp", Seconds}, {"json:timestamp", RFC3339}, {"json:created_at", RFC3339}},
			Tenant:  []string{"json:data.publication_id"},
			Subject: []string{"json:data.id"},
		},
		Identity: Identity{
			Why: "The message id of Svix, which sends for it: signed, unique, and the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      15 * time.Second,
		Retry:        Retry{Max: 7, Span: 1656 * time.Minute, Note: "Svix's schedule unless the sender sets another: at once, after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h and 10 h; an endpoint that fails for 5 days is disabled."},
		Ranges:       []RangeList{svixRanges()},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"The id stays the same when a delivery is sent again, the timestamp does not.",
		},
		Source: "Svix, list of ingest sources (SvixConfig)",
		Unsure: []string{"places of the event's facts", "retry schedule: Svix's, the sender may set another"},
	}
}

func bigcommerceRow() Provider {
	return Provider{
		Name:  "bigcommerce",
		Title: "BigCommerce",
		Docs:  "https://docs.bigcommerce.com/docs/integrations/webhooks/https-webhook-overview",
		Schemes: []Scheme{{
			Name: "v1", Kind: HMAC, Hash: SHA256,
			Family:     Family{Signature: "header:webhook-signature", Timestamp: "header:webhook-timestamp", ID: "header:webhook-id"},
			Alternates: []Family{{Signature: "header:svix-signature", Timestamp: "header:svix-timestamp", ID: "header:svix-id"}},
			Layout:     Versions, Mark: "v1", Encoding: Base64, Content: "{id}.{timestamp}.{body}",
			TimeUnit: Seconds, ToleranceSeconds: 300,
			Key: KeyText, KeyMin: 8,
		}},
		Facts: Locators{
			Type:    []string{"json:scope"},
			ID:      []string{"header:webhook-id", "header:svix-id"},
			Time:    []TimeAt{{"json:created_at", Seconds}},
			Tenant:  []string{"json:producer"},
			Subject: []string{"json:data.id"},
		},
		Identity: Identity{
			Why: "webhook-id of Standard Webhooks: signed, and the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        Retry{Max: 11, Span: 49 * time.Hour, Note: "Tries after 1, 3, 5, 10, 15 and 30 minutes and 1, 2, 6, 14 and 24 hours; then the webhook is deactivated."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"The id stays the same when a delivery is sent again, the timestamp does not.",
			"The key is the app's client secret as it is shown: a Standard Webhooks library wants it in base64 first.",
			"A domain is blocked for 3 minutes when less than 90 % of its deliveries succeed.",
			"hash is equal for equal payloads: it is no id.",
		},
		Source: "BigCommerce docs repository, https-webhook-overview",
	}
}

func bitbucketRow() Provider {
	return Provider{
		Name:  "bitbucket",
		Title: "Bitbucket Cloud",
		Docs:  "https://support.atlassian.com/bitbucket-cloud/docs/manage-webhooks/",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family: Family{Signature: "header:x-hub-signature"},
			Mark:   "sha256=", Encoding: Hex, Content: "{body}",
			Key: KeyText, KeyMin: 8,
		}},
		Facts: Locators{
			Type:    []string{"header:x-event-key"},
			Split:   SplitLastColon,
			ID:      []string{"header:x-request-uuid"},
			Tenant:  []string{"json:repository.workspace.slug", "json:repository.owner.username", "json:repository.owner.nickname", "json:repository.owner.display_name"},
			Subject: []string{"json:repository.full_name"},
		},
		Types: bitbucketTypes(),
		Identity: Identity{
			Why: "X-Request-UUID names the request and is not signed; a push back and forth can have one body twice, so that the id counts beside the digest.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      10 * time.Second,
		Retry:        Retry{Max: 2, Note: "After a 5xx or a time-out; X-Attempt-Number counts them."},
		Status:       map[string]int{"rate_limited": 503},
		On429:        "A 4xx would not be tried again; a 503 is.",
		Ranges:       []RangeList{atlassian("bitbucket")},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"user-agent", "Bitbucket-Webhooks/2.0"},
			{"x-attempt-number", "1"},
			{"x-event-key", "{event}"},
			{"x-hook-uuid", "{id}"},
			{"x-request-uuid", "{id}"},
		},
		Pitfalls: []string{
			"X-Hub-Signature carries SHA-256 here, not SHA-1 as elsewhere.",
			"A webhook without a secret is not signed, so its deliveries are refused.",
			"X-Hook-UUID names the webhook: it is no secret.",
			"The signature covers neither the event name nor the request id: both come from headers.",
		},
		Source: "Atlassian support, Manage webhooks (test value recomputed); real deliveries",
		Unsure: []string{"retry", "time-out"},
	}
}
