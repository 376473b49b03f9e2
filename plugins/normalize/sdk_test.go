package normalize_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	cloudevents "github.com/cloudevents/sdk-go/v2"
	cehttp "github.com/cloudevents/sdk-go/v2/protocol/http"

	"webhookedge/plugins/event"
	"webhookedge/plugins/normalize"
	"webhookedge/plugins/provider/catalogue"
)

// events are those of every sample of the catalogue.
func events(t *testing.T, each func(t *testing.T, e *event.Event)) {
	t.Helper()
	for _, p := range catalogue.All() {
		stage, err := normalize.New(p, normalize.Config{})
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range catalogue.SampleEvents(p) {
			t.Run(p.Name+" "+name, func(t *testing.T) {
				d := sampleDelivery(p, name)
				if err := stage.Handle(t.Context(), d); err != nil {
					t.Fatal(err)
				}
				for i := range d.Items {
					each(t, d.Items[i].Event)
				}
			})
		}
	}
}

// TestSDK_readsPublishedEvents has the specification's own library
// read both modes of every sample; publish has its JetStream binding read them
// from a stream.
func TestSDK_readsPublishedEvents(t *testing.T) {
	events(t, func(t *testing.T, e *event.Event) {
		var structured cloudevents.Event
		if err := json.Unmarshal(e.AppendJSON(nil), &structured); err != nil {
			t.Fatal(err)
		}
		if structured.Time().IsZero() {
			t.Error("it has no time, and other SDKs invent one")
		}
		compare(t, e, &structured)

		r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(e.Data))
		for name, value := range e.Headers() {
			r.Header.Set(name, value)
		}
		binary, err := cehttp.NewEventFromHTTPRequest(r)
		if err != nil {
			t.Fatal(err)
		}
		compare(t, e, binary)
	})
}

func compare(t *testing.T, e *event.Event, got *cloudevents.Event) {
	t.Helper()
	if err := got.Validate(); err != nil {
		t.Error(err)
	}
	for name, pair := range map[string][2]string{
		"id": {got.ID(), e.ID}, "type": {got.Type(), e.FullType()}, "source": {got.Source(), e.Source}, "subject": {got.Subject(), e.Subject},
	} {
		// The SDK hands the percent-encoding of the HTTP binding out as it stands.
		if decoded, err := url.PathUnescape(pair[0]); pair[0] != pair[1] && (err != nil || decoded != pair[1]) {
			t.Errorf("%s: got %q, want %q", name, pair[0], pair[1])
		}
	}
	if got.Extensions()["provider"] != e.Provider || !got.Time().Equal(e.Time) && !e.Time.IsZero() {
		t.Errorf("got %s", got)
	}
	if len(e.Data) > 0 && !bytes.Equal(bytes.TrimSpace(got.Data()), bytes.TrimSpace(e.Data)) && !strings.Contains(got.DataContentType(), "json") {
		t.Errorf("data %q, want %q", got.Data(), e.Data)
	}
	if strings.Contains(got.DataContentType(), "json") && len(e.Data) > 0 {
		var a, b any
		if json.Unmarshal(got.Data(), &a) != nil || json.Unmarshal(e.Data, &b) != nil {
			t.Errorf("data %q is not JSON", got.Data())
		}
	}
}
