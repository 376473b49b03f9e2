package event_test

import (
	"errors"
	"testing"

	"webhookedge/plugins/event"
)

func TestObjectRef_roundTrip(t *testing.T) {
	for ref, want := range map[string][2]string{
		"nats-object://WEBHOOKS/github/ab-cd":  {"WEBHOOKS", "github/ab-cd"},
		"nats-object://B_1/with%20space%3Fand": {"B_1", "with space?and"},
	} {
		if got := event.ObjectRef(want[0], want[1]); got != ref {
			t.Errorf("%q is written as %s, want %s", want, got, ref)
		}
		bucket, name, err := event.ParseObjectRef(ref)
		if err != nil || bucket != want[0] || name != want[1] {
			t.Errorf("%s reads as %q %q %v", ref, bucket, name, err)
		}
	}
	for name, ref := range map[string]string{
		"nothing": "", "another scheme": "https://WEBHOOKS/x", "no bucket": "nats-object:///x", "no name": "nats-object://WEBHOOKS/",
		"a user": "nats-object://u@WEBHOOKS/x", "a query": "nats-object://WEBHOOKS/x?y", "no URL": "nats-object://%zz/x",
	} {
		if _, _, err := event.ParseObjectRef(ref); !errors.Is(err, event.ErrDataRef) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
