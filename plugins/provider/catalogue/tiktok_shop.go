package catalogue

import "webhookedge/plugins/provider/spec"

func tiktokShopRow() spec.Provider {
	return spec.Provider{
		Name:  "tiktok-shop",
		Title: "TikTok Shop",
		Docs:  "https://partner.tiktokshop.com/docv2/page/tts-webhooks-overview",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:authorization"},
			Encoding: spec.Hex, Content: "{setting:app_key}{body}",
			Key: spec.KeyText,
		}},
		Settings: []spec.Setting{{
			Name: "app_key", Doc: "The app key, as the Partner Center shows it beside the app secret.",
			Example: "octo17appkey",
		}},
		Facts: spec.Locators{
			Type:    []string{"json:type"},
			ID:      []string{"json:tts_notification_id"},
			Time:    []spec.TimeAt{{At: "json:timestamp", Unit: spec.Seconds}},
			Tenant:  []string{"json:shop_id"},
			Subject: []string{"json:data.order_id"},
		},
		Identity: spec.Identity{
			Why: "tts_notification_id names the notification, in the signed body.",
		},
		ContentTypes: []string{"application/json"},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The secret is the app secret; the signed text is the app key and the body.",
			"Types are numbers: 1 is a change of an order's status.",
			"TikTok for Developers, for videos and logins, signs otherwise.",
		},
		Source: "TikTok Shop Partner Center, Webhooks overview, as tiktok-shop-api (PyPI, Packagist) implements it; hookdeck/webhook-skills, tiktok-shop-webhooks",
		Unsure: []string{"retry"},
	}
}
