package check

import (
	"fmt"
	"strings"

	"webhookedge/plugins/internal/text"
)

// indent is that of what is wrong, below its place.
const indent = "    "

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
		for _, part := range text.Wrap(indent+strings.Join(strings.Fields(line), " "), indent) {
			out.WriteString(part + "\n")
		}
	}
	return out.String()
}

func (f *Finding) place() string {
	if f.Line == 0 {
		return f.File
	}
	return fmt.Sprintf("%s:%d:%d", f.File, f.Line, f.Column)
}
