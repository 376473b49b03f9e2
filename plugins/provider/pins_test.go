package provider_test

import (
	"errors"
	"maps"
	"testing"

	"webhookedge/plugins/provider"
)

// TestPins_anotherCustomersDeliveryIsRefused has deliveries of senders that sign for all
// their customers with one key, made for somebody else.
func TestPins_anotherCustomersDeliveryIsRefused(t *testing.T) {
	seen := 0
	cases(t, func(t *testing.T, c *scheme) {
		for _, s := range c.row.Settings {
			if !s.Pins || s.Default != "" {
				continue
			}
			seen++
			theirs := *c
			theirs.settings = maps.Clone(c.settings)
			theirs.settings[s.Name] += "7"
			if _, err := c.verify(c.verifier(t), theirs.sign(t, at(), c.pair.Private), at()); err == nil {
				t.Errorf("%s of somebody else is taken", s.Name)
			}
			without := maps.Clone(c.settings)
			delete(without, s.Name)
			if err := c.row.Unpinned(without); !errors.Is(err, provider.ErrOption) {
				t.Errorf("a route without %s: %v", s.Name, err)
			}
		}
	})
	if seen < 3 {
		t.Errorf("%d schemes pin a setting, and SNS, Kick and fal do", seen)
	}
}
