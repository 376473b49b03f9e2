package catalogue

import "webhookedge/plugins/provider/spec"

func uploadthingRow() spec.Provider {
	return spec.Provider{
		Name:  "uploadthing",
		Title: "UploadThing",
		Docs:  "https://docs.uploadthing.com/file-routes",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:x-uploadthing-signature"},
			Mark:   "hmac-sha256=", Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"header:uploadthing-hook"},
			Subject: []string{"json:file.key", "json:fileKey"},
		},
		Identity: spec.Identity{
			Why: "A callback has no id and tells of one upload by its key, in the signed body: a body that comes again is the same upload.",
		},
		Types:        append(spec.TypeRules([]string{"callback"}, []string{"file", "metadata"}, []string{"error"}), spec.TypeRules([]string{"error"}, []string{"fileKey", "error"}, []string{"file"})...),
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Note: "Unknown."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "uploadthing-hook", Value: "{event}"},
			{Name: "user-agent", Value: "uploadthing-webhook"},
		},
		Pitfalls: []string{
			"The key is the API key (sk_) of the app, which the token UPLOADTHING_TOKEN holds.",
			"uploadthing-hook and the parameter slug are not signed: what the payload must have is checked against the first.",
			"UploadThing waits for the server's result only where the file route says so; the library of the file route sends it.",
		},
		Source: "@uploadthing/shared 7.1.10, dist/index.js (signPayload, verifySignature); uploadthing 7.7.4, handler of callbacks",
		Unsure: []string{"retry", "time-out"},
	}
}
