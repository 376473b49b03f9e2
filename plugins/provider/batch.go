package provider

import (
	"fmt"
	"strings"

	"webhookedge/plugins/internal/jsonscan"
)

// Batch says how a delivery carries several events: as a JSON list, at the top
// of the body or inside of an object. A form's FormJSON document counts as the
// body.
type Batch struct {
	// At is the path of the list as jsonscan compiles it, "notificationItems";
	// "" where the body itself is the list. A body that has no list there is
	// one event.
	At string `json:"at,omitempty" maxlen:"256" doc:"Path of the list in the JSON body, empty where the body itself is the list."`
	// Also are paths of further lists, each of whose items is an event, too.
	Also []string `json:"also,omitempty" maxlen:"16" doc:"Paths of further lists, whose items are events, too."`
	// Within are the lists that items hold, level by level: the paths of one level are
	// relative to an item of the level before. An item without such a list is an
	// event itself; of one with several every item of each is.
	Within []Level `json:"within,omitempty" maxlen:"4" doc:"Lists that the items hold, level by level."`
	// Unless is the place of a header that marks a delivery of one event whose
	// payload may itself be a list; "" where there are none.
	Unless string `json:"unless,omitempty" maxlen:"256" doc:"Place of a header that marks a delivery of one event whose payload may itself be a list."`
	// Facts says where an item names its event. json: places are relative to
	// the item of the first level, whose lists then have one item each, header: and
	// query: places read the delivery, form: places are not possible. A fact that an
	// item lacks is the delivery's own, but for the id: without one of its own an
	// item's id is made of the delivery's id and its position.
	Facts Locators `json:"facts" doc:"Where an item names its event; json: places are relative to the item."`
	// Keep says that the list is one event by default and not an event an item.
	Keep bool `json:"keep,omitempty" doc:"The list is one event by default and not an event an item."`
}

// Level is the lists that may stand in an item.
type Level struct {
	Lists []string `json:"lists" required:"true" maxlen:"4" doc:"Paths of the lists, relative to an item of the level before."`
}

// Paths returns the paths of the lists of each level, the first level's first.
func (b *Batch) Paths() [][]string {
	all := [][]string{append([]string{b.At}, b.Also...)}
	for _, level := range b.Within {
		all = append(all, level.Lists)
	}
	return all
}

func (b *Batch) compile() (factPlan, error) {
	for level, paths := range b.Paths() {
		for i, path := range paths {
			if _, err := jsonscan.CompileList(path); err != nil || path == "" && level+i > 0 {
				return factPlan{}, fmt.Errorf("%w: batch: %q is no path of a list", ErrRow, path)
			}
		}
	}
	if _, err := parsePlace(b.Unless, atHeader); err != nil {
		return factPlan{}, err
	}
	f := &b.Facts
	for _, places := range [...][]string{f.Type, f.Action, f.ID, f.Tenant, f.Subject} {
		for _, text := range places {
			for part := range strings.SplitSeq(text, joiner) {
				if strings.HasPrefix(part, string(atForm)+":") {
					return factPlan{}, fmt.Errorf("%w: an item of a batch has no form fields", ErrRow)
				}
			}
		}
	}
	return f.compile()
}

// Has reports whether a delivery with the headers h may carry a list of events.
func (b *Batch) Has(h Headers) bool {
	name, marked := strings.CutPrefix(b.Unless, string(atHeader)+":")
	if !marked {
		return true
	}
	_, n := h.Get(name)
	return n == 0
}

// DescribeItem reads what one item of a batch, a JSON value, says of itself.
// What it does not say is taken from facts, the delivery's own, but for the id,
// which is empty where the item has none. A row without a Batch gives facts
// without their id. The error is ErrBody.
func (p *Provider) DescribeItem(r Request, item []byte, facts Facts) (Facts, error) {
	facts.ID = ""
	if p.Batch == nil {
		return facts, nil
	}
	c, err := p.compiled()
	if err != nil {
		return Facts{}, err
	}
	found, err := jsonscan.Scan(item, c.items.paths)
	if err != nil {
		return Facts{}, fmt.Errorf("%w: %w", ErrBody, err)
	}
	own := c.items.read(&values{r: &r, json: found})
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
