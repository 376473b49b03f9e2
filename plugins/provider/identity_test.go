package provider_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/provider/spec"
)

// unproved are the rows whose id stands where their default scheme covers nothing of
// it, by place, with what the scheme covers instead. The digest of that joins the id.
var unproved = map[string]string{
	"atlassian-connect":  "header:x-atlassian-webhook-identifier: the request without its body",
	"attio":              "header:idempotency-key: the body",
	"bitbucket":          "header:x-request-uuid: the body",
	"buildkite":          "header:x-buildkite-request: the body",
	"discourse":          "header:x-discourse-event-id: the body",
	"getstream":          "header:x-webhook-id: the body",
	"hookdeck":           "header:x-hookdeck-eventid: the body",
	"upstash-qstash":     "header:upstash-message-id: the URL and the claims of a JWT, of which one is the hash of the body",
	"dropbox-sign":       "json:signature_request.signature_request_id: time and type",
	"google-oidc":        "header:x-cloudtasks-taskname: the claims of a JWT",
	"google-play":        "json:message.messageId: the claims of a JWT",
	"google-pubsub-push": "json:message.messageId: the claims of a JWT",
	"lago":               "header:x-lago-unique-key: the body",
	"mercadopago":        "json:id: the id of the resource in the query",
	"monday":             "json:event.triggerUuid: the claims of a JWT",
	"paypal":             "json:id: the time and a checksum of the body",
	"plivo":              "header:x-plivo-signature-v2-nonce: the other nonce, which comes first",
	"sanity":             "header:idempotency-key: the body",
	"sentry":             "header:request-id: the body",
	"shopline":           "header:x-shopline-webhook-id: the body",
	"twilio":             "header:i-twilio-idempotency-token: the URL and the form",
	"zendesk":            "header:x-zendesk-webhook-invocation-id: the body",
	"gitlab":             "header:idempotency-key: the body and another id, which comes first",
}

func idPlaces(p *provider.Provider) []string {
	all := slices.Clone(p.Facts.ID)
	if p.Batch != nil {
		all = append(all, p.Batch.Facts.ID...)
	}
	return all
}

func TestIdentity_isStatedByEveryRow(t *testing.T) {
	for _, p := range catalogue.All() {
		i := &p.Identity
		if len(i.Why) < 20 || !strings.HasSuffix(i.Why, ".") {
			t.Errorf("%s does not say in a sentence how it makes ids", p.Name)
		}
		if i.Scope != "" && len(idPlaces(p)) == 0 {
			t.Errorf("%s has a scope and no id", p.Name)
		}
		if !i.None && !i.Content && len(idPlaces(p)) == 0 && !strings.Contains(i.Why, "no id") {
			t.Errorf("%s has no id and does not say so", p.Name)
		}
	}
}

// An id is covered by the signature, or the content is the identity, or the digest of
// the content joins it: then the row is listed.
func TestIdentity_idIsSignedOrJoinedWithADigest(t *testing.T) {
	listed := map[string]bool{}
	for _, p := range catalogue.All() {
		c, err := p.Coverage("")
		if err != nil {
			t.Fatal(err)
		}
		if len(c.Covers) == 0 && p.Schemes[0].Kind != spec.JSONToken || p.Identity.Content {
			continue // whoever knows the secret may send what they like, or no id counts
		}
		for _, text := range idPlaces(p) {
			for place := range strings.SplitSeq(text, " + ") {
				if !slices.Contains(c.Places, place) {
					continue
				}
				listed[p.Name] = true
				if unproved[p.Name] == "" {
					t.Errorf("%s: nothing signs %s, of %q", p.Name, place, c.Covers)
				}
			}
		}
	}
	for name := range unproved {
		if !listed[name] {
			t.Errorf("%s is listed and signs its id", name)
		}
	}
}

// keyOf returns the key of an event after a change.
func keyOf(p *provider.Provider, proved bool, spoil func(*provider.Told)) string {
	at := provider.Told{Route: "r", Request: "q", ID: "i", Proved: proved, Signed: "s", Facts: provider.Facts{Type: "t", Action: "a", Tenant: "n"}}
	spoil(&at)
	return p.Key(&at)
}

// What makes another event of a delivery, and what does not, by the kind of identity.
func TestKey_tellsEventsApart(t *testing.T) {
	same := map[string]func(*provider.Told){
		"request": func(t *provider.Told) { t.Request = "other" },
		"route":   func(t *provider.Told) { t.Route = "other" },
		"id":      func(t *provider.Told) { t.ID = "other" },
		"no id":   func(t *provider.Told) { t.ID = "" },
		"content": func(t *provider.Told) { t.Signed = "other" },
		"type":    func(t *provider.Told) { t.Facts.Type = "other" },
		"action":  func(t *provider.Told) { t.Facts.Action = "other" },
		"tenant":  func(t *provider.Told) { t.Facts.Tenant = "other" },
		"item":    func(t *provider.Told) { t.Item = "1" },
	}
	tests := map[string]struct {
		provider string
		proved   bool
		others   []string // what makes another event
	}{
		"a signed id that is global":           {"stripe", true, []string{"id", "item", "no id"}},
		"a signed id of a bot":                 {"telegram", true, []string{"id", "item", "no id", "route"}},
		"a signed id of a source":              {"cloudevents", true, []string{"id", "item", "no id", "tenant"}},
		"an id of a forum that nobody signs":   {"discourse", false, []string{"content", "id", "item", "no id", "tenant"}},
		"a content, whatever the id":           {"github", false, []string{"action", "content", "item", "type"}},
		"a content under a topic":              {"woocommerce", false, []string{"action", "content", "item", "type"}},
		"a ping that has an id all the same":   {"attio", false, []string{"content", "id", "item", "no id"}},
		"an id that is signed, and is counted": {"intercom", true, []string{"id", "item", "no id"}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			p := lookup(t, tc.provider)
			var others []string
			for what, spoil := range same {
				if keyOf(p, tc.proved, spoil) != keyOf(p, tc.proved, func(*provider.Told) {}) {
					others = append(others, what)
				}
			}
			slices.Sort(others)
			if diff := cmp.Diff(tc.others, others); diff != "" {
				t.Errorf("makes another event (-want +got):\n%s", diff)
			}
		})
	}
}

