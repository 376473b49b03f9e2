package pluginserver

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"strings"
	"testing"

	"webhookedge/kong/wire"

	protocol "github.com/Kong/go-pdk/server/kong_plugin_protocol"

	"webhookedge/plugins/internal/pipeline"
)

// behind builds handlers with first in front of the step that loads the body, and last
// behind it.
func behind(settings Settings, copies int, first, last func(context.Context, *pipeline.Delivery) error) builds {
	return func([]byte) (*Handler, error) {
		chain, err := pipeline.NewChain([]pipeline.Stage{fnStage(first), pipeline.LoadBody(), fnStage(last)})
		return &Handler{Settings: settings, Chain: chain, Provider: "test", UnprovedCopies: copies}, err
	}
}

func pass(context.Context, *pipeline.Delivery) error { return nil }

func refuse(context.Context, *pipeline.Delivery) error {
	return &pipeline.Reject{Code: pipeline.IPDenied, Err: errors.New("not listed")}
}

// replies are the usual ones but for the given.
func replies(other map[string][]byte) func(string) []byte {
	return func(method string) []byte {
		if b, ok := other[method]; ok {
			return b
		}
		return usualReply(method)
	}
}

func bodyFile(t testing.TB, size int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "body")
	if err := os.WriteFile(path, bytes.Repeat([]byte("x"), size), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// whole reports whether nobody holds a part of the memory for bodies.
func whole(m *memory) bool {
	if !m.free.TryAcquire(m.total) {
		return false
	}
	m.free.Release(m.total)
	return true
}

func TestBody_refusedBeforeItIsLoadedCostsNothing(t *testing.T) {
	file := wire.AppendBytes(nil, bodyPath, "/nonexistent/body")
	inline := wire.AppendBytes(nil, bodyContent, bytes.Repeat([]byte("x"), 512<<10))
	tests := map[string]struct {
		body   []byte
		length string // of the content-length header, "" for none
		first  func(context.Context, *pipeline.Delivery) error
		status int32
	}{
		"a file, refused before":                    {file, "", refuse, 403},
		"a large body in memory, refused before":    {inline, "", refuse, 403},
		"a file, whose turn comes":                  {file, "", pass, 500}, // it is not there
		"a large body in memory, whose turn comes":  {inline, "", pass, 503},
		"a file that is too large by its own word":  {file, "1048577", pass, 413},
		"in memory, too large by its own word":      {inline, "99999999999999999999", pass, 413},
		"a file over the limit that says otherwise": {wire.AppendBytes(nil, bodyPath, bodyFile(t, 1<<20+1)), "", refuse, 413},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			settings := usual("exit")
			settings.DeadlineMS = 100
			last := func(context.Context, *pipeline.Delivery) error { t.Error("the last stage was reached"); return nil }
			s := testServer(t, io.Discard, behind(settings, 0, tc.first, last))
			if err := s.memory.free.Acquire(t.Context(), s.memory.total); err != nil { // others have all of it
				t.Fatal(err)
			}
			k := kongWith(t, s)
			other := map[string][]byte{"kong.request.get_raw_body": tc.body}
			if tc.length != "" {
				other["kong.request.get_headers"] = appendHeaderEntry(nil, []pipeline.Header{{Name: "content-length", Value: tc.length}})
			}
			k.reply = replies(other)
			if exit := k.event(k.start("p", `{}`)); exit == nil || exit.Status != tc.status {
				t.Errorf("got %v, want %d", exit, tc.status)
			}
			s.memory.free.Release(s.memory.total)
		})
	}
}

func TestBody_comesWholeFromFrameAndFile(t *testing.T) {
	for name, size := range map[string]int{
		"nothing": 0, "small": 100, "just small": smallBody, "just large": smallBody + 1, "large": 700_000,
	} {
		for _, in := range []string{"memory", "a file"} {
			t.Run(name+" in "+in, func(t *testing.T) {
				var got []byte
				last := func(_ context.Context, d *pipeline.Delivery) error { got = bytes.Clone(d.Body); return nil }
				s := testServer(t, io.Discard, behind(usual("continue"), 0, pass, last))
				k := kongWith(t, s)
				body := wire.AppendBytes(nil, bodyContent, bytes.Repeat([]byte("x"), size))
				if in == "a file" {
					body = wire.AppendBytes(nil, bodyPath, bodyFile(t, size))
				}
				k.reply = replies(map[string][]byte{"kong.request.get_raw_body": body})
				id := k.start("p", `{}`)
				for range 2 { // the connection is good for another
					got = nil
					if exit := k.event(id); exit != nil || len(got) != size || strings.Trim(string(got), "x") != "" {
						t.Fatalf("%d bytes, want %d; %v", len(got), size, exit)
					}
				}
				if !whole(s.memory) {
					t.Error("memory is not given back")
				}
			})
		}
	}
}

