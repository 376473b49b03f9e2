package provider_test

import (
	"errors"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"webhookedge/plugins/internal/formscan"
	"webhookedge/plugins/internal/jsonscan"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/spec"
)

func request(contentType, body string, headers ...spec.Header) provider.Request {
	if contentType != "" {
		headers = append(headers, spec.Header{Name: "content-type", Value: contentType})
	}
	return provider.Request{Method: "POST", Headers: provider.HeaderList(headers), Body: []byte(body)}
}

type describeCase struct {
	provider string
	request  provider.Request
	want     provider.Facts
}

func describeCases() map[string]describeCase {
	octo := spec.Header{Name: "x-github-event", Value: "octo"} // of no rule
	return map[string]describeCase{
		"nothing that is known": {"stripe", request("application/json", `{}`), provider.Facts{}},
		"an organisation before the owner": {"github", request("application/json",
			`{"repository":{"full_name":"octo/x","owner":{"login":"octo"}},"organization":{"login":"octo-corp"}}`, octo),
			provider.Facts{Type: "octo", Tenant: "octo-corp", Subject: "octo/x"}},
		"an installation has an account": {"github", request("application/json", `{"action":"created","installation":{"account":{"login":"mona"}}}`, octo),
			provider.Facts{Type: "octo", Action: "created", Tenant: "mona"}},
		"null, objects and flags are absent": {"github", request("application/json",
			`{"action":null,"organization":{"login":{}},"repository":{"full_name":true}}`, octo), provider.Facts{Type: "octo"}},
		"a control character is escaped in a name and makes a subject absent": {"github", request("application/json", `{"action":"a\u0000b%","repository":{"full_name":"x\u0085y"},"organization":{"login":"o\ufffeo é"}}`, octo),
			provider.Facts{Type: "octo", Action: "a%00b%25", Tenant: "o%EF%BF%BEo é"}},
		"a fact of 256 bytes": {"github", request("application/json", `{"action":"`+strings.Repeat("é", 128)+`"}`, octo), provider.Facts{Type: "octo", Action: strings.Repeat("é", 128)}},
		"a name of 257 bytes is cut and a subject absent": {"github", request("application/json", `{"action":"x`+strings.Repeat("é", 128)+`","repository":{"full_name":"x`+strings.Repeat("é", 128)+`"}}`, octo),
			provider.Facts{Type: "octo", Action: "x" + strings.Repeat("é", 110) + "%2Dcf465d62193a6bb086434196bf593ced"}},
		"a header that is not UTF-8":                {"github", request("application/json", `{}`, spec.Header{Name: "x-github-event", Value: "a\xff"}), provider.Facts{Type: "a%FF"}},
		"a media type with parameters":              {"github", request("Application/JSON; charset=utf-8", `{"action":"opened"}`, octo), provider.Facts{Type: "octo", Action: "opened"}},
		"a media type of the JSON family":           {"github", request("application/vnd.github+json", `{"action":"opened"}`, octo), provider.Facts{Type: "octo", Action: "opened"}},
		"no content type, a JSON body":              {"github", request("", `{"action":"opened"}`, octo), provider.Facts{Type: "octo", Action: "opened"}},
		"another content type":                      {"github", request("text/plain", `{"action":"opened"}`, octo), provider.Facts{Type: "octo", Action: "opened"}},
		"a form with its field in another spelling": {"github", request("application/x-www-form-urlencoded", `%70ayload=%7B%22action%22%3A%22a%22%7D`, octo), provider.Facts{Type: "octo", Action: "a"}},
		"an event of one word":                      {"stripe", request("application/json", `{"type":"ping"}`), provider.Facts{Type: "ping"}},
		"an event that ends in a dot":               {"stripe", request("application/json", `{"type":"ping."}`), provider.Facts{Type: "ping."}},
		"an event that starts with a dot":           {"stripe", request("application/json", `{"type":".ping"}`), provider.Facts{Type: ".ping"}},
		"an id that is a number":                    {"stripe", request("application/json", `{"id":12,"type":"a.b"}`), provider.Facts{Type: "a", Action: "b", ID: "12"}},
		"a time that is no time":                    {"stripe", request("application/json", `{"type":"a.b","created":"yesterday"}`), provider.Facts{Type: "a", Action: "b"}},
		"a time with a fraction":                    {"stripe", request("application/json", `{"type":"a.b","created":1.5}`), provider.Facts{Type: "a", Action: "b"}},
		"a time of another zone comes in UTC": {"stripe", request("application/json", `{"type":"a.b","created":"2025-06-12T12:00:00+02:00"}`),
			provider.Facts{Type: "a", Action: "b", Time: time.Date(2025, 6, 12, 10, 0, 0, 0, time.UTC)}},
		"a time with a fraction where the sender has one": {"postal", request("application/json", `{"event":"MessageSent","timestamp":1749722400.1250}`),
			provider.Facts{Type: "MessageSent", Time: time.Date(2025, 6, 12, 10, 0, 0, 125_000_000, time.UTC)}},
		"a fraction without digits":      {"postal", request("application/json", `{"event":"MessageSent","timestamp":"1749722400."}`), provider.Facts{Type: "MessageSent"}},
		"a fraction that is an exponent": {"postal", request("application/json", `{"event":"MessageSent","timestamp":1.7497224e9}`), provider.Facts{Type: "MessageSent"}},
		"a time whose zone has no colon": {"bitbucket-server", request("application/json", `{"eventKey":"pr:opened","date":"2025-06-12T12:00:00+0200"}`),
			provider.Facts{Type: "pr", Action: "opened", Time: time.Date(2025, 6, 12, 10, 0, 0, 0, time.UTC)}},
		"a time in words of its own": {"gitlab", request("application/json", `{"object_kind":"issue","object_attributes":{"updated_at":"2025-06-12 10:00:00 UTC"}}`),
			provider.Facts{Type: "issue", Time: time.Date(2025, 6, 12, 10, 0, 0, 0, time.UTC)}},
		"a time that is documented to be in UTC": {"woocommerce", request("application/json", `{"line_items":[],"status":"processing","date_modified_gmt":"2025-06-12T10:00:00"}`, spec.Header{Name: "x-wc-webhook-topic", Value: "order.updated"}),
			provider.Facts{Type: "order", Action: "updated", Time: time.Date(2025, 6, 12, 10, 0, 0, 0, time.UTC)}},
		"an event that is named by the member that is there": {"telegram", request("application/json", `{"update_id":1,"message":null,"edited_message":{"chat":{"id":-7}}}`),
			provider.Facts{Type: "edited_message", ID: "1", Subject: "-7"}},
		"an id of several places": {"docusign", request("application/json", `{"event":"envelope-sent","generatedDateTime":"x","data":{"envelopeId":"e"}}`),
			provider.Facts{Type: "envelope-sent", ID: "e:envelope-sent:x", Subject: "e"}},
		"an id of several places of which one is missing": {"docusign", request("application/json", `{"event":"envelope-sent","data":{"envelopeId":"e"}}`),
			provider.Facts{Type: "envelope-sent", Subject: "e"}},
		"an id of several places that is too long": {"docusign", request("application/json", `{"event":"e","generatedDateTime":"`+strings.Repeat("x", 255)+`","data":{"envelopeId":"e"}}`),
			provider.Facts{Type: "e", Subject: "e"}},
		"a form's type over a JSON body, where the sender does so": {"discourse", request("application/x-www-form-urlencoded", `{"post":{"id":1}}`, spec.Header{Name: "x-discourse-event", Value: "post_created"}),
			provider.Facts{Type: "post_created", Subject: "1"}},
		"a topic of three parts": {"shopify", request("application/json", `{"id":1}`, spec.Header{Name: "x-shopify-topic", Value: "customers/data/request"}),
			provider.Facts{Type: "customers", Action: "data/request", Subject: "1"}},
		"an action of its own header": {"shopify", request("application/json", `{}`, spec.Header{Name: "shopify-topic", Value: "Product"}, spec.Header{Name: "shopify-action", Value: "update"}),
			provider.Facts{Type: "Product", Action: "update"}},
		"a probe of a slash command": {"slack", request("application/x-www-form-urlencoded", `token=retired&ssl_check=1`), provider.Facts{}},
	}
}

