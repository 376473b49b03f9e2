package table

import (
	"strings"
	"time"

	"webhookedge/plugins/streams/archive"
)

// Cell shortens a text in its middle: its ends tell it from others. What a terminal could
// act on is escaped, since senders chose the text.
func Cell(text string, width int) string {
	shown := []rune(strings.ReplaceAll(archive.Escape(text), "\t", `\t`))
	if len(shown) <= width {
		return string(shown)
	}
	head := width / 2
	return string(shown[:head]) + "…" + string(shown[len(shown)-(width-head-1):])
}

// Clock is the time of day of what is younger than a day, else the date, in UTC.
func Clock(at time.Time) string {
	if time.Since(at) < 24*time.Hour {
		return at.UTC().Format(time.TimeOnly)
	}
	return at.UTC().Format("02 Jan")
}
