package spec

// TypeRules returns a rule for each name, with has and lacks alike.
func TypeRules(names, has, lacks []string) []TypeRule {
	rules := make([]TypeRule, len(names))
	for i, name := range names {
		rules[i] = TypeRule{Type: name, Has: has, Lacks: lacks}
	}
	return rules
}

// TypeRule says what payloads of a type must have. It is asked only where the type
// stands in a place that the signature does not cover. A type without a rule passes.
type TypeRule struct {
	// Type is the event name as its place has it, with the action where that is a
	// part of the name: orders/create.
	Type string `json:"type" required:"true" maxlen:"256" doc:"Event name as its place has it."`
	// Has are paths of the JSON payload at which something but null must stand.
	Has []string `json:"has,omitempty" maxlen:"8" doc:"Paths of the JSON body at which something but null must stand."`
	// Lacks are paths at which nothing but null may stand, because another type has
	// it there.
	Lacks []string `json:"lacks,omitempty" maxlen:"8" doc:"Paths of the JSON body at which nothing but null may stand."`
}
