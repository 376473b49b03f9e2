package routes

import (
	"fmt"
	"strings"
	"unicode"

	"webhookedge/plugins/internal/ctl/topology"
)

// drawing is a diagram under way. What several routes share stands in it once.
type drawing struct {
	strings.Builder
	ids map[string]string
}

// diagram draws routes, providers, stages, subjects and streams from the left to the
// right, and the consumers of those that NATS was asked about.
func diagram(all []topology.Route, asked []topology.Stream) string {
	d := drawing{ids: map[string]string{}}
	d.WriteString("flowchart LR\n")
	for i := range all {
		d.route(i, &all[i])
	}
	for i := range asked {
		if stream, drawn := d.ids["stream"+asked[i].Name]; drawn {
			d.consumers(stream, &asked[i])
		}
	}
	return d.String()
}

func (d *drawing) once(kind, text, open, shut string) string {
	id, there := d.ids[kind+text]
	if !there {
		id = fmt.Sprintf("%s%d", kind, len(d.ids))
		d.ids[kind+text] = id
		fmt.Fprintf(&d.Builder, "  %s%s\"%s\"%s\n", id, open, label(text), shut)
	}
	return id
}

func (d *drawing) route(i int, r *topology.Route) {
	fmt.Fprintf(&d.Builder, "  route%d[\"%s\"] --> provider%d([\"%s\"]) --> stages%d[[\"%s\"]]\n", i,
		label(r.Name)+"<br/>"+label(r.Method()+" "+strings.Join(r.Calls(), ", ")), i, label(r.Provider), i, label(stages(r)))
	for _, t := range r.Targets {
		how := "-->"
		if t.ByPolicy {
			how = "-. policy .->"
		}
		subject := d.once("subject", t.Subject, "[/", "/]")
		fmt.Fprintf(&d.Builder, "  stages%d %s %s\n", i, how, subject)
		if t.Stream == "" {
			continue
		}
		if edge := "edge" + subject + t.Stream; d.ids[edge] == "" {
			d.ids[edge] = "drawn"
			fmt.Fprintf(&d.Builder, "  %s --> %s\n", subject, d.once("stream", t.Stream, "[(", ")]"))
		}
	}
}

func (d *drawing) consumers(stream string, s *topology.Stream) {
	for i, c := range s.Consumers {
		fmt.Fprintf(&d.Builder, "  %s --> %sconsumer%d{{\"%s<br/>%d pending, %d without ack\"}}\n", stream, stream, i, label(c.Name), c.Pending, c.Waiting)
	}
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
