package release

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/chain"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/streams/archive"
)

// TestRelease_ofForgedRecords gives a release records that state what they like.
func TestRelease_ofForgedRecords(t *testing.T) {
	url, js := startNATS(t)
	r := release(t, map[string][]byte{"webhook-edge": edgeConfig(t, "github", url, newSecret, nil)})
	forged := func() *archive.Record {
		body := []byte(`{"ref":"refs/heads/main","commits":[],"admin":true}`)
		sum := sha256.Sum256(body)
		v := pipeline.Verification{Provider: "github", Scheme: "sha256", SecretID: "1"}
		return &archive.Record{
			ID: "R1", Code: "quarantined", Held: true, Provider: "github", Method: "POST", ReceivedAt: received(), Size: len(body), Body: body,
			Headers:      []archive.Line{{Name: "content-type", Value: []byte("application/json")}, {Name: "x-github-event", Value: []byte("push")}, {Name: "x-github-delivery", Value: []byte("d1")}},
			Verification: &v, Verified: &archive.Statement{Verification: v, AsOf: received(), Record: "R1", Body: sum[:]},
		}
	}
	for name, tc := range map[string]struct {
		change func(rec *archive.Record)
		good   bool
	}{
		"one that was sealed, for comparison": {func(rec *archive.Record) { rec.Key = "k1" }, true},
		"one that nobody sealed":              {func(*archive.Record) {}, false},
		"a refused delivery that was sealed":  {func(rec *archive.Record) { rec.Key, rec.Held = "k1", false }, false},
		"a sealed one with another's body":    {func(rec *archive.Record) { rec.Key, rec.Body = "k1", []byte(`{"other":1}`) }, false},
		"a sealed one of another record":      {func(rec *archive.Record) { rec.Key, rec.ID = "k1", "R2" }, false},
		"a sealed one without a statement":    {func(rec *archive.Record) { rec.Key, rec.Verified = "k1", nil }, false},
	} {
		t.Run(name, func(t *testing.T) {
			before := len(events(t, js))
			rec := forged()
			tc.change(rec)
			got, err := r.Run(t.Context(), rec, Order{Approve: true})
			if err != nil {
				t.Fatal(err)
			}
			if tc.good {
				if got.Outcome.Code != pipeline.Accepted || got.Proved == nil {
					t.Errorf("got %s: %v", got.Outcome.Code, got.Outcome.Err)
				}
				return
			}
			if got.Outcome.Code != pipeline.SignatureInvalid || got.Proved != nil || len(events(t, js)) != before {
				t.Errorf("got %s: %v", got.Outcome.Code, got.Outcome.Err)
			}
		})
	}
}

// TestRelease_refusedDeliveryTakesNoStatement refuses a delivery that was
// proved, and changes the secret.
func TestRelease_refusedDeliveryTakesNoStatement(t *testing.T) {
	url, js := startNATS(t)
	invalid := func(secret string) []byte {
		return edgeConfig(t, "telegram", url, secret, object{"normalize": object{"validation": object{"on_invalid": "refuse", "require_schema": true}}})
	}
	d := signed(t, "telegram", oldSecret, "7001", `{"update_id":7001,"message":{"text":"hi"}}`)
	refuse(t, invalid(oldSecret), pipeline.PayloadInvalid, d)
	r := release(t, map[string][]byte{"webhook-edge": edgeConfig(t, "telegram", url, newSecret, nil)})
	rec := record(t, r, 1)
	if rec.Key == "" || rec.Verification == nil {
		t.Fatalf("the record is not sealed, or says of no proof: %+v", rec)
	}
	if got, err := r.Run(t.Context(), rec, Order{Approve: true}); err != nil || got.Outcome.Code != pipeline.SignatureInvalid || len(events(t, js)) != 0 {
		t.Errorf("with another secret: %s: %v, %v", got.Outcome.Code, got.Outcome.Err, err)
	}
	r = release(t, map[string][]byte{"webhook-edge": edgeConfig(t, "telegram", url, oldSecret, nil)})
	if got, err := r.Run(t.Context(), record(t, r, 1), Order{}); err != nil || got.Outcome.Code != pipeline.Accepted || got.Proved != nil || len(events(t, js)) != 1 {
		t.Errorf("with its own: %s: %v, %v", got.Outcome.Code, got.Outcome.Err, err)
	}
}

