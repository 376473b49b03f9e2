package engine

import (
	"errors"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// ErrCompile is a policy that has faults; the error that is it is of type Faults.
var ErrCompile = errors.New("policy does not compile")

// Faults are errors of the parser, compiler and type checker, by file and line.
type Faults []*ast.Error

// FaultsOf takes the errors of a compiler, and explains functions that are switched off.
func FaultsOf(errs ast.Errors) Faults {
	off := SwitchedOff()
	f := make(Faults, 0, len(errs))
	for _, fault := range errs {
		if name, ok := strings.CutPrefix(fault.Message, "undefined function "); ok && slices.Contains(off, name) {
			hinted := *fault
			hinted.Message += ": it is switched off unless the setting builtins names it"
			fault = &hinted
		}
		f = append(f, fault)
	}
	return f
}

// Error has a line file:line: code: message for each fault; further lines of one,
// such as the keys that exist, are indented.
func (f Faults) Error() string {
	lines := make([]string, 0, len(f))
	for _, fault := range f {
		lines = append(lines, fault.Error())
	}
	return strings.Join(lines, "\n")
}

// Is makes every Faults an ErrCompile.
func (f Faults) Is(target error) bool { return target == ErrCompile }

// explain turns an error of OPA's into Faults where it is one of those.
func explain(err error) error {
	var many ast.Errors
	var one *ast.Error
	switch {
	case errors.As(err, &many):
		return FaultsOf(many)
	case errors.As(err, &one):
		return Faults{one}
	default:
		return err
	}
}
