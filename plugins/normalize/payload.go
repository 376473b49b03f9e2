package normalize

import (
	"errors"
	"net/http"
	"strings"

	"webhookedge/plugins/internal/jsonscan"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/tojson"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/spec"
)

const (
	octets   = "application/octet-stream"
	formType = "application/x-www-form-urlencoded"
	jsonType = "application/json"
)

// ErrForm is a body that has none of the forms that its provider sends.
var ErrForm = errors.New("body is in none of the formats that the provider sends")

// ErrSealed is a delivery whose payload another plugin decrypted and kept to itself: a
// sender that encrypts needs verify and normalize in one plugin, webhook-edge.
var ErrSealed = errors.New("payload is encrypted, and the plugin that decrypted it is another one: use webhook-edge")

// payload is a body on its way to being an event's data.
type payload struct {
	headers     provider.Headers
	query       string
	covers      []string // by the delivery's proof
	queried     bool     // the query is the payload
	sent        []byte   // the body, or the query where that is the payload
	format      spec.Format
	contentType string // of the event
	body        []byte // without its content encoding and its byte order mark
	data        []byte
	form        bool // the facts are read from the form, not from data
	alone       bool // data is the document of a form that has nothing else
	binary      bool
}

// open undoes the content encoding and tells the body's format by its bytes, out of those
// that the row lists: the bytes are signed, and the headers beside them are not. A
// delivery has no body where its row delivers by GET, with the form in the query, or is
// marked as bodyless. The method is not signed either, so it decides nothing.
func (s *Stage) open(d *pipeline.Delivery) (*payload, error) {
	p := &payload{headers: d.Headers, query: d.RawQuery, covers: noCovers, sent: sentBy(d)}
	if v := d.Verification; v != nil && v.Decrypted && d.Payload == nil {
		return nil, &pipeline.Reject{Code: pipeline.Misconfigured, Err: ErrSealed}
	}
	if v := d.Verification; v != nil && v.Provider == s.row.Name && v.Covers != nil {
		p.covers = v.Covers
	}
	switch {
	case len(p.sent) > 0:
	case s.row.Delivers(http.MethodGet):
		p.body, p.queried = tojson.WithoutFields([]byte(d.RawQuery), s.tokens), true
		p.sent, p.format, p.contentType = p.body, spec.FormatForm, formType
		return p, s.convert(d, p)
	case s.row.Bodyless:
		p.binary = true
		return p, nil
	}
	body, err := s.expand(d)
	if err != nil {
		return nil, err
	}
	p.body = provider.WithoutBOM(body)
	if p.format = s.row.FormatOf(p.body); p.format == "" || len(p.body) == 0 {
		return nil, ErrForm
	}
	p.data = p.body
	if err := s.convert(d, p); err != nil || p.binary {
		return p, err
	}
	p.data, err = s.duplicates.Once(p.data, jsonscan.Limits{})
	return p, err
}

// sentBy returns what the sender of d means: the body, or what that holds encrypted.
func sentBy(d *pipeline.Delivery) []byte {
	if d.Payload != nil {
		return d.Payload
	}
	return d.Body
}

// noCovers is what covers nothing.
var noCovers = []string{}

// expand undoes the content encodings of a body. What was decrypted has none.
func (s *Stage) expand(d *pipeline.Delivery) ([]byte, error) {
	if d.Payload != nil {
		return tojson.Expand(d.Payload, "", s.maxExpanded)
	}
	coding, n := d.Headers.Get("content-encoding")
	if n > 1 {
		coding = strings.Join(d.Headers.All("content-encoding"), ", ") // one list (RFC 9110, section 5.3)
	}
	return tojson.Expand(d.Body, coding, s.maxExpanded)
}

// tokensOf are the parameters of URLs in which senders of row show a secret.
func tokensOf(row *provider.Provider) []string {
	var names []string
	for i := range row.Schemes {
		scheme := &row.Schemes[i]
		if scheme.Kind != spec.Token {
			continue
		}
		for _, family := range append([]spec.Family{scheme.Family}, scheme.Alternates...) {
			if name, ok := strings.CutPrefix(family.Signature, "query:"); ok {
				names = append(names, name)
			}
		}
	}
	return names
}

