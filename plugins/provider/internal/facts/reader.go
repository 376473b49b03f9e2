package facts

import (
	"fmt"
	"slices"
	"strings"

	"webhookedge/plugins/internal/jsonscan"
	"webhookedge/plugins/internal/redact"
	"webhookedge/plugins/provider/internal/place"
	"webhookedge/plugins/provider/spec"
)

// joiner stands between the places of an id that is made of several.
const joiner = " + "

// maxJoined is how many places an id may be made of.
const maxJoined = 4

// maxFact bounds a fact in bytes. It is above every real event name, id and
// repository name, and below the room of a NATS subject.
const maxFact = 256

// Reader reads the facts of a row's deliveries. It is safe for concurrent use.
type Reader struct {
	*place.Bodies
	row      *spec.Provider
	document bool // a form must hold a document, since nothing else of it tells anything
	facts    typedPlan
	items    factPlan // of the items of a batch
	typed    map[string]*typedPlan
	header   bool             // every delivery names its type in a header
	volatile *redact.Redactor // nil where nothing changes from try to try
}

// factPlan is compiled Locators.
type factPlan struct {
	paths                          *jsonscan.Paths
	kind, action, tenant, resource []place.Place
	id                             [][]place.Place // each list is joined
	joined                         bool            // an id may be one of several texts
	times                          []timePlace
	split                          spec.Split
}

type timePlace struct {
	place.Place
	unit spec.Unit
}

// NewReader checks what p says of facts, and prepares it. The error is ErrRow.
func NewReader(p *spec.Provider) (r *Reader, err error) {
	defer func() {
		if err != nil {
			r, err = nil, fmt.Errorf("provider %s: %w", p.Name, err)
		}
	}()
	if slices.ContainsFunc(p.Forms, func(f spec.Format) bool { return !slices.Contains(f.Enum(), string(f)) }) {
		return nil, fmt.Errorf("%w: %s has an unknown form", spec.ErrRow, p.Name)
	}
	if err = checkIdentity(p); err != nil {
		return nil, err
	}
	r = &Reader{Bodies: place.NewBodies(p), row: p}
	if r.volatile, err = volatile(&p.Identity); err != nil {
		return nil, err
	}
	if r.typed, err = typed(p); err != nil {
		return nil, err
	}
	if r.facts.factPlan, err = compile(&p.Facts); err != nil {
		return nil, err
	}
	r.document, r.header = p.Facts.FormJSON != "" && !r.facts.readsForm(), r.namesType()
	if p.Batch != nil {
		r.items, err = compileBatch(p.Batch)
	}
	return r, err
}

// compile prepares f. The values of more, further paths of the JSON body, stand first
// in a scan.
func compile(f *spec.Locators, more ...string) (factPlan, error) {
	c := factPlan{split: f.Split}
	all := place.Paths{List: more}
	var failed error
	list := func(texts []string) []place.Place {
		var places []place.Place
		for _, text := range texts {
			at, err := place.Parse(text, place.Header, place.Query, place.JSON, place.Member, place.Name, place.Nested, place.Base64, place.Token, place.Form, place.Text)
			if err == nil && at.Kind == place.Nothing {
				err = fmt.Errorf("%w: a place is empty", spec.ErrRow)
			}
			if err != nil {
				failed = err
				return nil
			}
			all.Add(&at)
			places = append(places, at)
		}
		return places
	}
	c.kind, c.action = list(f.Type), list(f.Action)
	for _, text := range f.ID {
		joined := strings.Split(text, joiner)
		if len(joined) > maxJoined {
			return c, fmt.Errorf("%w: an id of more than %d places", spec.ErrRow, maxJoined)
		}
		c.id, c.joined = append(c.id, list(joined)), c.joined || len(joined) > 1
	}
	c.tenant, c.resource = list(f.Tenant), list(f.Subject)
	for _, t := range f.Time {
		for _, at := range list([]string{t.At}) {
			c.times = append(c.times, timePlace{at, t.Unit})
		}
	}
	if failed == nil {
		c.paths, failed = all.Compile()
	}
	return c, failed
}

// Describe reads what r says of itself, in one pass over its body. The error is
// ErrBody where the body is none of the row's forms, and ErrTypeMismatch where it does
// not fit an event name that is not signed: then there are no facts.
func (c *Reader) Describe(r place.Request) (Facts, error) {
	p, v := c.row, &place.Values{Request: &r, Bodies: c.Bodies}
	if len(r.Body) == 0 && (p.Bodyless || p.Delivers("GET")) {
		return c.describe(v, nil)
	}
	if v.Take(); v.Format == "" || len(r.Body) == 0 {
		return Facts{}, fmt.Errorf("%w: it has none of the forms that %s sends", spec.ErrBody, p.Name)
	}
	document, err := v.Document()
	if err != nil {
		return Facts{}, err
	}
	if document, err = p.DuplicateKeys.Once(document, jsonscan.Limits{}); err != nil {
		return Facts{}, fmt.Errorf("%w: %w", spec.ErrBody, err)
	}
	return c.describe(v, document)
}

