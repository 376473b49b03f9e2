package provider

// TypeRules returns a rule for each name, with has and lacks alike.
func TypeRules(names, has, lacks []string) []TypeRule {
	rules := make([]TypeRule, len(names))
	for i, name := range names {
		rules[i] = TypeRule{Type: name, Has: has, Lacks: lacks}
	}
	return rules
}
