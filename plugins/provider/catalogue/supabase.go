package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func supabaseRow() spec.Provider {
	pair := v1a("webhook")
	pair.Separator = ", "
	return spec.Provider{
		Name:  "supabase",
		Title: "Supabase Auth hooks",
		Docs:  "https://supabase.com/docs/guides/auth/auth-hooks",
		Schemes: []spec.Scheme{{
			Name: "v1", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:webhook-signature", Timestamp: "header:webhook-timestamp", ID: "header:webhook-id"},
			Layout: spec.Versions, Mark: "v1", Separator: ", ", Encoding: spec.Base64, Content: "{id}.{timestamp}.{body}",
			TimeUnit: spec.Seconds, ToleranceSeconds: 300,
			Key: spec.KeyBase64, KeyPrefix: "whsec_", RawKey: true,
		}, pair},
		Facts: spec.Locators{
			Type:    []string{"json:metadata.name", "member:email_data", "member:sms", "member:claims", "member:factor_id", "member:valid"},
			ID:      []string{"header:webhook-id"},
			Time:    []spec.TimeAt{{At: "json:metadata.time", Unit: spec.RFC3339}},
			Subject: []string{"json:user.id", "json:user_id"},
		},
		Identity: spec.Identity{
			Why: "webhook-id is a UUID, signed, and a new one at each try; a hook is tried again only where it was refused or not reached.",
		},
		ContentTypes: []string{"application/json"},
		Success:      spec.Answer{ContentType: "application/json", Body: "{}"},
		Timeout:      5 * time.Second,
		Retry:        spec.Retry{Max: 2, Span: 5 * time.Second, Note: "After 429 or 503 with a Retry-After, and where nothing answers; all tries together have 5 s."},
		On429:        "Tried again at once where the answer has a Retry-After.",
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The secret begins with v1,whsec_ and may be given whole.",
			"Supabase waits for the answer, and a hook that is to decide or to change claims needs one from a service: {} lets sign-ups, e-mails and messages go on, and refuses a custom access token.",
			"Payloads before the first hook with metadata name no event: it is the member that tells them apart, email_data, sms, claims or factor_id.",
			"Several secrets make several signatures, with a comma and a blank between them.",
		},
		Source: "supabase/auth, internal/hooks/hookshttp/hookshttp.go and internal/conf/configuration.go; Supabase docs, Auth Hooks",
		Unsure: []string{"events of hooks without metadata.name"},
	}
}
