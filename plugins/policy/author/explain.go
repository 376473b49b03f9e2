package author

import (
	"fmt"
	"os"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// maxShown bounds a value in an explanation, in bytes.
const maxShown = 160

// Step is a rule that was tried on the way to a decision.
type Step struct {
	Rule  string `json:"rule"`
	File  string `json:"file"`
	Row   int    `json:"row"`
	Depth int    `json:"depth"` // 0 for the decision; a step below another is what that one asked for
	Held  bool   `json:"held"`
	Value string `json:"value,omitempty"` // what it gave, where it held
	// Stopped is the expression that did not hold, and its row, where it did not.
	Stopped    string `json:"stopped,omitempty"`
	StoppedRow int    `json:"stopped_row,omitempty"`
}

// String returns the step in one line, with its place.
func (s Step) String() string {
	indent := strings.Repeat("  ", s.Depth)
	if s.Held {
		return fmt.Sprintf("%s+ %s = %s  (%s:%d)", indent, s.Rule, s.Value, s.File, s.Row)
	}
	return fmt.Sprintf("%s- %s stopped at %s  (%s:%d)", indent, s.Rule, s.Stopped, s.File, s.StoppedRow)
}

// hold notes a value. One body can give several elements of a set.
func (s *Step) hold(value string) {
	if s.Held {
		value = cut(s.Value + ", " + value)
	}
	s.Held, s.Value = true, value
}

// explainer notes each body of a rule that is entered, with what it gave or where it stopped.
type explainer struct {
	steps   []Step
	entered map[uint64]int // query of a rule's body -> its step
	depth   map[uint64]int // query -> depth of what is asked in it
	source  sources
}

func newExplainer() *explainer {
	return &explainer{entered: map[uint64]int{}, depth: map[uint64]int{}, source: sources{}}
}

// Enabled implements topdown.QueryTracer.
func (*explainer) Enabled() bool { return true }

// Config implements topdown.QueryTracer.
func (*explainer) Config() topdown.TraceConfig { return topdown.TraceConfig{} }

// TraceEvent implements topdown.QueryTracer. It copies values, whose memory is reused.
func (x *explainer) TraceEvent(e topdown.Event) {
	if _, known := x.depth[e.QueryID]; !known {
		x.depth[e.QueryID] = x.depth[e.ParentID]
	}
	i, known := x.entered[e.QueryID]
	switch node := e.Node.(type) {
	case *ast.Rule:
		switch {
		case e.Op == topdown.EnterOp:
			x.enter(&e, node)
		case e.Op == topdown.ExitOp && known:
			x.steps[i].hold(shown(&e, node))
		}
	case *ast.Expr:
		if e.Op == topdown.FailOp && known && !x.steps[i].Held && node.Location != nil {
			x.steps[i].Stopped, x.steps[i].StoppedRow = x.line(node), node.Location.Row
		}
	}
}

func (x *explainer) enter(e *topdown.Event, rule *ast.Rule) {
	s := Step{Rule: rule.Ref().String(), Depth: x.depth[e.ParentID]}
	if rule.Location != nil {
		s.File, s.Row, s.StoppedRow = rule.Location.File, rule.Location.Row, rule.Location.Row
	}
	x.entered[e.QueryID] = len(x.steps)
	x.depth[e.QueryID] = s.Depth + 1
	x.steps = append(x.steps, s)
}

// shown is the value of a rule that held, cut to a readable length.
func shown(e *topdown.Event, rule *ast.Rule) string {
	term := rule.Head.Value
	if rule.Head.Key != nil {
		term = rule.Head.Key
	}
	if term == nil {
		return "true"
	}
	return cut(e.Plug(term).String())
}

// line is the line of an expression in its file: the compiler's text can be a part of it.
func (x *explainer) line(e *ast.Expr) string {
	if line := x.source.line(e.Location.File, e.Location.Row); line != "" {
		return line
	}
	return cut(e.String())
}

// sources are the lines of files, each read once. What cannot be read has none.
type sources map[string][]string

func (s sources) line(file string, row int) string {
	lines, known := s[file]
	if !known {
		text, _ := os.ReadFile(file) // see above
		lines = strings.Split(string(text), "\n")
		s[file] = lines
	}
	if row < 1 || row > len(lines) {
		return ""
	}
	return cut(strings.TrimSpace(lines[row-1]))
}

func cut(text string) string {
	if len(text) <= maxShown {
		return text
	}
	return strings.ToValidUTF8(text[:maxShown], "") + "..."
}
