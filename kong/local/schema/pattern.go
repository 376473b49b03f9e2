package schema

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/yuin/gopher-lua/pm"
)

// errPattern is a Lua pattern that is malformed or not supported.
var errPattern = errors.New("malformed or unsupported Lua pattern")

// The matcher counts no steps, so what it gets is bounded: bytes of a pattern
// and of a subject, repetitions and captures of a pattern.
const (
	maxPattern     = 256
	maxSubject     = 4096
	maxRepetitions = 8
	maxCaptures    = 32 // Lua's own bound
)

var (
	// luaPattern holds what the matcher reads as Lua does: no frontier (%f), no
	// back reference, no lone %, and in a set no range that a class or another
	// range is an end of.
	luaPattern = regexp.MustCompile(`^(?s:%b..|%[^bf0-9]|\[\^?[\]-]?(?:%.|[^%\]-]-[^%\]-]|[^%\]-])*-?\]|[^%\[])*$`)
	// luaLiteral is where *, +, ? and - repeat nothing.
	luaLiteral = regexp.MustCompile(`(?s)%b..|%.|\[\^?\]?(?:%.|[^%\]])*\]`)
)

// matches says whether a Lua pattern matches anywhere in s. A pattern that
// checkPattern refuses and a subject of more than maxSubject bytes do not.
//
// Source: Lua 5.1 Reference Manual, section 5.4.1.
func matches(s, pattern string) bool {
	if len(s) > maxSubject || checkPattern(pattern) != nil {
		return false
	}
	found, err := find(s, pattern)
	return found && err == nil
}

// checkPattern finds what matches could not cope with.
func checkPattern(p string) error {
	bare := luaLiteral.ReplaceAllString(p, "x")
	repeats := len(bare) - len(strings.NewReplacer("*", "", "+", "", "?", "", "-", "").Replace(bare))
	if len(p) > maxPattern || repeats > maxRepetitions || strings.Count(bare, "(") > maxCaptures || !luaPattern.MatchString(p) {
		return errPattern
	}
	_, err := find("", p)
	return err
}

func find(s, pattern string) (found bool, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("%w: %v", errPattern, v)
		}
	}()
	all, err := pm.Find(pattern, []byte(s), 0, 1)
	return len(all) > 0, err
}
