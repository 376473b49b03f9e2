package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func gitlabRow() spec.Provider {
	return spec.Provider{
		Name:  "gitlab",
		Title: "GitLab",
		Docs:  "https://docs.gitlab.com/user/project/integrations/webhooks/",
		Schemes: []spec.Scheme{{
			Name: "signing-token", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:webhook-signature", Timestamp: "header:webhook-timestamp", ID: "header:webhook-id"},
			Layout: spec.Versions, Mark: "v1", Encoding: spec.Base64, Content: "{id}.{timestamp}.{body}",
			TimeUnit: spec.Seconds, ToleranceSeconds: 300,
			Key: spec.KeyBase64, KeyPrefix: "whsec_", KeyMin: 32, RawKey: true,
		}, {
			Name: "token", Kind: spec.Token, Weak: true,
			Family: spec.Family{Signature: "header:x-gitlab-token"},
			Key:    spec.KeyText, KeyMin: 8,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:object_kind", "json:event_name", "header:x-gitlab-event"},
			Action:  []string{"json:object_attributes.action"},
			ID:      []string{"header:webhook-id", "header:idempotency-key"},
			Time:    []spec.TimeAt{{At: "json:object_attributes.updated_at", Unit: spec.DateTime}, {At: "json:updated_at", Unit: spec.DateTime}, {At: "json:created_at", Unit: spec.DateTime}},
			Tenant:  []string{"json:project.namespace", "json:group.full_path", "json:group_path", "header:x-gitlab-instance"},
			Subject: []string{"json:project.path_with_namespace", "json:path_with_namespace", "json:project_name", "json:group_path", "json:username"},
		},
		Identity: spec.Identity{
			Why: "webhook-id is signed; Idempotency-Key, beside a token, is the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      10 * time.Second,
		Retry:        spec.Retry{Note: "No retry by itself. A webhook is paused after 4 failures in a row, longer each time, and for good after 40; deliveries can be sent again by hand.", Time: eachTryIsSigned},
		Status:       map[string]int{"rate_limited": 503},
		Cutoff:       spec.Cutoff{Failures: 4},
		On429:        "Older versions of GitLab disable a hook for good after four 4xx in a row, and for a while after four 503.",
		Ranges:       []spec.RangeList{{Name: "gitlab", Docs: "https://docs.gitlab.com/user/gitlab_com/"}},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "idempotency-key", Value: "{id}"},
			{Name: "user-agent", Value: "GitLab/18.0"},
			{Name: "x-gitlab-event", Value: "Push Hook"},
			{Name: "x-gitlab-instance", Value: "https://gitlab.octo-corp.example"},
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
