// Package table writes what a command lists: as a table for people, or as one JSON
// object a line for programs.
package table

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"webhookedge/plugins/internal/ctl/color"
)

// Table is a list that is being written.
type Table struct {
	text  *tabwriter.Writer
	paint color.Paint
	json  *json.Encoder // nil for a table of text
}

// New begins a list. header has a tab between the names of columns; JSON has none, and
// neither has a list whose header is empty.
func New(out io.Writer, asJSON bool, header string) *Table {
	t := &Table{text: tabwriter.NewWriter(out, 0, 0, 2, ' ', 0), paint: color.Of(out)}
	switch {
	case asJSON:
		t.json = NewJSON(out)
	case header != "":
		var cells []any
		for name := range strings.SplitSeq(header, "\t") {
			cells = append(cells, name)
		}
		_ = t.write(color.Bold, cells) // Flush returns it
	}
	return t
}

// NewJSON writes values one a line, as every command does with --json.
func NewJSON(out io.Writer) *json.Encoder {
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	return enc
}

// Row writes one record: itself as JSON, or its cells as text.
func (t *Table) Row(record any, cells ...any) error { return t.RowIn(color.Plain, record, cells...) }

// RowIn is Row in a colour.
func (t *Table) RowIn(s color.Style, record any, cells ...any) error {
	if t.json != nil {
		return t.json.Encode(record)
	}
	return t.write(s, cells)
}

func (t *Table) write(s color.Style, cells []any) error {
	_, err := fmt.Fprintf(t.text, strings.Repeat("%v\t", len(cells)-1)+"%v\n", t.paint.Row(s, cells...)...)
	return err
}

// Flush writes what waits for the width of its column.
func (t *Table) Flush() error { return t.text.Flush() }

// Lines writes what a command does step by step, each step at once.
type Lines struct {
	out   io.Writer
	paint color.Paint
	json  *json.Encoder
}

// NewLines begins such a list.
func NewLines(out io.Writer, asJSON bool) *Lines {
	l := &Lines{out: out, paint: color.Of(out)}
	if asJSON {
		l.json = NewJSON(out)
	}
	return l
}

// Line writes one record: itself as JSON, or text.
func (l *Lines) Line(record any, format string, values ...any) error {
	return l.LineIn(color.Plain, record, format, values...)
}

// LineIn is Line in a colour.
func (l *Lines) LineIn(s color.Style, record any, format string, values ...any) error {
	if l.json != nil {
		return l.json.Encode(record)
	}
	text := fmt.Sprintf(format, values...)
	if s != color.Plain {
		text = l.paint.Text(s, text)
	}
	_, err := fmt.Fprintln(l.out, text)
	return err
}

// Removed tells that a stored record was removed, or that it would be.
func (l *Lines) Removed(seq uint64, dry bool) error {
	done := "removed"
	if dry {
		done = "would be removed"
	}
	return l.Line(struct {
		Sequence uint64 `json:"sequence"`
		DryRun   bool   `json:"dry_run,omitempty"`
	}{seq, dry}, "%d %s", seq, done)
}
