// Package text holds what several packages ask of short texts that others wrote.
package text

import "strings"

// Printable replaces what has no place in a header line or on a terminal by
// question marks.
func Printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, s)
}

// IsName says whether s can be the name of a stream or a token of a subject:
// letters, digits, _ and - of ASCII, and not empty.
func IsName(s string) bool {
	odd := func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_' && r != '-'
	}
	return s != "" && !strings.ContainsFunc(s, odd)
}
