package list

import (
	"cmp"
	"slices"
	"strconv"

	"webhookedge/plugins/internal/ctl/inspector/api"
)

// maxFacets bounds the values of one column that a filter offers.
const maxFacets = 200

// counts are those of the columns that are no symbols; symbols count themselves.
type counts struct {
	status map[uint16]int
	state  [states]int
}

// count adds a row to all counts, or takes it out of them.
func (l *List) count(r *row, by int) {
	for column := range l.columns {
		l.columns[column].rows[r.symbols[column]] += by
	}
	if l.counts.status[r.status] += by; l.counts.status[r.status] == 0 {
		delete(l.counts.status, r.status)
	}
	l.counts.state[r.state()] += by
}

// Facets returns the values that filters can have.
func (l *List) Facets() *api.Facets {
	l.mu.Lock()
	defer l.mu.Unlock()
	f := &api.Facets{
		Provider: l.facet(provider), Route: l.facet(route), Type: l.facet(kind), Tenant: l.facet(tenant), Code: l.facet(code), Ack: l.facet(ack),
	}
	var all []api.Facet
	for status, rows := range l.counts.status {
		if status != 0 {
			all = append(all, api.Facet{Value: strconv.Itoa(int(status)), Rows: rows})
		}
	}
	f.Status = sorted(all)
	all = nil
	for state, name := range stateNames() {
		if rows := l.counts.state[state]; rows > 0 {
			all = append(all, api.Facet{Value: name, Rows: rows})
		}
	}
	f.State = sorted(all)
	return f
}

func (l *List) facet(column int) []api.Facet {
	t := &l.columns[column]
	var all []api.Facet
	least := 1
	for id, rows := range t.rows {
		if id == 0 || rows < least {
			continue
		}
		all = append(all, api.Facet{Value: t.texts[id], Rows: rows})
		if len(all) == 10*maxFacets { // a column may have as many values as there are rows
			all = sorted(all)
			least = all[len(all)-1].Rows + 1
		}
	}
	return sorted(all)
}

// sorted returns the most frequent ones first, as a list in JSON even if there is none.
func sorted(all []api.Facet) []api.Facet {
	slices.SortFunc(all, func(a, b api.Facet) int {
		return cmp.Or(cmp.Compare(b.Rows, a.Rows), cmp.Compare(a.Value, b.Value))
	})
	return append([]api.Facet{}, all[:min(len(all), maxFacets)]...)
}
