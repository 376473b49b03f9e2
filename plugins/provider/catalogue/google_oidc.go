package catalogue

import "webhookedge/plugins/provider/spec"

func googleOidcRow() spec.Provider {
	push := googlePubsubPushRow() // whose tokens are the same
	return spec.Provider{
		Name:     "google-oidc",
		Title:    "Google Cloud Scheduler and Tasks",
		Docs:     "https://cloud.google.com/scheduler/docs/http-target-auth",
		Schemes:  push.Schemes,
		Settings: push.Settings,
		Facts: spec.Locators{
			Type:   []string{"text:request"},
			ID:     []string{"header:x-cloudtasks-taskname"},
			Tenant: []string{"header:x-cloudtasks-queuename", "header:x-cloudscheduler-jobname"},
		},
		Identity: spec.Identity{
			Scope: spec.ScopeTenant, None: true,
			Why: "A task's name is unique in its queue, and the same when it is tried again; a run of a job has none.",
		},
		ContentTypes: []string{"application/json", "application/octet-stream", "text/plain"},
		Forms:        []spec.Format{spec.FormatJSON, spec.FormatBytes},
		Retry:        spec.Retry{Note: "By the retry settings of the job or the queue."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The token says nothing of the body: it proves that the service account calls, and every fact of the event is unsigned.",
			"Choose an OIDC token and not an OAuth token: the latter is for Google's own APIs, and cannot be verified here.",
			"The audience is the endpoint's URL unless another one was set.",
		},
		Source: "Google Cloud docs, Use authentication with HTTP targets (Scheduler), Create HTTP target tasks (Tasks); Google JWKS",
		Unsure: []string{"retry"},
	}
}
