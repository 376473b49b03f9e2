package normalize_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/normalize"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/catalogue"
)

// nestedItem is what an item of a delivery says of itself.
type nestedItem struct{ Type, Tenant, Subject, ID string }

// nested normalizes a delivery whose body is signed, and returns its items with what
// tells each from every other event.
func nested(t *testing.T, name, body string) (items []nestedItem, keys []string) {
	t.Helper()
	p := row(t, name)
	stage, err := normalize.New(p, normalize.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer stage.Close()
	d := &pipeline.Delivery{
		Method: "POST", Body: []byte(body), Route: "r", RequestID: "q", ReceivedAt: received(),
		Headers: []pipeline.Header{{Name: "content-type", Value: "application/json"}},
		Verification: &pipeline.Verification{
			Provider: name, Scheme: p.Schemes[0].Name, SecretID: "1", Covers: []string{provider.CoversBody},
			Signed: provider.DigestOf(p.Lasting([]byte(body))).String(),
		},
	}
	if err := stage.Handle(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	for _, item := range d.Items {
		e := item.Event
		id := e.ID
		if len(id) > 40 {
			id = "made"
		}
		items = append(items, nestedItem{strings.TrimPrefix(e.FullType(), name+"."), e.Tenant, e.Subject, id})
		keys = append(keys, item.Key)
	}
	return items, keys
}

const (
	whatsappHead = `{"object":"whatsapp_business_account","entry":[{"id":"W1","changes":[{"field":"messages","value":{"metadata":{"phone_number_id":"P"}`
	whatsappM1   = `{"from":"1","id":"m1","timestamp":"1749722400","type":"text"}`
	whatsappM2   = `{"from":"1","id":"m2","timestamp":"1749722401","type":"image"}`
	whatsappS    = `{"id":"m0","status":"read","timestamp":"1749722402"}`
	whatsappTail = `}}]}]}`
)

// Every list that a provider nests is split, and each item says itself what it is.
func TestHandle_splitsNestedLists(t *testing.T) {
	tests := map[string]struct {
		provider, body string
		want           []nestedItem
	}{
		"statuses and messages of one change": {"whatsapp", whatsappHead + `,"messages":[` + whatsappM1 + `,` + whatsappM2 + `],"statuses":[` + whatsappS + `]` + whatsappTail, []nestedItem{
			{"messages.text", "W1", "P", "m1"}, {"messages.image", "W1", "P", "m2"}, {"messages.read", "W1", "P", "m0:read"},
		}},
		"changes and messages of two pages": {"meta", `{"object":"page","entry":[{"id":"1","time":1749722400,"changes":[{"field":"feed","value":{"id":"a"}},{"field":"likes","value":{"id":"b"}}]},{"id":"2","time":1749722400,"messaging":[{"sender":{"id":"u"},"message":{"mid":"x"}},{"sender":{"id":"v"},"read":{}}]}]}`, []nestedItem{
			{"page.feed", "1", "a", "made"}, {"page.likes", "1", "b", "made"}, {"page.message", "2", "u", "x"}, {"page.read", "2", "v", "made"},
		}},
		"CloudEvents of two companies": {"quickbooks", `[{"id":"e1","type":"qbo.customer.created.v1","intuitaccountid":"310687","intuitentityid":"1"},{"id":"e2","type":"qbo.invoice.created.v1","intuitaccountid":"400000","intuitentityid":"2"}]`, []nestedItem{
			{"qbo.customer.created.v1", "310687", "1", "e1"}, {"qbo.invoice.created.v1", "400000", "2", "e2"},
		}},
		"entities of two companies": {"quickbooks", `{"eventNotifications":[{"realmId":"310687","dataChangeEvent":{"entities":[{"name":"Customer","id":"1","operation":"Create"},{"name":"Invoice","id":"2","operation":"Update"}]}},{"realmId":"400000","dataChangeEvent":{"entities":[{"name":"Bill","id":"3","operation":"Void"}]}}]}`, []nestedItem{
			{"Customer.Create", "310687", "1", "made"}, {"Invoice.Update", "310687", "2", "made"}, {"Bill.Void", "400000", "3", "made"},
		}},
		"two accounts": {"dropbox", `{"list_folder":{"accounts":["dbid:AAA","dbid:BBB"]},"delta":{"users":[1,2]}}`, []nestedItem{
			{"list_folder", "dbid:AAA", "dbid:AAA", "made"}, {"list_folder", "dbid:BBB", "dbid:BBB", "made"},
		}},
		"two kinds of activity": {"x-twitter", `{"for_user_id":"V","tweet_create_events":[{"id_str":"7","user":{"id_str":"9"}},{"id_str":"8","user":{"id_str":"9"}}],"follow_events":[{"type":"follow","source":{"id":"4"}}]}`, []nestedItem{
			{"tweet_create_events", "V", "9", "7"}, {"tweet_create_events", "V", "9", "8"}, {"follow_events", "V", "4", "made"},
		}},
		"two organisations": {"xero", `{"events":[{"resourceId":"r","tenantId":"A","eventCategory":"INVOICE","eventType":"UPDATE","eventDateUtc":"d"},{"resourceId":"r","tenantId":"B","eventCategory":"INVOICE","eventType":"UPDATE","eventDateUtc":"d"}]}`, []nestedItem{
			{"INVOICE.UPDATE", "A", "r", "r:INVOICE:UPDATE:d"}, {"INVOICE.UPDATE", "B", "r", "r:INVOICE:UPDATE:d/1"},
		}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got, keys := nested(t, tc.provider, tc.body)
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("items (-want +got):\n%s", diff)
			}
			seen := map[string]bool{}
			for _, key := range keys {
				if seen[key] {
					t.Errorf("two items have the key %q", key)
				}
				seen[key] = true
			}
		})
	}
}

