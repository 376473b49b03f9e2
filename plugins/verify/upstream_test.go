package verify_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/verify"
)

func TestUpstream_headersSayWhatWasProved(t *testing.T) {
	forged := []pipeline.Header{
		{Name: "webhook-verified", Value: "true"}, {Name: "webhook_provider", Value: "x"},
		{Name: "webhook-event-type", Value: "x"}, {Name: "webhook-event_type", Value: "x"}, {Name: "webhook-event-type", Value: "y"},
		{Name: "Webhook-Event_Type", Value: "x"}, {Name: "WEBHOOK_PROVIDER", Value: "x"}, {Name: "webhook.delivery id", Value: "x"},
		{Name: "webhook-other", Value: "kept"}, {Name: "webhook", Value: "kept"}, {Name: "webhook-id", Value: "kept"},
	}
	tests := map[string]struct {
		provider, body string
		client         []pipeline.Header
		opts           []verify.Option
		want           []pipeline.Header // sorted by name
	}{
		"without the option": {"github", `{}`, nil, nil, nil},
		"forged, without the option": {"github", `{}`, forged, nil, []pipeline.Header{
			{Name: "webhook-event-type"}, {Name: "webhook-event_type"}, {Name: "webhook-verified"},
			{Name: "webhook.delivery id"}, {Name: "webhook_provider"},
		}},
		"type and action": {"github", `{"action":"opened","ref":"refs/heads/main","commits":[]}`, nil, []verify.Option{verify.WithUpstream()}, []pipeline.Header{
			{Name: "webhook-delivery-id", Value: "d1"}, {Name: "webhook-event-type", Value: "push.opened"},
			{Name: "webhook-provider", Value: "github"}, {Name: "webhook-verified", Value: "true"},
		}},
		"an id of the body, no type": {"stripe", `{"id":"evt_1"}`, nil, []verify.Option{verify.WithUpstream()}, []pipeline.Header{
			{Name: "webhook-delivery-id", Value: "evt_1"}, {Name: "webhook-event-type"},
			{Name: "webhook-provider", Value: "stripe"}, {Name: "webhook-verified", Value: "true"},
		}},
		"nothing is known, and nothing forged": {"stripe", `{}`, nil, []verify.Option{verify.WithUpstream()}, []pipeline.Header{
			{Name: "webhook-delivery-id"}, {Name: "webhook-event-type"},
			{Name: "webhook-provider", Value: "stripe"}, {Name: "webhook-verified", Value: "true"},
		}},
		"forged, and what is not known": {"stripe", `{}`, forged, []verify.Option{verify.WithUpstream()}, []pipeline.Header{
			{Name: "webhook-delivery-id"}, {Name: "webhook-event-type"}, {Name: "webhook-event_type"},
			{Name: "webhook-provider", Value: "stripe"}, {Name: "webhook-verified", Value: "true"},
			{Name: "webhook.delivery id"}, {Name: "webhook_provider"},
		}},
		"what is not ASCII": {"stripe", `{"id":"évt","type":"a b.c"}`, nil, []verify.Option{verify.WithUpstream()}, []pipeline.Header{
			{Name: "webhook-delivery-id", Value: "?vt"}, {Name: "webhook-event-type", Value: "a b.c"},
			{Name: "webhook-provider", Value: "stripe"}, {Name: "webhook-verified", Value: "true"},
		}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			p := row(t, tc.provider)
			d := delivery(t, p, tc.body, "")
			d.Headers = append(d.Headers, tc.client...)
			if err := stage(t, p, settings(secretText), tc.opts...).Handle(t.Context(), d); err != nil {
				t.Fatal(err)
			}
			slices.SortFunc(d.Upstream, func(a, b pipeline.Header) int { return strings.Compare(a.Name, b.Name) })
			if diff := cmp.Diff(tc.want, d.Upstream); diff != "" {
				t.Errorf("upstream headers (-want +got):\n%s", diff)
			}
		})
	}
}

func TestUpstream_refusesAMalformedBody(t *testing.T) {
	p := row(t, "github")
	err := stage(t, p, settings(secretText), verify.WithUpstream()).Handle(t.Context(), delivery(t, p, `{`, "application/json"))
	var reject *pipeline.Reject
	if !errors.As(err, &reject) || reject.Code != pipeline.Malformed || !errors.Is(err, provider.ErrBody) {
		t.Errorf("got %v", err)
	}
}
