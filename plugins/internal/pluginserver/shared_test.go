package pluginserver

import (
	"bytes"
	"testing"

	"webhookedge/kong/wire"

	protocol "github.com/Kong/go-pdk/server/kong_plugin_protocol"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"

	"webhookedge/plugins/internal/pipeline"
)

// TestShared_laterPluginsReadWhatWasProved hands the value that one plugin sets
// in kong.ctx.shared to the next.
func TestShared_laterPluginsReadWhatWasProved(t *testing.T) {
	tests := map[string]pipeline.Verification{
		"a signature": {Provider: "github", Scheme: "sha256", SecretID: "1", ID: "d1", Covers: []string{"body", "header:x-\"timestamp", "query:é"}},
		"a token":     {Provider: "gitlab", Scheme: "token", SecretID: "new"},
	}
	for name, proved := range tests {
		t.Run(name, func(t *testing.T) {
			answer, _ := appendContinue(nil, 1, &pipeline.Delivery{Verification: &proved}, &pipeline.Outcome{}, true)
			frames := wire.NewReader(bytes.NewReader(answer), DefaultMaxFrame)
			for {
				method, err := frames.Next()
				if err != nil {
					t.Fatalf("kong.ctx.shared.set is not called: %v", err)
				}
				if string(method) == "kong.ctx.shared.set" {
					break
				}
			}
			frame, err := frames.Next()
			if err != nil {
				t.Fatal(err)
			}
			var kv protocol.KV
			if err := proto.Unmarshal(frame, &kv); err != nil {
				t.Fatal(err)
			}
			value, err := proto.Marshal(kv.V)
			if err != nil {
				t.Fatal(err)
			}
			s := snapshot{d: &pipeline.Delivery{}}
			if err := s.readShared(value); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(&proved, s.d.Verification); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
