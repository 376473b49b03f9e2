package facts

import (
	"fmt"

	"webhookedge/plugins/internal/jsonscan"
	"webhookedge/plugins/provider/internal/place"
	"webhookedge/plugins/provider/spec"
)

// Origin is where a fact of a delivery was read.
type Origin struct {
	Fact string // its name, as Facts.Unsigned has it
	// Places are locators as a row has them; several where an id is made of several texts.
	Places []string
	// Paths are the paths of the JSON payload that the places read, "" for a place elsewhere.
	Paths  []string
	Signed bool // Request.Covers has all places
}

// Origins says where Describe reads the facts of r, those that it finds. Errors are those of
// Describe.
func (c *Reader) Origins(r place.Request) ([]Origin, error) {
	v := &place.Values{Request: &r, Bodies: c.Bodies}
	if len(r.Body) == 0 && (c.row.Bodyless || c.row.Delivers("GET")) {
		return c.facts.origins(v), nil
	}
	v.Take()
	document, err := v.Document()
	if err != nil {
		return nil, err
	}
	return c.originsIn(v, document)
}

// OriginsJSON says where DescribeJSON reads the facts of a delivery whose payload is
// document. Errors are those of DescribeJSON.
func (c *Reader) OriginsJSON(r place.Request, document []byte) ([]Origin, error) {
	return c.originsIn(&place.Values{Request: &r, Bodies: c.Bodies}, document)
}

// OriginsOfItem says where DescribeItem reads the facts that an item of a batch has of its
// own, none where the row has no batch. The error is ErrBody.
func (c *Reader) OriginsOfItem(r place.Request, item []byte) ([]Origin, error) {
	if c.row.Batch == nil {
		return nil, nil
	}
	found, err := jsonscan.Scan(item, c.items.paths)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", spec.ErrBody, err)
	}
	v := &place.Values{Request: &r}
	v.SetDocument(item, found)
	return c.items.origins(v), nil
}

func (c *Reader) originsIn(v *place.Values, document []byte) ([]Origin, error) {
	plan := c.planFor(v)
	if document != nil {
		once, err := c.row.DuplicateKeys.Once(document, jsonscan.Limits{})
		if err != nil {
			return nil, fmt.Errorf("%w: %w", spec.ErrBody, err)
		}
		found, err := jsonscan.Scan(once, plan.paths)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", spec.ErrBody, err)
		}
		v.SetDocument(once, found)
	}
	return plan.origins(v), nil
}

// origins follows read.
func (c *factPlan) origins(v *place.Values) []Origin {
	var all []Origin
	add := func(fact string, places ...place.Place) {
		o := Origin{Fact: fact, Signed: true}
		for _, at := range places {
			o.Places, o.Paths = append(o.Places, at.String()), append(o.Paths, at.Path())
			o.Signed = o.Signed && at.In(v.Request.Covers)
		}
		all = append(all, o)
	}
	one := func(fact string, places []place.Place, get func(*place.Values, place.Place) string) bool {
		for _, at := range places {
			if get(v, at) != "" {
				add(fact, at)
				return true
			}
		}
		return false
	}
	kind := len(all)
	typed := one("type", c.kind, (*place.Values).Sole)
	if !one("action", c.action, (*place.Values).Sole) && typed {
		name, _ := first(v, c.kind, (*place.Values).Sole)
		if _, action := c.split.Part(name); action != "" { // the type holds it
			all = append(all, Origin{"action", all[kind].Places, all[kind].Paths, all[kind].Signed})
		}
	}
	for _, list := range c.id {
		if text, _ := joinedFacts(v, [][]place.Place{list}, c.joined); text != "" {
			add("id", list...)
			break
		}
	}
	one("tenant", c.tenant, (*place.Values).Sole)
	one("subject", c.resource, fact)
	for _, t := range c.times {
		if _, ok := spec.ParseMoment(fact(v, t.Place), t.unit); ok {
			add("time", t.Place)
			break
		}
	}
	return all
}
