package root

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"webhookedge/plugins/internal/ctl/natsflags"
	"webhookedge/plugins/internal/text"
)

// usage writes the flags within the columns, and those of NATS under a heading of their
// own, behind what every other writes.
func usage(standard func(*cobra.Command) error) func(*cobra.Command) error {
	return func(cmd *cobra.Command) error {
		flags := cmd.LocalFlags()
		groups := map[string]*pflag.FlagSet{}
		var names []string
		flags.VisitAll(func(f *pflag.Flag) {
			if f.Hidden {
				return
			}
			name := "Flags"
			if g := f.Annotations[natsflags.Group]; len(g) > 0 {
				name = g[0] + " flags"
			}
			if groups[name] == nil {
				groups[name] = pflag.NewFlagSet(name, pflag.ContinueOnError)
				names = append(names, name)
			}
			groups[name].AddFlag(f)
		})
		hide := func(hidden bool) {
			for _, g := range groups {
				g.VisitAll(func(f *pflag.Flag) { f.Hidden = hidden })
			}
		}
		use := cmd.Use
		if len(names) > 0 {
			cmd.Use += " [flags]"
		}
		hide(true)
		err := standard(cmd)
		hide(false)
		cmd.Use = use
		if err != nil {
			return err
		}
		for _, name := range names {
			fmt.Fprintf(cmd.OutOrStderr(), "\n%s:\n%s", name, groups[name].FlagUsagesWrapped(text.Columns)) //nolint:errcheck // the terminal is gone
		}
		return nil
	}
}

// item is the beginning of a line that hangs below itself: of a list, or of a table.
var item = regexp.MustCompile(`^ +(?:- |[A-Za-z-]+  +)`)

// wrapped breaks the paragraphs and the items of a help text anew. Other lines that begin with
// a space stay.
func wrapped(long string) string {
	var out []string
	paragraph, hang := "", ""
	end := func() {
		if paragraph != "" {
			out = append(out, text.Wrap(paragraph, hang)...)
		}
		paragraph, hang = "", ""
	}
	for line := range strings.SplitSeq(long, "\n") {
		first := item.FindString(line)
		_, more := strings.CutPrefix(line, hang)
		switch {
		case first != "":
			end()
			paragraph, hang = line, strings.Repeat(" ", len(first))
		case line == "" || line[0] == ' ' && (hang == "" || !more):
			end()
			out = append(out, line)
		case paragraph == "" || hang != "" && line[0] != ' ':
			end()
			paragraph = line
		default:
			paragraph += " " + strings.TrimSpace(line)
		}
	}
	end()
	return strings.Join(out, "\n")
}
