package provider

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"webhookedge/plugins/internal/formscan"
	"webhookedge/plugins/internal/jsonscan"
)

// maxFact bounds a fact in bytes. It is above every real event name, id and
// repository name, and below the room of a NATS subject.
const maxFact = 256

// plan is what Describe and AnswerHandshake need of a row, compiled.
type plan struct {
	facts           factPlan
	items           factPlan // of the items of a batch
	when, challenge place
	shakes          *jsonscan.Paths // those of the handshake only
}

// factPlan is compiled Locators.
type factPlan struct {
	paths                              *jsonscan.Paths
	kind, action, id, tenant, resource []place
	times                              []timePlace
	split                              Split
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
	for i := range p.Schemes {
		if _, _, err := p.Schemes[i].compile(); err != nil {
			return err
		}
	}
	if len(p.Schemes) == 0 || p.Schemes[0].Weak {
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
	if err == nil {
		err = c.compileHandshake(p.Handshake)
	}
	if err != nil {
		return nil, fmt.Errorf("provider %s: %w", p.Name, err)
	}
	return c, nil
}

func (f *Locators) compile() (factPlan, error) {
	c := factPlan{split: f.Split}
	var paths []string
	var failed error
	list := func(texts []string) []place {
		var places []place
		for _, text := range texts {
			at, err := parsePlace(text, atHeader, atJSON, atForm)
			if err == nil && at.kind == atNothing {
				err = fmt.Errorf("%w: a place is empty", ErrRow)
			}
			if err != nil {
				failed = err
				return nil
			}
			if at.kind == atJSON {
				at.path = len(paths)
				paths = append(paths, at.name)
			}
			places = append(places, at)
		}
		return places
	}
	c.kind, c.action, c.id = list(f.Type), list(f.Action), list(f.ID)
	c.tenant, c.resource = list(f.Tenant), list(f.Subject)
	for _, t := range f.Time {
		for _, at := range list([]string{t.At}) {
			c.times = append(c.times, timePlace{at, t.Unit})
		}
	}
	if failed == nil {
		c.paths, failed = jsonscan.Compile(paths...)
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
	v, err := p.open(r, c.facts.paths)
	if err != nil {
		return Facts{}, err
	}
	return c.facts.read(&v), nil
}

func (c *factPlan) read(v *view) Facts {
	facts := Facts{
		Type: v.first(c.kind), Action: v.first(c.action), ID: v.first(c.id),
		Tenant: v.first(c.tenant), Subject: v.first(c.resource),
	}
	for _, t := range c.times {
		if at, ok := parseTime(v.text(t.place), t.unit); ok {
			facts.Time = at
			break
		}
	}
	if facts.Action == "" {
		facts.Type, facts.Action = c.split.part(facts.Type)
	}
	return facts
}

// DeliveryID returns the delivery id that a header of r names, "" where the
// row has it only in the body. Unlike Proof.ID no signature need cover it.
func (p *Provider) DeliveryID(r Request) string {
	for _, text := range p.Facts.ID {
		name, ok := strings.CutPrefix(text, "header:")
		if !ok {
			continue
		}
		if value, n := r.Headers.Get(name); n == 1 && isFact(value) {
			return value
		}
	}
	return ""
}

// view reads places of one request.
type view struct {
	headers Headers
	values  jsonscan.Values
	form    []byte // the body where it is form-encoded
}

// open parses the body of r as its content type says.
func (p *Provider) open(r Request, paths *jsonscan.Paths) (view, error) {
	v := view{headers: r.Headers}
	media, claimed := p.mediaType(r.Headers)
	switch {
	case isJSON(media):
		values, err := jsonscan.Scan(r.Body, paths)
		if err != nil && claimed {
			return view{}, fmt.Errorf("%w: %w", ErrBody, err)
		}
		v.values = values
	case media == "application/x-www-form-urlencoded":
		v.form = r.Body
		if p.Facts.FormJSON == "" {
			break
		}
		if document, ok := formscan.Field(v.form, p.Facts.FormJSON); ok {
			values, err := jsonscan.Scan(document, paths)
			if err != nil {
				return view{}, fmt.Errorf("%w: form field %s: %w", ErrBody, p.Facts.FormJSON, err)
			}
			v.values = values
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

// first returns the first fact that places hold.
func (v *view) first(places []place) string {
	for _, at := range places {
		if text := v.text(at); isFact(text) {
			return text
		}
	}
	return ""
}

func (v *view) text(at place) string {
	switch at.kind {
	case atHeader:
		if value, n := v.headers.Get(at.name); n == 1 {
			return value
		}
	case atForm:
		if value, ok := formscan.Field(v.form, at.name); ok {
			return string(value)
		}
	case atJSON:
		if at.path < len(v.values) {
			if value := v.values[at.path]; value.Kind == jsonscan.String || value.Kind == jsonscan.Number {
				return value.Text
			}
		}
	}
	return ""
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
// whatever its body was: json: places read the document, header: places the
// headers of the delivery, form: places find nothing. The error is ErrBody.
func (p *Provider) DescribeJSON(h Headers, document []byte) (Facts, error) {
	c, err := p.compiled()
	if err != nil {
		return Facts{}, err
	}
	values, err := jsonscan.Scan(document, c.facts.paths)
	if err != nil {
		return Facts{}, fmt.Errorf("%w: %w", ErrBody, err)
	}
	return c.facts.read(&view{headers: h, values: values}), nil
}
