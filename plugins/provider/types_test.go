package provider_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/catalogue"
)

// typeHeader returns the header in which p names its type where nothing signs it and
// no payload tells it first.
func typeHeader(p *provider.Provider) (string, bool) {
	if len(p.Facts.Type) == 0 {
		return "", false
	}
	return strings.CutPrefix(p.Facts.Type[0], "header:")
}

// unruled are the rows whose event name nobody signs and whose payload cannot
// contradict it.
var unruled = map[string]string{
	"azure-event-grid":      "publishers choose the data, and an event in one document names its type itself",
	"cloudevents":           "publishers choose the data; binary mode names the type in headers",
	"contentful":            "the topic is a header that the list of signed headers names",
	"google-drive-calendar": "a message has no body",
	"sanity":                "a projection of the user makes the body",
}

func TestTypes_unsignedEventNameHasRules(t *testing.T) {
	for _, p := range catalogue.All() {
		_, named := typeHeader(p)
		_, excused := unruled[p.Name]
		switch {
		case named && !excused && len(p.Types) == 0:
			t.Errorf("%s names its event in a header that nobody signs, and no rule says what a payload must have", p.Name)
		case !named && len(p.Types) > 0:
			t.Errorf("%s has rules that are never asked", p.Name)
		case excused && (!named || len(p.Types) > 0):
			t.Errorf("%s needs no excuse", p.Name)
		}
	}
}

// describeAs reads a sample that came under another event name.
func describeAs(p *provider.Provider, header, name string, body []byte) error {
	_, err := p.DescribeJSON(provider.Request{
		Method: "POST", Body: body, Covers: []string{provider.CoversBody}, Headers: provider.HeaderList{{Name: header, Value: name}},
	}, body)
	return err
}

// alike are the other types that a sample passes as: they are names of events of one
// resource, whose payloads have the same members and differ in its state alone.
var alike = map[string][]string{
	"bitbucket/pullrequest:created": {"pullrequest:fulfilled", "pullrequest:rejected", "pullrequest:updated"},
	"discourse/post_created":        {"post_destroyed", "post_edited", "post_recovered"},
	"discourse/topic_created":       {"topic_destroyed", "topic_edited", "topic_recovered", "topic_revised"},
	"commerce-layer/orders.place":   {"orders.create"},
	"gitea/issues":                  {"issue_assign", "issue_label", "issue_milestone"},
	"gitea/pull_request": {
		"pull_request_approved", "pull_request_assign", "pull_request_label", "pull_request_milestone", "pull_request_rejected",
		"pull_request_review_approved", "pull_request_review_comment", "pull_request_review_rejected", "pull_request_review_request", "pull_request_sync",
	},
	"helpscout/convo.created": {
		"convo.agent.reply.created", "convo.assigned", "convo.custom-fields", "convo.customer.reply.created",
		"convo.moved", "convo.note.created", "convo.status", "convo.tags",
	},
	"recharge/charge/paid": {
		"charge/created", "charge/deleted", "charge/failed", "charge/max_retries_reached", "charge/refunded", "charge/uncaptured", "charge/upcoming", "charge/updated",
	},
	"shopify/app/uninstalled":     {"shop/update"},
	"shopify/orders/create":       {"orders/cancelled", "orders/fulfilled", "orders/paid", "orders/partially_fulfilled", "orders/updated"},
	"shopify/products/update":     {"products/create"},
	"shopline/customers/update":   {"customers/create"},
	"shopline/orders/update":      {"orders/create", "orders/edited", "orders/paid"},
	"woocommerce/order.created":   {"order.restored", "order.updated"},
	"woocommerce/product.updated": {"product.created", "product.restored"},
}

// A sample under its own name is taken, and under every other refused or known to be
// alike.
func TestTypes_sampleUnderAnotherNameIsRefused(t *testing.T) {
	asked := 0
	for _, p := range catalogue.All() {
		header, named := typeHeader(p)
		if !named || len(p.Types) == 0 {
			continue
		}
		for _, event := range catalogue.SampleEvents(p) {
			body, _, _ := catalogue.Sample(p, event)
			if err := describeAs(p, header, event, body); err != nil {
				t.Errorf("%s: %s: %v", p.Name, event, err)
			}
			var passed []string
			for _, rule := range p.Types {
				err := describeAs(p, header, rule.Type, body)
				if err != nil && !errors.Is(err, provider.ErrTypeMismatch) {
					t.Errorf("%s: %s as %s: %v", p.Name, event, rule.Type, err)
				}
				if err == nil && rule.Type != event {
					passed = append(passed, rule.Type)
				}
				asked++
			}
			slices.Sort(passed)
			key := p.Name + "/" + event
			if want := alike[key]; !slices.Equal(passed, want) {
				t.Errorf("%s passes as %q, listed are %q", key, passed, want)
			}
		}
	}
	if asked < 300 {
		t.Errorf("only %d names were tried", asked)
	}
}

// A document that is signed is no other event when only the header changes.
func TestTypes_gitHubIssueIsNoRelease(t *testing.T) {
	p := lookup(t, "github")
	body := []byte(`{"action":"opened","issue":{"number":1,"title":"release"},"repository":{"full_name":"o/x"}}`)
	for name, want := range map[string]error{
		"issues": nil, "release": provider.ErrTypeMismatch, "push": provider.ErrTypeMismatch, "star": provider.ErrTypeMismatch,
		"issue_comment": provider.ErrTypeMismatch, "an_event_of_tomorrow": nil,
	} {
		if err := describeAs(p, "x-github-event", name, body); !errors.Is(err, want) {
			t.Errorf("%s: got %v, want %v", name, err, want)
		}
	}
}
