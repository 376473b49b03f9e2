// Package pick reads what a command line picks stored records by: points in time
// and sequences.
package pick

import (
	"fmt"
	"strconv"
	"time"
)

// Moment reads a point in time: RFC 3339, or a duration before now such as 2h30m.
// "" is the zero time.
func Moment(flag, text string, now time.Time) (time.Time, error) {
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

// Sequences reads the sequences that a command was given.
func Sequences(args []string) ([]uint64, error) {
	var all []uint64
	for _, arg := range args {
		seq, err := strconv.ParseUint(arg, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("%q is no sequence: `quarantine ls` lists them", arg)
		}
		all = append(all, seq)
	}
	return all, nil
}
