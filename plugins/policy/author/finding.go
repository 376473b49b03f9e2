package author

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"webhookedge/plugins/internal/config"
	"webhookedge/plugins/policy/engine"
)

// Finding is one thing that is wrong in a policy, or looks like it.
type Finding struct {
	File string `json:"file"`
	Row  int    `json:"row,omitempty"` // from 1; 0 where it is the file as a whole
	// Code is OPA's code of an error, such as rego_type_error, or our name of a trap or check.
	Code string `json:"code"`
	// Message may have several lines; those after the first are indented.
	Message string `json:"message"`
	// Warning marks what runs all the same.
	Warning bool `json:"warning,omitempty"`
}

// String returns file:row: code: message.
func (f Finding) String() string {
	at := f.File
	if f.Row > 0 {
		at = fmt.Sprintf("%s:%d", f.File, f.Row)
	}
	kind := f.Code
	if f.Warning {
		kind = "warning: " + f.Code
	}
	return fmt.Sprintf("%s: %s: %s", at, kind, strings.ReplaceAll(f.Message, "\n", "\n\t"))
}

// Findings are what is wrong, in the order of files and rows.
type Findings []Finding

// Errors reports whether anything in f keeps the policy from running as meant.
func (f Findings) Errors() bool {
	return slices.ContainsFunc(f, func(x Finding) bool { return !x.Warning })
}

func (f Findings) sorted() Findings {
	slices.SortStableFunc(f, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Row, b.Row), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Message, b.Message))
	})
	return slices.Compact(f)
}

// explain turns an error of the engine into findings; about dir where it has no place.
func explain(err error, dir string) Findings {
	if err == nil {
		return nil
	}
	var found Findings
	for _, each := range config.Lines(err) {
		var faults engine.Faults
		var data *engine.DataFault
		switch {
		case errors.As(each, &faults):
			for _, fault := range faults {
				found = append(found, fromFault(fault))
			}
		case errors.As(each, &data):
			found = append(found, Finding{File: data.File, Row: data.Row, Code: "data", Message: data.Message})
		default:
			found = append(found, Finding{File: dir, Code: "policy", Message: each.Error()})
		}
	}
	return found
}

func fromFault(fault *ast.Error) Finding {
	f := Finding{Code: fault.Code, Message: fault.Message}
	if fault.Location != nil {
		f.File, f.Row = fault.Location.File, fault.Location.Row
	}
	if fault.Details != nil {
		if lines := fault.Details.Lines(); len(lines) > 0 {
			f.Message += "\n" + strings.Join(lines, "\n")
		}
	}
	return f
}
