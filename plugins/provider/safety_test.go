package provider_test

import (
	"errors"

	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/provider/spec"
)

// unsafe are the rows of the catalogue that would be refused as a user's own, by name
// and path. Each is so because the provider's own scheme is, with what keeps it
// from being of use.
func unsafe() map[string]string {
	const url = "the provider puts nothing behind the URL; public_url, which is without a query, ends it"
	const fields = "the provider puts nothing between names and values; another part of the same text is another message of the sender's"
	return map[string]string{
		"aws-sns schemes[0].content":      "members that may be absent stand behind the message, which may hold lines like theirs; each has a label, and only Amazon signs",
		"aws-sns schemes[1].content":      "as the first",
		"contentful schemes[0].content":   "header values stand between semicolons, and a list that is itself signed names the headers",
		"dropbox-sign schemes[0].content": "the event's time, digits, and its type, letters, cannot take from each other",
		"ebay schemes[0].hash":            "eBay signs with SHA-1, and only eBay writes what it signs",
		"hubspot schemes[0].content":      url + "; it decodes escapes of the URL before it signs",
		"hubspot schemes[1].content":      url,
		"klaviyo schemes[0].content":      "the body is JSON, which ends with a brace, and the time is digits",
		"lark schemes[0].content":         "what continues the digest stands behind the JSON of the body, which may hold nothing but its encrypted payload",
		"mandrill schemes[0].content":     url + "; " + fields,
		"mercadopago schemes[0].variants": "the provider signs some ids in lower case, and the body is not signed at all: ask the API",
		"orb schemes[0].content":          "the time has two colons and the text behind it begins with the third, which no time has",
		"oura schemes[0].content":         "the body is JSON, which begins with a brace, so that a time takes no digit of it",
		"paddle-classic schemes[0].hash":  "Paddle Classic signs with SHA-1, and only Paddle writes what it signs",
		"paypal schemes[0].content":       "PayPal signs a CRC-32 of the body, beside an id and a time: ask the API before money moves",
		"plivo schemes[0].content":        fields,
		"plivo schemes[1].content":        "version 2 covers neither query nor body, is weak, and counts only where version 3 is absent",
		"sinch-voice schemes[0].content":  "Sinch signs an MD5 of the body, and only Sinch writes the body, in JSON, which has none of the bytes of a known collision; the query is not signed, and none is sent",
		"sinch-voice schemes[1].content":  "as the first",
		"square schemes[0].content":       url,
		"trello schemes[0].content":       "the URL is that of the setting, without a query, and the body is JSON, which ends with a brace",
		"twilio schemes[0].form_content":  url + "; " + fields,
		"twilio schemes[0].variants":      "the same URL with its port or without, and with other escapes; " + url + "; " + fields,
		"twilio schemes[1].form_content":  "as the first",
		"twilio schemes[1].variants":      "as the first",
		"twitch schemes[0].content":       "the id is a UUID and the time in RFC 3339 begins behind it",
		"vonage-sms schemes[0].content":   "the provider replaces & and = of values by _",
		"vonage-sms schemes[1].content":   "as the first",
		"vonage-sms schemes[2].content":   "as the first",
		"wecom schemes[0].content":        "the time has its digits, and a payload that loses some to the nonce has no length where one must stand",
		"wecom schemes[0].hash":           "WeCom signs with SHA-1, and only WeCom writes what it signs, which it encrypts",
	}
}

// shortSecrets are the schemes whose users choose their secret, or whose provider
// issues or accepts short ones: sixteen bytes would keep routes from working that are
// set up. What is shorter than the row's own least is refused.
const shortSecrets = `ashby azure-devops bigcommerce bitbucket bitbucket-server btcpay-server cal-com chargebee circleci cloudflare-notifications cursor deepgram discourse doppler dropbox
	easypost flutterwave ghost gitea gitea gitea gitee github gogs grafana greenhouse helpscout heroku huggingface infisical intercom jira launchdarkly lemon-squeezy mongodb-atlas pipedrive polar postmark
	razorpay segment sinch snyk sonarqube tally telegram terraform-cloud twitch typeform vapi webex woocommerce`

