package provider

import "time"

func github() Provider {
	return Provider{
		Name:  "github",
		Title: "GitHub",
		Docs:  "https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family: Family{Signature: "header:x-hub-signature-256"},
			Layout: Single, Mark: "sha256=", Encoding: Hex, Content: "{body}",
			Key: KeyText, KeyMin: 8,
		}, {
			Name: "sha1", Kind: HMAC, Hash: SHA1, Weak: true, Companion: true,
			Family: Family{Signature: "header:x-hub-signature"},
			Layout: Single, Mark: "sha1=", Encoding: Hex, Content: "{body}",
			Key: KeyText, KeyMin: 8,
		}},
		Facts: Locators{
			Type:     []string{"header:x-github-event"},
			Action:   []string{"json:action"},
			ID:       []string{"header:x-github-delivery"},
			Tenant:   []string{"json:organization.login", "json:repository.owner.login", "json:installation.account.login"},
			Subject:  []string{"json:repository.full_name"},
			FormJSON: "payload",
		},
		Types: githubTypes(),
		Identity: Identity{
			Content: true,
			Why:     "The body holds hashes, ids and times of what changed (pushed_at, updated_at, stargazers_count); X-GitHub-Delivery is not signed, and all hooks of an event share it.",
		},
		ContentTypes: []string{"application/json", "application/x-www-form-urlencoded"},
		Timeout:      10 * time.Second,
		Retry:        Retry{Note: "No automatic retry. Deliveries of the last 3 days can be sent again by hand or through the API, under the same delivery id."},
		On429:        "As any other failure: the delivery is marked as failed and not sent again.",
		Ranges: []RangeList{{
			Name: "github", URL: "https://api.github.com/meta", Format: RangeJSON, Paths: []string{"hooks"},
			Docs: "https://docs.github.com/en/rest/meta/meta",
		}},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"user-agent", "GitHub-Hookshot/0000000"},
			{"x-github-delivery", "{id}"},
			{"x-github-event", "{event}"},
			{"x-github-hook-id", "1"},
			{"x-github-hook-installation-target-id", "1"},
			{"x-github-hook-installation-target-type", "repository"},
		},
		Pitfalls: []string{
			"A hook without a secret sends no signature at all, so its deliveries are refused.",
			"In form deliveries the signature covers the whole encoded body, not the payload field alone.",
			"The signature covers neither the event name nor the delivery id: both come from headers, and there is no timestamp.",
			"Gitea, Forgejo and Gogs send the same headers: a request that has them need not be from GitHub.",
		},
		Source: "GitHub docs, Validating webhook deliveries (test value recomputed); Webhook events and payloads",
	}
}
