package pluginserver

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	wire "github.com/Kong/go-pdk/server/kong_plugin_protocol"
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

func TestFrameReaderReadsWhatIsThereAndNoMore(t *testing.T) {
	big := bytes.Repeat([]byte("x"), 3*readBuffer)
	stream := appendFrame(appendFrame(appendFrame(nil, "one"), ""), big)
	r := newFrameReader(iotestOneByte{bytes.NewReader(stream)}, DefaultMaxFrame)
	for _, want := range []string{"one", "", string(big)} {
		got, err := r.next()
		if err != nil || string(got) != want {
			t.Fatalf("got %d bytes, %v; want %d", len(got), err, len(want))
		}
	}
	if _, err := r.next(); !errors.Is(err, io.EOF) {
		t.Errorf("at the end: %v", err)
	}
}

// iotestOneByte gives a byte at a time, as a slow peer may.
type iotestOneByte struct{ r io.Reader }

func (o iotestOneByte) Read(p []byte) (int, error) { return o.r.Read(p[:min(1, len(p))]) }

func TestFrameReaderRefusesBadFrames(t *testing.T) {
	tests := map[string]struct {
		stream []byte
		want   error
	}{
		"a frame over the limit":      {binary.LittleEndian.AppendUint32(nil, readBuffer+1), ErrFrameTooLarge},
		"a length of all ones":        {[]byte{255, 255, 255, 255}, ErrFrameTooLarge},
		"a head that is cut":          {[]byte{1, 0}, io.ErrUnexpectedEOF},
		"a small content that is cut": {[]byte{9, 0, 0, 0, 'x'}, io.ErrUnexpectedEOF},
		"nothing":                     {nil, io.EOF},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if _, err := newFrameReader(bytes.NewReader(tc.stream), readBuffer).next(); !errors.Is(err, tc.want) {
				t.Errorf("got %v, want %v", err, tc.want)
			}
		})
	}
}

func TestALengthAloneAllocatesLittle(t *testing.T) {
	head := binary.LittleEndian.AppendUint32(nil, DefaultMaxFrame)
	got := testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := newFrameReader(bytes.NewReader(head), DefaultMaxFrame).next(); err == nil {
				b.Fatal("read a frame that is not there")
			}
		}
	}).AllocedBytesPerOp()
	if got > 2<<20 {
		t.Errorf("a head that claims %d bytes made the reader allocate %d", DefaultMaxFrame, got)
	}
}

// FuzzFrames holds the reader against the plain reading of the format.
func FuzzFrames(f *testing.F) {
	f.Add(appendFrame(appendFrame(nil, "a"), "b"))
	f.Add([]byte{255, 255, 255, 255})
	f.Fuzz(func(t *testing.T, stream []byte) {
		r := newFrameReader(bytes.NewReader(stream), 1<<20)
		for rest := stream; ; {
			got, err := r.next()
			if len(rest) < frameHead || uint64(binary.LittleEndian.Uint32(rest)) > uint64(len(rest)-frameHead) {
				if err == nil {
					t.Fatal("read a frame that is not whole")
				}
				return
			}
			n := int(binary.LittleEndian.Uint32(rest))
			if err != nil || !bytes.Equal(got, rest[frameHead:frameHead+n]) {
				t.Fatalf("frame of %d bytes: got %d, %v", n, len(got), err)
			}
			rest = rest[frameHead+n:]
		}
	})
}

// FuzzCall holds the parser of calls against generated code.
func FuzzCall(f *testing.F) {
	for _, m := range []*wire.RpcCall{
		{Sequence: 3, Call: &wire.RpcCall_CmdHandleEvent{CmdHandleEvent: &wire.CmdHandleEvent{InstanceId: 7, EventName: "access"}}},
		{Sequence: -1, Call: &wire.RpcCall_CmdStartInstance{CmdStartInstance: &wire.CmdStartInstance{Name: "p", Config: []byte(`{}`)}}},
		{Call: &wire.RpcCall_CmdCloseInstance{CmdCloseInstance: &wire.CmdCloseInstance{InstanceId: 9}}},
	} {
		b, err := proto.Marshal(m)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := parseCall(b)
		var want wire.RpcCall
		if proto.Unmarshal(b, &want) != nil || err != nil {
			return // generated code also refuses what is not UTF-8; ours passes it on
		}
		switch c := want.Call.(type) {
		case *wire.RpcCall_CmdHandleEvent:
			if got.kind == callHandleEvent && countKinds(b) == 1 &&
				(got.instance != c.CmdHandleEvent.InstanceId || string(got.name) != c.CmdHandleEvent.EventName) {
				t.Fatalf("got %+v, want %v", got, &want)
			}
		case *wire.RpcCall_CmdStartInstance:
			if got.kind == callStartInstance && countKinds(b) == 1 && !bytes.Equal(got.config, c.CmdStartInstance.Config) {
				t.Fatalf("got %+v, want %v", got, &want)
			}
		}
	})
}

// countKinds counts the call fields of a message: where one is repeated,
// protobuf merges them, which Kong never sends and we do not follow.
func countKinds(b []byte) (n int) {
	_ = eachField(b, func(f field) error {
		if f.num >= callGetPluginNames && f.num <= callHandleEvent {
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