func TestBody_unreadOneLeavesTheConnectionGood(t *testing.T) {
	chain, err := pipeline.NewChain([]pipeline.Stage{fnStage(pass)}) // of webhook-ipallow, which reads no body
	if err != nil {
		t.Fatal(err)
	}
	s := testServer(t, io.Discard, func([]byte) (*Handler, error) {
		return &Handler{Settings: usual("continue"), Chain: chain, Provider: "test"}, nil
	})
	k := kongWith(t, s)
	k.reply = replies(map[string][]byte{"kong.request.get_raw_body": wire.AppendBytes(nil, bodyContent, make([]byte, 512<<10))})
	id := k.start("p", `{}`)
	for range 3 {
		if exit := k.event(id); exit != nil {
			t.Fatalf("got %v", exit)
		}
	}
}

// TestBody_stalledOneHoldsNoMemoryPastItsDeadline lets Kong break off in the middle of
// a body.
func TestBody_stalledOneHoldsNoMemoryPastItsDeadline(t *testing.T) {
	settings := usual("exit")
	settings.DeadlineMS = 100
	s := testServer(t, io.Discard, behind(settings, 0, pass, pass))
	k := kongWith(t, s)
	id := k.start("p", `{}`)
	k.call(&protocol.RpcCall{Call: &protocol.RpcCall_CmdHandleEvent{CmdHandleEvent: &protocol.CmdHandleEvent{InstanceId: id, EventName: "access"}}})
	for range s.plans[asked{learn: true}].questions {
		method := k.question()
		reply := wire.AppendFrame(nil, k.reply(method))
		if method == "kong.request.get_raw_body" {
			whole := wire.AppendFrame(nil, wire.AppendBytes(nil, bodyContent, make([]byte, 512<<10)))
			reply = whole[:len(whole)/2]
		}
		k.write(reply)
	}
	if method := string(k.frame()); method != "kong.response.exit" {
		t.Fatalf("got %s", method)
	}
	if exit := string(k.frame()); !strings.Contains(exit, "deadline_exceeded") {
		t.Errorf("got %q", exit)
	}
	if !whole(s.memory) {
		t.Error("memory is not given back")
	}
}

func TestMemory_unprovedBodyMustFit(t *testing.T) {
	const size = 100_000
	tests := map[string]struct {
		total  int64
		copies int
		want   pipeline.Code
	}{
		"a body and the event made of it":                     {300_000, 0, pipeline.Accepted},
		"a body alone, whose event waits for nobody":          {int64(roundUp(size)), 0, pipeline.Accepted},
		"a body that does not fit":                            {int64(roundUp(size)) - 1, 0, pipeline.BodyTooLarge},
		"a body with the copies that are made before a proof": {int64(roundUp(size)) + 4*size, 4, pipeline.Accepted},
		"one copy too many":                                   {int64(roundUp(size)) + 4*size - 1, 4, pipeline.BodyTooLarge},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			s := share{of: newMemory(tc.total)}
			content, err := s.take(t.Context(), size, tc.copies)
			var reject *pipeline.Reject
			if errors.As(err, &reject); tc.want == pipeline.Accepted && err != nil || tc.want != pipeline.Accepted && (reject == nil || reject.Code != tc.want) {
				t.Fatalf("got %v", err)
			}
			if err == nil && len(content) != size {
				t.Errorf("%d bytes", len(content))
			}
			s.release()
			if !whole(s.of) {
				t.Error("memory is not given back")
			}
		})
	}
}

func TestMemory_reservedByAStageIsGivenBack(t *testing.T) {
	const total = 1_000_000
	for name, tc := range map[string]struct {
		others int64 // bytes that other deliveries have
		asks   []int
		status int32
	}{
		"all that there is, in parts":     {0, []int{600_000, 400_000}, 200},
		"more than there is":              {0, []int{600_000, 400_001}, 413},
		"more than others leave":          {500_000, []int{400_000, 200_000}, 503},
		"more than there is, with others": {500_000, []int{2_000_000}, 413},
	} {
		t.Run(name, func(t *testing.T) {
			last := func(ctx context.Context, d *pipeline.Delivery) error {
				for _, bytes := range tc.asks {
					if _, err := d.Copy(bytes); err != nil {
						return err
					}
				}
				return stores(ctx, d)
			}
			s := testServer(t, io.Discard, behind(usual("exit"), 0, pass, last))
			s.memory = newMemory(total)
			if err := s.memory.free.Acquire(t.Context(), tc.others); err != nil {
				t.Fatal(err)
			}
			k := kongWith(t, s)
			if exit := k.event(k.start("p", `{}`)); exit == nil || exit.Status != tc.status {
				t.Errorf("got %v, want %d", exit, tc.status)
			}
			s.memory.free.Release(tc.others)
			if !whole(s.memory) {
				t.Error("memory is not given back")
			}
		})
	}
	if room, err := (&pipeline.Delivery{}).Copy(1 << 20); err != nil || len(room) != 1<<20 {
		t.Errorf("a delivery of no server: %v", err)
	}
}

