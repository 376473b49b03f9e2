package release

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/chain"
	"webhookedge/plugins/internal/natstest"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/pluginserver"
	"webhookedge/plugins/internal/telemetry"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/streams/archive"
)

const (
	oldSecret = "octo-private-release-secret-old"
	newSecret = "octo-private-release-secret-new"
)

func received() time.Time { return time.Date(2025, 6, 12, 10, 0, 0, 0, time.UTC) }

func startNATS(t testing.TB) (url string, js jetstream.JetStream) {
	t.Helper()
	s := natstest.Start(t)
	return s.ClientURL(), natstest.Client(t, s)
}

// environment is that of a process of which now is the clock.
func environment(t testing.TB, now time.Time) pluginserver.Env {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	metrics, err := telemetry.NewMetrics("test", catalogue.Names(), chain.Stages())
	if err != nil {
		t.Fatal(err)
	}
	return pluginserver.Env{Logger: log, Metrics: metrics, Checks: telemetry.NewServer(metrics, log), Now: func() time.Time { return now }}
}

type object = map[string]any

func edgeConfig(t testing.TB, name, url, secret string, more object) []byte {
	t.Helper()
	c := object{
		"provider": name, "deadline_ms": 10000,
		"verify":     object{"secrets": []any{object{"value": secret}}},
		"publish":    object{"servers": []string{url}, "stream": object{"ensure": "create"}, "ack_timeout_ms": 8000},
		"quarantine": object{"keys": []any{object{"id": "k1", "value": base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("k"), archive.KeySize))}}},
	}
	for key, value := range more {
		c[key] = value
	}
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// signed is a delivery of a provider at the time received.
func signed(t testing.TB, name, secret, id, body string) *pipeline.Delivery {
	t.Helper()
	row, ok := catalogue.Lookup(name)
	if !ok {
		t.Fatalf("no row %s", name)
	}
	signer, err := row.Signer(provider.Options{Secrets: []provider.Secret{{Value: secret}}})
	if err != nil {
		t.Fatal(err)
	}
	signed, err := signer.Sign(provider.Unsigned{Body: []byte(body), ContentType: "application/json", Event: "push", ID: id, At: received()})
	if err != nil {
		t.Fatal(err)
	}
	d := &pipeline.Delivery{Method: "POST", Path: "/hooks", Body: []byte(body), ReceivedAt: received(), RequestID: "r1", Route: name}
	for _, h := range signed.Headers {
		d.Headers = append(d.Headers, pipeline.Header(h))
	}
	return d
}

// refuse runs deliveries through webhook-edge with the given config, until what it
// refused is kept.
func refuse(t testing.TB, config []byte, want pipeline.Code, deliveries ...*pipeline.Delivery) {
	t.Helper()
	process, err := chain.Open(environment(t, received()), "test")
	if err != nil {
		t.Fatal(err)
	}
	h, err := process.Build("webhook-edge", config)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range deliveries {
		if out := h.Chain.Run(t.Context(), d); out.Code != want {
			t.Fatalf("got %s: %v", out.Code, out.Err)
		}
	}
	process.Close() // stores what is queued
	h.Close()
}

