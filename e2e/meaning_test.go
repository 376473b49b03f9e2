package e2e

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

const formType = "application/x-www-form-urlencoded"

// TestMeaning_handshakeSignsNoDelivery lets X's handshake sign a text, and delivers the
// text with that signature.
func TestMeaning_handshakeSignsNoDelivery(t *testing.T) {
	c := startCases(t, map[string]*place{"x": {provider: "x-twitter"}})
	claims := base64.RawURLEncoding.EncodeToString([]byte(`{"for_user_id":"V1","tweet_create_events":[{"id_str":"77","user":{"id_str":"9"}}]}`))
	for _, challenge := range []string{"a." + claims + ".b", "evil=", "eviltoken", "9b4507b3-9040-4669-9ca3-6b94edb50553"} {
		var answer struct {
			Token string `json:"response_token"`
		}
		r := c.do(http.MethodGet, "/cases/x?crc_token="+url.QueryEscape(challenge), nil, "")
		if r.status == http.StatusOK {
			if err := json.Unmarshal([]byte(r.body), &answer); err != nil || answer.Token == "" {
				t.Errorf("%s: the handshake: %+v", challenge, r)
			}
		}
		for _, contentType := range []string{"application/jwt", formType, "text/plain", "application/json", "application/octet-stream", "application/x-ndjson", "-"} {
			c.send("x", as(contentType, "X-Twitter-Webhooks-Signature", answer.Token), challenge).isRefused(t)
		}
	}
}

// TestMeaning_signedJSONIsNoForm sends signed JSON that contains a form as that form.
func TestMeaning_signedJSONIsNoForm(t *testing.T) {
	c := startCases(t, map[string]*place{"github": {provider: "github"}, "slack": {provider: "slack"}})
	release := url.QueryEscape(`{"action":"published","release":{"tag_name":"v9"},"repository":{"full_name":"octo-org/victim","owner":{"login":"victim"}}}`)
	forged := `{"action":"opened","issue":{"number":1,"title":"hi &payload=` + release + `&x"},"repository":{"full_name":"octo-org/hello","owner":{"login":"octo-org"}}}`
	command := `{"type":"event_callback","team_id":"T0001","event_id":"Ev1","event":{"type":"app_mention","text":"x&command=/deploy&team_id=TVICTIM&user_id=UADMIN&text=prod&y"}}`
	slack := senders()["slack"]
	for _, contentType := range []string{formType, formType + "; charset=utf-8", "multipart/form-data; boundary=x", "text/plain"} {
		for _, event := range []string{"release", "issues", ""} {
			h := hub(c.secret("github"), contentType, forged, "X-GitHub-Delivery", "m-"+event, "X-GitHub-Event", event)
			c.send("github", h, forged).isRefusedOr(t, "github.issues.opened", "octo-org")
		}
		h := slack.sign(c.secret("slack"), "", command, time.Now())
		h.Set("Content-Type", contentType)
		c.send("slack", h, command).isRefusedOr(t, "slack.app_mention", "T0001")
	}
}

// isRefusedOr fails unless a delivery was refused, was a duplicate, or stored one event
// of the type and tenant.
func (o *result) isRefusedOr(t *testing.T, wantType, tenant string) {
	t.Helper()
	switch {
	case o.status/100 == 4 && len(o.events) == 0, o.ack() == "duplicate" && len(o.events) == 0:
	case o.status/100 == 2 && len(o.events) == 1 && o.events[0].Type == wantType && o.events[0].Tenant == tenant:
	default:
		t.Errorf("%s\nwant a refusal, or one event %s of %s", o, wantType, tenant)
	}
}

// TestMeaning_contentTypeDecidesNothing sends one signed body under many content types.
func TestMeaning_contentTypeDecidesNothing(t *testing.T) {
	c := startCases(t, map[string]*place{"stripe": {provider: "stripe"}})
	body := `{"id":"evt_case","object":"event","created":1700000000,"type":"charge.dispute.created","text":"é","data":{"object":{"id":"dp_1"}}}`
	o := c.send("stripe", stripeSigned(c.secret("stripe"), "application/json", body), body)
	o.isStored(t, 1)
	if e := o.events[0]; e.Type != "stripe.charge.dispute.created" || e.ID != "evt_case" || string(e.Data) != body {
		t.Errorf("%s", o)
	}
	for _, contentType := range []string{
		"text/plain", "text/json", "application/x-json", "application/x-ndjson", "application/octet-stream", "application/json; charset=gbk", "", "-",
		formType, "application/xml", "application/jwt", "multipart/form-data; boundary=x", "application/json; charset=utf-16",
	} {
		c.send("stripe", stripeSigned(c.secret("stripe"), contentType, body), body).isRefusedOr(t, "", "")
	}
}

