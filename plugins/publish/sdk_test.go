package publish_test

import (
	"bytes"
	"net/url"
	"strings"
	"testing"
	"time"

	binding "github.com/cloudevents/sdk-go/protocol/nats_jetstream/v2"
	cloudevents "github.com/cloudevents/sdk-go/v2/binding"
	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/normalize"
	"webhookedge/plugins/provider/catalogue"
)

// samples are deliveries with the events of every sample of the catalogue.
func samples(t *testing.T) []*pipeline.Delivery {
	t.Helper()
	var all []*pipeline.Delivery
	for _, p := range catalogue.All() {
		stage, err := normalize.New(p, normalize.Config{}, normalize.WithUnverified())
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range catalogue.SampleEvents(p) {
			body, contentType, _ := catalogue.Sample(p, name)
			d := &pipeline.Delivery{
				Method: "POST", Body: body, Route: p.Name + "/" + name, RequestID: "r1", ReceivedAt: time.UnixMilli(1_770_000_000_123),
				Headers: pipeline.Headers{{Name: "content-type", Value: contentType}},
			}
			for _, h := range p.Sends {
				d.Headers = append(d.Headers, pipeline.Header{Name: h.Name, Value: strings.ReplaceAll(h.Value, "{event}", name)})
			}
			if err := stage.Handle(t.Context(), d); err != nil {
				t.Fatalf("%s %s: %v", p.Name, name, err)
			}
			for i := range d.Items { // of two samples of one id the broker would keep one
				d.Items[i].Event.ID = name + "/" + d.Items[i].Event.ID
			}
			all = append(all, d)
		}
	}
	return all
}

// TestCloudEventsSDK_readsEverySample publishes the samples and has
// the NATS JetStream binding of the CloudEvents SDK read them from the stream.
func TestCloudEventsSDK_readsEverySample(t *testing.T) {
	deliveries := samples(t)
	for _, mode := range []string{"structured", "binary"} {
		t.Run(mode, func(t *testing.T) {
			broker := startNATS(t, nil)
			set := creating(broker.ClientURL())
			set["content_mode"] = mode
			stage, _ := readyStage(t, set)
			nc, err := nats.Connect(broker.ClientURL())
			if err != nil {
				t.Fatal(err)
			}
			defer nc.Close()
			sub, err := nc.SubscribeSync("webhooks.>")
			if err == nil {
				err = nc.Flush()
			}
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range deliveries {
				if err := stage.Handle(t.Context(), d); err != nil {
					t.Fatal(err)
				}
				stored := map[string]*nats.Msg{} // the items of a batch come in any order
				for range d.Items {
					msg, err := sub.NextMsg(10 * time.Second)
					if err != nil {
						t.Fatal(err)
					}
					stored[msg.Header.Get(nats.MsgIdHdr)] = msg
				}
				for i := range d.Items {
					sameEvent(t, stored[d.Items[i].MsgID(d.Route)], d.Items[i].Event)
				}
			}
		})
	}
}

func sameEvent(t *testing.T, msg *nats.Msg, want *event.Event) {
	t.Helper()
	if msg == nil {
		t.Errorf("%s was not stored under its message id", want.FullType())
		return
	}
	got, err := cloudevents.ToEvent(t.Context(), binding.NewMessage(msg))
	if err == nil {
		err = got.Validate()
	}
	if err != nil {
		t.Errorf("%s: %v", want.FullType(), err)
		return
	}
	type told struct{ ID, Type, Source, Subject, Schema, Media, Provider, Data string }
	extension, _ := got.Extensions()["provider"].(string)
	// The SDK hands the percent-encoding of the headers out as it stands.
	plain := func(text string) string {
		if decoded, err := url.PathUnescape(text); err == nil && msg.Header.Get("ce-specversion") != "" {
			return decoded
		}
		return text
	}
	wanted := told{want.ID, want.FullType(), want.Source, want.Subject, want.DataSchema, want.DataContentType, want.Provider, string(bytes.TrimSpace(want.Data))}
	read := told{plain(got.ID()), plain(got.Type()), plain(got.Source()), plain(got.Subject()), got.DataSchema(), got.DataContentType(), extension, string(bytes.TrimSpace(got.Data()))}
	if diff := cmp.Diff(wanted, read); diff != "" {
		t.Errorf("%s (-want +got):\n%s", want.FullType(), diff)
	}
	at := want.Time
	if at.IsZero() {
		at = want.ReceivedAt
	}
	if !got.Time().Equal(at) {
		t.Errorf("%s: time %v, want %v", want.FullType(), got.Time(), at)
	}
}
