package provider

import (
	"cmp"
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
	// Unless is the place of a header that marks a delivery of one event whose
	// payload may itself be a list; "" where there are none.
	Unless string `json:"unless,omitempty" maxlen:"256" doc:"Place of a header that marks a delivery of one event whose payload may itself be a list."`
	// Facts says where an item names its event. json: places are relative to
	// the item, header: and query: places read the delivery, form: places are
	// not possible. A fact that an item lacks is the delivery's own, but for
	// the id: without one of its own an item's id is made of the delivery's id
	// and its position.
	Facts Locators `json:"facts" doc:"Where an item names its event; json: places are relative to the item."`
	// Keep says that the list is one event by default and not an event an item.
	Keep bool `json:"keep,omitempty" doc:"The list is one event by default and not an event an item."`
}

// Format is what a body is.
type Format string

// The formats. FormatJWT is a JSON Web Token in compact form (RFC 7519), whose
// claims are the payload.
const (
	FormatJSON Format = "json"
	FormatForm Format = "form"
	FormatXML  Format = "xml"
	FormatJWT  Format = "jwt"
)

// MediaType returns the media type that stands for f, "" for the zero Format
// and an unknown one.
func (f Format) MediaType() string {
	switch f {
	case FormatJSON:
		return "application/json"
	case FormatForm:
		return "application/x-www-form-urlencoded"
	case FormatXML:
		return "application/xml"
	case FormatJWT:
		return "application/jwt"
	}
	return ""
}

func (b *Batch) compile() (factPlan, error) {
	if b.At != "" {
		if _, err := jsonscan.Compile(b.At); err != nil {
			return factPlan{}, fmt.Errorf("%w: batch: %w", ErrRow, err)
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
	if own.Type != "" {
		facts.Type, facts.Action = own.Type, own.Action
	} else if own.Action != "" {
		facts.Action = own.Action
	}
	facts.ID = own.ID
	facts.Tenant = cmp.Or(own.Tenant, facts.Tenant)
	facts.Subject = cmp.Or(own.Subject, facts.Subject)
	if !own.Time.IsZero() {
		facts.Time = own.Time
	}
	return facts, nil
}
