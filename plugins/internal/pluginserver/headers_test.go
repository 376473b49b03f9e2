package pluginserver

import (
	"context"
	"fmt"
	"io"
	"testing"

	"webhookedge/kong/wire"
	"webhookedge/plugins/internal/pipeline"
)

// headersReply is Kong's reply to get_headers: single lines under names of their
// own, and one list for each of lists.
func headersReply(singles int, lists ...int) []byte {
	var reply []byte
	for i := range singles {
		reply = appendHeaderLine(reply, fmt.Sprintf("a_%d", i))
	}
	for i, n := range lists {
		lines := make([]pipeline.Header, n)
		for j := range lines {
			lines[j] = pipeline.Header{Name: fmt.Sprintf("l-%d", i), Value: "x"}
		}
		reply = appendHeaderEntry(reply, lines)
	}
	return reply
}

// appendHeaderLine appends an entry whose value is a string, as Kong sends a header
// that is there once.
func appendHeaderLine(dst []byte, name string) []byte {
	return wire.AppendNested(dst, 1, func(b []byte) []byte {
		b = wire.AppendBytes(b, 1, name)
		return wire.AppendNested(b, 2, func(b []byte) []byte { return wire.AppendBytes(b, wire.ValueString, "x") })
	})
}

func TestHeaders_listThatKongMayHaveCutIsRefused(t *testing.T) {
	tests := map[string]struct {
		reply  []byte
		passed int // lines that the stages see, 0 for a refusal
	}{
		"one line fewer than Kong's limit":                {headersReply(999), 999},
		"as many lines as Kong gives":                     {headersReply(1000), 0},
		"more than Kong ever gives":                       {headersReply(1200), 0},
		"few names, one fewer line than the limit":        {headersReply(9, 500, 490), 999},
		"few names, and as many lines as Kong gives":      {headersReply(10, 500, 490), 0},
		"one name, and as many lines as Kong gives":       {headersReply(0, 1000), 0},
		"a list that passes the limit, names behind it":   {headersReply(10, 1000, 5), 0},
		"no header, which HTTP/1.0 allows and Kong sends": {nil, 0},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			seen := -1
			stage := func(_ context.Context, d *pipeline.Delivery) error { seen = len(d.Headers); return nil }
			k := kongWith(t, testServer(t, io.Discard, plugin(usual("continue"), stage)))
			k.reply = func(method string) []byte {
				if method == "kong.request.get_headers" {
					return tc.reply
				}
				return usualReply(method)
			}
			exit := k.event(k.start("p", `{}`))
			if tc.passed > 0 || tc.reply == nil {
				if exit != nil || seen != tc.passed {
					t.Errorf("the stages saw %d lines, want %d; %v", seen, tc.passed, exit)
				}
				return
			}
			if exit == nil || exit.Status != 431 || string(exit.Body) != `{"error":"too_many_headers","request_id":"req-1"}` || seen >= 0 {
				t.Errorf("got %v, and the stages saw %d lines", exit, seen)
			}
		})
	}
}
