package provider_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/provider/spec"
)

// unsignedIDs are rows with a long tolerance whose events are known by what nothing
// signs, each with what is left of a replay.
var unsignedIDs = map[string]string{
	"mercadopago": "no body is signed at all: the resource is asked for",
	"sanity":      "a captured delivery under another Idempotency-Key is another event for five minutes",
	"paypal":      "of the body the CRC-32 alone is signed: ask the API before money moves",
}

// TestTolerance_takesLateTries holds the rule of tolerances for every row that signs a
// time: it is as long as the retries where these may keep the time of the first try,
// or the row says why a shorter one refuses none.
func TestTolerance_takesLateTries(t *testing.T) {
	for _, p := range catalogue.All() {
		for _, s := range p.Schemes {
			if s.ToleranceSeconds == 0 {
				continue
			}
			if why := p.Retry.Time; why != "" && !strings.HasSuffix(why, ".") {
				t.Errorf("%s: no sentence: %q", p.Name, why)
			}
			if s.Tolerance() < p.Retry.Span && p.Retry.Time == "" {
				t.Errorf("%s/%s takes a time of %s and tries again for %s, and does not say why that refuses no late try", p.Name, s.Name, s.Tolerance(), p.Retry.Span)
			}
			if strings.Contains(p.Retry.Time, "as long as the retries") && s.Tolerance() < p.Retry.Span {
				t.Errorf("%s/%s: %s is not as long as the retries, %s", p.Name, s.Name, s.Tolerance(), p.Retry.Span)
			}
			if p.Retry.Span == 0 && p.Retry.Time == "" {
				t.Errorf("%s/%s signs a time, and says nothing of the time of a late try", p.Name, s.Name)
			}
		}
	}
}

// TestTolerance_longOneIsClosedByAnID holds what a long tolerance needs: an identity that
// makes a replay a duplicate, and no long one for times to come.
func TestTolerance_longOneIsClosedByAnID(t *testing.T) {
	for _, p := range catalogue.All() {
		c, err := p.Coverage("")
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range p.Schemes {
			if s.Tolerance() <= time.Hour && !strings.Contains(p.Retry.Time, "as long as the retries") {
				continue
			}
			if s.Ahead() > time.Hour {
				t.Errorf("%s/%s takes a time of %s to come", p.Name, s.Name, s.Ahead())
			}
			signed := p.Identity.Content || len(idPlaces(p)) > 0 && !slices.ContainsFunc(idPlaces(p), func(text string) bool {
				return slices.ContainsFunc(strings.Split(text, " + "), func(at string) bool { return slices.Contains(c.Places, at) })
			})
			if (signed && !p.Identity.None) == (unsignedIDs[p.Name] != "") {
				t.Errorf("%s: its events are known by what is signed: %t, and unsignedIDs says %q", p.Name, signed, unsignedIDs[p.Name])
			}
		}
	}
	if spec.MaxTolerance != 7*24*time.Hour {
		t.Errorf("the longest tolerance is %s", spec.MaxTolerance)
	}
}
