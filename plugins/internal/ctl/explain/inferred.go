package explain

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"

	"webhookedge/plugins/provider/infer"
	"webhookedge/plugins/provider/spec"
)

// maxKnown is how many rows of the catalogue are named.
const maxKnown = 12

// inferred is an answer as JSON.
type inferred struct {
	Sure     bool      `json:"sure"`
	Custom   any       `json:"custom,omitempty"` // the row of the first reading
	Readings []reading `json:"readings"`
	Known    []string  `json:"known,omitempty"` // rows of the catalogue that take the deliveries
	Causes   []string  `json:"causes,omitempty"`
	Complete bool      `json:"complete"` // no bound ended the search
	Trials   int       `json:"trials"`
}

type reading struct {
	Summary  string   `json:"summary"`
	Covers   []string `json:"covers"`
	Unsigned []string `json:"unsigned"`
	Others   []string `json:"others,omitempty"`  // what fits as well
	Notes    []string `json:"notes,omitempty"`   // what is to be done or known
	Refused  []string `json:"refused,omitempty"` // why the reading has no row
	Custom   any      `json:"custom,omitempty"`
}

func inferredOf(answer *infer.Answer, known []string) (inferred, error) {
	all := inferred{
		Sure: answer.Sure, Readings: []reading{}, Known: known[:min(len(known), maxKnown)], Causes: answer.Causes, Complete: answer.Complete, Trials: answer.Trials,
	}
	for i := range answer.Readings {
		x := &answer.Readings[i]
		r := reading{summary(&x.Scheme), x.Covers, x.Unsigned, x.Others, x.Notes, x.Refused, nil}
		if x.Row != nil {
			node, err := rowNode(x)
			if err != nil {
				return all, err
			}
			if err := node.Decode(&r.Custom); err != nil {
				return all, err
			}
		}
		if all.Readings = append(all.Readings, r); i == 0 {
			all.Custom = r.Custom
		}
	}
	return all, nil
}

// summary says in a line how a scheme proves a delivery.
func summary(s *spec.Scheme) string {
	words := []string{string(s.Kind)}
	if s.Hash != "" {
		words = append(words, string(s.Hash))
	}
	words = append(words, "at", s.Signature)
	if s.Encoding != "" {
		words = append(words, "in", string(s.Encoding))
	}
	if s.Content != "" {
		words = append(words, "of", fmt.Sprintf("%q", s.Content))
	}
	return strings.Join(words, " ") + ", the secret as " + string(s.Key)
}

func inJSON(answer *infer.Answer, known []string) (string, error) {
	all, err := inferredOf(answer, known)
	if err != nil {
		return "", err
	}
	text, err := json.MarshalIndent(all, "", "  ")
	return string(text) + "\n", err
}

// prose is YAML: the row, and everything else in comments before it.
func prose(answer *infer.Answer, known []string) (string, error) {
	all, err := inferredOf(answer, known)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	say := func(indent string, lines ...string) {
		for _, line := range lines {
			b.WriteString("#" + indent + strings.Map(visible, line) + "\n")
		}
	}
	say(" ", verdictOf(answer))
	for i, r := range all.Readings {
		say(" ", fmt.Sprintf("%d. %s", i+1, r.Summary))
		say("    ", "covers: "+strings.Join(r.Covers, ", "), "does not cover: "+strings.Join(r.Unsigned, ", "))
		for _, list := range []struct {
			name  string
			lines []string
		}{{"fits as well: ", r.Others}, {"note: ", r.Notes}, {"no row of your own: ", r.Refused}} {
			for _, line := range list.lines {
				say("    ", list.name+line)
			}
		}
	}
	say(" ", all.Causes...)
	if len(known) > 0 {
		say(" ", "Rows of the catalogue that take it, and know more of their sender: "+strings.Join(all.Known, ", "))
	}
	if len(answer.Readings) == 0 || answer.Readings[0].Row == nil {
		return b.String(), nil
	}
	node, err := rowNode(&answer.Readings[0])
	if err != nil {
		return "", err
	}
	var doc strings.Builder
	enc := yaml.NewEncoder(&doc)
	enc.SetIndent(2)
	if err := enc.Encode(map[string]*yaml.Node{"custom": node}); err != nil {
		return "", err
	}
	return b.String() + doc.String(), nil
}

// visible keeps names of a capture from ending a comment or commanding a terminal.
func visible(r rune) rune {
	if unicode.IsPrint(r) {
		return r
	}
	return '?'
}

// verdictOf says how sure an answer is.
func verdictOf(answer *infer.Answer) string {
	switch n := len(answer.Readings); {
	case n == 0:
		return "Nothing fits."
	case answer.Readings[0].Row == nil:
		return "Found, and a row of your own that says so is refused."
	case answer.Sure:
		return "Sure: the row takes what was captured and no forged form of it, and nothing else fits."
	case !answer.Complete:
		return "Likely: the row takes what was captured and no forged form of it, and the search ended before its time."
	}
	return "Likely: the row takes what was captured and no forged form of it. Something else fits as well: a second delivery may tell."
}

// rowNode is the row of a reading in the order of its fields, without those that have
// their default.
func rowNode(x *infer.Reading) (*yaml.Node, error) {
	text, err := json.Marshal(x.Row)
	if err != nil {
		return nil, err
	}
	var doc yaml.Node // JSON is YAML, whose nodes keep their order
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, err
	}
	pruned(doc.Content[0])
	return doc.Content[0], nil
}

// pruned takes empty values out of n, and reports whether nothing is left of it.
func pruned(n *yaml.Node) bool {
	n.Style = 0
	switch n.Kind {
	case yaml.MappingNode:
		var kept []*yaml.Node
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i].Style = 0; !pruned(n.Content[i+1]) {
				kept = append(kept, n.Content[i], n.Content[i+1])
			}
		}
		n.Content = kept
	case yaml.SequenceNode:
		for _, item := range n.Content {
			pruned(item)
		}
	default:
		return n.Tag == "!!null" || n.Value == "" || n.Tag == "!!bool" && n.Value == "false" || n.Tag == "!!int" && n.Value == "0"
	}
	return len(n.Content) == 0
}
