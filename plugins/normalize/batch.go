package normalize

import (
	"errors"
	"fmt"
	"strconv"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/jsonscan"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/tojson"
	"webhookedge/plugins/provider"
)

// maxCopies bounds the bytes of all items of a batch together, as a multiple of
// the body: where the list stands inside of an object every item carries a copy
// of that object. The constant beside it lets small bodies have large multiples.
const (
	maxCopies    = 4
	freeOfCopies = 4 << 20
)

var errExpansion = errors.New("batch is too large when every item has a copy of what stands around the list")

// splitter knows where the list of a row's batches stands.
type splitter struct {
	path *jsonscan.ListPath
	top  bool // the document itself is the list
}

// splitterOf returns nil where a batch is kept as one event.
func splitterOf(row *provider.Provider, batch string) (*splitter, error) {
	at, split := "", batch == batchSplit
	if b := row.Batch; b != nil {
		at, split = b.At, split || !b.Keep && batch != batchKeep
	}
	if !split {
		return nil, nil
	}
	path, err := jsonscan.CompileList(at)
	if err != nil {
		return nil, fmt.Errorf("provider: %w: %w", ErrConfig, err)
	}
	return &splitter{path: path, top: at == ""}, nil
}

// batch is the list of a delivery.
type batch struct {
	*splitter
	list jsonscan.List
}

// find returns the list of data, which has passed describe; nil where there is
// none or it is empty: then the delivery is one event.
func (s *splitter) find(data []byte) (*batch, error) {
	list, ok, err := s.path.Find(data, tojson.MaxItems)
	if err != nil || !ok || len(list.Items) == 0 {
		return nil, err
	}
	if !s.top {
		around := len(list.Head) + len(list.Tail)
		if around*len(list.Items) > maxCopies*len(data)+freeOfCopies {
			return nil, errExpansion
		}
	}
	return &batch{s, list}, nil
}

// data returns the payload of the item at position i: the item itself of a list
// that is the whole document, else the document with that item alone in its list,
// so that nothing that stands around the list is lost.
func (b *batch) data(i int) []byte {
	if b.top {
		return b.list.Items[i]
	}
	return b.around(b.list.Items[i])
}

func (b *batch) around(item []byte) []byte {
	document := make([]byte, 0, len(b.list.Head)+len(item)+len(b.list.Tail))
	document = append(append(document, b.list.Head...), item...)
	return append(document, b.list.Tail...)
}

// left returns the document and the item that a redaction has left of data.
func (b *batch) left(data []byte) (document, item []byte, err error) {
	if b.top {
		return append(append([]byte{'['}, data...), ']'), data, nil
	}
	list, ok, err := b.path.Find(data, 1)
	if err != nil || !ok || len(list.Items) == 0 {
		return data, []byte("null"), err // the rule took the item as well
	}
	return data, list.Items[0], nil
}

// split makes an event of each item. facts are those of the delivery.
func (s *Stage) split(d *pipeline.Delivery, p *payload, b *batch, facts *provider.Facts) error {
	delivery := facts.ID
	if s.redactor != nil {
		// What the body says may be redacted in the items.
		delivery = s.row.DeliveryID(p.asked())
	}
	delivery = s.id(d, p, delivery)
	ids := make(map[string]bool, len(b.list.Items))
	items := make([]pipeline.Item, 0, len(b.list.Items))
	for i := range b.list.Items {
		whole := b.data(i)
		l, err := s.redact(d, p, whole)
		if err != nil {
			return err
		}
		own, err := s.itemFacts(p, b, i, l.data, facts)
		if err != nil {
			return err
		}
		e := s.event(d, &own, p)
		e.Data, e.Redacted, e.DeliveryID = l.data, l.any, delivery
		e.ID = itemID(own.ID, delivery, i, ids)
		item, err := s.item(e, whole)
		if err != nil {
			return err
		}
		items = append(items, item)
	}
	d.Items = items
	return nil
}

// itemFacts are the facts of the item at position i whose payload is data. Where
// things are redacted, those of the delivery are read again from what is left,
// so that nothing comes back through them.
func (s *Stage) itemFacts(p *payload, b *batch, i int, data []byte, facts *provider.Facts) (provider.Facts, error) {
	if s.redactor == nil {
		return s.row.DescribeItem(p.asked(), b.list.Items[i], *facts)
	}
	document, item, err := b.left(data)
	if err != nil {
		return provider.Facts{}, err
	}
	delivery, err := s.row.DescribeAgain(p.asked(), document)
	if err != nil {
		return provider.Facts{}, err
	}
	own, err := s.row.DescribeItem(p.asked(), item, delivery)
	unmask(&own)
	return own, err
}

// itemID returns the item's own id where it has one that no item before it had,
// else the delivery's id or the item's own with the item's position from 0.
// Every item must have an id of its own: of two events with one id JetStream
// stores the first alone.
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
		id = event.FallbackID("", "", []byte(id))
	}
	return id
}
