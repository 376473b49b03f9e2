package provider

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"webhookedge/plugins/internal/jsonscan"
	"webhookedge/plugins/internal/redact"
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
	forms    []Format
	document bool // a form must hold a document, since nothing else of it tells anything
	facts    factPlan
	items    factPlan // of the items of a batch
	typed    map[string]*typedPlan
	header   bool             // every delivery names its type in a header
	volatile *redact.Redactor // nil where nothing changes from try to try
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
	if len(p.Schemes) == 0 || p.Schemes[0].Weak && !p.Custom {
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
	for _, f := range p.Forms {
		if !slices.Contains(f.Enum(), string(f)) {
			return nil, fmt.Errorf("%w: %s has an unknown form", ErrRow, p.Name)
		}
	}
	if err := p.Identity.check(&p.Facts, p.Batch); err != nil {
		return nil, fmt.Errorf("provider %s: %w", p.Name, err)
	}
	c := &plan{forms: p.formsOfTypes(), document: p.Facts.FormJSON != "" && !p.Facts.reads(atForm)}
	var err error
	if c.volatile, err = p.Identity.volatile(); err != nil {
		return nil, fmt.Errorf("provider %s: %w", p.Name, err)
	}
	if c.typed, err = p.typed(); err != nil {
		return nil, fmt.Errorf("provider %s: %w", p.Name, err)
	}
	if c.facts, err = p.Facts.compile(); err == nil {
		c.header = p.namesType(&c.facts)
	}
	if err == nil && p.Batch != nil {
		c.items, err = p.Batch.compile()
	}
	if err != nil {
		return nil, fmt.Errorf("provider %s: %w", p.Name, err)
	}
	return c, nil
}

// compile prepares f. The values of more, further paths of the JSON body, stand first
// in a scan.
func (f *Locators) compile(more ...string) (factPlan, error) {
	c := factPlan{split: f.Split}
	all := paths{list: more}
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

// Describe reads what r says of itself, in one pass over its body. The error is
// ErrBody where the body is none of the row's forms, and ErrTypeMismatch where it does
// not fit an event name that is not signed: then there are no facts.
func (p *Provider) Describe(r Request) (Facts, error) {
	v := &values{r: &r}
	if len(r.Body) == 0 && (p.Bodyless || p.Delivers("GET")) {
		return p.describe(v, nil)
	}
	if v.take(p); v.format == "" || len(r.Body) == 0 {
		return Facts{}, fmt.Errorf("%w: it has none of the forms that %s sends", ErrBody, p.Name)
	}
	document, err := v.document()
	if err != nil {
		return Facts{}, err
	}
	if document, err = p.DuplicateKeys.Once(document, jsonscan.Limits{}); err != nil {
		return Facts{}, fmt.Errorf("%w: %w", ErrBody, err)
	}
	return p.describe(v, document)
}

// describe reads the facts of a delivery whose JSON is document, nil for none.
func (p *Provider) describe(v *values, document []byte) (Facts, error) {
	c, err := p.compiled()
	if err != nil {
		return Facts{}, err
	}
	v.eitherQuery = p.Delivers("GET")
	facts, typed := c.planFor(v)
	if document == nil && c.document && (v.isForm || v.format == FormatMultipart) {
		return Facts{}, fmt.Errorf("%w: the form has no field %s", ErrBody, p.Facts.FormJSON)
	}
	if document != nil {
		if v.json, err = jsonscan.Scan(document, facts.paths); err != nil {
			return Facts{}, fmt.Errorf("%w: %w", ErrBody, err)
		}
		if err := typed.fits(v); err != nil {
			return Facts{}, err
		}
	}
	read := facts.read(v)
	if err := c.named(p, v, &read); err != nil {
		return Facts{}, err
	}
	return read, nil
}

func (c *factPlan) read(v *values) Facts {
	facts, unsigned := Facts{}, uint8(0)
	mark := func(bit uint8, text string, signed bool) string {
		if !signed {
			unsigned |= bit
		}
		return text
	}
	told := func(bit uint8, places []place) string {
		text, signed := v.firstTold(places)
		return mark(bit, text, signed)
	}
	facts.Type, facts.Action = told(bitType, c.kind), told(bitAction, c.action)
	id, signed := v.joinedFacts(c.id)
	facts.ID = mark(bitID, id, signed)
	facts.Tenant = escapeName(told(bitTenant, c.tenant))
	subject, signed := v.first(c.resource)
	facts.Subject = mark(bitSubject, subject, signed)
	for _, t := range c.times {
		if at, ok := parseMoment(v.fact(t.place), t.unit); ok {
			facts.Time = at
			mark(bitTime, "", t.in(v.r.Covers))
			break
		}
	}
	if facts.Action == "" {
		facts.Type, facts.Action = c.split.part(facts.Type)
		if facts.Action != "" && unsigned&bitType != 0 {
			unsigned |= bitAction
		}
	}
	facts.Type, facts.Action = escapeName(facts.Type), escapeName(facts.Action)
	if v.r.Covers != nil {
		facts.Unsigned = factMasks[unsigned]
	}
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
		if id, _ := v.joinedFacts([][]place{list}); id != "" {
			return id
		}
	}
	return ""
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
// query: places r, form: places find nothing. Errors are those of Describe.
func (p *Provider) DescribeJSON(r Request, document []byte) (Facts, error) {
	return p.describe(&values{r: &r}, document)
}

// DescribeAgain reads as DescribeJSON does, of a document that passed there or of
// what a redaction has left of one: it checks nothing.
func (p *Provider) DescribeAgain(r Request, document []byte) (Facts, error) {
	c, err := p.compiled()
	if err != nil {
		return Facts{}, err
	}
	return c.facts.read(&values{r: &r, eitherQuery: p.Delivers("GET"), json: jsonscan.Pick(document, c.facts.paths)}), nil
}

// DescribeForm reads what a delivery says of itself whose payload is a form: form:
// places read it, json: and member: places the document that it may hold and nothing
// beside. Errors are those of Describe.
func (p *Provider) DescribeForm(r Request, form []byte) (Facts, error) {
	document, err := soleField(form, p.Facts.FormJSON)
	if err != nil {
		return Facts{}, err
	}
	return p.describe(&values{r: &r, form: form, isForm: true}, document)
}
