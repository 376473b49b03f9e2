package catalogue

import "webhookedge/plugins/provider/spec"

func resendRow() spec.Provider {
	return throughSvix(svixSchedule, spec.Provider{
		Name:  "resend",
		Title: "Resend",
		Docs:  "https://resend.com/docs/dashboard/webhooks/introduction",
		Facts: spec.Locators{
			Type:    []string{"json:type"},
			Split:   spec.SplitLastDot,
			ID:      []string{"header:svix-id", "header:webhook-id"},
			Time:    []spec.TimeAt{{At: "json:created_at", Unit: spec.RFC3339}, {At: "json:timestamp", Unit: spec.RFC3339}},
			Subject: []string{"json:data.email_id", "json:data.id"},
		},
		Source: "hookdeck/webhook-skills, resend; django-anymail, resend view; Resend docs, Retries and replays",
	})
}
