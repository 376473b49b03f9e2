package engine_test

import (
	"strings"
	"testing"

	"webhookedge/plugins/policy/engine"
)

func TestInput_whatIsSigned(t *testing.T) {
	tests := map[string]struct {
		change func(*engine.Input)
		want   string
	}{
		"as normalize and verify said": {func(*engine.Input) {}, `[["id", "type"], ["body", "header:x-timestamp"]]`},
		"all of it": {
			func(in *engine.Input) { in.Event.Unsigned = nil }, `[[], ["body", "header:x-timestamp"]]`,
		},
		"only a token was shown": {
			func(in *engine.Input) { in.Request.Verification.Covers = nil }, `[["id", "type"], []]`,
		},
		"an event from a stream": {func(in *engine.Input) { in.Request = nil }, `[["id", "type"], []]`},
		"a proof of another sender": {
			func(in *engine.Input) { in.Request.Verification.Provider = "stripe" }, `[["id", "type"], []]`,
		},
		"a delivery without a proof": {
			func(in *engine.Input) { in.Request.Verification = nil }, `[["id", "type"], []]`,
		},
		"nothing proved the sender": {
			func(in *engine.Input) { in.Event.Verification, in.Event.SecretID = "", "" }, `[["id", "type"], "none"]`,
		},
	}
	projected := compile(t, "decision := {\"allow\": true, \"reason\": json.marshal([input.event.unsigned, object.get(input, [\"verification\", \"covers\"], \"none\")])}", engine.Options{})
	parts := compile(t, "default covers := \"none\"\n\ncovers := input.verification.covers\n\ndecision := {\"allow\": true, \"reason\": json.marshal([input.event.unsigned, covers])}", engine.Options{})
	for name, tt := range tests {
		in := input(push)
		tt.change(&in)
		want := strings.ReplaceAll(tt.want, ", ", ",")
		for way, p := range map[string]*engine.Policy{"the whole input": projected, "what is read": parts} {
			if d, err := p.Eval(t.Context(), in, now()); err != nil || d.Reason != want {
				t.Errorf("%s, %s: %+v, %v, want %s", name, way, d, err, want)
			}
		}
	}
}
