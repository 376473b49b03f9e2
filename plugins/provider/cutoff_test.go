package provider_test

import (
	"regexp"
	"testing"

	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/provider/spec"
)

// TestCutoff_isThereWhereTheProseHasFigures reads what rows say of endpoints that their
// provider switches off.
func TestCutoff_isThereWhereTheProseHasFigures(t *testing.T) {
	// With a number of failures, a share or a time: in digits, or in words before what is
	// counted.
	ends := regexp.MustCompile(`(?i)\b(disabl|deactivat|suspend)`)
	figure := regexp.MustCompile(`(?i)\b(\d+|three|four|five|six|ten|a day) (days|%|failed events|failures|drops|4xx)|\ba day without|[Tt]hen the (webhook|subscription) is `)
	with := 0
	for _, row := range catalogue.All() {
		if c := row.Cutoff; c != (spec.Cutoff{}) {
			with++
			if c.Failures < 0 || c.Percent < 0 || c.Percent > 100 || c.Span < 0 || c.Percent > 0 && (c.Span == 0 || c.Failures > 0) || c.Failures == 0 && c.Span == 0 {
				t.Errorf("%s: %+v", row.Name, c)
			}
			continue
		}
		for _, text := range append([]string{row.Retry.Note, row.On429}, append(row.Unsure, row.Pitfalls...)...) {
			if ends.MatchString(text) && figure.MatchString(text) {
				t.Errorf("%s has no Cutoff, and says %q", row.Name, text)
			}
		}
	}
	if with < 30 {
		t.Errorf("%d rows have one", with)
	}
}
