package normalize_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/jsonscan"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/normalize"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/spec"
)

// batcher is a row whose deliveries are lists: at the top, or at the path at.
func batcher(t testing.TB, at string, change func(*provider.Provider)) *provider.Provider {
	t.Helper()
	p := &provider.Provider{Provider: spec.Provider{
		Name: "batcher",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256, Family: spec.Family{Signature: "header:x-signature"},
			Layout: spec.Single, Encoding: spec.Hex, Content: "{body}", Key: spec.KeyText, KeyMin: 16,
		}},
		ContentTypes: []string{"application/json", "application/x-ndjson", "application/x-www-form-urlencoded"},
		Facts:        spec.Locators{Type: []string{"header:x-event"}, Tenant: []string{"json:account"}, ID: []string{"header:x-delivery", "json:delivery"}, FormJSON: "events"},
		Batch: &spec.Batch{At: at, Facts: spec.Locators{
			Type: []string{"json:event"}, ID: []string{"json:id"}, Subject: []string{"json:email"},
		}},
	}}
	change(p)
	if err := p.Compile(); err != nil {
		t.Fatal(err)
	}
	return p
}

// told is what matters of an item.
type told struct {
	ID, Delivery, Type, Tenant, Subject, Data string
	Redacted                                  bool
}

func run(t testing.TB, p *provider.Provider, cfg normalize.Config, body string, headers ...string) ([]told, error) {
	t.Helper()
	stage, err := normalize.New(p, cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer stage.Close()
	d := &pipeline.Delivery{
		Method: "POST", Body: []byte(body), Route: "r", ReceivedAt: received(),
		Verification: &pipeline.Verification{Provider: p.Name, Scheme: "sha256", SecretID: "1"},
	}
	for i := 0; i < len(headers); i += 2 {
		d.Headers = append(d.Headers, pipeline.Header{Name: headers[i], Value: headers[i+1]})
	}
	if err := stage.Handle(t.Context(), d); err != nil {
		return nil, err
	}
	var items []told
	for _, item := range d.Items {
		e := item.Event
		if err := e.Validate(); err != nil {
			t.Errorf("%+v: %v", e, err)
		}
		items = append(items, told{e.ID, e.DeliveryID, e.FullType(), e.Tenant, e.Subject, string(e.Data), e.Redacted})
	}
	return items, nil
}

// whole is the id of a delivery that names none.
func whole(body string) string {
	return event.FallbackID(nil, "batcher", "r", "content:"+provider.DigestOf([]byte(body)).String()+":::")
}

func TestBatch_isSplit(t *testing.T) {
	long := strings.Repeat("x", 255)
	tests := map[string]struct {
		at, batch, body string
		headers         []string
		want            []told
	}{
		"items with ids of their own": {"", "", `[ {"event":"open","id":"a","email":"e@x"} , {"event":"click","id":7} ]`, []string{"x-delivery", "d"}, []told{
			{"a", "d", "batcher.open", "", "e@x", `{"event":"open","id":"a","email":"e@x"}`, false},
			{"7", "d", "batcher.click", "", "", `{"event":"click","id":7}`, false},
		}},
		"items without": {"", "auto", `[{"event":"open"},{}]`, []string{"x-delivery", "d", "x-event", "mail"}, []told{
			{"d/0", "d", "batcher.open", "", "", `{"event":"open"}`, false},
			{"d/1", "d", "batcher.mail", "", "", `{}`, false},
		}},
		"an id that is there twice": {"", "split", `[{"id":"a"},{"id":"a"},{"id":"a"}]`, []string{"x-delivery", "d"}, []told{
			{"a", "d", "batcher.unknown", "", "", `{"id":"a"}`, false},
			{"a/1", "d", "batcher.unknown", "", "", `{"id":"a"}`, false},
			{"a/2", "d", "batcher.unknown", "", "", `{"id":"a"}`, false},
		}},
		"a delivery without an id": {"", "", `[1]`, nil, []told{
			{whole(`[1]`) + "/0", whole(`[1]`), "batcher.unknown", "", "", "1", false},
		}},
		"an id that is too long with its position": {"", "", `[1]`, []string{"x-delivery", long}, []told{
			{event.FallbackID(nil, long+"/0"), long, "batcher.unknown", "", "", "1", false},
		}},
		"a list inside of an object": {"items", "", `{"account":"octo", "items": [{"id":"a"}, {"id":"b"}] ,"live":false}`, []string{"x-delivery", "d"}, []told{
			{"a", "d", "batcher.unknown", "octo", "", `{"account":"octo", "items": [{"id":"a"}] ,"live":false}`, false},
			{"b", "d", "batcher.unknown", "octo", "", `{"account":"octo", "items": [{"id":"b"}] ,"live":false}`, false},
		}},
		"lines of JSON": {"", "", "{\"id\":\"a\"}\n{\"id\":\"b\"}\n", []string{"x-delivery", "d", "content-type", "application/x-ndjson"}, []told{
			{"a", "d", "batcher.unknown", "", "", `{"id":"a"}`, false}, {"b", "d", "batcher.unknown", "", "", `{"id":"b"}`, false},
		}},
		"the document of a form": {"", "", "events=%5B%7B%22id%22%3A%22a%22%7D%5D", []string{"x-delivery", "d", "content-type", "application/x-www-form-urlencoded"}, []told{
			{"a", "d", "batcher.unknown", "", "", `{"id":"a"}`, false},
		}},
		"what is kept":                     {"", "keep", `[{"id":"a"}]`, []string{"x-delivery", "d"}, []told{{"d", "", "batcher.unknown", "", "", `[{"id":"a"}]`, false}}},
		"an empty list is one event":       {"", "", `[ ]`, []string{"x-delivery", "d"}, []told{{"d", "", "batcher.unknown", "", "", `[ ]`, false}}},
		"a single event of the provider":   {"", "", `{"account":"octo"}`, []string{"x-delivery", "d"}, []told{{"d", "", "batcher.unknown", "octo", "", `{"account":"octo"}`, false}}},
		"an object without the list in it": {"items", "", `{"items":{}}`, []string{"x-delivery", "d"}, []told{{"d", "", "batcher.unknown", "", "", `{"items":{}}`, false}}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := run(t, batcher(t, tc.at, func(*provider.Provider) {}), normalize.Config{Batch: tc.batch}, tc.body, tc.headers...)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestBatch_usuallyKept(t *testing.T) {
	keeps := func(p *provider.Provider) { p.Batch.Keep = true }
	for batch, want := range map[string]int{"": 1, "auto": 1, "keep": 1, "split": 2} {
		if got, err := run(t, batcher(t, "", keeps), normalize.Config{Batch: batch}, `[1,2]`); err != nil || len(got) != want {
			t.Errorf("%q: %d events, %v, want %d", batch, len(got), err, want)
		}
	}
	none := func(p *provider.Provider) { p.Batch = nil }
	for batch, want := range map[string]int{"": 1, "split": 2} {
		if got, err := run(t, batcher(t, "", none), normalize.Config{Batch: batch}, `[1,2]`); err != nil || len(got) != want {
			t.Errorf("a row without batches, %q: %d events, %v, want %d", batch, len(got), err, want)
		}
	}
}

func TestBatch_isBounded(t *testing.T) {
	tests := map[string]struct {
		at, body string
		code     pipeline.Code
		reason   error
	}{
		"too many items":         {"", "[" + strings.TrimSuffix(strings.Repeat("1,", 10_001), ",") + "]", pipeline.Malformed, jsonscan.ErrItems},
		"too much around them":   {"items", `{"pad":"` + strings.Repeat("x", 1<<20) + `","items":[` + strings.TrimSuffix(strings.Repeat("1,", 100), ",") + "]}", pipeline.BodyTooLarge, nil},
		"an item with two names": {"", `[{"a":1,"a":2}]`, pipeline.Malformed, provider.ErrBody},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := run(t, batcher(t, tc.at, func(*provider.Provider) {}), normalize.Config{}, tc.body)
			var reject *pipeline.Reject
			if !errors.As(err, &reject) || reject.Code != tc.code || tc.reason != nil && !errors.Is(err, tc.reason) || got != nil {
				t.Errorf("%d events, %v, want %s because %v", len(got), err, tc.code, tc.reason)
			}
		})
	}
}

func TestBatch_itemsAreRedacted(t *testing.T) {
	cfg := normalize.Config{Redact: []normalize.RedactConfig{{Path: "$..email", Action: "mask"}, {Path: "$.secret", Action: "drop"}, {Path: "$.account", Action: "drop"}}}
	for at, want := range map[string][]told{
		"": {
			{"a", "d", "batcher.unknown", "", "", `{"id":"a","email":"[redacted]"}`, true},
			{"b", "d", "batcher.unknown", "", "", `{"id":"b"}`, false},
		},
		"items": {
			{"a", "d", "batcher.unknown", "", "", `{"items":[{"id":"a","email":"[redacted]"}]}`, true},
			{"b", "d", "batcher.unknown", "", "", `{"items":[{"id":"b"}]}`, true},
		},
	} {
		body := `[{"id":"a","email":"e@x"},{"id":"b"}]`
		if at != "" {
			body = fmt.Sprintf(`{"account":"octo","delivery":"s3cret","items":%s,"secret":1}`, body)
			body = strings.Replace(body, `"delivery":"s3cret",`, "", 1)
		}
		got, err := run(t, batcher(t, at, func(*provider.Provider) {}), cfg, body, "x-delivery", "d")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("at %q (-want +got):\n%s", at, diff)
		}
	}
}

func TestBatch_redactedDeliveryIDDoesNotComeBack(t *testing.T) {
	cfg := normalize.Config{Redact: []normalize.RedactConfig{{Path: "$.delivery", Action: "drop"}, {Path: "$.items[0]", Action: "drop"}}}
	body := `{"delivery":"s3cret","items":[{"id":"s3cret too"}]}`
	got, err := run(t, batcher(t, "items", func(*provider.Provider) {}), cfg, body)
	if err != nil {
		t.Fatal(err)
	}
	id := whole(body)
	want := []told{{id + "/0", id, "batcher.unknown", "", "", `{"items":[]}`, true}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestBatch_binaryCloudEventIsOneEvent(t *testing.T) {
	const body = `[{"id":"1","type":"a.b","source":"/x"},{"id":"2","type":"a.c","source":"/x"}]`
	for name, tc := range map[string]struct {
		headers []string
		want    []string
	}{
		"a batch":         {[]string{"content-type", "application/cloudevents-batch+json"}, []string{"1 cloudevents.a.b", "2 cloudevents.a.c"}},
		"one with a list": {[]string{"content-type", "application/json", "ce-specversion", "1.0", "ce-id", "7", "ce-type", "a.d"}, []string{"7 cloudevents.a.d"}},
	} {
		t.Run(name, func(t *testing.T) {
			items, err := run(t, row(t, "cloudevents"), normalize.Config{}, body, tc.headers...)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, item := range items {
				got = append(got, item.ID+" "+item.Type)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