// TestRelease_holdOfAReusedID answers 200 only where the second event can be released.
func TestRelease_holdOfAReusedID(t *testing.T) {
	for name, tc := range map[string]struct {
		provider, body, other string
		more                  object
		want                  pipeline.Code
	}{
		"a token, with keys":        {"telegram", `{"update_id":7001,"message":{"text":"a"}}`, `{"update_id":7001,"message":{"text":"b"}}`, nil, pipeline.Quarantined},
		"a token, without keys":     {"telegram", `{"update_id":7001,"message":{"text":"a"}}`, `{"update_id":7001,"message":{"text":"b"}}`, object{"quarantine": object{}}, pipeline.Misconfigured},
		"a signature, without keys": {"stripe", `{"id":"e1","type":"a.b","data":1}`, `{"id":"e1","type":"a.b","data":2}`, object{"quarantine": object{}}, pipeline.Quarantined},
	} {
		t.Run(name, func(t *testing.T) {
			url, js := startNATS(t)
			config := edgeConfig(t, tc.provider, url, newSecret, tc.more)
			refuse(t, config, pipeline.Accepted, signed(t, tc.provider, newSecret, "e1", tc.body))
			refuse(t, config, tc.want, signed(t, tc.provider, newSecret, "e1", tc.other))
			if tc.want != pipeline.Quarantined {
				return
			}
			r := release(t, map[string][]byte{"webhook-edge": config})
			if got, err := r.Run(t.Context(), record(t, r, 1), Order{}); err != nil || got.Outcome.Code != pipeline.Accepted || len(events(t, js)) != 2 {
				t.Errorf("%+v, %v", got.Outcome, err)
			}
		})
	}
}

// TestHold_withoutKeysIsAFaultAtLoad loads routes that hold events back.
// TestRelease_bySinglePlugins holds in webhook-publish, which sees what webhook-verify
// proved and not how.
func TestRelease_bySinglePlugins(t *testing.T) {
	for name, tc := range map[string]struct {
		provider string
		sealed   bool
		held     bool
	}{
		"a token, sealed":       {"telegram", true, true},
		"a token":               {"telegram", false, false},
		"a signature":           {"stripe", false, true},
		"a signed URL, sealed":  {"twilio", true, true},
		"a signed URL, unknown": {"twilio", false, false},
	} {
		t.Run(name, func(t *testing.T) {
			url, js := startNATS(t)
			proof := func(secret string) []byte {
				url := ""
				if tc.provider == "twilio" {
					url = `,"public_url":"https://hooks.octo-corp.example/in"`
				}
				return []byte(fmt.Sprintf(`{"provider":%q,"secrets":[{"value":%q}]%s}`, tc.provider, secret, url))
			}
			set := object{"provider": tc.provider, "servers": []string{url}, "stream": object{"ensure": "create"}, "deadline_ms": 10000, "ack_timeout_ms": 8000}
			if tc.sealed {
				set["quarantine"] = object{"keys": []any{object{"id": "k1", "value": "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s="}}}
			}
			store, err := json.Marshal(set)
			if err != nil {
				t.Fatal(err)
			}
			body := `{"id":"e1","type":"a.b","update_id":7001,"x":1}`
			hold := func(body string, want pipeline.Code) {
				t.Helper()
				d := signed(t, tc.provider, oldSecret, "1", body)
				d.Verification = &pipeline.Verification{Provider: tc.provider, Scheme: lookupRow(t, tc.provider).Schemes[0].Name, SecretID: "1"}
				d.PublicURL = "" // which webhook-publish does not ask for
				run(t, "webhook-publish", store, want, d)
			}
			hold(body, pipeline.Accepted)
			if !tc.held {
				hold(strings.Replace(body, "1}", "2}", 1), pipeline.Misconfigured)
				return
			}
			hold(strings.Replace(body, "1}", "2}", 1), pipeline.Quarantined)
			r := release(t, map[string][]byte{"webhook-verify": proof(newSecret), "webhook-publish": store})
			got, err := r.Run(t.Context(), record(t, r, 1), Order{})
			if err != nil {
				t.Fatal(err)
			}
			if !tc.sealed { // the secret of then is needed
				if got.Outcome.Code != pipeline.SignatureInvalid {
					t.Errorf("with another secret: %s", got.Outcome.Code)
				}
				r = release(t, map[string][]byte{"webhook-verify": proof(oldSecret), "webhook-publish": store})
				if got, err = r.Run(t.Context(), record(t, r, 1), Order{}); err != nil {
					t.Fatal(err)
				}
			}
			if got.Outcome.Code != pipeline.Accepted || (got.Proved != nil) != tc.sealed || len(events(t, js)) != 2 {
				t.Errorf("%s: %v, by %+v", got.Outcome.Code, got.Outcome.Err, got.Proved)
			}
		})
	}
}

func lookupRow(t testing.TB, name string) *provider.Provider {
	t.Helper()
	row, ok := catalogue.Lookup(name)
	if !ok {
		t.Fatalf("no row %s", name)
	}
	return row
}

