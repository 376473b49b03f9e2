package pluginserver

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"webhookedge/kong/wire"

	protocol "github.com/Kong/go-pdk/server/kong_plugin_protocol"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"

	"webhookedge/plugins/internal/pipeline"
)

// recorded is one line of a recording of a real Kong, see kong/testdata.
type recorded struct {
	Conn   int    `json:"conn"`
	From   string `json:"from"`
	Frame  []byte `json:"-"`
	Base64 string `json:"frame_b64"`
	Closed string `json:"closed"`
}

const recordings = "../../../kong/testdata/kong-wire"

func readRecording(t testing.TB, name string) []recorded {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(recordings, name))
	if err != nil {
		t.Fatal(err)
	}
	var lines []recorded
	for line := range strings.Lines(string(data)) {
		var r recorded
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		if r.Frame, err = base64.StdEncoding.DecodeString(r.Base64); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, r)
	}
	return lines
}

// FuzzCall holds the parser of calls against generated code.
func FuzzCall(f *testing.F) {
	for _, m := range []*protocol.RpcCall{
		{Sequence: 3, Call: &protocol.RpcCall_CmdHandleEvent{CmdHandleEvent: &protocol.CmdHandleEvent{InstanceId: 7, EventName: "access"}}},
		{Sequence: -1, Call: &protocol.RpcCall_CmdStartInstance{CmdStartInstance: &protocol.CmdStartInstance{Name: "p", Config: []byte(`{}`)}}},
		{Call: &protocol.RpcCall_CmdCloseInstance{CmdCloseInstance: &protocol.CmdCloseInstance{InstanceId: 9}}},
	} {
		b, err := proto.Marshal(m)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := parseCall(b)
		var want protocol.RpcCall
		if proto.Unmarshal(b, &want) != nil || err != nil {
			return // generated code also refuses what is not UTF-8; ours passes it on
		}
		switch c := want.Call.(type) {
		case *protocol.RpcCall_CmdHandleEvent:
			if got.kind == wire.CallHandleEvent && countKinds(b) == 1 &&
				(got.instance != c.CmdHandleEvent.InstanceId || string(got.name) != c.CmdHandleEvent.EventName) {
				t.Fatalf("got %+v, want %v", got, &want)
			}
		case *protocol.RpcCall_CmdStartInstance:
			if got.kind == wire.CallStartInstance && countKinds(b) == 1 && !bytes.Equal(got.config, c.CmdStartInstance.Config) {
				t.Fatalf("got %+v, want %v", got, &want)
			}
		}
	})
}

// countKinds counts the call fields of a message: where one is repeated,
// protobuf merges them, which Kong never sends and we do not follow.
func countKinds(b []byte) (n int) {
	_ = wire.EachField(b, func(f wire.Field) error {
		if f.Num >= wire.CallGetPluginNames && f.Num <= wire.CallHandleEvent {
			n++
		}
		return nil
	})
	return n
}

// FuzzHeaders holds the parser of headers against generated code, for what
// generated code takes.
func FuzzHeaders(f *testing.F) {
	s, err := structpb.NewStruct(map[string]any{"a": "1", "b": []any{"2", "3"}})
	if err != nil {
		f.Fatal(err)
	}
	seed, err := proto.Marshal(s)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(seed)
	for _, r := range readRecording(f, "latin1.jsonl") {
		f.Add(r.Frame)
	}
	f.Fuzz(func(t *testing.T, frame []byte) {
		d := &pipeline.Delivery{}
		if err := (&snapshot{d: d}).readHeaders(frame); err != nil {
			return
		}
		if len(d.Headers) > maxHeaders {
			t.Fatalf("%d headers", len(d.Headers))
		}
		var want structpb.Struct
		if proto.Unmarshal(frame, &want) != nil {
			return
		}
		if again, err := proto.Marshal(&want); err != nil || len(again) != len(frame) {
			return // repeated or unknown fields, which Kong does not send
		}
		for name, v := range want.Fields {
			list, isString := []string(nil), false
			switch k := v.Kind.(type) {
			case *structpb.Value_StringValue:
				list, isString = []string{k.StringValue}, true
			case *structpb.Value_ListValue:
				for _, item := range k.ListValue.GetValues() {
					list = append(list, item.GetStringValue())
				}
			}
			if got := values(d.Headers, name); (isString || list != nil) && !cmp.Equal(got, list) {
				t.Fatalf("%q: got %q, want %q", name, got, list)
			}
		}
	})
}

func values(h pipeline.Headers, name string) (v []string) {
	for _, line := range h {
		if line.Name == name {
			v = append(v, line.Value)
		}
	}
	return v
}