// convert makes JSON of the body, or leaves it as bytes where its form is none that
// can be converted. JSON that stands in the body is checked later, with the facts. The
// type of an event is plain JSON: CloudEvents SDKs take data of other names for text,
// and a binary message of application/cloudevents+json for another event.
func (s *Stage) convert(d *pipeline.Delivery, p *payload) error {
	p.contentType = jsonType
	var err error
	switch p.format {
	case spec.FormatForm:
		p.data, p.alone, err = tojson.Form(p.body, s.formOptions(d))
	case spec.FormatMultipart:
		p.data, p.alone, err = tojson.Multipart(p.body, s.formOptions(d))
	case spec.FormatBytes:
		return p.raw(octets)
	default:
		return s.text(p)
	}
	xmlField := s.row.Facts.FormXML
	if err == nil && xmlField != "" {
		p.data, err = tojson.XMLField(p.data, xmlField)
		return err
	}
	if errors.Is(err, tojson.ErrText) {
		return p.raw(p.format.MediaType())
	}
	p.form = true
	return err
}

func (s *Stage) formOptions(d *pipeline.Delivery) tojson.FormOptions {
	return tojson.FormOptions{Document: s.row.Facts.FormJSON, Files: tojson.Files(s.files), Room: d.Copy}
}

// text converts what has a charset.
func (s *Stage) text(p *payload) error {
	charset := s.row.Charset
	if p.format == spec.FormatXML {
		var err error
		p.data, err = tojson.XML(p.body, charset, charset != "")
		return err
	}
	text, err := tojson.UTF8(p.body, charset, charset != "")
	if err != nil {
		return err
	}
	switch p.format {
	case spec.FormatLines:
		p.data, err = tojson.Lines(text)
	case spec.FormatJWT:
		p.data, err = tojson.Token(text)
	default:
		p.data = text
	}
	return err
}

// raw leaves the body as it came.
func (p *payload) raw(contentType string) error {
	p.data, p.binary, p.contentType = p.body, true, contentType
	if len(p.data) == 0 {
		p.contentType = ""
	}
	return nil
}

// describe reads the facts of the delivery. Where it finds no fault and p is not
// binary, p.data is the strict JSON that jsonscan asks for.
func (s *Stage) describe(p *payload) (provider.Facts, error) {
	if p.form && !p.alone {
		return s.row.DescribeForm(p.asked(), p.fields(s.row, p.data))
	}
	if p.binary {
		return s.row.DescribeJSON(p.asked(), nil)
	}
	return s.row.DescribeJSON(p.asked(), p.data) // with a document alone a form has nothing else to tell
}

// fields returns the form of p that data stands for.
func (p *payload) fields(row *provider.Provider, data []byte) []byte {
	if p.format == spec.FormatForm && len(data) == len(p.data) {
		return p.body
	}
	return tojson.FormOf(data, row.Facts.FormJSON, p.alone)
}

// describeLeft reads the facts of what a redaction has left of p's data, without
// the masks.
func (s *Stage) describeLeft(p *payload, data []byte) (facts provider.Facts, err error) {
	rest := *p
	var form []byte
	if p.form {
		form = tojson.FormOf(data, s.row.Facts.FormJSON, p.alone)
	}
	if p.queried {
		rest.query = string(form)
	}
	if p.form && !p.alone {
		facts, err = s.row.DescribeForm(rest.asked(), form)
	} else {
		facts = s.row.DescribeAgain(rest.asked(), data)
	}
	unmask(&facts)
	return facts, err
}

// asked is the delivery without its body.
func (p *payload) asked() provider.Request {
	return provider.Request{Headers: p.headers, Query: p.query, Covers: p.covers, InBody: !p.queried && len(p.body) > 0}
}

// rejected makes a refusal of err, unless it is one.
func rejected(err error) error {
	var reject *pipeline.Reject
	if errors.As(err, &reject) {
		return err
	}
	code := pipeline.Malformed
	if errors.Is(err, provider.ErrTypeMismatch) {
		code = pipeline.TypeMismatch
	}
	if errors.Is(err, tojson.ErrExpanded) || errors.Is(err, errExpansion) {
		code = pipeline.BodyTooLarge
	}
	return &pipeline.Reject{Code: code, Err: err}
}
