package author

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"webhookedge/plugins/policy/engine"
)

// entries are the rules asked for from outside: decisions and annotated entrypoints.
func (p *Project) entries() []*ast.Rule {
	c := p.policy.Compiler()
	var found []*ast.Rule
	for _, decision := range p.decisions {
		found = append(found, c.GetRulesExact(decision)...)
	}
	for _, m := range c.Modules {
		for _, a := range m.Annotations {
			if a.Entrypoint {
				found = append(found, c.GetRulesExact(a.GetTargetPath())...)
			}
		}
	}
	return found
}

func (p *Project) packagePaths() Findings {
	var found Findings
	told := map[string]bool{}
	p.rules("package-path", func(rule *ast.Rule) {
		file, pkg := rule.Location.File, rule.Module.Package
		want := filepath.Join(append([]string{p.Dir}, names(pkg.Path[1:])...)...)
		if filepath.Dir(file) == want || told[file] {
			return
		}
		told[file] = true
		what := fmt.Sprintf("the package %s is not in %s", strings.Join(names(pkg.Path[1:]), "."), want)
		if top := topOf(filepath.Dir(file), names(pkg.Path[1:])); top != "" {
			what = fmt.Sprintf("%s is inside the folder of the policies, which is %s", p.Dir, top)
		}
		found = append(found, place(pkg.Location, what))
	})
	return found
}

// topOf is the folder under which a package lies where it should, "" for none.
func topOf(folder string, pkg []string) string {
	whole, err := filepath.Abs(folder)
	if err != nil {
		return ""
	}
	top, ok := strings.CutSuffix(filepath.ToSlash(whole), "/"+strings.Join(pkg, "/"))
	if !ok {
		return ""
	}
	return filepath.FromSlash(top)
}

func (p *Project) unused() Findings {
	used := engine.Reachable(p.policy.Compiler(), p.entries())
	var found Findings
	told := map[string]bool{}
	p.rules("unused", func(rule *ast.Rule) {
		if name := rule.Ref().String(); !used[rule] && !told[name] {
			told[name] = true
			found = append(found, place(rule.Location, name))
		}
	})
	return found
}

// byEntry calls fn with the rules of every entry that does not ignore the trap.
func (p *Project) byEntry(trap string, fn func(name string, rules []*ast.Rule) []Finding) Findings {
	entries := p.entries()
	groups := map[string][]*ast.Rule{}
	p.rules(trap, func(rule *ast.Rule) {
		if slices.Contains(entries, rule) {
			groups[rule.Ref().String()] = append(groups[rule.Ref().String()], rule)
		}
	})
	var found Findings
	for name, rules := range groups {
		found = append(found, fn(name, rules)...)
	}
	return found
}

func (p *Project) missingDefault() Findings {
	return p.byEntry("missing-default", func(name string, rules []*ast.Rule) []Finding {
		for _, rule := range rules {
			if rule.Default || always(rule) {
				return nil
			}
		}
		return []Finding{place(rules[0].Location, name)}
	})
}

func (p *Project) defaultAllows() Findings {
	return p.byEntry("default-allows", func(name string, rules []*ast.Rule) []Finding {
		var found []Finding
		for _, rule := range rules {
			if !rule.Default || rule.Head.Value == nil {
				continue
			}
			decision, ok := rule.Head.Value.Value.(ast.Object)
			if !ok {
				continue
			}
			if allow := decision.Get(ast.StringTerm("allow")); allow == nil || allow.Value.Compare(ast.Boolean(false)) != 0 {
				found = append(found, place(rule.Location, name))
			}
		}
		return found
	})
}

// always reports whether a rule has a value whatever the input is.
func always(rule *ast.Rule) bool {
	for ; rule != nil; rule = rule.Else {
		if unconditional(rule.Body) {
			return true
		}
	}
	return false
}

// unconditional bodies are what the parser puts where there is none: true.
func unconditional(body ast.Body) bool {
	if len(body) != 1 || body[0].Negated || len(body[0].With) > 0 {
		return false
	}
	term, ok := body[0].Terms.(*ast.Term)
	return ok && term.Value.Compare(ast.Boolean(true)) == 0
}

func (p *Project) deadElse() Findings {
	var found Findings
	p.rules("dead-else", func(rule *ast.Rule) {
		for ; rule.Else != nil; rule = rule.Else {
			if unconditional(rule.Body) {
				found = append(found, place(rule.Else.Location, "else of "+rule.Ref().String()))
				return
			}
		}
	})
	return found
}

func (p *Project) nondeterministic() Findings {
	unsteady := engine.Unsteady()
	var found Findings
	p.rules("nondeterministic", func(rule *ast.Rule) {
		ast.WalkRefs(rule, func(ref ast.Ref) bool { // a call, or what stands for a function after with
			if name := ref.String(); unsteady[name] {
				found = append(found, place(ref[0].Location, name+" in "+rule.Ref().String()))
			}
			return false
		})
	})
	return found
}

func (p *Project) wholePayload() Findings {
	rules := map[string]bool{}
	p.rules("whole-payload", func(rule *ast.Rule) { rules[rule.Ref().String()] = true })
	var found Findings
	lines := sources{}
	for _, r := range p.policy.Reads() {
		if r.Whole() && rules[r.Rule] {
			found = append(found, Finding{File: r.File, Row: r.Row, Message: fmt.Sprintf("%s in %s", lines.line(r.File, r.Row), r.Rule)})
		}
	}
	return found
}

func (p *Project) unknownData() Findings {
	c := p.policy.Compiler()
	var found Findings
	p.rules("unknown-data", func(rule *ast.Rule) {
		ast.WalkRefs(rule, func(ref ast.Ref) bool {
			if !ref[0].Equal(ast.DefaultRootDocument) {
				return false
			}
			known := ref.ConstantPrefix()
			if len(c.GetRulesForVirtualDocument(known)) > 0 || len(c.GetRulesWithPrefix(known)) > 0 {
				return false // a rule, what lies in one, or a package
			}
			location := names(known[1:])
			if _, there := lookUp(p.source.Data, location); !there {
				found = append(found, place(ref[0].Location, "data."+strings.Join(location, ".")))
			}
			return false
		})
	})
	return found
}
