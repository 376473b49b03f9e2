package normalize

import (
	"errors"
	"fmt"
	"slices"
	"strconv"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/jsonscan"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/tojson"
	"webhookedge/plugins/provider"
)

// maxCopies bounds the bytes of all items of a batch together, as a multiple of the body:
// an item of a list inside an object carries a copy of that object. freeOfCopies lets
// small bodies exceed it.
const (
	maxCopies    = 4
	freeOfCopies = 4 << 20
)

var errExpansion = errors.New("batch is too large: every item would carry a copy of what surrounds the list")

// splitter knows where the lists of a row's batches stand, level by level.
type splitter struct {
	levels [][]*jsonscan.ListPath
	top    bool // the document itself may be the first list
}

// splitterOf returns nil where a batch is kept as one event.
func splitterOf(row *provider.Provider, batch string) (*splitter, error) {
	paths, split := [][]string{{""}}, batch == batchSplit
	if b := row.Batch; b != nil {
		paths, split = b.Paths(), split || !b.Keep && batch != batchKeep
	}
	if !split {
		return nil, nil
	}
	s := &splitter{top: paths[0][0] == ""}
	for _, level := range paths {
		var lists []*jsonscan.ListPath
		for _, path := range level {
			list, err := jsonscan.CompileList(path)
			if err != nil {
				return nil, fmt.Errorf("provider: %w: %w", ErrConfig, err)
			}
			lists = append(lists, list)
		}
		s.levels = append(s.levels, lists)
	}
	return s, nil
}

// part is one event of a batch.
type part struct {
	list *jsonscan.ListPath // of the first level, in which it stands
	top  bool               // that list is the document
	item []byte             // of that list, with one item in each list that it holds
	// data is the payload: the item itself of a list that is the whole document, else
	// the document with that item alone in its lists, so that nothing that stands
	// around them is lost.
	data []byte
}

// find returns the events of data, which has passed describe; none where it has no
// list or only empty ones: then the delivery is one event.
func (s *splitter) find(data []byte) ([]part, error) {
	c := cutter{s: s, left: maxCopies*len(data) + freeOfCopies}
	var parts []part
	err := c.each(data, 0, func(i int, list jsonscan.List, item []byte) (err error) {
		p := part{list: s.levels[0][i], top: i == 0 && s.top, item: item, data: item}
		if !p.top {
			p.data, err = c.around(list, item)
		}
		if parts = append(parts, p); len(parts) > tojson.MaxItems {
			return fmt.Errorf("%w: more than %d events", jsonscan.ErrItems, tojson.MaxItems)
		}
		return err
	})
	return parts, err
}

// cutter cuts documents into one for each item of their lists.
type cutter struct {
	s    *splitter
	left int // bytes that copies may take
}

