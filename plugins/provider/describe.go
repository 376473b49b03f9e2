package provider

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"webhookedge/plugins/internal/jsonscan"
)

// joiner stands between the places of an id that is made of several.
const joiner = " + "

// maxJoined is how many places an id may be made of.
const maxJoined = 4

// maxFact bounds a fact in bytes. It is above every real event name, id and
// repository name, and below the room of a NATS subject.
const maxFact = 256

// plan is what Describe needs of a row, compiled.
type plan struct {
	facts factPlan
	items factPlan // of the items of a batch
}

// factPlan is compiled Locators.
type factPlan struct {
	paths                          *jsonscan.Paths
	kind, action, tenant, resource []place
	id                             [][]place // each list is joined
	times                          []timePlace
	split                          Split
}

type timePlace struct {
	place
	unit Unit
}

// Compile checks p as a row of the catalogue and prepares it. A row that was
// not compiled works too, and pays for it at every call.
func (p *Provider) Compile() error {
	c, err := p.compilePlan()
	if err != nil {
		return err
	}
	settings := p.examples()
	for i := range p.Schemes {
		if _, err := p.Schemes[i].compile(settings); err != nil {
			return err
		}
	}
	if _, err := p.compileHandshakes(settings, nil); err != nil {
		return err
	}
	if len(p.Schemes) == 0 || p.Schemes[0].Weak && !p.custom {
		return fmt.Errorf("%w: %s must have a default scheme that is not weak", ErrRow, p.Name)
	}
	for i := range p.Ranges {
		if err := p.Ranges[i].check(); err != nil {
			return err
		}
	}
	p.plan = c
	return nil
}

func (p *Provider) compiled() (*plan, error) {
	if p.plan != nil {
		return p.plan, nil
	}
	return p.compilePlan()
}

func (p *Provider) compilePlan() (*plan, error) {
	if p.Format != "" && p.Format.MediaType() == "" {
		return nil, fmt.Errorf("%w: %s has an unknown format", ErrRow, p.Name)
	}
	c := &plan{}
	var err error
	if c.facts, err = p.Facts.compile(); err == nil && p.Batch != nil {
		c.items, err = p.Batch.compile()
	}
	if err != nil {
		return nil, fmt.Errorf("provider %s: %w", p.Name, err)
	}
	return c, nil
}

func (f *Locators) compile() (factPlan, error) {
	c := factPlan{split: f.Split}
	var all paths
	var failed error
	list := func(texts []string) []place {
		var places []place
		for _, text := range texts {
			at, err := parsePlace(text, atHeader, atQuery, atJSON, atMember, atForm, atText)
			if err == nil && at.kind == atNothing {
				err = fmt.Errorf("%w: a place is empty", ErrRow)
			}
			if err != nil {
				failed = err
				return nil
			}
			all.add(&at)
			places = append(places, at)
		}
		return places
	}
	c.kind, c.action = list(f.Type), list(f.Action)
	for _, text := range f.ID {
		joined := strings.Split(text, joiner)
		if len(joined) > maxJoined {
			return c, fmt.Errorf("%w: an id of more than %d places", ErrRow, maxJoined)
		}
		c.id = append(c.id, list(joined))
	}
	c.tenant, c.resource = list(f.Tenant), list(f.Subject)
	for _, t := range f.Time {
		for _, at := range list([]string{t.At}) {
			c.times = append(c.times, timePlace{at, t.Unit})
		}
	}
	if failed == nil {
		c.paths, failed = all.compile()
	}
	return c, failed
}

// Describe reads what r says of itself, in one pass over its body. The error
// is ErrBody, where the content type claims JSON and the body is not: then
// there are no facts.
func (p *Provider) Describe(r Request) (Facts, error) {
	c, err := p.compiled()
	if err != nil {
		return Facts{}, err
	}
	v, err := p.open(&r, c.facts.paths)
	if err != nil {
		return Facts{}, err
	}
	return c.facts.read(v), nil
}

