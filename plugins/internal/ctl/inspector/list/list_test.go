package list_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"webhookedge/plugins/internal/ctl/inspector/api"
	"webhookedge/plugins/internal/ctl/inspector/list"
	"webhookedge/plugins/internal/ctl/inspector/site"
)

var noon = time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)

func clock() time.Time { return noon }

// record is a delivery that was stored, or refused where code says so.
func record(n int, provider, code string) *list.Fact {
	f := &list.Fact{
		Source: list.Record, RequestID: fmt.Sprintf("%032x", n), At: noon.Add(time.Duration(n) * time.Millisecond), State: api.StateStored, Provider: provider,
		Route: provider + "-route", Type: "issues.opened", Tenant: "octo", Status: 200, Code: code, Ack: "broker", Micros: 420, Events: 1,
		EventID: fmt.Sprint("event-", n), Resource: "octo/hello", Stored: site.Stored{Stream: "WEBHOOKS", Sequence: uint64(n), Subject: "webhooks." + provider},
	}
	if code != "accepted" {
		f.State, f.Status, f.Ack, f.Stage, f.Stored, f.Events = api.StateRefused, 401, "", "verify", site.Stored{}, 0
	}
	return f
}

// numbers are those of a page's rows.
func numbers(p *api.Page) (all []uint64) {
	for _, r := range p.Rows {
		all = append(all, r.N)
	}
	return all
}

// TestList_joinsByRequestID has all sources tell of one delivery, in every order.
func TestList_joinsByRequestID(t *testing.T) {
	stored := site.Stored{Stream: "WEBHOOKS", Sequence: 7, Subject: "webhooks.github.octo.issues"}
	facts := []*list.Fact{
		{Source: list.Event, RequestID: "r1", At: noon, State: api.StateStored, Provider: "github", Type: "issues", Tenant: "octo", Events: 1, EventID: "e1", Resource: "octo/hello", Stored: stored},
		{Source: list.Gateway, RequestID: "r1", At: noon.Add(time.Second), State: api.StateStored, Route: "hub", Status: 200, Micros: 900},
		{
			Source: list.Record, RequestID: "r1", At: noon.Add(2 * time.Second), State: api.StateStored, Provider: "github", Route: "hub", Type: "issues", Events: 1, EventID: "e1",
			Status: 200, Code: "accepted", Ack: "broker", Micros: 420, Stored: site.Stored{Stream: "WEBHOOKS", Sequence: 7},
		},
		{Source: list.Kept, RequestID: "r1", At: noon, Provider: "github", Kept: 3},
	}
	want := site.Delivery{Row: api.Row{
		N: 1, At: noon.Add(2 * time.Second), Kind: api.KindDelivery, State: api.StateStored, Provider: "github", Route: "hub", Type: "issues", Events: 1, Tenant: "octo",
		Status: 200, Code: "accepted", Ack: "broker", Micros: 420, RequestID: "r1",
	}, Stored: []site.Stored{stored}, Kept: 3}
	var try func(done, left []*list.Fact)
	try = func(done, left []*list.Fact) {
		if len(left) == 0 {
			l := list.New(0, clock)
			for _, f := range done {
				if n := l.Put(f); n != 1 {
					t.Errorf("it is row %d", n)
				}
			}
			got, ok := l.Get(1)
			if diff := cmp.Diff(want, got); diff != "" || !ok {
				t.Errorf("(-want +got):\n%s", diff)
			}
			return
		}
		for i, f := range left {
			try(append(slices.Clone(done), f), slices.Delete(slices.Clone(left), i, i+1))
		}
	}
	try(nil, facts)
}

func TestList_heldIsStoredOnceReleased(t *testing.T) {
	l := list.New(0, clock)
	held := &list.Fact{Source: list.Record, RequestID: "r1", At: noon, State: api.StateHeld, Provider: "github", Events: 1, EventID: "e1", Kept: 3}
	released := &list.Fact{Source: list.Event, RequestID: "r1", At: noon, State: api.StateStored, Provider: "github", Events: 1, EventID: "e1", Stored: site.Stored{Stream: "S", Sequence: 1}}
	l.Put(held)
	if d, _ := l.Get(1); d.Row.State != api.StateHeld {
		t.Errorf("it is %s", d.Row.State)
	}
	l.Put(released)
	if d, _ := l.Get(1); d.Row.State != api.StateStored || d.Kept != 3 {
		t.Errorf("it is %s", d.Row.State)
	}
	batch := &list.Fact{Source: list.Record, RequestID: "r2", At: noon, State: api.StateHeld, Events: 2}
	other := *released
	other.RequestID = "r2"
	l.Put(batch)
	l.Put(&other)
	if d, _ := l.Get(2); d.Row.State != api.StateHeld || d.Row.Events != 2 {
		t.Errorf("of a batch one is held still: %+v", d.Row)
	}
}

