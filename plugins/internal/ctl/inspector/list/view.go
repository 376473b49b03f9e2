package list

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"webhookedge/plugins/internal/ctl/inspector/api"
)

// maxViews bounds the queries that are remembered: of several pages at once.
const maxViews = 8

// maxChanged bounds the changed rows that are remembered; a view that missed more of them
// is made anew.
const maxChanged = 4096

// views are the queries that are remembered, the last used first.
type views struct {
	all   []*view
	rows  []uint64 // that changed
	begin uint64   // how many changed before the first of rows
}

// changed notes that a row is another than it was.
func (v *views) changed(n uint64) {
	if len(v.all) == 0 {
		v.begin++
		return
	}
	if len(v.rows) >= 2*maxChanged {
		drop := len(v.rows) - maxChanged
		v.rows = slices.Delete(v.rows, 0, drop)
		v.begin += uint64(drop)
	}
	v.rows = append(v.rows, n)
}

func (v *views) end() uint64 { return v.begin + uint64(len(v.rows)) }

func (v *views) reset() { v.all, v.begin, v.rows = nil, v.end(), nil }

// view is the rows that a query picks.
type view struct {
	key     string
	query   filter
	rows    []uint64 // ascending
	seen    uint64   // the newest row that was looked at
	changes uint64   // of views, that were looked at
}

// view returns that of q, with all rows there are.
func (l *List) view(q *api.Query) *view {
	key := queryKey(q)
	i := slices.IndexFunc(l.views.all, func(v *view) bool { return v.key == key })
	var v *view
	if i >= 0 {
		v = l.views.all[i]
		l.views.all = slices.Delete(l.views.all, i, i+1)
	}
	if v == nil || v.changes < l.views.begin {
		v = &view{key: key, query: newFilter(q), seen: l.first - 1, changes: l.views.end()}
	}
	l.views.all = slices.Insert(l.views.all, 0, v)
	l.views.all = l.views.all[:min(len(l.views.all), maxViews)]
	v.query.learn(l)
	for _, n := range l.views.rows[v.changes-l.views.begin:] {
		if n <= v.seen && l.has(n) {
			v.again(n, v.query.picks(l.at(n)))
		}
	}
	v.changes = l.views.end()
	for n := v.seen + 1; n <= l.last; n++ {
		if v.query.picks(l.at(n)) {
			v.rows = append(v.rows, n)
		}
	}
	v.seen = l.last
	return v
}

// again takes a row in or out whose content has changed.
func (v *view) again(n uint64, picked bool) {
	i, has := slices.BinarySearch(v.rows, n)
	switch {
	case picked && !has:
		v.rows = slices.Insert(v.rows, i, n)
	case !picked && has:
		v.rows = slices.Delete(v.rows, i, i+1)
	}
}

// picksAll reports whether q has no filter.
func picksAll(q *api.Query) bool {
	return q.Search == "" && len(q.Provider)+len(q.Route)+len(q.Type)+len(q.Tenant)+len(q.Status)+len(q.Code)+len(q.Ack)+len(q.State) == 0
}

// queryKey tells queries apart by what they pick.
func queryKey(q *api.Query) string {
	only := *q
	only.Until, only.Offset, only.Count = 0, 0, 0
	text, _ := json.Marshal(only) // of strings alone
	return string(text)
}

// filter is a query in terms of symbols.
type filter struct {
	search string
	text   []byte // of search, as it was typed
	wants  [columns]*chosen
	status []string
	state  []string
	hits   [columns]chosen // symbols that search is in
}

// chosen are the symbols of a column that are wanted. It grows with the column.
type chosen struct {
	wants func(text string) bool
	is    []bool
}

func newFilter(q *api.Query) filter {
	f := filter{search: strings.ToLower(q.Search), text: []byte(q.Search), status: q.Status, state: q.State}
	for column, values := range [columns][]string{provider: q.Provider, route: q.Route, kind: q.Type, tenant: q.Tenant, code: q.Code, ack: q.Ack} {
		if len(values) > 0 {
			f.wants[column] = &chosen{wants: oneOf(values)}
		}
	}
	for column := range f.hits {
		f.hits[column].wants = func(text string) bool { return strings.Contains(strings.ToLower(text), f.search) }
	}
	return f
}

// oneOf reports whether a text is one of values, in which a star is any text.
func oneOf(values []string) func(string) bool {
	return func(text string) bool {
		return slices.ContainsFunc(values, func(v string) bool { return matches(v, text) })
	}
}

func matches(pattern, text string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == text
	}
	text, ok := strings.CutPrefix(text, parts[0])
	if !ok {
		return false
	}
	for _, part := range parts[1 : len(parts)-1] {
		if _, text, ok = strings.Cut(text, part); !ok {
			return false
		}
	}
	return strings.HasSuffix(text, parts[len(parts)-1])
}

// learn looks at the symbols that are new.
func (f *filter) learn(l *List) {
	for column := range l.columns {
		t := &l.columns[column]
		if c := f.wants[column]; c != nil {
			c.learn(t)
		}
		if f.search != "" {
			f.hits[column].learn(t)
		}
	}
}

func (c *chosen) learn(t *table) {
	for id := len(c.is); id < len(t.texts); id++ {
		c.is = append(c.is, c.wants(t.texts[id]))
	}
}

func (f *filter) picks(r *row, b *block) bool {
	for column, c := range f.wants {
		if c != nil && !c.is[r.symbols[column]] {
			return false
		}
	}
	if len(f.state) > 0 && !slices.Contains(f.state, stateNames()[r.state()]) {
		return false
	}
	if len(f.status) > 0 && !slices.ContainsFunc(f.status, func(want string) bool { return isStatus(want, r.status) }) {
		return false
	}
	return f.search == "" || f.finds(r, b)
}

// isStatus compares with 401, or with 4xx.
func isStatus(want string, status uint16) bool {
	if len(want) == 3 && strings.EqualFold(want[1:], "xx") {
		return want[0] == byte('0'+status/100)
	}
	return want == strconv.Itoa(int(status))
}

// finds searches in all columns, without regard to case, and in ids and resources.
func (f *filter) finds(r *row, b *block) bool {
	for column := range f.hits {
		if f.hits[column].is[r.symbols[column]] {
			return true
		}
	}
	id, event, resource := r.texts(b)
	return bytes.Contains(id, f.text) || bytes.Contains(event, f.text) || bytes.Contains(resource, f.text)
}
