package main

import (
	"testing"

	"webhookedge/plugins/internal/module"
)

func TestGenerated_filesAreUpToDate(t *testing.T) {
	top, err := module.Root()
	if err != nil {
		t.Fatal(err)
	}
	stale, err := generate(top, false)
	if err != nil {
		t.Fatal(err)
	}
	if len(stale) > 0 {
		t.Errorf("not up to date, run `make generate`: %q", stale)
	}
}
