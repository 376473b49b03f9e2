package feed_test

import (
	"encoding/json"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"webhookedge/plugins/internal/ctl/inspector/api"
	"webhookedge/plugins/internal/ctl/inspector/feed"
	"webhookedge/plugins/internal/ctl/inspector/list"
	"webhookedge/plugins/internal/ctl/inspector/site"
	"webhookedge/plugins/observe"
)

// TestFeed_requestsAreBounded has more bodies than are kept.
func TestFeed_requestsAreBounded(t *testing.T) {
	f := feed.New(feed.Config{}, list.New(0, time.Now))
	large := func() *site.Request {
		return &site.Request{Method: "POST", Body: make([]byte, 25<<20), Size: 25 << 20, At: time.Now(), Status: 200, Answer: [][2]string{{"Webhook-Ack", "broker"}}}
	}
	for n := range 10 {
		f.Request(fmt.Sprint("large-", n), "hub", time.Millisecond, large())
	}
	for n := range 1000 {
		f.Request(fmt.Sprint("small-", n), "hub", time.Millisecond, &site.Request{Method: "POST", Body: make([]byte, 1<<10), At: time.Now(), Status: 401})
	}
	whole := 0
	for n := uint64(1); n <= 10; n++ {
		d, ok := f.Get(n)
		if !ok || d.Row.Ack != "broker" || d.Row.Status != 200 {
			t.Fatalf("%+v", d.Row)
		}
		if d.Request != nil {
			whole++
		}
	}
	if d, _ := f.Get(1010); whole != 2 || d.Request == nil || d.Row.State != api.StateRefused {
		t.Errorf("%d large ones are kept", whole)
	}
	runtime.GC()
	var m runtime.MemStats
	if runtime.ReadMemStats(&m); m.HeapAlloc > 128<<20 {
		t.Errorf("%d MiB", m.HeapAlloc>>20)
	}
}

func TestFeed_recordsAreBounded(t *testing.T) {
	f := feed.New(feed.Config{}, list.New(0, time.Now))
	r := recordOf("", "signature_invalid")
	r.Reason = strings.Repeat("x", 50<<10)
	for n := range 2000 {
		r.RequestID = fmt.Sprint(n)
		text, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		f.Record(text)
	}
	first, _ := f.Get(1)
	last, _ := f.Get(2000)
	if first.Record != nil || first.Row.Code != "signature_invalid" || last.Record == nil {
		t.Errorf("%v %v", first.Record == nil, last.Record == nil)
	}
	for _, text := range []string{"", "null", "{}", "[1]", `{"v":0}`, strings.Repeat("[", 100_000)} {
		f.Record([]byte(text))
	}
	if _, ok := f.Get(2001); ok {
		t.Error("what is no record is a delivery")
	}
}

// TestFeed_joinsBatches has a record of a batch that is held in part.
func TestFeed_joinsBatches(t *testing.T) {
	f := feed.New(feed.Config{Kept: kept}, list.New(0, time.Now))
	r := recordOf("r1", "accepted")
	r.Events = []observe.Event{{ID: "e1", Type: "github.push"}, {ID: "e2", Type: "github.push", Hold: "policy_denied"}}
	r.More, r.Stream, r.Sequence = 3, kept.Stream, 9
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	f.Record(text)
	if d, _ := f.Get(1); d.Row.State != api.StateHeld || d.Row.Events != 5 || d.Kept != 9 || d.Stored != nil || d.Row.Type != "push" {
		t.Errorf("%+v", d)
	}
}

// BenchmarkRecord is what a record costs on its way into the list, beside its JSON alone.
func BenchmarkRecord(b *testing.B) {
	r := recordOf("8de1a5dbf3c851f5e081b1781e7a5be1", "accepted")
	text, err := json.Marshal(r)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("baseline, its JSON", func(b *testing.B) {
		for b.Loop() {
			var r observe.Record
			if json.Unmarshal(text, &r) != nil {
				b.Fatal("no record")
			}
		}
	})
	b.Run("joined", func(b *testing.B) {
		f := feed.New(feed.Config{}, list.New(0, time.Now))
		for b.Loop() {
			f.Record(text)
		}
	})
	b.Run("a new one each time", func(b *testing.B) {
		f := feed.New(feed.Config{}, list.New(0, time.Now))
		for n := 0; b.Loop(); n++ {
			one := []byte(strings.Replace(string(text), "8de1a5dbf3c851f5", fmt.Sprintf("%016x", n), 1))
			f.Record(one)
		}
	})
}