func TestUnsafe_rowsOfTheCatalogueAreNamed(t *testing.T) {
	var short []string
	found := map[string]bool{}
	for _, p := range catalogue.All() {
		for _, line := range p.Unsafe() {
			path, _, _ := strings.Cut(line, ": ")
			if strings.HasSuffix(path, ".key_min") {
				short = append(short, p.Name)
				continue
			}
			if found[p.Name+" "+path] = true; unsafe()[p.Name+" "+path] == "" {
				t.Errorf("%s: %s: if the provider's own scheme is so, say here why it is kept", p.Name, line)
			}
		}
	}
	for row := range unsafe() {
		if !found[row] {
			t.Errorf("%s is safe: take it off the list", row)
		}
	}
	if diff := cmp.Diff(strings.Fields(shortSecrets), short); diff != "" {
		t.Errorf("rows with short secrets (-want +got):\n%s", diff)
	}
}

func TestUnsafe_sendersOfAUsersOwnAreRefused(t *testing.T) {
	const scheme, handshake = `"name":"v1","hash":"sha256","encoding":"hex","signature":"header:x-acme","content":"{body}"`, `{"method":"GET","when":"query:c","challenge":"query:c","unsigned":true,"answer":{"content_type":"text/plain","body":"{challenge}"}}`
	const timed = `,"timestamp":"header:x-time","time_unit":"s","tolerance_seconds":300`
	with := func(was, is string) func() (string, string) {
		return func() (string, string) { return strings.Replace(scheme, was, is, 1), handshake }
	}
	shake := func(was, is string) func() (string, string) {
		return func() (string, string) { return scheme, strings.Replace(handshake, was, is, 1) }
	}
	content := func(text string) func() (string, string) { return with(`{body}"`, text+`"`) }
	tests := map[string]struct {
		change func() (scheme, handshake string)
		want   string // the path, "" for a sender that is taken
	}{
		"a sender":                               {content("{body}"), ""},
		"a time before the body":                 {content(`{timestamp}{body}"` + timed + `,"mark":"`), ""},
		"an id before the time":                  {content(`{id}{timestamp}{body}"` + timed + `,"id":"header:x-id","mark":"`), "schemes[0].content"},
		"two headers side by side":               {content("{header:a}{header:b}{body}"), "schemes[0].content"},
		"two headers apart":                      {content("{header:a}.{header:b}.{body}"), ""},
		"the URL before the body":                {content("{url}{body}"), "schemes[0].content"},
		"the URL and the body apart":             {content("{url}.{body}"), ""},
		"the body before the URL":                {content("{body}.{url}"), "schemes[0].content"},
		"a header before the body":               {content("{header:a}{body}"), "schemes[0].content"},
		"the URL without its query":              {content("{url|no-query}.{body}"), "schemes[0].content"},
		"a checksum of the body":                 {content("{body|crc32}"), "schemes[0].content"},
		"the body in lower case":                 {content("{body|lower}"), "schemes[0].content"},
		"the body in upper case":                 {content("{body|upper}"), "schemes[0].content"},
		"a hash of the body in lower case":       {content("{body|lower|sha256|hex}"), "schemes[0].content"},
		"a hash of the body in capitals":         {content("{body|sha256|hex|upper}"), ""},
		"a hash in base64 in lower case":         {content("{body|sha256|base64|lower}"), "schemes[0].content"},
		"a header in lower case":                 {content("{header:a|lower}.{body}"), "schemes[0].content"},
		"the method in lower case":               {content("{method|lower}.{body}"), ""},
		"a SHA-1 of the body":                    {content("{body|sha1|hex}"), "schemes[0].content"},
		"a checksum of a header":                 {content("{header:a|crc32}.{body}"), "schemes[0].content"},
		"fields with nothing between":            {content("{form-sorted}"), "schemes[0].content"},
		"parameters whose values are changed":    {content("{params-sorted}"), "schemes[0].content"},
		"headers that a header lists":            {content("{headers-listed:x-list}.{body}"), "schemes[0].content"},
		"a form with nothing between":            {content(`{body}","form_content":"{url}{form-sorted}`), "schemes[0].form_content"},
		"a key of one of many secrets":           {with(`"hash"`, `"key_derive":"crc32","hash"`), "schemes[0].key_derive"},
		"a key that is a hash":                   {with(`"hash"`, `"key_derive":"sha256|hex","hash"`), ""},
		"a short secret":                         {with(`"hash"`, `"key_min":8,"hash"`), "schemes[0].key_min"},
		"a secret of 15 bytes":                   {with(`"hash"`, `"key_min":15,"hash"`), "schemes[0].key_min"},
		"a secret of 16 bytes":                   {with(`"hash"`, `"key_min":16,"hash"`), ""},
		"a short secret that is said to be weak": {with(`"hash"`, `"key_min":8,"weak":true,"hash"`), ""},
		"a short token": {func() (string, string) {
			return `"name":"t","kind":"token","key_min":8,"signature":"header:x-acme"`, handshake
		}, "schemes[0].key_min"},
		"a signature over SHA-1":                    {with(`"hash":"sha256","encoding":"hex"`, `"kind":"rsa","key":"pem","hash":"sha1","encoding":"base64"`), "schemes[0].hash"},
		"the same, said to be weak":                 {with(`"hash":"sha256","encoding":"hex"`, `"kind":"rsa","key":"pem","weak":true,"hash":"sha1","encoding":"base64"`), ""},
		"an HMAC of SHA-1":                          {with(`"sha256"`, `"sha1"`), ""},
		"a digest that can be continued":            {with(`"hash":"sha256","encoding":"hex","signature":"header:x-acme","content":"{body}"`, `"kind":"digest","hash":"sha256","encoding":"hex","signature":"header:x-acme","content":"{key}{body}"`), "schemes[0].content"},
		"a digest that ends with the key":           {with(`"hash":"sha256","encoding":"hex","signature":"header:x-acme","content":"{body}"`, `"kind":"digest","hash":"sha256","encoding":"hex","signature":"header:x-acme","content":"{body}{key}"`), ""},
		"an answer as HTML":                         {shake("text/plain", "text/html"), "handshakes[0].answer.content_type"},
		"an answer as HTML, in capitals":            {shake("text/plain", "TEXT/HTML; charset=utf-8"), "handshakes[0].answer.content_type"},
		"an answer as XML":                          {shake("text/plain", "application/xml"), "handshakes[0].answer.content_type"},
		"an answer as a drawing":                    {shake("text/plain", "image/svg+xml"), "handshakes[0].answer.content_type"},
		"an answer as a script":                     {shake("text/plain", "text/javascript"), "handshakes[0].answer.content_type"},
		"an answer in another charset":              {shake("text/plain", "text/plain; charset=utf-7"), "handshakes[0].answer.content_type"},
		"an answer of no type":                      {shake(`"content_type":"text/plain",`, ""), ""},
		"an answer in UTF-8":                        {shake("text/plain", "text/plain; charset=utf-8"), ""},
		"a challenge in JSON, unquoted":             {shake(`"text/plain","body":"{challenge}"`, `"application/json","body":"{\"c\":\"{challenge}\"}"`), "handshakes[0].answer.body"},
		"a challenge in JSON, quoted":               {shake(`"text/plain","body":"{challenge}"`, `"application/json","body":"{\"c\":{challenge|json}}"`), ""},
		"a secret setting in the answer":            {shake(`"{challenge}"}`, `"{challenge}{setting:word}"}`), "handshakes[0].answer.body"},
		"a secret setting in a header":              {shake(`"{challenge}"}`, `"{challenge}","headers":[{"name":"x-a","value":"{setting:word}"}]}`), "handshakes[0].answer.headers[0].value"},
		"a setting that is compared, in the answer": {shake(`"{challenge}"}`, `"{setting:token}"},"token":"query:t","token_setting":"token"`), "handshakes[0].answer.body"},
		"a setting that anybody may know":           {shake(`"{challenge}"}`, `"{setting:public}{challenge}"}`), ""},
		"a setting that there is not":               {shake(`"{challenge}"}`, `"{setting:other}"}`), "handshakes[0].answer.body"},
		"a challenge that sends elsewhere":          {shake(`"{challenge}"}`, `"ok","headers":[{"name":"location","value":"{challenge}"}]}`), "handshakes[0].answer.headers[0].name"},
		"a challenge as a cookie":                   {shake(`"{challenge}"}`, `"ok","headers":[{"name":"set-cookie","value":"a={challenge}"}]}`), "handshakes[0].answer.headers[0].name"},
		"a challenge that nginx acts on":            {shake(`"{challenge}"}`, `"ok","headers":[{"name":"x-accel-redirect","value":"{challenge}"}]}`), "handshakes[0].answer.headers[0].name"},
		"a challenge in a header of the sender's":   {shake(`"{challenge}"}`, `"ok","headers":[{"name":"x-hook-secret","value":"{challenge}"}]}`), ""},
		"a type among the headers":                  {shake(`"{challenge}"}`, `"{challenge}","headers":[{"name":"content-type","value":"text/html"}]}`), "handshakes[0].answer.headers[0].name"},
		"a length that is granted":                  {shake(`"unsigned"`, `"grants":[{"at":"query:n","name":"content-length"}],"unsigned"`), "handshakes[0].grants[0].name"},
		"a rate that is granted":                    {shake(`"unsigned"`, `"grants":[{"at":"query:n","name":"webhook-allowed-rate"}],"unsigned"`), ""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			scheme, handshake := tc.change()
			text := `{"name":"acme","schemes":[{` + scheme + `}],"settings":[{"name":"word","secret":true},{"name":"token"},{"name":"public"}],"facts":{"type":["text:e"]},"handshakes":[` + handshake + `]}`
			err := parseCustom(t, text).Validate()
			if tc.want == "" && err != nil || tc.want != "" && (!errors.Is(err, provider.ErrRow) || !strings.HasPrefix(err.Error(), tc.want+": ")) {
				t.Errorf("got %v, want %q\n%s", err, tc.want, text)
			}
			if _, rerr := parseCustom(t, text).Row(); (rerr == nil) != (err == nil) {
				t.Errorf("the row: %v", rerr)
			}
		})
	}
}

