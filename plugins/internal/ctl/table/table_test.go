package table_test

import (
	"bytes"
	"strings"
	"testing"

	"webhookedge/plugins/internal/ctl/color"
	"webhookedge/plugins/internal/ctl/table"
)

func list(t *testing.T, asJSON bool) string {
	t.Helper()
	var out bytes.Buffer
	l := table.New(&out, asJSON, "NAME\tSTATE")
	for _, style := range []color.Style{color.Plain, color.Red} {
		if err := l.RowIn(style, map[string]string{"name": "a<b"}, "a long name", "ok"); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Flush(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestTable_coloursOnlyWhereTheyAreWanted(t *testing.T) {
	const plain = "NAME         STATE\na long name  ok\na long name  ok\n"
	for name, tc := range map[string]struct {
		env  map[string]string
		want bool
	}{
		"no terminal":          {nil, false},
		"forced":               {map[string]string{"CLICOLOR_FORCE": "1"}, true},
		"forced, and NO_COLOR": {map[string]string{"CLICOLOR_FORCE": "1", "NO_COLOR": "1"}, false},
		"not forced by 0":      {map[string]string{"CLICOLOR_FORCE": "0"}, false},
	} {
		t.Setenv("CLICOLOR_FORCE", tc.env["CLICOLOR_FORCE"])
		t.Setenv("NO_COLOR", tc.env["NO_COLOR"])
		got := list(t, false)
		if strings.Contains(got, "\x1b[31m") != tc.want {
			t.Errorf("%s: %q", name, got)
		}
		for _, mark := range []string{"\x1b[00m", "\x1b[01m", "\x1b[31m"} {
			got = strings.ReplaceAll(got, mark, "")
		}
		if got != plain {
			t.Errorf("%s: columns are not in line:\n%s", name, got)
		}
		if got := list(t, true); got != strings.Repeat(`{"name":"a<b"}`+"\n", 2) {
			t.Errorf("%s as JSON: %q", name, got)
		}
	}
}