func release(t testing.TB, configs map[string][]byte) *Release {
	t.Helper()
	r, err := Open(environment(t, time.Now()), configs, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return r
}

func record(t testing.TB, r *Release, seq uint64) *archive.Record {
	t.Helper()
	archive, err := r.Archive(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	rec, _, err := archive.Get(t.Context(), seq)
	if err != nil {
		t.Fatal(err)
	}
	return rec
}

// events are what the stream of events holds.
func events(t testing.TB, js jetstream.JetStream) []*event.Event {
	t.Helper()
	s, err := js.Stream(t.Context(), "WEBHOOKS")
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	var all []*event.Event
	for seq := uint64(1); seq <= s.CachedInfo().State.LastSeq; seq++ {
		msg, err := s.GetMsg(t.Context(), seq)
		if err != nil {
			t.Fatal(err)
		}
		e, err := event.Parse(msg.Header, msg.Data)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, e)
	}
	return all
}

func TestRelease_refusedDeliveryWithTheCurrentSecret(t *testing.T) {
	for _, name := range []string{"github", "stripe", "slack"} { // the last two sign the time of that day
		t.Run(name, func(t *testing.T) {
			url, js := startNATS(t)
			refuse(t, edgeConfig(t, name, url, oldSecret, nil), pipeline.SignatureInvalid, signed(t, name, newSecret, "d1", `{"id":"e1","type":"a.b","event_id":"e1","ref":"refs/heads/main","commits":[]}`))
			r := release(t, map[string][]byte{"webhook-edge": edgeConfig(t, name, url, newSecret, nil)})
			rec := record(t, r, 1)
			dry, err := r.Run(t.Context(), rec, Order{DryRun: true})
			if err != nil || dry.Outcome.Code != pipeline.Accepted || len(dry.Subjects) != 1 || len(events(t, js)) != 0 {
				t.Fatalf("dry run: %+v, %v", dry, err)
			}
			for range 2 { // by mistake
				got, err := r.Run(t.Context(), record(t, r, 1), Order{})
				if err != nil || got.Outcome.Code != pipeline.Accepted {
					t.Fatalf("got %s: %v, %v", got.Outcome.Code, got.Outcome.Err, err)
				}
				if diff := cmp.Diff(dry.Subjects, got.Subjects); diff != "" {
					t.Errorf("subjects (-dry run +run):\n%s", diff)
				}
			}
			all := events(t, js)
			if len(all) != 1 || !all[0].Replayed || !all[0].ReceivedAt.Equal(received()) || all[0].Provider != name {
				t.Errorf("events %+v", all)
			}
		})
	}
}

func TestRelease_ofAStoredDeliveryIsASecondMessage(t *testing.T) {
	for _, dedupe := range []string{"window", "exact"} {
		t.Run(dedupe, func(t *testing.T) {
			url, js := startNATS(t)
			config := func(secret string) []byte {
				return edgeConfig(t, "github", url, secret, object{"publish": object{
					"servers": []string{url}, "stream": object{"ensure": "create"}, "ack_timeout_ms": 8000, "dedupe": dedupe,
				}})
			}
			d := func() *pipeline.Delivery {
				return signed(t, "github", newSecret, "d1", `{"ref":"refs/heads/main","commits":[]}`)
			}
			refuse(t, config(oldSecret), pipeline.SignatureInvalid, d())
			refuse(t, config(newSecret), pipeline.Accepted, d()) // the sender's retry
			r := release(t, map[string][]byte{"webhook-edge": config(newSecret)})
			for range 2 {
				if got, err := r.Run(t.Context(), record(t, r, 1), Order{}); err != nil || got.Outcome.Code != pipeline.Accepted {
					t.Fatalf("%+v, %v", got, err)
				}
			}
			all := events(t, js)
			if len(all) != 2 || all[0].Replayed || !all[1].Replayed || all[0].ID != all[1].ID {
				t.Errorf("events %+v", all)
			}
		})
	}
}

func TestRelease_forgedDeliveryIsRefusedAgain(t *testing.T) {
	url, js := startNATS(t)
	forged := signed(t, "github", newSecret, "d1", `{"ref":"refs/heads/main","commits":[]}`)
	forged.Body = []byte(`{"admin":true}`)
	refuse(t, edgeConfig(t, "github", url, newSecret, nil), pipeline.SignatureInvalid, forged)
	r := release(t, map[string][]byte{"webhook-edge": edgeConfig(t, "github", url, newSecret, nil)})
	got, err := r.Run(t.Context(), record(t, r, 1), Order{Approve: true})
	if err != nil || got.Outcome.Code != pipeline.SignatureInvalid || !errors.Is(got.Outcome.Err, provider.ErrMismatch) {
		t.Errorf("got %s: %v, %v", got.Outcome.Code, got.Outcome.Err, err)
	}
	if all := events(t, js); len(all) != 0 {
		t.Errorf("events %+v", all)
	}
}

func TestRelease_staleDeliveryStaysStale(t *testing.T) {
	url, _ := startNATS(t)
	d := signed(t, "stripe", newSecret, "d1", `{"id":"e1","type":"a.b"}`)
	d.ReceivedAt = received().Add(time.Hour)
	process, err := chain.Open(environment(t, d.ReceivedAt), "test")
	if err != nil {
		t.Fatal(err)
	}
	h, err := process.Build("webhook-edge", edgeConfig(t, "stripe", url, newSecret, nil))
	if err != nil {
		t.Fatal(err)
	}
	if out := h.Chain.Run(t.Context(), d); !errors.Is(out.Err, provider.ErrStale) {
		t.Fatal(out.Err)
	}
	process.Close()
	h.Close()
	r := release(t, map[string][]byte{"webhook-edge": edgeConfig(t, "stripe", url, newSecret, nil)})
	if got, err := r.Run(t.Context(), record(t, r, 1), Order{}); err != nil || !errors.Is(got.Outcome.Err, provider.ErrStale) {
		t.Errorf("got %v, %v", got.Outcome.Err, err)
	}
}

func TestRelease_ofSinglePluginsFollowsTheirConfigs(t *testing.T) {
	url, js := startNATS(t)
	refuse(t, edgeConfig(t, "github", url, oldSecret, nil), pipeline.SignatureInvalid, signed(t, "github", newSecret, "d1", `{"ref":"refs/heads/main","commits":[]}`))
	whole := map[string]any{}
	if err := json.Unmarshal(edgeConfig(t, "github", url, newSecret, nil), &whole); err != nil {
		t.Fatal(err)
	}
	single := func(from string, more object) []byte {
		c, ok := whole[from].(map[string]any)
		if !ok {
			t.Fatal("no part ", from)
		}
		c["provider"] = "github"
		for key, value := range more {
			c[key] = value
		}
		text, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	configs := map[string][]byte{"webhook-verify": single("verify", nil), "webhook-publish": single("publish", object{"quarantine": whole["quarantine"], "deadline_ms": 10000})}
	r := release(t, configs)
	if got, err := r.Run(t.Context(), record(t, r, 1), Order{}); err != nil || got.Outcome.Code != pipeline.Accepted || len(events(t, js)) != 1 {
		t.Errorf("%+v, %v", got, err)
	}
	delete(configs, "webhook-verify")
	if _, err := Open(environment(t, time.Now()), configs, nil); !errors.Is(err, ErrConfig) {
		t.Errorf("without webhook-verify: %v", err)
	}
}

func TestRelease_refusesWhatCannotBeReleased(t *testing.T) {
	url, _ := startNATS(t)
	r := release(t, map[string][]byte{"webhook-edge": edgeConfig(t, "github", url, newSecret, nil)})
	for name, tc := range map[string]struct {
		rec  archive.Record
		want error
	}{
		"a body that was cut": {archive.Record{Provider: "github", Cut: true}, ErrCut},
		"another provider":    {archive.Record{Provider: "stripe"}, ErrOtherProvider},
	} {
		if _, err := r.Run(t.Context(), &tc.rec, Order{}); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, configs := range map[string]map[string][]byte{
		"no plugin":             {},
		"a config with a fault": {"webhook-edge": []byte(`{"provider":"github"}`)},
		"a short secret":        {"webhook-edge": edgeConfig(t, "standard-webhooks", url, "x", nil)},
	} {
		if _, err := Open(environment(t, time.Now()), configs, nil); err == nil || strings.Contains(err.Error(), newSecret) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRelease_heldEventsOneByOneOnApproval(t *testing.T) {
	make3 := func() *pipeline.Delivery {
		d := &pipeline.Delivery{}
		for i := range 3 {
			item := pipeline.Item{Event: &event.Event{ID: fmt.Sprint(i), Provider: "github"}}
			if i == 1 {
				item.Hold = pipeline.PayloadInvalid
			}
			d.Items = append(d.Items, item)
		}
		return d
	}
	released := func(id string) pipeline.Item {
		return pipeline.Item{Event: &event.Event{ID: id, Provider: "github", Replayed: true}, Key: id + ":release:rec"}
	}
	for name, tc := range map[string]struct {
		adjust adjust
		want   []pipeline.Item
		err    error
	}{
		"held, without approval":    {adjust{record: &archive.Record{ID: "rec", Event: "1"}}, make3().Items[1:2], ErrHeldAgain},
		"held, with approval":       {adjust{record: &archive.Record{ID: "rec", Event: "1"}, approve: true}, []pipeline.Item{released("1")}, nil},
		"not held any more":         {adjust{record: &archive.Record{ID: "rec", Event: "2"}}, []pipeline.Item{released("2")}, nil},
		"an event that is gone":     {adjust{record: &archive.Record{ID: "rec", Event: "9"}}, nil, ErrNoSuchEvent},
		"the delivery, on approval": {adjust{record: &archive.Record{ID: "rec"}, approve: true}, []pipeline.Item{released("0"), released("1"), released("2")}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			d := make3()
			if err := tc.adjust.Handle(t.Context(), d); !errors.Is(err, tc.err) {
				t.Fatalf("got %v", err)
			}
			if diff := cmp.Diff(tc.want, d.Items, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("items (-want +got):\n%s", diff)
			}
		})
	}
}
