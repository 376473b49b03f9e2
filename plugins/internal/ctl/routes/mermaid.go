package routes

import (
	"fmt"
	"strings"
	"unicode"
)

// diagram draws routes, providers, stages, subjects and streams from the left to the right.
// What several routes share stands there once.
func diagram(all []route) string {
	var b strings.Builder
	b.WriteString("flowchart LR\n")
	ids := map[string]string{}
	once := func(kind, text, open, shut string) string {
		id, there := ids[kind+text]
		if !there {
			id = fmt.Sprintf("%s%d", kind, len(ids))
			ids[kind+text] = id
			fmt.Fprintf(&b, "  %s%s\"%s\"%s\n", id, open, label(text), shut)
		}
		return id
	}
	for i := range all {
		r := &all[i]
		fmt.Fprintf(&b, "  route%d[\"%s\"] --> provider%d([\"%s\"]) --> stages%d[[\"%s\"]]\n", i,
			label(r.Name)+"<br/>"+label(r.method()+" "+strings.Join(r.calls(), ", ")), i, label(r.Provider), i, label(strings.Join(r.Stages, ", ")))
		for _, t := range r.Targets {
			how := "-->"
			if t.ByPolicy {
				how = "-. policy .->"
			}
			subject := once("subject", t.Subject, "[/", "/]")
			fmt.Fprintf(&b, "  stages%d %s %s\n", i, how, subject)
			if t.Stream == "" {
				continue
			}
			if edge := "edge" + subject + t.Stream; ids[edge] == "" {
				ids[edge] = "drawn"
				fmt.Fprintf(&b, "  %s --> %s\n", subject, once("stream", t.Stream, "[(", ")]"))
			}
		}
	}
	return b.String()
}

// label writes a text so that nothing in it is Mermaid or HTML: whatever is not plain
// becomes the code of its character, #62; for >.
func label(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), strings.ContainsRune(" -_./,:", r):
			b.WriteRune(r)
		case unicode.IsPrint(r):
			fmt.Fprintf(&b, "#%d;", r)
		default:
			b.WriteByte(' ')
		}
	}
	return b.String()
}
