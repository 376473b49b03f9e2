package e2e

import (
	"encoding/hex"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestIdentity_twoEventsAreNeverOne sends pairs of events that differ in one thing only.
func TestIdentity_twoEventsAreNeverOne(t *testing.T) {
	plaid := byPublicKey(t)["plaid"]
	plaid.body = `{"webhook_type":"TRANSACTIONS","webhook_code":"SYNC_UPDATES_AVAILABLE","item_id":"item1","initial_update_complete":true,"historical_update_complete":true,"environment":"production"}`
	c := startCases(t, map[string]*place{
		"dropbox": {provider: "dropbox"}, "plaid": {provider: "plaid", secrets: []string{plaid.config}}, "woocommerce": {provider: "woocommerce"},
		"stripe-a": {provider: "stripe", more: "normalize: {tenant: a}"}, "stripe-b": {provider: "stripe", more: "normalize: {tenant: b}"},
		"telegram-a": {provider: "telegram"}, "telegram-b": {provider: "telegram"},
		"cloudevents": {provider: "cloudevents"}, "github": {provider: "github"},
	})
	ping := `{"list_folder":{"accounts":["dbid:AAA"]},"delta":{"users":[1]}}`
	order := `{"id":727,"status":"processing"}`
	charge := senders()["stripe"].body("evt_shared")
	update := `{"update_id":7001,"message":{"message_id":1,"date":1749722400,"chat":{"id":5},"text":"hi"}}`
	both := `{"action":"created","label":{"id":1,"name":"bug"},"milestone":{"id":2,"title":"v1"},"repository":{"full_name":"octo-org/hello","owner":{"login":"octo-org"}}}`
	woo := func(topic string) func() *result {
		return func() *result {
			return c.send("woocommerce", as("application/json", "X-WC-Webhook-Topic", topic, "X-WC-Webhook-Signature", b64(mac(c.secret("woocommerce"), order))), order)
		}
	}
	stripe := func(place string) func() *result {
		return func() *result {
			return c.send(place, stripeSigned(c.secret(place), "application/json", charge), charge)
		}
	}
	telegram := func(place string) func() *result {
		return func() *result {
			return c.send(place, as("application/json", "X-Telegram-Bot-Api-Secret-Token", c.secret(place)), update)
		}
	}
	github := func(event string) func() *result {
		return func() *result {
			return c.send("github", hub(c.secret("github"), "application/json", both, "X-GitHub-Event", event), both)
		}
	}
	structured := func(source string) func() *result {
		return func() *result {
			body := `{"specversion":"1.0","id":"1","source":"` + source + `","type":"com.example.made","data":{"n":1}}`
			return c.send("cloudevents", as("application/cloudevents+json", "Authorization", "Bearer "+c.secret("cloudevents")), body)
		}
	}
	binary := func(source string) func() *result {
		return func() *result {
			return c.send("cloudevents", as("application/json", "Authorization", "Bearer "+c.secret("cloudevents"),
				"Ce-Specversion", "1.0", "Ce-Id", "2", "Ce-Source", source, "Ce-Type", "com.example.made"), `{"n":1}`)
		}
	}
	dropbox := func() *result {
		return c.send("dropbox", as("application/json", "X-Dropbox-Signature", hexMAC(c.secret("dropbox"), ping)), ping)
	}
	plaidPing := func() *result {
		r := plaid.request("plaid", time.Now())
		return c.send("plaid", r.header, r.body)
	}
	for name, deliveries := range map[string][2]func() *result{
		"a ping of Dropbox with the same body":                   {dropbox, dropbox},
		"a ping of Plaid with the same body":                     {plaidPing, plaidPing},
		"two topics of WooCommerce with one body":                {woo("order.created"), woo("order.updated")},
		"one event of Stripe at two routes":                      {stripe("stripe-a"), stripe("stripe-b")},
		"one number of an update at two bots":                    {telegram("telegram-a"), telegram("telegram-b")},
		"one id at two sources of CloudEvents, structured":       {structured("/a"), structured("/b")},
		"one id at two sources of CloudEvents, binary":           {binary("/a"), binary("/b")},
		"one body as two events of GitHub without a delivery id": {github("label"), github("milestone")},
	} {
		t.Run(name, func(t *testing.T) {
			first, second := deliveries[0](), deliveries[1]()
			first.isStored(t, 1)
			second.isStored(t, 1)
			if len(first.events) == 1 && len(second.events) == 1 && first.events[0].stored.Header.Get("Nats-Msg-Id") == second.events[0].stored.Header.Get("Nats-Msg-Id") {
				t.Errorf("one message id for both: %v", first.events[0].stored.Header)
			}
		})
	}
}

// TestIdentity_retryIsADuplicate sends one event twice, as its provider does.
func TestIdentity_retryIsADuplicate(t *testing.T) {
	c := startCases(t, map[string]*place{"github": {provider: "github"}, "intercom": {provider: "intercom"}, "stripe": {provider: "stripe"}})
	body := issue
	github := func(id string) *result {
		return c.send("github", hub(c.secret("github"), "application/json", body, "X-GitHub-Event", "issues", "X-GitHub-Delivery", id), body)
	}
	github("one").isStored(t, 1)
	github("one").isDuplicate(t)
	github("another id, which nobody signed").isDuplicate(t)
	for i, attempts := range []string{"1", "2"} {
		body := `{"type":"notification_event","topic":"contact.created","id":"notif_1","app_id":"a1","delivery_attempts":` + attempts + `,"data":{"item":{"id":"c1"}}}`
		o := c.send("intercom", as("application/json", "X-Hub-Signature", "sha1="+hex.EncodeToString(mac1(c.secret("intercom"), body))), body)
		if i == 0 {
			o.isStored(t, 1)
		} else {
			o.isDuplicate(t)
		}
	}
	// Each try of Stripe has a time and a signature of its own.
	charge := senders()["stripe"].body("evt_again")
	for i, at := range []time.Time{time.Now().Add(-time.Minute), time.Now()} {
		o := c.send("stripe", senders()["stripe"].sign(c.secret("stripe"), "", charge, at), charge)
		if i == 0 {
			o.isStored(t, 1)
		} else {
			o.isDuplicate(t)
		}
	}
}

// TestIdentity_ofAProviderAcrossRoutes sends one delivery to two routes that share the ids
// of their provider, and to one that does not.
func TestIdentity_ofAProviderAcrossRoutes(t *testing.T) {
	key := random()
	shared := func(name string) *place {
		return &place{provider: name, secrets: []string{key}, publish: ", dedupe_scope: provider"}
	}
	c := startCases(t, map[string]*place{
		"github-a": shared("github"), "github-b": shared("github"), "github-c": {provider: "github", secrets: []string{key}},
		"stripe-a": shared("stripe"), "stripe-b": shared("stripe"), "stripe-c": {provider: "stripe", secrets: []string{key}},
		"telegram-a": shared("telegram"), "telegram-b": shared("telegram"), // whose ids count at one route
	})
	send := func(name string) *result {
		switch sender, _, _ := strings.Cut(name, "-"); sender {
		case "github":
			return c.send(name, hub(key, "application/json", issue, "X-GitHub-Event", "issues", "X-GitHub-Delivery", "1"), issue)
		case "stripe":
			body := senders()["stripe"].body("evt_across")
			return c.send(name, stripeSigned(key, "application/json", body), body)
		}
		return c.send(name, as("application/json", "X-Telegram-Bot-Api-Secret-Token", key), `{"update_id":7001,"message":{"message_id":1,"chat":{"id":1}}}`)
	}
	for _, sender := range []string{"github", "stripe"} {
		send(sender+"-a").isStored(t, 1)
		if o := send(sender + "-b"); o.ack() != "duplicate" {
			t.Errorf("%s: %s", sender, o)
		}
		send(sender+"-c").isStored(t, 1)
	}
	send("telegram-a").isStored(t, 1)
	send("telegram-b").isStored(t, 1)
}

// TestIdentity_refusedDeliveryUsesUpNoID first sends a genuine id with another content, as
// somebody with a captured delivery can where the id is not signed.
func TestIdentity_refusedDeliveryUsesUpNoID(t *testing.T) {
	c := startCases(t, map[string]*place{"github": {provider: "github"}})
	send := func(number string) *result {
		body := `{"action":"opened","issue":{"number":` + number + `},"repository":{"full_name":"octo-org/hello","owner":{"login":"octo-org"}}}`
		return c.send("github", hub(c.secret("github"), "application/json", body, "X-GitHub-Event", "issues", "X-GitHub-Delivery", "genuine"), body)
	}
	send("1").isStored(t, 1)
	send("2").isStored(t, 1)
	send("2").isDuplicate(t)
}

// TestIdentity_listIsItsItems sends deliveries that hold several events.
func TestIdentity_listIsItsItems(t *testing.T) {
	c := startCases(t, map[string]*place{"dropbox": {provider: "dropbox"}, "quickbooks": {provider: "quickbooks"}, "whatsapp": {provider: "whatsapp"}})
	tenants := func(t *testing.T, o *result, want ...string) {
		t.Helper()
		o.isStored(t, len(want))
		var got []string
		for _, e := range o.events {
			got = append(got, e.Tenant)
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("tenants %q, want %q", got, want)
		}
	}
	t.Run("two accounts of Dropbox", func(t *testing.T) {
		body := `{"list_folder":{"accounts":["dbid:AAA","dbid:BBB"]}}`
		tenants(t, c.send("dropbox", as("application/json", "X-Dropbox-Signature", hexMAC(c.secret("dropbox"), body)), body), "dbid:AAA", "dbid:BBB")
	})
	t.Run("two companies of QuickBooks", func(t *testing.T) {
		item := func(id, company string) string {
			return `{"specversion":"1.0","id":"` + id + `","source":"intuit.dsnBgbseACLLRZNxo2dfc4evmEJdxde58xeeYcZliOU=","type":"qbo.customer.created.v1","datacontenttype":"application/json","time":"2025-09-10T21:31:25.179Z","intuitentityid":"1234","intuitaccountid":"` + company + `","data":{}}`
		}
		body := "[" + item("88cd52aa-33b6-4351-9aa4-47572edbd068", "310687") + "," + item("99cd52aa-33b6-4351-9aa4-47572edbd068", "400000") + "]"
		tenants(t, c.send("quickbooks", as("application/json", "Intuit-Signature", b64(mac(c.secret("quickbooks"), body))), body), "310687", "400000")
	})
	t.Run("messages and statuses of WhatsApp", func(t *testing.T) {
		send := func(value string) *result {
			body := `{"object":"whatsapp_business_account","entry":[{"id":"1022","changes":[{"field":"messages","value":{"messaging_product":"whatsapp","metadata":{"phone_number_id":"1065"},` + value + `}}]}]}`
			return c.send("whatsapp", hub(c.secret("whatsapp"), "application/json", body), body)
		}
		message := func(id string) string {
			return `{"from":"16505551234","id":"wamid.` + id + `","timestamp":"1749722400","type":"text","text":{"body":"` + id + `"}}`
		}
		o := send(`"statuses":[{"id":"wamid.s1","status":"delivered","timestamp":"1749722400"}],"messages":[` + message("m0") + `]`)
		tenants(t, o, "1022", "1022")
		send(`"messages":[`+message("m1")+`]`).isStored(t, 1)
		o = send(`"messages":[` + message("m1") + `,` + message("m2") + `]`)
		if o.status != http.StatusOK || len(o.events) != 1 || o.events[0].ID != "wamid.m2" {
			t.Errorf("m1 again with m2: %s", o)
		}
	})
}
