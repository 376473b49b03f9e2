package list_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"webhookedge/plugins/internal/ctl/inspector/api"
	"webhookedge/plugins/internal/ctl/inspector/list"
	"webhookedge/plugins/internal/ctl/inspector/site"
)

// million returns a full list, as busy senders fill it, and the bytes of the heap that a
// row takes.
func million(tb testing.TB) (l *list.List, bytes float64) {
	tb.Helper()
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	l = list.New(0, time.Now)
	providers := []string{"github", "stripe", "slack", "shopify", "twilio"}
	for n := range list.Max {
		p := providers[n%len(providers)]
		f := &list.Fact{
			Source: list.Record, RequestID: fmt.Sprintf("%032x", n), At: noon.Add(time.Duration(n) * time.Millisecond), State: api.StateStored, Provider: p, Route: p,
			Type: fmt.Sprint("type-", n%300), Tenant: fmt.Sprint("tenant-", n%10_000), Status: 200, Code: "accepted", Ack: "broker", Micros: 400, Events: 1,
			EventID: fmt.Sprintf("%036x", n), Resource: fmt.Sprint("octo/repository-", n%1000),
			Stored: site.Stored{Stream: "WEBHOOKS", Sequence: uint64(n + 1), Subject: fmt.Sprint("webhooks.", p, ".tenant-", n%10_000)},
		}
		if n%100 == 0 {
			f.State, f.Code, f.Status = api.StateRefused, "signature_invalid", 401
		}
		l.Put(f)
	}
	return l, float64(heap()-before) / list.Max
}

// TestList_million holds what a row takes, and that the last page is there.
func TestList_million(t *testing.T) {
	l, bytes := million(t)
	if bytes > 260 {
		t.Errorf("a row takes %.0f bytes", bytes)
	}
	t.Logf("a row takes %.0f bytes", bytes)
	for name, q := range map[string]api.Query{
		"a filter": {Provider: []string{"slack"}}, "two filters": {Provider: []string{"slack", "github"}, State: []string{api.StateRefused}}, "a text": {Search: "repository-77"},
	} {
		q.Count = 100
		p := l.Page(&q)
		q.Offset = p.Matched - 1
		if last := l.Page(&q); p.Total != list.Max || p.Matched == 0 || len(last.Rows) != 1 {
			t.Errorf("%s: %d of %d, %d on the last page", name, p.Matched, p.Total, len(last.Rows))
		}
	}
}

// BenchmarkList is a page out of a million rows: without a filter, of one that is looked
// at while rows come, and of one that nobody has asked for before.
func BenchmarkList(b *testing.B) {
	l, bytes := million(b)
	b.Run("all", func(b *testing.B) {
		for b.Loop() {
			l.Page(&api.Query{Count: 100, Offset: 500_000})
		}
		b.ReportMetric(bytes, "bytes/row")
	})
	next := list.Max
	b.Run("a filter, and a row that came", func(b *testing.B) {
		for b.Loop() {
			next++
			l.Put(record(next, "github", "accepted"))
			l.Page(&api.Query{Provider: []string{"github"}, Status: []string{"2xx"}, Count: 100, Offset: 1000})
		}
	})
	b.Run("a new filter", func(b *testing.B) {
		for b.Loop() {
			next++
			l.Page(&api.Query{Provider: []string{"github", fmt.Sprint(next)}, Status: []string{"2xx"}, Count: 100})
		}
	})
	b.Run("a new text", func(b *testing.B) {
		for b.Loop() {
			next++
			l.Page(&api.Query{Search: fmt.Sprint("event-", next), Count: 100})
		}
	})
	b.Run("baseline of a new filter, rows as the page has them", func(b *testing.B) {
		var rows []api.Row
		for r := range l.Recent(time.Time{}) {
			rows = append(rows, r.Row)
		}
		for b.Loop() {
			picked := 0
			for i := range rows {
				if rows[i].Provider == "github" && rows[i].Status/100 == 2 {
					picked++
				}
			}
		}
	})
	b.Run("facets", func(b *testing.B) {
		for b.Loop() {
			l.Facets()
		}
	})
	b.Run("put", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			next++
			l.Put(record(next, "github", "accepted"))
		}
	})
}
