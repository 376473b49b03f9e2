// Package color marks what matters on a terminal. It says nothing that the words do not.
package color

import (
	"fmt"
	"io"
	"os"

	"github.com/mattn/go-isatty"
)

// Paint reports whether there are colours.
type Paint bool

// Of tells by where w leads and by the environment: colours are for terminals, unless
// NO_COLOR is set to anything (https://no-color.org) or TERM is dumb; CLICOLOR_FORCE is
// for everything, such as a pager (https://bixense.com/clicolors).
func Of(w io.Writer) Paint {
	if os.Getenv("NO_COLOR") != "" {
		return false
	}
	if force := os.Getenv("CLICOLOR_FORCE"); force != "" && force != "0" {
		return true
	}
	f, ok := w.(*os.File)
	return Paint(ok && os.Getenv("TERM") != "dumb" && isatty.IsTerminal(f.Fd()))
}

// Style is a colour as two digits, so that all take the same room.
type Style string

// The styles.
const (
	Plain  Style = "00"
	Bold   Style = "01"
	Red    Style = "31"
	Green  Style = "32"
	Yellow Style = "33"
)

// Text returns text in a style.
func (p Paint) Text(s Style, text string) string {
	if !p {
		return text
	}
	return "\x1b[" + string(s) + "m" + text + "\x1b[" + string(Plain) + "m"
}

// Row returns the cells of one line of a table in a style. A line in the style Plain has
// the same marks, because the widths of columns count them.
func (p Paint) Row(s Style, cells ...any) []any {
	if !p || len(cells) == 0 {
		return cells
	}
	last := len(cells) - 1
	cells[0] = "\x1b[" + string(s) + "m" + fmt.Sprint(cells[0])
	cells[last] = fmt.Sprint(cells[last]) + "\x1b[" + string(Plain) + "m"
	return cells
}