// An item is the same event in whatever delivery it comes again.
func TestHandle_keepsAnItemsKeyInAnotherDelivery(t *testing.T) {
	tests := map[string]struct{ provider, alone, beside string }{
		"a message":    {"whatsapp", whatsappHead + `,"messages":[` + whatsappM1 + `]` + whatsappTail, whatsappHead + `,"messages":[` + whatsappM1 + `,` + whatsappM2 + `]` + whatsappTail},
		"a CloudEvent": {"quickbooks", `[{"id":"e1","intuitaccountid":"1"}]`, `[{"id":"e1","intuitaccountid":"1"},{"id":"e2","intuitaccountid":"1"}]`},
		"a post":       {"x-twitter", `{"for_user_id":"V","tweet_create_events":[{"id_str":"7"}]}`, `{"for_user_id":"V","tweet_create_events":[{"id_str":"7"},{"id_str":"8"}]}`},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			_, alone := nested(t, tc.provider, tc.alone)
			_, beside := nested(t, tc.provider, tc.beside)
			if len(alone) != 1 || len(beside) != 2 || alone[0] != beside[0] || beside[0] == beside[1] {
				t.Errorf("alone %q, beside another %q", alone, beside)
			}
		})
	}
}

// These are the lists whose items are events, by row: a row that is not here sends one
// event in a delivery, or lists whose items are parts of one: history_items of ClickUp,
// alerts of a group of Grafana's, commits of a push.
func TestBatch_rowsThatSplit(t *testing.T) {
	top := []string{""}
	want := map[string][][]string{
		"adyen": {{"notificationItems"}}, "akeneo": {{"events"}}, "asana": {{"events"}}, "attio": {{"events"}}, "auth0": {top}, "azure-event-grid": {top}, "brevo": {top}, "cloudevents": {top},
		"dropbox": {{"list_folder.accounts"}}, "gocardless": {{"events"}}, "hubspot": {top}, "klaviyo": {{"data"}}, "kontent-ai": {{"notifications"}}, "line": {{"events"}}, "linkedin": {{"notifications"}}, "mailchannels": {top}, "mandrill": {top},
		"meta": {{"entry"}, {"changes", "messaging", "standby"}}, "microsoft-graph": {{"value"}}, "okta": {{"data.events"}}, "pandadoc": {top}, "pusher": {{"events"}},
		"quickbooks": {{"", "eventNotifications"}, {"dataChangeEvent.entities"}}, "salesforce-marketing-cloud": {top}, "segment": {top}, "sendgrid": {top},
		"tailscale": {top}, "terraform-cloud": {{"notifications"}},
		"whatsapp": {{"entry"}, {"changes"}, {"value.messages", "value.statuses", "value.message_echoes", "value.calls"}},
		"x-twitter": {{
			"tweet_create_events", "tweet_delete_events", "favorite_events", "follow_events", "unfollow_events", "block_events", "unblock_events", "mute_events", "unmute_events",
			"direct_message_events", "direct_message_indicate_typing_events", "direct_message_mark_read_events",
		}},
		"xero": {{"events"}},
	}
	got := map[string][][]string{}
	for _, p := range catalogue.All() {
		if p.Batch != nil {
			got[p.Name] = p.Batch.Paths()
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("lists (-want +got):\n%s", diff)
	}
}