// TestList_batchHasAllPlaces has the stream tell of each event of a delivery whose record
// names the last one.
func TestList_batchHasAllPlaces(t *testing.T) {
	l := list.New(0, clock)
	l.Put(&list.Fact{Source: list.Record, RequestID: "r", At: noon, State: api.StateStored, Events: 3, EventID: "e1", Stored: site.Stored{Stream: "S", Sequence: 3}})
	for n := 1; n <= 3; n++ {
		l.Put(&list.Fact{Source: list.Event, RequestID: "r", At: noon, EventID: fmt.Sprint("e", n), Events: 1, Stored: site.Stored{Stream: "S", Sequence: uint64(n), Subject: fmt.Sprint("s.", n)}})
	}
	d, _ := l.Get(1)
	want := []site.Stored{{Stream: "S", Sequence: 3, Subject: "s.3"}, {Stream: "S", Sequence: 1, Subject: "s.1"}, {Stream: "S", Sequence: 2, Subject: "s.2"}}
	if diff := cmp.Diff(want, d.Stored); diff != "" || d.Row.Events != 3 {
		t.Errorf("%d events (-want +got):\n%s", d.Row.Events, diff)
	}
	if same := l.Same("S", 2); len(same) != 1 || same[0] != 1 {
		t.Errorf("the second is of %v", same)
	}
}

func TestList_filters(t *testing.T) {
	l := list.New(0, clock)
	l.Put(record(1, "github", "accepted"))
	l.Put(record(2, "stripe", "accepted"))
	l.Put(record(3, "github", "signature_invalid"))
	l.Put(record(4, "shopify", "duplicate"))
	for name, tt := range map[string]struct {
		q    api.Query
		want []uint64
	}{
		"all, the newest first":          {api.Query{}, []uint64{4, 3, 2, 1}},
		"until a row":                    {api.Query{Until: 3}, []uint64{3, 2, 1}},
		"from an offset":                 {api.Query{Offset: 1, Count: 2}, []uint64{3, 2}},
		"one provider":                   {api.Query{Provider: []string{"github"}}, []uint64{3, 1}},
		"one of two, until a row":        {api.Query{Provider: []string{"github", "stripe"}, Until: 2}, []uint64{2, 1}},
		"two columns":                    {api.Query{Provider: []string{"github"}, Code: []string{"accepted"}}, []uint64{1}},
		"a type with a star":             {api.Query{Type: []string{"issues.*"}, Code: []string{"accepted"}}, []uint64{2, 1}},
		"a class of statuses":            {api.Query{Status: []string{"4xx"}}, []uint64{4, 3}},
		"a status":                       {api.Query{Status: []string{"200"}}, []uint64{2, 1}},
		"a state":                        {api.Query{State: []string{api.StateRefused}}, []uint64{4, 3}},
		"a text, whatever its case":      {api.Query{Search: "GitHub"}, []uint64{3, 1}},
		"an id":                          {api.Query{Search: "event-2"}, []uint64{2}},
		"a request id":                   {api.Query{Search: fmt.Sprintf("%032x", 3)}, []uint64{3}},
		"a resource and a code":          {api.Query{Search: "octo/hello", Code: []string{"duplicate"}}, []uint64{4}},
		"nothing of it":                  {api.Query{Tenant: []string{"another"}}, nil},
		"a filter of what is not known":  {api.Query{Ack: []string{"spool"}}, nil},
		"an offset beyond all":           {api.Query{Offset: 9}, nil},
		"a star at both ends":            {api.Query{Type: []string{"*ues.op*"}, Until: 1}, []uint64{1}},
		"a number that is a search only": {api.Query{Search: "401"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			for range 2 { // the second is the one that is remembered
				if tt.q.Count == 0 {
					tt.q.Count = 10
				}
				p := l.Page(&tt.q)
				if diff := cmp.Diff(tt.want, numbers(p)); diff != "" || p.Total != 4 || p.Last != 4 {
					t.Errorf("%+v (-want +got):\n%s", p, diff)
				}
			}
		})
	}
}

// TestList_viewFollowsRows has rows come, and change, under a filter that is remembered.
func TestList_viewFollowsRows(t *testing.T) {
	l := list.New(0, clock)
	q := api.Query{State: []string{api.StateStored}, Code: []string{"accepted"}, Count: 10}
	l.Put(&list.Fact{Source: list.Event, RequestID: "late", At: noon, State: api.StateStored})
	l.Put(record(1, "github", "accepted"))
	if got := numbers(l.Page(&q)); !cmp.Equal(got, []uint64{2}) {
		t.Fatalf("%v", got)
	}
	l.Put(record(2, "brand-new", "accepted"))
	late := record(3, "github", "accepted")
	late.RequestID = "late" // what was an event only is a delivery now
	l.Put(late)
	if got := numbers(l.Page(&q)); !cmp.Equal(got, []uint64{3, 2, 1}) {
		t.Errorf("%v", got)
	}
	refused := record(1, "github", "signature_invalid")
	l.Put(refused)
	if got := numbers(l.Page(&q)); !cmp.Equal(got, []uint64{3, 1}) {
		t.Errorf("%v", got)
	}
	for n := range 20_000 { // more changes than are remembered
		l.Put(record(n%2*100+200, "github", "accepted"))
	}
	if p := l.Page(&q); p.Matched != 4 {
		t.Errorf("%d rows", p.Matched)
	}
}

