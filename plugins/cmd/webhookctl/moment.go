package main

import (
	"fmt"
	"time"
)

// moment reads a point in time: RFC 3339, or a duration before now such as 2h30m.
// "" is the zero time.
func moment(flag, text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t, nil
	}
	ago, err := time.ParseDuration(text)
	if err != nil || ago < 0 {
		return time.Time{}, fmt.Errorf("--%s: %q is neither a time such as 2025-06-12T10:00:00Z nor a duration before now such as 2h", flag, text)
	}
	return now.Add(-ago), nil
}
