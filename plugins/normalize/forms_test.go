package normalize_test

import (
	"encoding/base64"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/normalize"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/spec"
)

// TestHandle_deliveryWithoutABody holds that nothing is
// lost of a delivery whose payload is its query or its headers, and that two of
// them are two events.
func TestHandle_deliveryWithoutABody(t *testing.T) {
	get := func(query string) *pipeline.Delivery {
		return &pipeline.Delivery{Method: "GET", RawQuery: query, Route: "sms", Headers: pipeline.Headers{{Name: "content-type", Value: "application/json"}}}
	}
	google := func(headers ...string) *pipeline.Delivery {
		d := &pipeline.Delivery{Method: "POST", Headers: pipeline.Headers{{Name: "content-type", Value: "application/json; utf-8"}, {Name: "x-goog-resource-state", Value: "update"}}}
		for i := 0; i < len(headers); i += 2 {
			d.Headers = append(d.Headers, pipeline.Header{Name: headers[i], Value: headers[i+1]})
		}
		return d
	}
	const query = "api-key=octo&messageId=m+1&status=delivered&x=1&x=2"
	tests := map[string]struct {
		provider string
		delivery *pipeline.Delivery
		want     event.Event
	}{
		"its payload is the query": {"vonage-sms", get(query), event.Event{
			ID: "m 1:delivered", Source: "/webhooks/vonage-sms/octo", Provider: "vonage-sms", Type: "delivered", Tenant: "octo", Subject: "m 1", Unsigned: []string{"id", "subject", "tenant", "type"},
			DataContentType: "application/json", Data: []byte(`{"api-key":"octo","messageId":"m 1","status":"delivered","x":["1","2"]}`),
		}},
		"it has nothing at all": {"vonage-sms", get(""), event.Event{
			ID: event.FallbackID(nil, "vonage-sms", "sms", "content:"+provider.DigestOf(nil).String()+":inbound::"), Source: "/webhooks/vonage-sms", Provider: "vonage-sms", Type: "inbound", DataContentType: "application/json", Data: []byte(`{}`),
		}},
		"its headers tell everything": {"google-drive-calendar", google("x-goog-channel-id", "c", "x-goog-message-number", "7"), event.Event{
			ID: "c:7", Source: "/webhooks/google-drive-calendar/c", Provider: "google-drive-calendar", Type: "update", Tenant: "c", Binary: true, Unsigned: []string{"id", "tenant", "type"},
		}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			stage, err := normalize.New(row(t, tc.provider), normalize.Config{}, normalize.WithUnverified())
			if err != nil {
				t.Fatal(err)
			}
			if err := stage.Handle(t.Context(), tc.delivery); err != nil {
				t.Fatal(err)
			}
			got := *tc.delivery.Event()
			got.ReceivedAt = time.Time{}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestHandle_xmlInAForm(t *testing.T) {
	xml := `<notification><timestamp type="datetime">2025-06-12T10:00:00Z</timestamp><kind>check</kind><source-merchant-id>octo</source-merchant-id></notification>`
	body := url.Values{"bt_signature": {"k|1"}, "bt_payload": {base64.StdEncoding.EncodeToString([]byte(xml)) + "\n"}}.Encode()
	stage, err := normalize.New(row(t, "braintree"), rules("$.bt_payload..source-merchant-id", "drop", "$.bt_signature", "drop"), normalize.WithUnverified())
	if err != nil {
		t.Fatal(err)
	}
	d := github(body, "content-type", "application/x-www-form-urlencoded")
	if err := stage.Handle(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	e := d.Event()
	want := `{"bt_payload":{"notification":{"timestamp":{"@type":"datetime","#text":"2025-06-12T10:00:00Z"},"kind":"check"}}}`
	if e.FullType() != "braintree.check" || e.Tenant != "" || !e.Time.Equal(time.Date(2025, 6, 12, 10, 0, 0, 0, time.UTC)) || string(e.Data) != want {
		t.Errorf("got %s", e.AppendJSON(nil))
	}
}

// TestHandle_dropsASecretOfTheURL has a sender of its own that shows its token in
// the query.
func TestHandle_dropsASecretOfTheURL(t *testing.T) {
	p := &provider.Provider{Provider: spec.Provider{
		Name: "pager", Methods: []string{"GET"}, ContentTypes: []string{"application/json"},
		Schemes: []spec.Scheme{{Name: "token", Kind: spec.Token, Family: spec.Family{Signature: "query:token"}, Key: spec.KeyText}},
		Facts:   spec.Locators{Type: []string{"query:event"}},
	}}
	if err := p.Compile(); err != nil {
		t.Fatal(err)
	}
	stage, err := normalize.New(p, normalize.Config{}, normalize.WithUnverified())
	if err != nil {
		t.Fatal(err)
	}
	d := &pipeline.Delivery{Method: "GET", RawQuery: "token=s3cret&event=up&%74oken=s3cret&a=b"}
	if err := stage.Handle(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if got := string(d.Event().AppendJSON(nil)); strings.Contains(got, "s3cret") || d.Event().Type != "up" || string(d.Event().Data) != `{"event":"up","a":"b"}` {
		t.Errorf("got %s", got)
	}
}
