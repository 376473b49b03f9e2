package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

// appleRootG3 is the certificate "Apple Root CA - G3" that Apple publishes at
// https://www.apple.com/certificateauthority/, of the SHA-256 63343abf b89a6a03 ebb57e9b
// 3f5fa7be 7c4f5c75 6f3017b3 a8c488c3 653e9179; here as Apple's App Store Server Library
// for Node has it in its tests.
const appleRootG3 = `
-----BEGIN CERTIFICATE-----
MIICQzCCAcmgAwIBAgIILcX8iNLFS5UwCgYIKoZIzj0EAwMwZzEbMBkGA1UEAwwS
QXBwbGUgUm9vdCBDQSAtIEczMSYwJAYDVQQLDB1BcHBsZSBDZXJ0aWZpY2F0aW9u
IEF1dGhvcml0eTETMBEGA1UECgwKQXBwbGUgSW5jLjELMAkGA1UEBhMCVVMwHhcN
MTQwNDMwMTgxOTA2WhcNMzkwNDMwMTgxOTA2WjBnMRswGQYDVQQDDBJBcHBsZSBS
b290IENBIC0gRzMxJjAkBgNVBAsMHUFwcGxlIENlcnRpZmljYXRpb24gQXV0aG9y
aXR5MRMwEQYDVQQKDApBcHBsZSBJbmMuMQswCQYDVQQGEwJVUzB2MBAGByqGSM49
AgEGBSuBBAAiA2IABJjpLz1AcqTtkyJygRMc3RCV8cWjTnHcFBbZDuWmBSp3ZHtf
TjjTuxxEtX/1H7YyYl3J6YRbTzBPEVoA/VhYDKX1DyxNB0cTddqXl5dvMVztK517
IDvYuVTZXpmkOlEKMaNCMEAwHQYDVR0OBBYEFLuw3qFYM4iapIqZ3r6966/ayySr
MA8GA1UdEwEB/wQFMAMBAf8wDgYDVR0PAQH/BAQDAgEGMAoGCCqGSM49BAMDA2gA
MGUCMQCD6cHEFl4aXTQY2e3v9GwOAEZLuN+yRhHFD/3meoyhpmvOwgPUnPWTxnS4
at+qIxUCMG1mihDK1A3UT82NQz60imOlM27jbdoXt2QfyFMm+YhidDkLF1vLUagM
6BgD56KyKA==
-----END CERTIFICATE-----
`

func appStoreRow() spec.Provider {
	return spec.Provider{
		Name:  "app-store",
		Title: "App Store Server Notifications",
		Docs:  "https://developer.apple.com/documentation/appstoreservernotifications/responsebodyv2",
		Schemes: []spec.Scheme{{
			Name: "jws", Kind: spec.JSONToken,
			Family: spec.Family{Signature: "json:signedPayload", ID: "claim:notificationUUID"},
			Key:    spec.KeyPEM,
			JWT: spec.JWT{
				Algorithms: []spec.Algorithm{spec.ES256},
				Claims: []spec.Expect{
					{At: "data.bundleId | summary.bundleId | externalPurchaseToken.bundleId | appData.bundleId", Is: "{setting:bundle_id}"},
					{At: "data.appAppleId | summary.appAppleId | externalPurchaseToken.appAppleId | appData.appAppleId", Is: "{setting:app_apple_id}"},
					{At: "data.environment | summary.environment | appData.environment | none", Is: "{setting:environment}"},
				},
				Chain: &spec.Chain{
					Roots: appleRootG3,
					// The receipt-signing leaf and the Worldwide Developer Relations intermediate.
					OIDs:     []string{"1.2.840.113635.100.6.11.1", "1.2.840.113635.100.6.2.1"},
					SignedAt: "signedDate",
					Nested:   []string{"data.signedTransactionInfo", "data.signedRenewalInfo", "appData.signedAppTransactionInfo"},
				},
			},
		}},
		Settings: []spec.Setting{{
			Name: "bundle_id", Doc: "The bundle id of the app. Apple signs for all apps with one key, and this tells which notifications are ours.",
			Pins: true, Example: "com.octo-corp.example",
		}, {
			Name: "environment", Doc: "Production or Sandbox: what the URL in App Store Connect is for.",
			Default: "Production",
		}, {
			Name: "app_apple_id", Doc: "The app's Apple ID of App Store Connect, a number, which production notifications name too; Sandbox has none.",
			Optional: true, Example: "1001001001",
		}},
		Facts: spec.Locators{
			Type:    []string{"token:signedPayload/json:notificationType"},
			Action:  []string{"token:signedPayload/json:subtype"},
			ID:      []string{"token:signedPayload/json:notificationUUID"},
			Time:    []spec.TimeAt{{At: "token:signedPayload/json:signedDate", Unit: spec.Milliseconds}},
			Tenant:  []string{"token:signedPayload/json:data.bundleId", "token:signedPayload/json:summary.bundleId", "token:signedPayload/json:externalPurchaseToken.bundleId", "token:signedPayload/json:appData.bundleId"},
			Subject: []string{"token:signedPayload/token:data.signedTransactionInfo/json:originalTransactionId"},
		},
		Identity: spec.Identity{
			Why: "notificationUUID is in the signed payload, and retries have the same.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Max: 5, Span: 157 * time.Hour, Note: "Tries 1, 12, 24, 48 and 72 hours after the one before; Sandbox does not try again."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"No secret is needed: the payload holds its certificates, which must end in Apple Root CA - G3. One in verify.secrets, a certificate in PEM, replaces Apple's, for tests.",
			"Certificates are checked as of signedDate, and their revocation is not: that would be a call to Apple for each delivery.",
			"A signed time of any age is right, since retries come for six days: what was stored before is told by its notificationUUID.",
			"The event holds signedPayload as it came. Its claims are the second part, in base64url; so are those of signedTransactionInfo and signedRenewalInfo in it, which were verified too.",
			"EXTERNAL_PURCHASE_TOKEN names no environment: an externalPurchaseId that begins with SANDBOX is that of a test.",
			"Version 1 notifications are not signed, and refused.",
		},
		Source: "Apple docs, Responding to App Store Server Notifications and responseBodyV2DecodedPayload; app-store-server-library-node 3.1.0, jws_verification.ts and its tests",
	}
}