// describe reads the facts of a delivery whose JSON is document, nil for none.
func (c *Reader) describe(v *place.Values, document []byte) (_ Facts, err error) {
	plan := c.planFor(v)
	if document == nil && c.document && (v.IsForm || v.Format == spec.FormatMultipart) {
		return Facts{}, fmt.Errorf("%w: the form has no field %s", spec.ErrBody, c.row.Facts.FormJSON)
	}
	if document != nil {
		found, err := jsonscan.Scan(document, plan.paths)
		if err != nil {
			return Facts{}, fmt.Errorf("%w: %w", spec.ErrBody, err)
		}
		v.SetDocument(document, found)
		if err := plan.fits(v); err != nil {
			return Facts{}, err
		}
	}
	read := plan.read(v)
	if err := c.named(v, &read); err != nil {
		return Facts{}, err
	}
	return read, nil
}

func (c *factPlan) read(v *place.Values) Facts {
	facts, unsigned := Facts{}, uint8(0)
	mark := func(bit uint8, text string, signed bool) string {
		if !signed {
			unsigned |= bit
		}
		return text
	}
	told := func(bit uint8, places []place.Place) string {
		text, signed := first(v, places, (*place.Values).Sole)
		return mark(bit, text, signed)
	}
	facts.Type, facts.Action = told(bitType, c.kind), told(bitAction, c.action)
	id, signed := joinedFacts(v, c.id, c.joined)
	facts.ID = mark(bitID, id, signed)
	facts.Tenant = EscapeName(told(bitTenant, c.tenant))
	subject, signed := first(v, c.resource, fact)
	facts.Subject = mark(bitSubject, subject, signed)
	for _, t := range c.times {
		if at, ok := spec.ParseMoment(fact(v, t.Place), t.unit); ok {
			facts.Time = at
			mark(bitTime, "", t.In(v.Request.Covers))
			break
		}
	}
	if facts.Action == "" {
		facts.Type, facts.Action = c.split.Part(facts.Type)
		if facts.Action != "" && unsigned&bitType != 0 {
			unsigned |= bitAction
		}
	}
	facts.Type, facts.Action = EscapeName(facts.Type), EscapeName(facts.Action)
	if v.Request.Covers != nil {
		facts.Unsigned = factMasks[unsigned]
	}
	return facts
}

// DeliveryID returns the delivery id that headers of r name, "" where the row has
// it in the body, or there before the headers. Unlike Proof.ID no signature need
// cover it.
func (c *Reader) DeliveryID(r place.Request) string {
	v := &place.Values{Request: &r}
	for _, list := range c.facts.id {
		if slices.ContainsFunc(list, func(at place.Place) bool { return at.Kind != place.Header }) {
			break
		}
		if id, _ := joinedFacts(v, [][]place.Place{list}, c.facts.joined); id != "" {
			return id
		}
	}
	return ""
}

// DescribeJSON reads what a delivery says of itself whose payload is document,
// whatever its body was: json: and member: places read the document, header: and
// query: places r, form: places find nothing. Errors are those of Describe.
func (c *Reader) DescribeJSON(r place.Request, document []byte) (Facts, error) {
	return c.describe(&place.Values{Request: &r, Bodies: c.Bodies}, document)
}

// DescribeAgain reads as DescribeJSON does, of a document that passed there or of
// what a redaction has left of one: it checks nothing.
func (c *Reader) DescribeAgain(r place.Request, document []byte) Facts {
	v := &place.Values{Request: &r, Bodies: c.Bodies}
	v.SetDocument(document, jsonscan.Pick(document, c.facts.paths))
	return c.facts.read(v)
}

// DescribeForm reads what a delivery says of itself whose payload is a form: form:
// places read it, json: and member: places the document that it may hold and nothing
// beside. Errors are those of Describe.
func (c *Reader) DescribeForm(r place.Request, form []byte) (Facts, error) {
	document, err := place.SoleField(form, c.row.Facts.FormJSON)
	if err != nil {
		return Facts{}, err
	}
	return c.describe(&place.Values{Request: &r, Bodies: c.Bodies, Form: form, IsForm: true}, document)
}

// places returns the places of each fact, in the order of factNames.
func (c *factPlan) places() [len(factNames)][]place.Place {
	var times []place.Place
	for _, t := range c.times {
		times = append(times, t.Place)
	}
	return [...][]place.Place{c.action, slices.Concat(c.id...), c.resource, c.tenant, times, c.kind}
}

// readsForm reports whether a fact but the time is a field of a form.
func (c *factPlan) readsForm() bool {
	for i, places := range c.places() {
		if 1<<i != bitTime && slices.ContainsFunc(places, func(at place.Place) bool { return at.Kind == place.Form }) {
			return true
		}
	}
	return false
}

// ReadsJSON returns the places of the JSON of a delivery that tell its facts, each
// as the names that lead there; those of a batch's items are not among them.
func (c *Reader) ReadsJSON() [][]string {
	var all [][]string
	for _, places := range c.facts.places() {
		for _, at := range places {
			path := at.Path()
			if path == "" {
				continue
			}
			if names, err := jsonscan.Segments(path); err == nil { // compile has refused the others
				all = append(all, names)
			}
		}
	}
	return all
}

// Unsigned returns the facts that may come from a place for which covered is false, and
// those places.
func (c *Reader) Unsigned(covered func(place.Place) bool) (names, places []string) {
	var mask uint8
	for _, plan := range [...]*factPlan{&c.facts.factPlan, &c.items} {
		for i, list := range plan.places() {
			for _, at := range list {
				if !covered(at) {
					mask |= 1 << i
					places = append(places, at.String())
				}
			}
		}
	}
	slices.Sort(places)
	return factMasks[mask], slices.Compact(places)
}
