package facts

import (
	"fmt"

	"webhookedge/plugins/internal/jsonscan"
	"webhookedge/plugins/provider/internal/place"
	"webhookedge/plugins/provider/spec"
)

// compileBatch prepares what b says of its items.
func compileBatch(b *spec.Batch) (factPlan, error) {
	for level, paths := range b.Paths() {
		for i, path := range paths {
			if _, err := jsonscan.CompileList(path); err != nil || path == "" && level+i > 0 {
				return factPlan{}, fmt.Errorf("%w: batch: %q is no path of a list", spec.ErrRow, path)
			}
		}
	}
	if _, err := place.Parse(b.Unless, place.Header); err != nil {
		return factPlan{}, err
	}
	plan, err := compile(&b.Facts)
	if err == nil && plan.readsForm() {
		err = fmt.Errorf("%w: an item of a batch has no form fields", spec.ErrRow)
	}
	return plan, err
}

// DescribeItem reads what one item of a batch, a JSON value, says of itself.
// What it does not say is taken from facts, the delivery's own, but for the id,
// which is empty where the item has none. A row without a Batch gives facts
// without their id. The error is ErrBody.
func (c *Reader) DescribeItem(r place.Request, item []byte, facts Facts) (Facts, error) {
	facts.ID = ""
	if c.row.Batch == nil {
		return facts, nil
	}
	found, err := jsonscan.Scan(item, c.items.paths)
	if err != nil {
		return Facts{}, fmt.Errorf("%w: %w", spec.ErrBody, err)
	}
	v := &place.Values{Request: &r}
	v.SetDocument(item, found)
	own := c.items.read(v)
	mask := maskOf(facts.Unsigned)
	take := func(bit uint8, is bool) bool {
		if is {
			mask = mask&^bit | maskOf(own.Unsigned)&bit
		}
		return is
	}
	if take(bitType|bitAction, own.Type != "") {
		facts.Type, facts.Action = own.Type, own.Action
	} else if take(bitAction, own.Action != "") {
		facts.Action = own.Action
	}
	take(bitID, true)
	facts.ID = own.ID
	if take(bitTenant, own.Tenant != "") {
		facts.Tenant = own.Tenant
	}
	if take(bitSubject, own.Subject != "") {
		facts.Subject = own.Subject
	}
	if take(bitTime, !own.Time.IsZero()) {
		facts.Time = own.Time
	}
	facts.Unsigned = factMasks[mask]
	return facts, nil
}