func TestList_facets(t *testing.T) {
	l := list.New(0, clock)
	l.Put(record(1, "github", "accepted"))
	l.Put(record(2, "github", "signature_invalid"))
	l.Put(record(3, "stripe", "accepted"))
	l.Put(record(3, "stripe", "duplicate")) // the same one
	want := &api.Facets{
		Provider: []api.Facet{{Value: "github", Rows: 2}, {Value: "stripe", Rows: 1}},
		Route:    []api.Facet{{Value: "github-route", Rows: 2}, {Value: "stripe-route", Rows: 1}},
		Type:     []api.Facet{{Value: "issues.opened", Rows: 3}},
		Tenant:   []api.Facet{{Value: "octo", Rows: 3}},
		Status:   []api.Facet{{Value: "401", Rows: 2}, {Value: "200", Rows: 1}},
		Code:     []api.Facet{{Value: "accepted", Rows: 1}, {Value: "duplicate", Rows: 1}, {Value: "signature_invalid", Rows: 1}},
		Ack:      []api.Facet{{Value: "broker", Rows: 2}},
		State:    []api.Facet{{Value: "refused", Rows: 2}, {Value: "stored", Rows: 1}},
	}
	if diff := cmp.Diff(want, l.Facets()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestList_forgetsTheOldest fills a list with senders that name a tenant for each row.
func TestList_forgetsTheOldest(t *testing.T) {
	l := list.New(10_000, clock)
	q := api.Query{Provider: []string{"github"}, Count: 1}
	const all = 26_000
	for n := 1; n <= all; n++ {
		f := record(n, "github", "accepted")
		f.Tenant = fmt.Sprint("tenant-", n)
		l.Put(f)
		if n%1000 == 0 {
			if p := l.Page(&q); p.Matched != p.Total || p.Rows[0].N != uint64(n) || p.Rows[0].Tenant != f.Tenant {
				t.Fatalf("after %d: %+v", n, p)
			}
		}
	}
	p := l.Page(&api.Query{Count: 200, Offset: 5999})
	if p.Total != 6000 || p.Dropped != 20_000 || p.Last != all || len(p.Rows) != 1 || p.Rows[0].N != 20_001 || p.Rows[0].Tenant != "tenant-20001" {
		t.Errorf("%+v", p)
	}
	if _, ok := l.Get(20_000); ok {
		t.Error("a forgotten one is known")
	}
	if n := l.Put(record(1, "github", "accepted")); n != all+1 {
		t.Errorf("the id of a forgotten row is row %d", n)
	}
	if got := l.Page(&api.Query{Tenant: []string{"tenant-20500"}, Count: 9}); got.Matched != 1 {
		t.Errorf("%+v", got)
	}
	if got := len(l.Facets().Tenant); got != 200 {
		t.Errorf("%d tenants", got)
	}
}

func TestList_recent(t *testing.T) {
	l := list.New(0, clock)
	for n := 1; n <= 3000; n++ {
		l.Put(record(n, "github", "accepted"))
	}
	l.Put(record(3001, "github", "signature_invalid"))
	var got []site.Recent
	for r := range l.Recent(noon.Add(1001 * time.Millisecond)) {
		got = append(got, r)
	}
	if len(got) != 2001 || got[0].Stage != "verify" || got[0].Subjects != nil || got[1].Row.N != 3000 || !cmp.Equal(got[1].Subjects, []string{"webhooks.github"}) {
		t.Errorf("%d: %+v", len(got), got[:2])
	}
}

func TestList_rateIsOfTheLastSeconds(t *testing.T) {
	now := noon
	l := list.New(0, func() time.Time { return now })
	put := func(at time.Time) {
		l.Put(&list.Fact{Source: list.Record, At: at})
	}
	for range 50 {
		put(now)
	}
	for range 100 {
		put(now.Add(-time.Hour)) // read from a stream
	}
	if got := l.Now().PerSecond; got != 0 {
		t.Errorf("in the second that is not over: %v", got)
	}
	for _, after := range []time.Duration{time.Second, 10 * time.Second} {
		now = noon.Add(after)
		if got := l.Now().PerSecond; got != 5 {
			t.Errorf("after %s: %v", after, got)
		}
	}
	now = noon.Add(time.Minute)
	if got := l.Now().PerSecond; got != 0 {
		t.Errorf("after a minute: %v", got)
	}
}

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
