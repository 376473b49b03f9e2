package event_test

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"testing"
	"time"

	"webhookedge/plugins/event"
)

func sample() event.Event {
	return event.Event{
		ID: "72d3162e-cc78-11e3-81ab-4c9367dc0958", Source: "/webhooks/github/octo-corp", Provider: "github",
		Type: "pull_request", Action: "opened", Subject: "octo-corp/hello",
		Time:            time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC),
		DataContentType: "application/json", Tenant: "octo-corp", RequestID: "5f2c1d",
		ReceivedAt:   time.Date(2026, 3, 1, 12, 0, 1, 20_000_000, time.UTC),
		Verification: "sha256", SecretID: "1",
		TraceParent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
		Data:        []byte(`{"action":"opened","n":1.0,"s":"\u00e9"}`),
	}
}

func TestFullType(t *testing.T) {
	tests := map[string]struct {
		event event.Event
		want  string
	}{
		"with an action":      {event.Event{Provider: "github", Type: "push", Action: "x"}, "github.push.x"},
		"without an action":   {event.Event{Provider: "github", Type: "push"}, "github.push"},
		"dots of a type stay": {event.Event{Provider: "stripe", Type: "charge.dispute", Action: "created"}, "stripe.charge.dispute.created"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := tt.event.FullType(); got != tt.want {
				t.Errorf("FullType() = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestValidate(t *testing.T) {
	whole := sample()
	if err := whole.Validate(); err != nil {
		t.Errorf("a whole event: %v", err)
	}
	tests := map[string]func(*event.Event){
		"id":       func(e *event.Event) { e.ID = "" },
		"source":   func(e *event.Event) { e.Source = "" },
		"provider": func(e *event.Event) { e.Provider = "" },
		"type":     func(e *event.Event) { e.Type = "" },
	}
	for name, spoil := range tests {
		t.Run(name+" missing", func(t *testing.T) {
			e := sample()
			spoil(&e)
			err := e.Validate()
			if !errors.Is(err, event.ErrIncomplete) || err.Error() != event.ErrIncomplete.Error()+": "+name {
				t.Errorf("Validate() = %v, want ErrIncomplete naming %s", err, name)
			}
		})
	}
}

func TestFallbackID_hashesLengthPrefixedParts(t *testing.T) {
	want := fmt.Sprintf("%x", sha256.Sum256([]byte(
		"\x00\x00\x00\x00\x00\x00\x00\x06github\x00\x00\x00\x00\x00\x00\x00\x01r\x00\x00\x00\x00\x00\x00\x00\x02{}")))
	if got := event.FallbackID([]byte("{}"), "github", "r"); got != want {
		t.Errorf("FallbackID = %s, want %s", got, want)
	}
}

func TestFallbackID_keepsPartsApart(t *testing.T) {
	seen := map[string][3]string{}
	for _, parts := range [][3]string{
		{"ab", "c", "d"}, {"a", "bc", "d"}, {"a", "b", "cd"}, {"", "abcd", ""}, {"abcd", "", ""}, {"", "", "abcd"},
	} {
		id := event.FallbackID([]byte(parts[2]), parts[0], parts[1])
		if other, ok := seen[id]; ok {
			t.Errorf("%q and %q share the id %s", parts, other, id)
		}
		seen[id] = parts
	}
}
