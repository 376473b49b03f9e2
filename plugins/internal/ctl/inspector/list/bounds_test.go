package list_test

import (
	"strings"
	"testing"

	"webhookedge/plugins/internal/ctl/inspector/list"
)

// TestList_textsAreBounded has a sender whose every text is as long as it can make it.
func TestList_textsAreBounded(t *testing.T) {
	l := list.New(0, clock)
	long := strings.Repeat("ü", 5000)
	f := &list.Fact{Source: list.Record, RequestID: long, At: noon, Provider: long, Route: long, Type: long, Tenant: long, Code: long, EventID: long, Resource: long, Events: 1 << 30, Status: 1 << 30, Micros: 1 << 60}
	for range 2 {
		if n := l.Put(f); n != 1 {
			t.Errorf("it is row %d", n)
		}
	}
	if d, _ := l.Get(1); len(d.Row.RequestID) > 256 || len(d.Row.Type) > 256 || d.Row.Events > 1<<16 {
		t.Errorf("%+v", d.Row)
	}
}
