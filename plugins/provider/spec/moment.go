package spec

import (
	"strconv"
	"strings"
	"time"
)

// ParseMoment reads a time that a delivery tells, which may be in more spellings
// than a signed one.
func ParseMoment(text string, unit Unit) (time.Time, bool) {
	switch unit {
	case Fraction:
		return parseFraction(text)
	case DateTime:
		return parseDateTime(text)
	}
	return ParseTime(text, unit)
}

// parseFraction reads seconds with a fraction of any number of digits, of which
// nine count.
func parseFraction(text string) (time.Time, bool) {
	whole, fraction, has := strings.Cut(text, ".")
	t, ok := ParseTime(whole, Seconds)
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

// ParseTime reads a timestamp. Digits only: no sign, no blank, no exponent.
func ParseTime(text string, unit Unit) (time.Time, bool) {
	if !unit.IsNumber() {
		return parseText(text, unit)
	}
	// A zero in front would be a second spelling, with which the time could take a
	// digit of what stands before it in the signed text.
	if text == "" || len(text) > 15 || len(text) > 1 && text[0] == '0' {
		return time.Time{}, false
	}
	n, err := strconv.ParseUint(text, 10, 63) // takes no sign
	if err != nil {
		return time.Time{}, false
	}
	t := time.Unix(int64(n), 0).UTC()
	switch {
	case unit == Milliseconds, unit == EitherUnit && len(text) >= 12:
		t = time.UnixMilli(int64(n)).UTC()
	case unit == Fraction:
		return time.Time{}, false
	}
	return t, plausible(t)
}

// parseText reads a timestamp that is no number.
func parseText(text string, unit Unit) (time.Time, bool) {
	switch unit {
	case RFC3339:
		t, err := time.Parse(time.RFC3339Nano, text)
		return t.UTC(), err == nil && plausible(t)
	case RFC3339UTC:
		t, err := time.Parse("2006-01-02T15:04:05", strings.TrimSuffix(text, "Z"))
		return t, err == nil && plausible(t)
	case HTTPDate:
		t, err := time.Parse(httpDate, text)
		return t, err == nil && t.Format(httpDate) == text // the parser takes another day of the week
	}
	return time.Time{}, false
}

// httpDate is http.TimeFormat, whose package is for more than its formats.
const httpDate = "Mon, 02 Jan 2006 15:04:05 GMT"

// plausible keeps times that RFC 3339 can write.
func plausible(t time.Time) bool { return t.Year() >= 1 && t.Year() <= 9999 }

// FormatTime writes a time as ParseMoment reads it.
func FormatTime(t time.Time, unit Unit) string {
	switch unit {
	case Milliseconds:
		return strconv.FormatInt(t.UnixMilli(), 10)
	case RFC3339:
		return t.UTC().Format(time.RFC3339Nano)
	case RFC3339UTC:
		return t.UTC().Format("2006-01-02T15:04:05.999999999")
	case HTTPDate:
		return t.UTC().Format(httpDate)
	case DateTime:
		return t.UTC().Format(time.DateTime)
	}
	return strconv.FormatInt(t.Unix(), 10)
}
