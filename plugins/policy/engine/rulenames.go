package engine

import (
	"maps"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// ruleLabel is the label under which OPA's tracker tells which body decided.
const ruleLabel = "webhook_edge_rule"

// ruleNames names the rule of a decision without one: METADATA's custom.rule, or its path.
type ruleNames struct {
	all      []string
	fallback string // of the default rule, and of every body where they have one name
	differ   bool   // the bodies have several names
	orElse   string // of the bodies behind an else, which OPA does not label; the path where they differ
}

// nameRules takes the names of the bodies of entry. Where they differ it labels the bodies,
// before they are compiled, so that OPA notes which decides. An invalid name is a fault.
func nameRules(modules map[string]*ast.Module, entry ast.Ref) (*ruleNames, error) {
	path := strings.TrimPrefix(entry.String(), "data.")
	n := &ruleNames{fallback: path}
	named := map[*ast.Rule]string{}
	for _, m := range modules {
		for _, rule := range m.Rules {
			if !m.Package.Path.Extend(rule.Head.Ref()).Equal(entry) {
				continue
			}
			name, err := customName(rule, path)
			if err != nil {
				return nil, err
			}
			named[rule] = name
			if rule.Default {
				n.fallback = name
			}
			if rule.Else != nil && n.orElse == "" {
				n.orElse = name
			} else if rule.Else != nil && n.orElse != name {
				n.orElse = path
			}
		}
	}
	n.all = slices.AppendSeq([]string{n.fallback}, maps.Values(named))
	for _, name := range named {
		n.differ = n.differ || name != n.fallback
	}
	if n.differ {
		labelBodies(modules, named)
	}
	return n, nil
}

func labelBodies(modules map[string]*ast.Module, named map[*ast.Rule]string) {
	for _, m := range modules {
		for _, rule := range m.Rules {
			if name, ok := named[rule]; ok {
				a := &ast.Annotations{Scope: "rule", Location: rule.Location, Labels: map[string]any{ruleLabel: name}}
				m.Annotations = append(m.Annotations, a.Copy(rule))
			}
		}
	}
}

func customName(rule *ast.Rule, path string) (string, error) {
	for _, a := range rule.Annotations {
		value, there := a.Custom["rule"]
		if !there {
			continue
		}
		name, _ := value.(string)
		if !ruleName.MatchString(name) {
			return "", FaultsOf(ast.Errors{ast.NewError(ast.CompileErr, a.Location, "custom.rule does not match %s", ruleName)})
		}
		return name, nil
	}
	return path, nil
}

// tracker returns what notes which body decides, nil where that is known before.
func (n *ruleNames) tracker() *topdown.EvaluatedRuleTracker {
	if !n.differ {
		return nil
	}
	return &topdown.EvaluatedRuleTracker{}
}

func (n *ruleNames) of(t *topdown.EvaluatedRuleTracker) string {
	if t == nil {
		return n.fallback
	}
	for _, labels := range t.Labels {
		if name, ok := labels[ruleLabel].(string); ok {
			return name
		}
	}
	return n.orElse
}

// Rules returns the rule names that decisions can give, sorted: those of the bodies of the
// decision, and every member rule written in the Rego or data.
func (p *Policy) Rules() []string {
	names := map[string]bool{}
	for _, name := range p.names.all {
		names[name] = true
	}
	add := func(text string) {
		if ruleName.MatchString(text) {
			names[text] = true
		}
	}
	for _, m := range p.compiler.Modules {
		ast.WalkTerms(m, func(t *ast.Term) bool {
			if object, ok := t.Value.(ast.Object); ok {
				if rule := object.Get(ast.StringTerm("rule")); rule != nil {
					if text, ok := rule.Value.(ast.String); ok {
						add(string(text))
					}
				}
			}
			return false
		})
	}
	walkRules(p.data, add)
	return slices.Sorted(maps.Keys(names))
}

// walkRules calls add with every text that data has as a member rule.
func walkRules(data any, add func(string)) {
	switch v := data.(type) {
	case map[string]any:
		if text, ok := v["rule"].(string); ok {
			add(text)
		}
		for _, inner := range v {
			walkRules(inner, add)
		}
	case []any:
		for _, inner := range v {
			walkRules(inner, add)
		}
	}
}