func TestDescribe_readsTheFacts(t *testing.T) {
	for name, tc := range describeCases() {
		t.Run(name, func(t *testing.T) {
			got, err := lookup(t, tc.provider).Describe(tc.request)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("facts (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDescribe_refusesABodyOfAnotherFormat(t *testing.T) {
	tests := map[string]struct {
		request provider.Request
		want    error
	}{
		"text":                                   {request("application/json", "s3cret"), provider.ErrBody},
		"nothing":                                {request("application/json", ""), provider.ErrBody},
		"a form with two payloads":               {request("application/x-www-form-urlencoded", "payload={}&payload={}"), formscan.ErrTwoDocuments},
		"a form with a field beside the payload": {request("application/x-www-form-urlencoded", "payload={}&s3cret=1"), provider.ErrBesideDocument},
		"a member twice":                         {request("application/json", `{"s3cret":1,"s3cret":2}`), jsonscan.ErrDuplicate},
		"two values":                             {request("application/x+json", `{}{}`), jsonscan.ErrTrailing},
		"a form's payload broken":                {request("application/x-www-form-urlencoded", "payload="+url.QueryEscape(`{"s3cret"`)), jsonscan.ErrTruncated},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			facts, err := lookup(t, "github").Describe(tc.request)
			if !errors.Is(err, provider.ErrBody) || !errors.Is(err, tc.want) || !reflect.DeepEqual(facts, provider.Facts{}) {
				t.Fatalf("got %+v, %v", facts, err)
			}
			if strings.Contains(err.Error(), "s3cret") {
				t.Errorf("the error quotes the body: %v", err)
			}
		})
	}
}

func TestDeliveryID_comesFromHeadersOnly(t *testing.T) {
	r := request("application/json", `{"id":"evt_1"}`, spec.Header{Name: "x-github-delivery", Value: "d1"}, spec.Header{Name: "shopify-webhook-id", Value: "w1"},
		spec.Header{Name: "x-zendesk-webhook-invocation-id", Value: "z1"}, spec.Header{Name: "x-goog-channel-id", Value: "c"}, spec.Header{Name: "x-goog-message-number", Value: "7"})
	for name, want := range map[string]string{
		"github": "d1", "shopify": "w1", "stripe": "", "slack": "", "standard-webhooks": "",
		"zendesk":               "", // the body's goes first
		"google-drive-calendar": "c:7",
	} {
		if got := lookup(t, name).DeliveryID(r); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

// TestEscapeName_canBeReadBack holds that two names never become one.
func TestEscapeName_canBeReadBack(t *testing.T) {
	for _, name := range []string{"plain", "a%00b", "a\x00b", "%", "\xff", "%FF", "a b>*.c", "é\u0085", "\ufeff", "\U0001ffff", "[redacted]", strings.Repeat("%", 85)} {
		got, err := lookup(t, "github").Describe(request("application/json", `{}`, spec.Header{Name: "x-github-event", Value: name}))
		if err != nil {
			t.Fatal(err)
		}
		if back, err := url.PathUnescape(got.Type); err != nil || back != name {
			t.Errorf("%q became %q, which reads as %q: %v", name, got.Type, back, err)
		}
	}
	long := func(end string) string {
		got, err := lookup(t, "github").Describe(request("application/json", `{}`, spec.Header{Name: "x-github-event", Value: strings.Repeat("\x01", 1000) + end}))
		if err != nil {
			t.Fatal(err)
		}
		return got.Type
	}
	if a, b := long("a"), long("b"); a == b || len(a) > 256 {
		t.Errorf("two long names became %q and %q", a, b)
	}
}
