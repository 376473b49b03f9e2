package schema

import (
	"errors"
	"strings"
)

// errPattern is a Lua pattern that is malformed or not supported: positions and
// back references are not.
var errPattern = errors.New("malformed Lua pattern")

// maxSteps bounds one match, for patterns that backtrack without end.
const maxSteps = 1 << 20

// Match says whether a Lua pattern matches anywhere in s. A malformed pattern,
// and one that takes too many steps, matches nothing.
//
// Source: Lua 5.1 Reference Manual, section 5.4.1.
func Match(s, pattern string) bool {
	if checkPattern(pattern) != nil {
		return false
	}
	pattern, anchored := strings.CutPrefix(pattern, "^")
	m := &matcher{s: s, p: pattern, steps: maxSteps}
	for at := 0; at <= len(s); at++ {
		if m.match(at, 0) {
			return true
		}
		if anchored {
			return false
		}
	}
	return false
}

// checkPattern finds what Match could not cope with.
func checkPattern(p string) error {
	depth := 0
	for i := 0; i < len(p); {
		switch {
		case p[i] == '(':
			depth++
			i++
		case p[i] == ')':
			depth--
			i++
		case p[i] == '%' && i+1 < len(p) && p[i+1] >= '0' && p[i+1] <= '9':
			return errPattern
		case p[i] == '%' && i+1 < len(p) && p[i+1] == 'b':
			if i += 4; i > len(p) {
				return errPattern
			}
		case p[i] == '%' && i+1 < len(p) && p[i+1] == 'f':
			if i += 2; i >= len(p) || p[i] != '[' {
				return errPattern
			}
		default:
			end := classEnd(p, i)
			if end < 0 {
				return errPattern
			}
			i = end
		}
		if depth < 0 {
			return errPattern
		}
	}
	if depth != 0 {
		return errPattern
	}
	return nil
}

// classEnd returns where the single-character class at i ends, -1 if it does
// not.
func classEnd(p string, i int) int {
	switch p[i] {
	case '%':
		if i+1 >= len(p) {
			return -1
		}
		return i + 2
	case '[':
		i++
		if i < len(p) && p[i] == '^' {
			i++
		}
		for first := true; ; first = false {
			if i >= len(p) {
				return -1
			}
			if p[i] == ']' && !first {
				return i + 1
			}
			if p[i] == '%' {
				i++
			}
			i++
		}
	}
	return i + 1
}

type matcher struct {
	s, p  string
	steps int
}

// match says whether the pattern from pi on matches at si. Captures do not
// matter for whether it does, so parentheses are passed over.
func (m *matcher) match(si, pi int) bool {
	for pi < len(m.p) && (m.p[pi] == '(' || m.p[pi] == ')') {
		pi++
	}
	if m.steps--; m.steps < 0 {
		return false
	}
	if pi >= len(m.p) {
		return true
	}
	switch {
	case m.p[pi] == '$' && pi+1 == len(m.p):
		return si == len(m.s)
	case m.p[pi] == '%' && m.p[pi+1] == 'b':
		end := m.balanced(si, m.p[pi+2], m.p[pi+3])
		return end >= 0 && m.match(end, pi+4)
	case m.p[pi] == '%' && m.p[pi+1] == 'f':
		end := classEnd(m.p, pi+2)
		return m.frontier(si, m.p[pi+2:end]) && m.match(si, end)
	}
	end := classEnd(m.p, pi)
	class := m.p[pi:end]
	if end < len(m.p) {
		switch m.p[end] {
		case '?':
			return m.single(si, class) && m.match(si+1, end+1) || m.match(si, end+1)
		case '*':
			return m.greedy(si, class, 0, end+1)
		case '+':
			return m.greedy(si, class, 1, end+1)
		case '-':
			return m.lazy(si, class, end+1)
		}
	}
	return m.single(si, class) && m.match(si+1, end)
}

func (m *matcher) greedy(si int, class string, least, rest int) bool {
	n := 0
	for m.single(si+n, class) {
		n++
	}
	for ; n >= least; n-- {
		if m.match(si+n, rest) {
			return true
		}
	}
	return false
}

func (m *matcher) lazy(si int, class string, rest int) bool {
	for ; ; si++ {
		if m.match(si, rest) {
			return true
		}
		if !m.single(si, class) {
			return false
		}
	}
}

func (m *matcher) balanced(si int, open, closing byte) int {
	if si >= len(m.s) || m.s[si] != open {
		return -1
	}
	depth := 1
	for i := si + 1; i < len(m.s); i++ {
		switch m.s[i] {
		case closing:
			if depth--; depth == 0 {
				return i + 1
			}
		case open:
			depth++
		}
	}
	return -1
}

func (m *matcher) frontier(si int, set string) bool {
	var before, after byte
	if si > 0 {
		before = m.s[si-1]
	}
	if si < len(m.s) {
		after = m.s[si]
	}
	return !inSet(before, set) && inSet(after, set)
}

func (m *matcher) single(si int, class string) bool {
	if si >= len(m.s) {
		return false
	}
	c := m.s[si]
	switch class[0] {
	case '.':
		return true
	case '%':
		return inClass(c, class[1])
	case '[':
		return inSet(c, class)
	}
	return c == class[0]
}

func inSet(c byte, set string) bool {
	set = set[1 : len(set)-1]
	set, negated := strings.CutPrefix(set, "^")
	for i := 0; i < len(set); i++ {
		switch {
		case set[i] == '%' && i+1 < len(set):
			i++
			if inClass(c, set[i]) {
				return !negated
			}
		case i+2 < len(set) && set[i+1] == '-':
			if set[i] <= c && c <= set[i+2] {
				return !negated
			}
			i += 2
		case set[i] == c:
			return !negated
		}
	}
	return negated
}

// inClass is C's ctype in the "C" locale; an upper-case class is the opposite.
func inClass(c, class byte) bool {
	var in bool
	switch class | 0x20 {
	case 'a':
		in = isAlpha(c)
	case 'd':
		in = c >= '0' && c <= '9'
	case 'l':
		in = c >= 'a' && c <= 'z'
	case 'u':
		in = c >= 'A' && c <= 'Z'
	case 's':
		in = c == ' ' || c >= '\t' && c <= '\r'
	case 'w':
		in = isAlpha(c) || c >= '0' && c <= '9'
	case 'x':
		in = c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f'
	case 'p':
		in = c > ' ' && c < 0x7f && !isAlpha(c) && (c < '0' || c > '9')
	case 'c':
		in = c < ' ' || c == 0x7f
	case 'z':
		in = c == 0
	default:
		return c == class
	}
	if class >= 'A' && class <= 'Z' {
		return !in
	}
	return in
}

func isAlpha(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
