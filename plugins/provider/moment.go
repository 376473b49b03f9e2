package provider

import (
	"strings"
	"time"
)

// parseMoment reads a time that a delivery tells, which may be in more spellings
// than a signed one.
func parseMoment(text string, unit Unit) (time.Time, bool) {
	switch unit {
	case Fraction:
		return parseFraction(text)
	case DateTime:
		return parseDateTime(text)
	}
	return parseTime(text, unit)
}

// parseFraction reads seconds with a fraction of any number of digits, of which
// nine count.
func parseFraction(text string) (time.Time, bool) {
	whole, fraction, has := strings.Cut(text, ".")
	t, ok := parseTime(whole, Seconds)
	if !ok || has && fraction == "" || len(fraction) > 30 {
		return time.Time{}, false
	}
	unit := time.Second
	for i := range len(fraction) {
		if fraction[i] < '0' || fraction[i] > '9' {
			return time.Time{}, false
		}
		unit /= 10
		t = t.Add(unit * time.Duration(fraction[i]-'0'))
	}
	return t, true
}

// parseDateTime reads what ISO 8601 lets pass beside RFC 3339. Rows say so only
// where the provider documents that a time without a zone is in UTC.
func parseDateTime(text string) (time.Time, bool) {
	if len(text) > len("2006-01-02") && text[len("2006-01-02")] == ' ' {
		text = text[:len("2006-01-02")] + "T" + text[len("2006-01-02 "):]
	}
	text = strings.TrimSuffix(text, " UTC")
	for _, layout := range [...]string{time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05 Z0700", "2006-01-02T15:04:05"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC(), plausible(t)
		}
	}
	return time.Time{}, false
}
