package check

import (
	"fmt"
	"strings"
)

// width is that of a terminal, in columns.
const width = 80

// Text is the report for people: every finding with its place, then the count.
func (r *Report) Text() string {
	var out strings.Builder
	for i := range r.Findings {
		out.WriteString(r.Findings[i].String())
	}
	errs, warnings := r.Count()
	fmt.Fprintf(&out, "%s: %s, %s in %s", r.File, count(errs, "error"), count(warnings, "warning"), count(r.Routes, "route"))
	if !r.ConfChecked {
		out.WriteString("; no kong.conf was looked at")
	}
	out.WriteString("\n")
	return out.String()
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// String writes the place and whom it is about in a line, and what is wrong below.
func (f *Finding) String() string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s: %s", f.place(), f.Severity)
	if len(f.Routes) > 0 {
		fmt.Fprintf(&out, ": route %s", f.Routes[0])
		if more := len(f.Routes) - 1; more > 0 {
			fmt.Fprintf(&out, " and %d more", more)
		}
	}
	out.WriteString("\n")
	message := f.Message
	if f.Path != "" {
		message = f.Path + ": " + message
	}
	for line := range strings.SplitSeq(strings.TrimSpace(message), "\n") {
		wrap(&out, line)
	}
	return out.String()
}

func (f *Finding) place() string {
	if f.Line == 0 {
		return f.File
	}
	return fmt.Sprintf("%s:%d:%d", f.File, f.Line, f.Column)
}

// wrap writes text in indented lines that a terminal does not break.
func wrap(out *strings.Builder, text string) {
	const indent = "    "
	used := 0
	for word := range strings.FieldsSeq(text) {
		switch {
		case used == 0:
			out.WriteString(indent)
			used = len(indent)
		case used+1+len(word) > width:
			out.WriteString("\n" + indent)
			used = len(indent)
		default:
			out.WriteString(" ")
			used++
		}
		out.WriteString(word)
		used += len(word)
	}
	out.WriteString("\n")
}
