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

// Columns is the width of a terminal that nobody made wider.
const Columns = 80

// Wrap breaks a line between words into lines of at most Columns bytes, all but the first
// of which begin with hang. A longer word stays whole.
func Wrap(line, hang string) (lines []string) {
	for len(line) > Columns {
		cut := strings.LastIndexByte(line[:Columns+1], ' ')
		if cut <= len(hang) {
			more := strings.IndexByte(line[Columns:], ' ')
			if more < 0 {
				break
			}
			cut = Columns + more
		}
		lines = append(lines, line[:cut])
		line = hang + line[cut+1:]
	}
	return append(lines, line)
}
