package list

import "strings"

// table is the texts of a column, each once. The first is the empty one.
type table struct {
	ids   map[string]uint32
	texts []string
	rows  []int // that have it
	free  []uint32
}

func newTable() table {
	return table{ids: map[string]uint32{"": 0}, texts: []string{""}, rows: []int{0}}
}

func (t *table) symbol(text string) uint32 {
	if id, ok := t.ids[text]; ok {
		return id
	}
	text = strings.Clone(text) // which may be a part of a large message
	var id uint32
	if n := len(t.free); n > 0 {
		id, t.free = t.free[n-1], t.free[:n-1]
		t.texts[id] = text
	} else {
		id = uint32(len(t.texts))
		t.texts, t.rows = append(t.texts, text), append(t.rows, 0)
	}
	t.ids[text] = id
	return id
}

// sweep gives up the texts that no row has. Who remembers symbols must forget them.
func (t *table) sweep() {
	for id := 1; id < len(t.texts); id++ {
		if _, used := t.ids[t.texts[id]]; used && t.rows[id] == 0 && t.texts[id] != "" {
			delete(t.ids, t.texts[id])
			t.texts[id] = ""
			t.free = append(t.free, uint32(id))
		}
	}
}