// A ping without an id is known by its request alone.
func TestKey_pings(t *testing.T) {
	for _, name := range []string{"dropbox", "plaid", "microsoft-graph", "grafana", "clickup"} {
		p := lookup(t, name)
		none := func(request string) func(*provider.Told) {
			return func(t *provider.Told) { t.ID, t.Request = "", request }
		}
		if keyOf(p, true, none("1")) == keyOf(p, true, none("2")) {
			t.Errorf("%s: two pings are one", name)
		}
	}
}

// No two events of a row have one key: the texts of a key never run together.
func FuzzKey(f *testing.F) {
	f.Add("r", "i:j", "s", "t", "n", "r:i", "j", "s", "t", "n")
	f.Add("", "%3A", "", "", "", "", ":", "", "", "")
	f.Add("a", "", "b:c", "", "", "a", "", "b", "c", "")
	rows := catalogue.All()
	f.Fuzz(func(t *testing.T, r1, i1, s1, t1, n1, r2, i2, s2, t2, n2 string) {
		for _, p := range rows {
			one := provider.Told{Route: r1, Request: "q", ID: i1, Signed: s1, Facts: provider.Facts{Type: t1, Tenant: n1}}
			two := provider.Told{Route: r2, Request: "q", ID: i2, Signed: s2, Facts: provider.Facts{Type: t2, Tenant: n2}}
			if p.Key(&one) == p.Key(&two) && !alikeTold(p, &one, &two) {
				t.Errorf("%s: %+v and %+v have the key %q", p.Name, one, two, p.Key(&one))
			}
		}
	})
}

// alikeTold reports whether two events agree in all that the row's identity names.
func alikeTold(p *provider.Provider, a, b *provider.Told) bool {
	i := &p.Identity
	content := func(t *provider.Told) bool { return t.ID == "" || i.Content && t.Signed != "" }
	switch {
	case i.None && a.ID == "" && b.ID == "":
		return true // one request
	case i.None && (a.ID == "") != (b.ID == "") || content(a) != content(b):
		return false
	case content(a):
		return a.Signed == b.Signed && a.Facts.Type == b.Facts.Type && (i.Content || a.Facts.Tenant == b.Facts.Tenant)
	}
	return a.ID == b.ID && a.Signed == b.Signed &&
		(i.Scope != spec.ScopeRoute || a.Route == b.Route) && (i.Scope != spec.ScopeTenant || a.Facts.Tenant == b.Facts.Tenant)
}

// What a sender changes between tries makes no other digest.
func TestLasting_isTheSameAtEachTry(t *testing.T) {
	tests := map[string]struct{ provider, first, again string }{
		"intercom counts":           {"intercom", `{"id":"n","delivery_attempts":1}`, `{"id":"n","delivery_attempts":2}`},
		"linear stamps":             {"linear", `{"a":1,"webhookTimestamp":1}`, `{"a":1,"webhookTimestamp":2}`},
		"line marks in its list":    {"line", `{"events":[{"deliveryContext":{"isRedelivery":false},"x":1}]}`, `{"events":[{"deliveryContext":{"isRedelivery":true},"x":1}]}`},
		"telnyx in an object":       {"telnyx", `{"data":{},"meta":{"attempt":1}}`, `{"data":{},"meta":{"attempt":2}}`},
		"adyen dates an item again": {"adyen", `{"notificationItems":[{"NotificationRequestItem":{"eventDate":"a"}}]}`, `{"notificationItems":[{"NotificationRequestItem":{"eventDate":"b"}}]}`},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			p := lookup(t, tc.provider)
			if first, again := string(p.Lasting([]byte(tc.first))), string(p.Lasting([]byte(tc.again))); first != again {
				t.Errorf("%s and %s", first, again)
			}
		})
	}
}

// The forms of a row are those of its content types, and each has a type.
func TestFormat_agreesWithTheContentType(t *testing.T) {
	// AWS SNS calls JSON text/plain, and Discourse calls it a form where an old setting
	// says so.
	named := map[string]bool{"aws-sns": true, "discourse": true}
	for _, p := range catalogue.All() {
		var forms []spec.Format
		for _, media := range p.ContentTypes {
			probe := spec.Provider{ContentTypes: []string{media}}
			for _, text := range spec.FormatBytes.Enum() {
				if f := spec.Format(text); probe.HasForm(f) {
					forms = append(forms, f)
					if !p.HasForm(f) && !named[p.Name] {
						t.Errorf("%s: %s is %s, which is none of its forms", p.Name, media, f)
					}
				}
			}
		}
		for _, text := range spec.FormatBytes.Enum() {
			if f := spec.Format(text); p.HasForm(f) && !slices.Contains(forms, f) && !named[p.Name] {
				t.Errorf("%s: no content type stands for its form %s", p.Name, f)
			}
		}
	}
}
