package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func sonarqubeRow() spec.Provider {
	return spec.Provider{
		Name:  "sonarqube",
		Title: "SonarQube",
		Docs:  "https://docs.sonarsource.com/sonarqube-server/discovering/integrations/webhooks",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:x-sonar-webhook-hmac-sha256"},
			Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyText, KeyMin: 8,
		}},
		Facts: spec.Locators{
			Type:    []string{"text:analysis"},
			Action:  []string{"json:status"},
			ID:      []string{"json:taskId"},
			Time:    []spec.TimeAt{{At: "json:changedAt", Unit: spec.DateTime}, {At: "json:analysedAt", Unit: spec.DateTime}},
			Tenant:  []string{"json:serverUrl"},
			Subject: []string{"json:project.key"},
		},
		Identity: spec.Identity{
			Why: "taskId, in the signed body, names the analysis; a change of the quality gate by hand has no id and holds changedAt.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      10 * time.Second,
		Retry:        spec.Retry{Note: "No retry is documented."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "user-agent", Value: "SonarQube/2025"},
		},
		Pitfalls: []string{
			"Server and Cloud send the same: the project's key stands in X-SonarQube-Project too, which is not signed.",
			"Secrets made before version 10.6 may be shorter than 16 characters, and a webhook without one is not signed.",
		},
		Source: "SonarQube Server docs, Webhooks; SonarSource/sonarqube, WebhookPayloadFactoryImpl and WebhookCallerImpl",
		Unsure: []string{"retry"},
	}
}