// TestUnsafe_weakSchemeOfAUsersOwnMustBeNamed has a sender with nothing better.
func TestUnsafe_weakSchemeOfAUsersOwnMustBeNamed(t *testing.T) {
	row, err := parseCustom(t, `{"name":"acme","schemes":[{"name":"short","hash":"sha256","encoding":"hex","key_min":8,"weak":true,"signature":"header:x-acme","content":"{body}"}],"facts":{"type":["text:e"]}}`).Row()
	if err != nil {
		t.Fatal(err)
	}
	o := provider.Options{Secrets: []provider.Secret{{Value: "octo1234"}}}
	if _, err := row.Verifier(o); !errors.Is(err, provider.ErrOption) || !strings.Contains(err.Error(), "short") {
		t.Errorf("not named: %v", err)
	}
	o.Scheme = "short"
	if _, err := row.Verifier(o); err != nil {
		t.Errorf("named: %v", err)
	}
}

// TestHandshakes_answerWhatNoBrowserExecutes is about the types; that each goes out
// with nosniff is the stage's.
func TestHandshakes_answerWhatNoBrowserExecutes(t *testing.T) {
	for _, p := range catalogue.All() {
		for _, h := range p.Handshakes {
			if h.Answer.Body != "" && !spec.IsInert(h.Answer.ContentType) {
				t.Errorf("%s: %s", p.Name, h.Answer.ContentType)
			}
		}
	}
	types := map[string]bool{
		"text/plain": true, "text/plain; charset=utf-8": true, "TEXT/Plain;charset=UTF-8": true, "application/json": true, "application/problem+json": true,
		"application/vnd.acme.v1+json": true, "application/octet-stream": true, "application/x-www-form-urlencoded": true,
		"": false, "text/html": false, "text/xml": false, "application/xhtml+xml": false, "image/svg+xml": false, "application/javascript": false, "text/css": false,
		"text/plain; charset=utf-7": false, "text/plain; x=y": false, "text/plain;": true, "text": false, "image/png+json": false, "multipart/x-mixed-replace": false, "text/plain, text/html": false,
	}
	for contentType, want := range types {
		if got := spec.IsInert(contentType); got != want {
			t.Errorf("%q: %t", contentType, got)
		}
	}
}