// TestMemory_copyIsOfWhatTheBodyTook makes something of a body, in memory that the body
// has taken for it and that later deliveries use again.
func TestMemory_copyIsOfWhatTheBodyTook(t *testing.T) {
	const size = 9 << 20
	m := newMemory(int64(roundUp(size)) + size)
	var before, after runtime.MemStats
	for i := range 10 {
		if i == 1 {
			runtime.ReadMemStats(&before)
		}
		s := share{of: m}
		body, err := s.take(t.Context(), size, 0)
		made, cerr := s.copy(size)
		if err := errors.Join(err, cerr); err != nil || len(body) != size || len(made) != size || &body[0] == &made[0] {
			t.Fatalf("%d and %d bytes: %v", len(body), len(made), err)
		}
		s.release()
		if !whole(m) {
			t.Fatal("memory is not given back")
		}
	}
	runtime.ReadMemStats(&after)
	if made := after.TotalAlloc - before.TotalAlloc; made > 4*size { // a collection may take the buffers once
		t.Errorf("%d bytes were allocated for nine deliveries", made)
	}
}

// TestMemory_floodOfHugeBodiesAllocatesNothing refuses huge bodies behind the step
// that loads them, as verify does: no collection is made for them, and the buffer of
// one is the next one's.
func TestMemory_floodOfHugeBodiesAllocatesNothing(t *testing.T) {
	const size, floods = 9 << 20, 20
	settings := usual("exit")
	settings.MaxBodyBytes = size
	s := testServer(t, io.Discard, behind(settings, 0, pass, refuse))
	k := kongWith(t, s)
	id := k.start("p", `{}`)
	path := bodyFile(t, size)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range floods {
		k := kongWith(t, s) // Kong ends a connection with an exit
		k.reply = replies(map[string][]byte{"kong.request.get_raw_body": wire.AppendBytes(nil, bodyPath, path)})
		if exit := k.event(id); exit == nil || exit.Status != 403 {
			t.Fatalf("got %v", exit)
		}
	}
	runtime.ReadMemStats(&after)
	if after.NumForcedGC != before.NumForcedGC {
		t.Errorf("%d collections were forced", after.NumForcedGC-before.NumForcedGC)
	}
	if got := after.TotalAlloc - before.TotalAlloc; got > floods*size/2 {
		t.Errorf("%d bytes allocated for %d bodies of %d", got, floods, size)
	}
	if percent := gcPercent(); percent != usualPercent {
		t.Errorf("the collector's percentage is left at %d", percent)
	}
}

func gcPercent() uint64 {
	percent := []metrics.Sample{{Name: "/gc/gogc:percent"}}
	metrics.Read(percent)
	return percent[0].Value.Uint64()
}

func TestMemory_buffersAreUsedAgainOnlyForTheirSize(t *testing.T) {
	m := newMemory(1 << 30)
	for _, size := range []int{1, smallBody, smallBody + 1, 100_000, 1 << 20, 25 << 20, 26_214_401} {
		b := m.get(size)
		if n := len(b.bytes); n < size || size > smallBody && n > size+size/4 {
			t.Errorf("%d bytes for a body of %d", n, size)
		}
		m.put(b)
		if again := m.get(size); size > smallBody && again != b {
			t.Errorf("the buffer of %d bytes is not used again", size)
		}
		runtime.KeepAlive(b)
	}
}

// TestBody_pathThatIsTooLongIsRefused keeps what stands in place of a path from being
// read into memory.
func TestBody_pathThatIsTooLongIsRefused(t *testing.T) {
	k := kongWith(t, testServer(t, io.Discard, plugin(usual("exit"), nil)))
	k.reply = replies(map[string][]byte{"kong.request.get_raw_body": wire.AppendBytes(nil, bodyPath, strings.Repeat("/x", maxNote))})
	if exit := k.event(k.start("p", `{}`)); exit == nil || exit.Status != 500 {
		t.Errorf("got %v", exit)
	}
}