// run takes d through a plugin of the given config.
func run(t testing.TB, plugin string, config []byte, want pipeline.Code, d *pipeline.Delivery) {
	t.Helper()
	process, err := chain.Open(environment(t, received()), "test")
	if err != nil {
		t.Fatal(err)
	}
	defer process.Close()
	h, err := process.Build(plugin, config)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	if out := h.Chain.Run(t.Context(), d); out.Code != want {
		t.Fatalf("got %s: %v", out.Code, out.Err)
	}
}

// TestRelease_appendsToTheMessageID keeps the identity that normalize has made.
func TestRelease_appendsToTheMessageID(t *testing.T) {
	for name, tc := range map[string]struct{ key, want string }{
		"of the event":      {"", "github:1:release:rec"},
		"of another's form": {"route:1:0badc0de", "github:route:1:0badc0de:release:rec"},
	} {
		t.Run(name, func(t *testing.T) {
			d := &pipeline.Delivery{Items: []pipeline.Item{{Event: &event.Event{ID: "1", Provider: "github"}, Key: tc.key}}}
			a := adjust{record: &archive.Record{ID: "rec", Event: "1"}}
			if err := a.Handle(t.Context(), d); err != nil || d.Items[0].MsgID("") != tc.want {
				t.Errorf("got %q, %v", d.Items[0].MsgID(""), err)
			}
		})
	}
}

// TestRelease_findsTheHeldEventByItsPlace where its id is another one today.
func TestRelease_findsTheHeldEventByItsPlace(t *testing.T) {
	items := func(ids ...string) (all []pipeline.Item) {
		for i, id := range ids {
			all = append(all, pipeline.Item{Event: &event.Event{ID: id, Provider: "github", Subject: fmt.Sprint(i)}})
		}
		return all
	}
	for name, tc := range map[string]struct {
		record archive.Record
		items  []pipeline.Item
		want   string // subject, "" for none
	}{
		"the id":                          {archive.Record{Event: "b", Item: 2, Items: 3}, items("a", "b", "c"), "1"},
		"the id at another place":         {archive.Record{Event: "c", Item: 2, Items: 3}, items("a", "b", "c"), "2"},
		"an id that several have":         {archive.Record{Event: "a", Item: 3, Items: 3}, items("a", "a", "a"), "2"},
		"no such id, the place":           {archive.Record{Event: "x", Item: 2, Items: 3}, items("a", "b", "c"), "1"},
		"no such id, another number":      {archive.Record{Event: "x", Item: 2, Items: 2}, items("a", "b", "c"), ""},
		"no such id, no place known":      {archive.Record{Event: "x"}, items("a"), ""},
		"no such id, a place out of them": {archive.Record{Event: "x", Item: 9, Items: 1}, items("a"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := &pipeline.Delivery{Items: tc.items}
			err := (&adjust{record: &tc.record}).Handle(t.Context(), d)
			if tc.want == "" {
				if !errors.Is(err, ErrNoSuchEvent) {
					t.Errorf("got %v", err)
				}
				return
			}
			if err != nil || len(d.Items) != 1 || d.Items[0].Event.Subject != tc.want {
				t.Errorf("got %+v, %v", d.Items, err)
			}
		})
	}
}

// TestHold_keepsThePayloadEncrypted holds an event of each sender that encrypts, and looks
// for what it says in the record.
func TestHold_keepsThePayloadEncrypted(t *testing.T) {
	b := newBench(t)
	for name, secret := range map[string]string{"lark": "open_id", "wecom": "change_contact"} {
		row, _ := catalogue.Lookup(name)
		s := &sender{row: row, scheme: row.Schemes[0]}
		s.old = keyPairOf(t, row, &s.scheme, 0)
		for _, set := range row.Settings {
			s.settings = append(s.settings, object{"name": set.Name, "value": set.Example})
		}
		held, seq := b.keep(t, s, false)
		r, err := Open(sparse(t, received()), map[string][]byte{"webhook-edge": s.config(t, b.url, false, s.old)}, routeHosts)
		if err != nil {
			t.Fatal(err)
		}
		rec := record(t, r, seq)
		r.Close()
		kept, err := json.Marshal(rec)
		if err != nil {
			t.Fatal(err)
		}
		if !held[0].Event.Decrypted || !strings.Contains(string(held[0].Event.Data), secret) {
			t.Errorf("%s: the event is not decrypted: %s", name, held[0].Event.Data)
		}
		if strings.Contains(string(kept)+string(rec.Body), secret) {
			t.Errorf("%s: the record has the payload: %s %s", name, kept, rec.Body)
		}
	}
}
