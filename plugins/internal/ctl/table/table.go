// Package table writes what a command lists: as a table for people, or as one JSON
// object a line for programs.
package table

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// Table is a list that is being written.
type Table struct {
	text *tabwriter.Writer
	json *json.Encoder // nil for a table of text
}

// New begins a list. header has a tab between the names of columns; JSON has none.
func New(out io.Writer, asJSON bool, header string) *Table {
	t := &Table{text: tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)}
	if asJSON {
		t.json = json.NewEncoder(out)
		return t
	}
	fmt.Fprintln(t.text, header) //nolint:errcheck // Flush returns it
	return t
}

// Row writes one record: itself as JSON, or its cells as text.
func (t *Table) Row(record any, cells ...any) error {
	if t.json != nil {
		return t.json.Encode(record)
	}
	_, err := fmt.Fprintf(t.text, strings.Repeat("%v\t", len(cells)-1)+"%v\n", cells...)
	return err
}

// Flush writes what waits for the width of its column.
func (t *Table) Flush() error { return t.text.Flush() }
