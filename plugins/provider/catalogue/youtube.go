package catalogue

import "webhookedge/plugins/provider/spec"

func youtubeRow() spec.Provider {
	return spec.Provider{
		Name:  "youtube",
		Title: "YouTube push notifications",
		Docs:  "https://developers.google.com/youtube/v3/guides/push_notifications",
		Schemes: []spec.Scheme{{
			Name: "sha1", Kind: spec.HMAC, Hash: spec.SHA1, Hashes: []spec.Hash{spec.SHA256, spec.SHA384, spec.SHA512},
			Family: spec.Family{Signature: "header:x-hub-signature"},
			Mark:   "{hash}=", Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyText,
		}},
		Settings: websubSettings("https://www.youtube.com/xml/feeds/videos.xml?channel_id=UCoctocorp"),
		Facts:    spec.Locators{Type: []string{"text:update"}},
		Identity: spec.Identity{
			Content: true,
			Why:     "The feed names the video and when it was updated, and nothing names the delivery.",
		},
		ContentTypes: []string{"application/atom+xml"},
		Handshakes:   websubHandshakes(),
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/atom+xml"},
			{Name: "user-agent", Value: "FeedFetcher-Google; (+http://www.google.com/feedfetcher.html)"},
		},
		Pitfalls: websubPitfalls("Google's hub signs with HMAC-SHA1, which is still no weakness of an HMAC; longer hashes are taken, too."),
		Source:   "YouTube Data API docs, Subscribe to push notifications; PubSubHubbub 0.4, section 8; pubsubhubbub/node-pubsubhubbub, index.js",
		Unsure:   []string{"retry", "time-out"},
	}
}