// TestMeaning_onlySignedPlaceIsRead signs the query and sends an unsigned body with it.
func TestMeaning_onlySignedPlaceIsRead(t *testing.T) {
	c := startCases(t, map[string]*place{"sms": {provider: "vonage-sms"}})
	query := func(at time.Time, id string) string {
		return vonageQuery(c.secret("sms"), at, "msisdn", "447700900001", "to", "447700900000", "messageId", id, "text", "hi", "api-key", "abcd1234")
	}
	for name, forged := range map[string]struct{ contentType, body string }{
		"JSON":   {"application/json", `{"msisdn":"FORGED"}`},
		"a form": {formType, "msisdn=FORGED&messageId=FORGED"},
		"text":   {"text/plain", "msisdn=FORGED"},
	} {
		t.Run(name, func(t *testing.T) {
			o := c.ask(http.MethodPost, "sms", query(time.Now(), "m-"+strings.ReplaceAll(name, " ", "")), as(forged.contentType), forged.body)
			if o.status/100 == 2 {
				o.isStored(t, 1)
			}
			for _, e := range o.events {
				if strings.Contains(string(e.stored.Data), "FORGED") || e.Type != "vonage-sms.inbound" {
					t.Errorf("%s", o)
				}
			}
		})
	}
	c.ask(http.MethodGet, "sms", query(time.Now(), "get"), nil, "").isStored(t, 1)
	c.ask(http.MethodGet, "sms", query(time.Now().AddDate(-1, 0, 0), "old"), nil, "").isRefused(t)
	c.ask(http.MethodPost, "sms", query(time.Now().AddDate(-1, 0, 0), "old"), header(), `{"msisdn":"FORGED"}`).isRefused(t)
}

// TestMeaning_noFormEvadesAPolicy sends in other forms what a policy denies.
func TestMeaning_noFormEvadesAPolicy(t *testing.T) {
	dir := policyDir(t, `package webhook.main

default decision := {"allow": true}

decision := {"allow": false, "reason": "closed"} if input.data.repository.full_name == "octo-org/closed"
`)
	c := startCases(t, map[string]*place{"github": {provider: "github", more: "policy: {directory: " + dir + ", timeout_ms: 5000}"}})
	body := func(repository string) string {
		return `{"action":"opened","issue":{"number":1},"repository":{"full_name":"octo-org/` + repository + `","owner":{"login":"octo-org"}}}`
	}
	send := func(contentType, body, id string) *result {
		return c.send("github", hub(c.secret("github"), contentType, body, "X-GitHub-Event", "issues", "X-GitHub-Delivery", id), body)
	}
	send("application/json", body("open"), "open").isStored(t, 1)
	denied := body("closed")
	for _, contentType := range []string{"application/json", "application/x-ndjson", formType, "text/plain", "application/octet-stream", "application/xml", "-"} {
		for name, body := range map[string]string{"as JSON": denied, "with a line end": denied + "\n", "two lines": denied + "\n{}", "a form": "payload=" + url.QueryEscape(denied)} {
			o := send(contentType, body, contentType+name)
			o.isRefused(t)
			if name == "as JSON" && o.status != http.StatusForbidden {
				t.Errorf("%s: %s", contentType, o)
			}
		}
	}
}

// TestMeaning_noFormEvadesRedaction sends in other forms a value that is to be dropped.
func TestMeaning_noFormEvadesRedaction(t *testing.T) {
	const row = `{name: acme, schemes: [{name: v1, signature: "header:acme-signature", hash: sha256, encoding: hex, content: "{body}"}], facts: {type: ["text:paid"]}%s}`
	places := map[string]*place{
		"stripe": {provider: "stripe"},
		"json":   {custom: strings.Replace(row, "%s", "", 1)},
		"any":    {custom: strings.Replace(row, "%s", ", forms: [json, form, ndjson, bytes]", 1)},
	}
	for _, p := range places {
		p.more = "normalize: {redact: [{path: $.card, action: drop}]}"
	}
	c := startCases(t, places)
	const card = "4111222233334444"
	bodies := []string{
		`{"card":"` + card + `"}`, `{"card":"` + card + `"}` + "\n" + `{"card":"` + card + `"}`, "card=" + card, "c%61rd=" + card, `{"c\u0061rd":"` + card + `"}`, "\ufeff" + `{"card":"` + card + `"}`,
	}
	for name := range places {
		for _, contentType := range []string{"application/json", "application/x-ndjson", formType, "text/plain", "application/octet-stream", "-"} {
			for _, body := range bodies {
				h := as(contentType, "Acme-Signature", hexMAC(c.secret(name), body))
				if name == "stripe" {
					h = stripeSigned(c.secret(name), contentType, body)
				}
				o := c.send(name, h, body)
				if slices.ContainsFunc(o.events, func(e arrival) bool { return strings.Contains(string(e.stored.Data)+e.Encoded, card) }) {
					t.Errorf("%s: %q as %s: %s", name, body, contentType, o)
				}
				for _, e := range o.events {
					if raw, err := base64.StdEncoding.DecodeString(e.Encoded); err != nil || strings.Contains(string(raw), card) {
						t.Errorf("%s: %q as %s: %s %v", name, body, contentType, o, err)
					}
				}
			}
		}
	}
	if strings.Contains(c.logged(), card) {
		t.Error("the card number is in the log")
	}
}

// TestMeaning_unresolvedReferenceIsNoSecret signs with the text of unresolved references.
func TestMeaning_unresolvedReferenceIsNoSecret(t *testing.T) {
	places, texts := map[string]*place{}, []string{"{valt://env/x}", "${X}", `${{ env "X" }}`, "<change-me>"}
	names := []string{"valt", "shell", "deck", "change"}
	for i, text := range texts {
		places[names[i]] = &place{provider: "github", secrets: []string{text}}
	}
	c := startCases(t, places)
	body := issue
	for i, text := range texts {
		o := c.send(names[i], hub(text, "application/json", body, "X-GitHub-Event", "issues", "X-GitHub-Delivery", "1"), body)
		if o.status != http.StatusInternalServerError || !strings.Contains(o.body, `"misconfigured"`) || len(o.events) > 0 {
			t.Errorf("%s: %s", text, o)
		}
	}
}
