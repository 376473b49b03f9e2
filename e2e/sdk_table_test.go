package e2e

// sdkSender says where a sender of an official SDK puts its signature, and which forms
// are taken that were spoiled, each with its reason.
type sdkSender struct {
	signature string            // a header in lower case, "query:" and a parameter, or "body:" and what stands before it
	sdkTakes  map[string]string // the SDK alone
	bothTake  map[string]string // the SDK and we: what changed is not signed, or says the same
	known     string            // a fault of our signer, for which the SDK refuses what we sign
}

// Why an SDK takes what we refuse.
const (
	noTime      = "its verifier looks at no time"
	noFuture    = "its verifier takes any time to come"
	lenient     = "Node's base64 decoder takes both alphabets, needs no padding, and stops where it ends"
	anyCase     = "its verifier takes hex in capitals"
	serialised  = "its verifier takes parsed JSON, and writes it again"
	sameValues  = "the values of the form are signed, and not its bytes"
	unsignedToo = "the body is not signed"
	unread      = "the body is not signed, and nobody reads it but the edge, which takes no JSON that is cut"
)

// because joins forms with the reason that they share.
func because(reason string, forms ...string) map[string]string {
	all := map[string]string{}
	for _, form := range forms {
		all[form] = reason
	}
	return all
}

// and joins the forms of several reasons.
func and(parts ...map[string]string) map[string]string {
	all := map[string]string{}
	for _, part := range parts {
		for form, reason := range part {
			all[form] = reason
		}
	}
	return all
}

func sdkSenders() map[string]sdkSender {
	const aged, future, alphabet, extended = "aged", "from the future", "signature in another alphabet", "signature extended"
	const changed, truncated, reencoded = "body changed", "body truncated", "body re-encoded"
	timeless := because(noTime, aged, future)
	unbounded := because(noFuture, future)
	ahead := because("the edge's clock may be slow, so the row takes a time some minutes ahead", future)
	capitals := because(anyCase, alphabet)
	loose := because(lenient, alphabet, extended)
	parsed := because(serialised, reencoded)
	return map[string]sdkSender{
		"adyen": {
			signature: `body:"hmacSignature":"`,
			bothTake:  because("eight members of each item are signed, and nothing else", changed, reencoded),
		},
		"aws-sns": {
			signature: `body:"Signature":"`, sdkTakes: and(timeless, loose),
			bothTake: because("the values of the members are signed, and not their bytes", reencoded),
		},
		"box": {signature: "box-signature-primary", sdkTakes: and(unbounded, loose)},
		"braintree": {
			signature: "body:%7C", bothTake: because(sameValues, reencoded),
		},
		"clerk":             {signature: "svix-signature"},
		"coinbase-commerce": {signature: "x-cc-webhook-signature"},
		"contentful":        {signature: "x-contentful-signature", bothTake: ahead},
		"discord":           {signature: "x-signature-ed25519", sdkTakes: and(timeless, capitals)},
		"dropbox-sign": {
			signature: `body:"event_hash":"`,
			bothTake:  because("the event's time and type are signed, and nothing else", changed, truncated),
		},
		"easypost":   {signature: "x-hmac-signature"},
		"ebay":       {signature: "x-ebay-signature", sdkTakes: and(parsed, loose)},
		"github":     {signature: "x-hub-signature-256"},
		"gocardless": {signature: "webhook-signature", sdkTakes: capitals},
		"google-pubsub-push": {
			signature: "authorization", sdkTakes: and(because(lenient, alphabet), because(unread, truncated)),
			bothTake: because(unsignedToo, changed, reencoded),
		},
		"hygraph": {signature: "gcms-signature", sdkTakes: timeless},
		"hubspot": {signature: "x-hubspot-signature-v3", sdkTakes: unbounded},
		"lark":    {signature: "x-lark-signature", sdkTakes: and(timeless, parsed)},
		"line":    {signature: "x-line-signature", sdkTakes: loose},
		"linear":  {signature: "linear-signature"},
		"livekit": {
			signature: "authorization", sdkTakes: because(lenient, alphabet),
		},
		"mercadopago": {
			signature: "x-signature", sdkTakes: because(unread, truncated),
			bothTake: because(unsignedToo, changed, reencoded),
		},
		"messagebird": {
			signature: "messagebird-signature-jwt", sdkTakes: because(lenient, alphabet),
		},
		"modern-treasury": {signature: "x-signature"},
		"mux":             {signature: "mux-signature", sdkTakes: unbounded},
		"notion":          {signature: "x-notion-signature", sdkTakes: capitals},
		"onfido":          {signature: "x-sha2-signature", sdkTakes: capitals},
		"openai":          {signature: "webhook-signature", sdkTakes: loose},
		"paddle":          {signature: "paddle-signature", bothTake: ahead},
		"plivo":           {signature: "x-plivo-signature-v3", bothTake: because(sameValues, reencoded)},
		"polar":           {signature: "webhook-signature"},
		"pusher":          {signature: "x-pusher-signature"},
		"razorpay":        {signature: "x-razorpay-signature"},
		"replicate":       {signature: "webhook-signature", sdkTakes: timeless},
		"resend":          {signature: "svix-signature"},
		"retell":          {signature: "x-retell-signature", sdkTakes: capitals},
		"sanity": {
			signature: "sanity-webhook-signature", sdkTakes: timeless,
		},
		"sendgrid":          {signature: "x-twilio-email-event-webhook-signature", sdkTakes: and(timeless, loose)},
		"shopify":           {signature: "x-shopify-hmac-sha256"},
		"sinch":             {signature: "x-sinch-webhook-signature", sdkTakes: timeless},
		"slack":             {signature: "x-slack-signature", sdkTakes: unbounded},
		"square":            {signature: "x-square-hmacsha256-signature"},
		"standard-webhooks": {signature: "webhook-signature"},
		"stripe":            {signature: "stripe-signature", sdkTakes: unbounded},
		"svix":              {signature: "svix-signature"},
		"telnyx":            {signature: "telnyx-signature-ed25519", sdkTakes: and(unbounded, loose)},
		"twilio":            {signature: "x-twilio-signature", bothTake: because(sameValues, reencoded)},
		"viber":             {signature: "x-viber-content-signature"},
		"vonage":            {signature: "authorization", sdkTakes: because("its verifier looks at exp and not at iat", future)},
		"wecom":             {signature: "query:msg_signature", sdkTakes: and(timeless, because("what is encrypted is signed, and no XML around it", truncated))},
		"workos":            {signature: "workos-signature", sdkTakes: and(unbounded, parsed)},
		"zoom":              {signature: "x-zm-signature", sdkTakes: and(timeless, parsed)},
	}
}
