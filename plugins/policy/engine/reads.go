package engine

import (
	"cmp"
	"iter"
	"maps"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Read is one place of a policy that reads the input.
type Read struct {
	// Path is what is read, with all below it, as names from input on: event, type.
	Path []string
	Rule string // data.webhook.route.decision
	File string
	Row  int
	Text string // input.data[name], as the compiler sees it
}

// Name returns the path as Rego writes it: input.data.ref, input.data["a.b"].
func (r Read) Name() string {
	ref := ast.Ref{ast.InputRootDocument}
	for _, name := range r.Path {
		ref = append(ref, ast.StringTerm(name))
	}
	return ref.String()
}

// Whole reports whether the read needs the whole payload.
func (r Read) Whole() bool {
	return len(r.Path) == 0 || len(r.Path) == 1 && r.Path[0] == "data"
}

// Payload returns the names that lead to what is read of the payload, and false where none
// of it is.
func (r Read) Payload() (path []string, ok bool) {
	if len(r.Path) == 0 {
		return nil, true
	}
	return r.Path[1:], r.Path[0] == "data"
}

// reads returns where the rules behind entry read the input, by path, file and row.
func reads(c *ast.Compiler, entry ast.Ref) []Read {
	var found []Read
	for rule := range behind(c, entry) {
		w := readWalker{rule: rule}
		w.walk(rule)
		found = append(found, w.found...)
	}
	slices.SortFunc(found, func(a, b Read) int {
		return cmp.Or(slices.Compare(a.Path, b.Path), cmp.Compare(a.File, b.File), cmp.Compare(a.Row, b.Row), cmp.Compare(a.Text, b.Text))
	})
	return slices.CompactFunc(found, func(a, b Read) bool {
		return slices.Equal(a.Path, b.Path) && a.Rule == b.Rule && a.File == b.File && a.Row == b.Row && a.Text == b.Text
	})
}

func behind(c *ast.Compiler, entry ast.Ref) iter.Seq[*ast.Rule] {
	return maps.Keys(Reachable(c, c.GetRulesDynamicWithOpts(entry, ast.RulesOptions{IncludeHiddenModules: true})))
}

// Reachable returns the rules that an evaluation of entries can come to, and them.
func Reachable(c *ast.Compiler, entries []*ast.Rule) map[*ast.Rule]bool {
	seen := map[*ast.Rule]bool{}
	queue := slices.Clone(entries)
	for len(queue) > 0 {
		rule := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		if seen[rule] {
			continue
		}
		seen[rule] = true
		if rule.Else != nil {
			queue = append(queue, rule.Else) // the graph has it with who asks for rule
		}
		for dep := range c.Graph.Dependencies(rule) {
			if next, ok := dep.(*ast.Rule); ok {
				queue = append(queue, next)
			}
		}
	}
	return seen
}

type readWalker struct {
	rule  *ast.Rule
	found []Read
}

func (w *readWalker) walk(x any) {
	ast.NewGenericVisitor(func(x any) bool {
		term, ok := x.(*ast.Term)
		if !ok {
			return false
		}
		switch v := term.Value.(type) {
		case ast.Var:
			if v.Equal(ast.InputRootDocument.Value) {
				w.add(ast.Ref{term}, term.Location)
			}
		case ast.Ref:
			if v[0].Equal(ast.InputRootDocument) {
				w.add(v, term.Location)
			} else {
				w.walk(v[0])
			}
			for _, inner := range v[1:] {
				w.walk(inner)
			}
			return true
		}
		return false
	}).Walk(x)
}

// add takes the names up to the first unknown one or index: an array is taken whole.
func (w *readWalker) add(ref ast.Ref, at *ast.Location) {
	r := Read{Rule: w.rule.Ref().String(), Text: ref.String()}
	if at == nil {
		at = w.rule.Location
	}
	if at != nil {
		r.File, r.Row = at.File, at.Row
	}
	for _, term := range ref[1:] {
		name, ok := term.Value.(ast.String)
		if !ok {
			break
		}
		r.Path = append(r.Path, string(name))
	}
	w.found = append(w.found, r)
}

// plan is the tree of what is read.
type plan struct {
	key  *ast.Term // the name that leads here
	all  bool
	next map[string]*plan
}

func newPlan(all []Read) *plan {
	root := &plan{}
	for _, r := range all {
		at := root
		for _, name := range r.Path {
			if at.next == nil {
				at.next = map[string]*plan{}
			}
			if at.next[name] == nil {
				at.next[name] = &plan{key: ast.StringTerm(name)}
			}
			at = at.next[name]
		}
		at.all = true
	}
	return root
}

// at returns what is read under a name, nil when nothing is.
func (p *plan) at(name string) *plan {
	switch {
	case p == nil:
		return nil
	case p.all:
		return p
	default:
		return p.next[name]
	}
}