func (c *factPlan) read(v *values) Facts {
	facts := Facts{
		Type: v.firstTold(c.kind), Action: v.firstTold(c.action), ID: v.joinedFacts(c.id),
		Tenant: escapeName(v.firstTold(c.tenant)), Subject: v.first(c.resource),
	}
	for _, t := range c.times {
		if at, ok := parseMoment(v.fact(t.place), t.unit); ok {
			facts.Time = at
			break
		}
	}
	if facts.Action == "" {
		facts.Type, facts.Action = c.split.part(facts.Type)
	}
	facts.Type, facts.Action = escapeName(facts.Type), escapeName(facts.Action)
	return facts
}

// DeliveryID returns the delivery id that headers of r name, "" where the row has
// it in the body, or there before the headers. Unlike Proof.ID no signature need
// cover it.
func (p *Provider) DeliveryID(r Request) string {
	c, err := p.compiled()
	if err != nil {
		return ""
	}
	v := &values{r: &r}
	for _, list := range c.facts.id {
		if slices.ContainsFunc(list, func(at place) bool { return at.kind != atHeader }) {
			break
		}
		if id := v.joinedFacts([][]place{list}); id != "" {
			return id
		}
	}
	return ""
}

// open parses the body of r as its content type says.
func (p *Provider) open(r *Request, paths *jsonscan.Paths) (*values, error) {
	v := &values{r: r}
	media, claimed := p.mediaType(r.Headers)
	switch {
	case isJSON(media):
		found, err := jsonscan.Scan(r.Body, paths)
		if err != nil && claimed {
			return nil, fmt.Errorf("%w: %w", ErrBody, err)
		}
		v.json = found
	case media == "application/x-www-form-urlencoded", media == multipartType:
		if v.isForm = media != multipartType; v.isForm {
			v.form = r.Body
		}
		if document, ok := r.document(p.Facts.FormJSON); ok {
			found, err := jsonscan.Scan(document, paths)
			if err != nil {
				return nil, fmt.Errorf("%w: form field %s: %w", ErrBody, p.Facts.FormJSON, err)
			}
			v.json = found
		}
	}
	return v, nil
}

// mediaType returns the media type of a request without parameters, in lower
// case, and whether the request claims it itself. One that claims none is
// taken for the row's usual one.
func (p *Provider) mediaType(h Headers) (media string, claimed bool) {
	if media := p.Format.MediaType(); media != "" {
		return media, true
	}
	value, n := h.Get("content-type")
	if n > 1 {
		return "", false
	}
	if n == 0 {
		if len(p.ContentTypes) == 0 {
			return "", false
		}
		return p.ContentTypes[0], false
	}
	value, _, _ = strings.Cut(value, ";")
	return strings.ToLower(strings.TrimSpace(value)), true
}

func isJSON(media string) bool {
	return media == "application/json" || strings.HasSuffix(media, "+json")
}

// isFact reports whether text can be passed on: short, UTF-8, no control
// characters.
func isFact(text string) bool {
	if text == "" || len(text) > maxFact || !utf8.ValidString(text) {
		return false
	}
	for _, r := range text {
		if r < ' ' || (r >= 0x7f && r <= 0x9f) {
			return false
		}
	}
	return true
}

// DescribeJSON reads what a delivery says of itself whose payload is document,
// whatever its body was: json: and member: places read the document, header: and
// query: places r, form: places find nothing. The error is ErrBody.
func (p *Provider) DescribeJSON(r Request, document []byte) (Facts, error) {
	c, err := p.compiled()
	if err != nil {
		return Facts{}, err
	}
	found, err := jsonscan.Scan(document, c.facts.paths)
	if err != nil {
		return Facts{}, fmt.Errorf("%w: %w", ErrBody, err)
	}
	return c.facts.read(&values{r: &r, json: found}), nil
}

// DescribeAgain reads as DescribeJSON does, of a document that passed there or of
// what a redaction has left of one: it checks nothing.
func (p *Provider) DescribeAgain(r Request, document []byte) (Facts, error) {
	c, err := p.compiled()
	if err != nil {
		return Facts{}, err
	}
	return c.facts.read(&values{r: &r, json: jsonscan.Pick(document, c.facts.paths)}), nil
}
