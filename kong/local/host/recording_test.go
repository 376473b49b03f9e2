package host

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/Kong/go-pdk/server/kong_plugin_protocol"
	"google.golang.org/protobuf/proto"

	"webhookedge/kong/wire"
)

// frame is one line of a recording of a real Kong.
type frame struct {
	Conn   int    `json:"conn"`
	From   string `json:"from"`
	B64    string `json:"frame_b64"`
	Closed string `json:"closed"`
	data   []byte
}

// readRecording returns a recording's connections in their order.
func readRecording(t *testing.T, name string) [][]frame {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "..", "testdata", "kong-wire", name+".jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var conns [][]frame
	at := map[int]int{}
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var fr frame
		if err := json.Unmarshal(lines.Bytes(), &fr); err != nil {
			t.Fatal(err)
		}
		if fr.data, err = base64.StdEncoding.DecodeString(fr.B64); err != nil {
			t.Fatal(err)
		}
		i, known := at[fr.Conn]
		if !known {
			i = len(conns)
			at[fr.Conn], conns = i, append(conns, nil)
		}
		conns[i] = append(conns[i], fr)
	}
	if lines.Err() != nil || len(conns) == 0 {
		t.Fatalf("recording %s: %d connections, %v", name, len(conns), lines.Err())
	}
	return conns
}

// replies returns Kong's replies to calls of method with arg, in their order.
func replies(conn []frame, method, arg string) [][]byte {
	var pending [][2]string
	var out [][]byte
	for i := 0; i < len(conn); i++ {
		fr := conn[i]
		switch {
		case fr.From == "plugin" && bytes.HasPrefix(fr.data, []byte("kong.")) && i+1 < len(conn):
			pending = append(pending, [2]string{string(fr.data), string(conn[i+1].data)})
			i++
		case fr.From == "kong" && len(pending) > 0 && fr.Closed == "":
			if pending[0] == [2]string{method, arg} {
				out = append(out, fr.data)
			}
			pending = pending[1:]
		}
	}
	return out
}

// play is the plugin's side of one recorded connection: it sends what the
// plugin sent, and wants from the host, byte for byte, what Kong sent.
func play(c net.Conn, script []frame) error {
	r := wire.NewReader(c, maxFrame)
	for i, fr := range script {
		switch {
		case fr.From == "kong" && fr.Closed != "":
			if b, err := r.Next(); !errors.Is(err, io.EOF) {
				return errors.New("frame " + string(b) + " where Kong closed")
			}
			return nil
		case fr.From == "kong":
			got, err := r.Next()
			if err != nil {
				return err
			}
			if !bytes.Equal(got, fr.data) {
				return errors.New("frame differs from Kong's\n got " + quote(got) + "\nwant " + quote(fr.data) + " line " + quote([]byte{byte(i)}))
			}
		case fr.Closed == "":
			if _, err := c.Write(wire.AppendFrame(nil, fr.data)); err != nil {
				return err
			}
		}
	}
	return nil
}

func quote(b []byte) string { q, _ := json.Marshal(string(b)); return string(q) }

// TestRecordings_framesAreKongs compares every frame that the host writes with the one that
// Kong 3.9.3 wrote, byte for byte. The order of header lines, of a route's and
// a service's fields is a Lua table's in Kong; the host keeps the order of the
// request and a fixed one, which are those of the recordings, so that nothing
// needs to be compared decoded. The config's JSON is taken from the recording:
// building it is the concern of another package.
func TestRecordings_framesAreKongs(t *testing.T) {
	for name, rec := range recordings() {
		t.Run(name, func(t *testing.T) { replay(t, readRecording(t, name), rec) })
	}
}

func replay(t *testing.T, conns [][]frame, rec recorded) {
	socket := filepath.Join(t.TempDir(), "p.socket")
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	played := make(chan error, len(conns))
	go func() {
		for _, script := range conns {
			c, err := listener.Accept()
			if err == nil {
				_ = c.SetDeadline(time.Now().Add(10 * time.Second))
				err = play(c, script)
				defer c.Close()
			}
			played <- err
		}
	}()
	playSteps(t, conns, rec, socket)
	for i := range conns {
		if err := <-played; err != nil {
			t.Errorf("connection %d: %v", i, err)
		}
	}
}

// playSteps makes the host do what Kong did.
func playSteps(t *testing.T, conns [][]frame, rec recorded, socket string) {
	host := New(rec.steps[0].config, socket, Options{Timeout: 10 * time.Second, MaxRuns: 1})
	defer host.Close()
	host.workers[0].sequence.Store(rec.sequence)
	ids := requestIDs(conns)
	starts := startConfigs(t, conns)
	for i, s := range rec.steps {
		cfg := &Config{ID: "exists", Seq: 1}
		if s.instance != 0 {
			ready := make(chan struct{})
			close(ready)
			host.workers[0].instances[cfg.ID] = &instance{ready: ready, id: s.instance, seq: 1}
		} else {
			cfg = starts[min(i, len(starts)-1)]
		}
		r := s.request
		r.Method, r.Scheme, r.Version, r.ServerPort, r.Peer = "POST", "http", 1.1, 8000, peer
		r.NodeID = "e8359a2c-46b6-4c91-9896-a13344417514"
		if !r.Client.IsValid() {
			r.Client = peer
		}
		r.NginxID, r.ID = ids[i][0], ids[i][1]
		x := NewContext(&r, nil)
		if err := host.Access(x, cfg); err != nil {
			t.Errorf("step %d: %v", i, err)
		}
		if got := x.Exit != nil; got != s.exits {
			t.Errorf("step %d: exit is %v", i, got)
		}
		x.Close()
	}
}

// requestIDs takes the random ids of each request from Kong's replies.
func requestIDs(conns [][]frame) [][2]string {
	var out [][2]string
	for _, c := range conns {
		kong := replies(c, "kong.nginx.get_var", "\n\x0fkong_request_id")
		for i, b := range replies(c, "kong.nginx.get_var", "\n\nrequest_id") {
			id, _ := wire.DecodeString(b)
			pair := [2]string{string(id), ""}
			if i < len(kong) {
				other, _ := wire.DecodeString(kong[i])
				pair[1] = string(other)
			}
			out = append(out, pair)
		}
	}
	return out
}

// startConfigs reads the configs of the recorded cmd_start_instance calls.
func startConfigs(t *testing.T, conns [][]frame) []*Config {
	var out []*Config
	for _, c := range conns {
		var call kong_plugin_protocol.RpcCall
		if err := proto.Unmarshal(c[0].data, &call); err != nil {
			t.Fatal(err)
		}
		start := call.GetCmdStartInstance()
		if start == nil {
			continue
		}
		var extra struct {
			ID  string `json:"__plugin_id"`
			Seq int    `json:"__seq__"`
		}
		if err := json.Unmarshal(start.Config, &extra); err != nil {
			t.Fatal(err)
		}
		out = append(out, &Config{ID: extra.ID, Seq: extra.Seq, JSON: start.Config})
	}
	return out
}
