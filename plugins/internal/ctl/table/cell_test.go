package table_test

import (
	"testing"
	"time"

	"webhookedge/plugins/internal/ctl/table"
)

func TestCell_fitsItsColumn(t *testing.T) {
	for name, tc := range map[string]struct {
		text  string
		width int
		want  string
	}{
		"a short text": {"push", 4, "push"},
		"a long text":  {"pull_request.opened", 9, "pull…ened"},
		"an escape":    {"a\x1b[31m", 20, `a\x1b[31m`},
		"a tab":        {"a\tb", 9, `a\tb`},
	} {
		if got := table.Cell(tc.text, tc.width); got != tc.want {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestClock_isADateAfterADay(t *testing.T) {
	if got := table.Clock(time.Date(2020, 5, 6, 7, 8, 9, 0, time.UTC)); got != "06 May" {
		t.Error(got)
	}
	if got := table.Clock(time.Now()); len(got) != len(time.TimeOnly) {
		t.Error(got)
	}
}