// each calls fn with each item of the lists of a level, which is cut itself, its list and
// which of the level's lists that is.
func (c *cutter) each(document []byte, level int, fn func(i int, list jsonscan.List, item []byte) error) error {
	for i, path := range c.s.levels[level] {
		own, err := c.alone(document, level, i)
		if err != nil {
			return err
		}
		list, _, err := path.Find(own, tojson.MaxItems) // of no items where there is none
		if err != nil {
			return err
		}
		for _, item := range list.Items {
			cuts, err := c.cut(item, level+1)
			if err != nil {
				return err
			}
			for _, one := range cuts {
				if err := fn(i, list, one); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// cut returns item, or one copy of it for each item of the lists of a level.
func (c *cutter) cut(item []byte, level int) ([][]byte, error) {
	if level == len(c.s.levels) {
		return [][]byte{item}, nil
	}
	var all [][]byte
	err := c.each(item, level, func(_ int, list jsonscan.List, one []byte) error {
		copied, err := c.around(list, one)
		all = append(all, copied)
		return err
	})
	if all == nil {
		all = [][]byte{item}
	}
	return all, err
}

// alone returns document with the lists of a level empty, but for the one at keep.
func (c *cutter) alone(document []byte, level, keep int) ([]byte, error) {
	for i, path := range c.s.levels[level] {
		if i == keep {
			continue
		}
		list, _, err := path.Find(document, tojson.MaxItems)
		if err != nil {
			return nil, err
		}
		if len(list.Items) > 0 {
			if document, err = c.around(list, nil); err != nil {
				return nil, err
			}
		}
	}
	return document, nil
}

// around returns the document of a list with item alone in it.
func (c *cutter) around(list jsonscan.List, item []byte) ([]byte, error) {
	size := len(list.Head) + len(item) + len(list.Tail)
	if c.left -= size; c.left < 0 {
		return nil, errExpansion
	}
	document := make([]byte, 0, size)
	document = append(append(document, list.Head...), item...)
	return append(document, list.Tail...), nil
}

// after returns the document and the item that a redaction has left of data.
func (b *part) after(data []byte) (document, item []byte, err error) {
	if b.top {
		return nil, data, nil
	}
	list, ok, err := b.list.Find(data, 1)
	if err != nil || !ok || len(list.Items) == 0 {
		return data, []byte("null"), err // the rule took the item as well
	}
	return data, list.Items[0], nil
}

// split makes an event of each part. facts are those of the delivery.
func (s *Stage) split(d *pipeline.Delivery, p *payload, parts []part, facts *provider.Facts) error {
	whole := *facts
	if s.redactor != nil {
		// What the body says may be redacted in the items.
		whole.ID = s.row.DeliveryID(p.asked())
	}
	delivery := s.told(d, p, &whole)
	id := delivery.ID
	if id == "" {
		id = event.FallbackID(nil, s.row.Name, d.Route, s.row.Key(&delivery))
	}
	ids, keys := make(map[string]bool, len(parts)), make(map[string]bool, len(parts))
	items := make([]pipeline.Item, 0, len(parts))
	for i := range parts {
		b := &parts[i]
		l, err := s.redact(d, p, b.data)
		if err != nil {
			return err
		}
		own, err := s.partFacts(p, b, l.data, facts)
		if err != nil {
			return err
		}
		e := s.event(d, &own, p)
		e.Data, e.Redacted, e.DeliveryID = l.data, l.any, id
		e.ID = itemID(own.ID, id, i, ids)
		item, err := s.item(e, b.data)
		if err != nil {
			return err
		}
		item.Key = s.itemKey(delivery, &own, i, keys)
		items = append(items, item)
	}
	d.Items = items
	return nil
}

// itemKey is what tells the item at position i from every other event. Where it has no
// id of its own that no item before it had, its position in the delivery does.
func (s *Stage) itemKey(delivery provider.Told, own *provider.Facts, i int, seen map[string]bool) string {
	t := delivery
	t.Facts = *own
	if own.ID != "" {
		t.ID, t.Proved = own.ID, delivery.Proved || !slices.Contains(own.Unsigned, "id")
		if len(t.ID) > maxID {
			t.ID = event.FallbackID(nil, t.ID)
		}
		if key := s.row.Key(&t); !s.row.Identity.Content && !seen[key] {
			seen[key] = true
			return key
		}
	}
	t.Item = strconv.Itoa(i)
	return s.row.Key(&t)
}

// partFacts are the facts of an event whose payload is data. Those of the delivery are
// read again where they may stand in the list, or from what a redaction has left, so
// that nothing comes back through them.
func (s *Stage) partFacts(p *payload, b *part, data []byte, facts *provider.Facts) (own provider.Facts, err error) {
	item, delivery := b.item, *facts
	if s.redactor != nil {
		var document []byte
		if document, item, err = b.after(data); err != nil {
			return own, err
		}
		data = document
	}
	if !b.top || s.redactor != nil {
		delivery = s.row.DescribeAgain(p.asked(), data)
	}
	own, err = s.row.DescribeItem(p.asked(), item, delivery)
	if s.redactor != nil {
		unmask(&own)
	}
	return own, err
}

// itemID is the id of the event of an item: the item's own id where it has one that no
// item before it had, else the delivery's id or the item's own with the item's position
// from 0.
func itemID(own, delivery string, i int, seen map[string]bool) string {
	if own != "" && !seen[own] {
		seen[own] = true
		return own
	}
	if own == "" {
		own = delivery
	}
	id := own + "/" + strconv.Itoa(i)
	if len(id) > maxID {
		id = event.FallbackID(nil, id)
	}
	return id
}
