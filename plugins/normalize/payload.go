package normalize

import (
	"errors"
	"fmt"
	"mime"
	"net/http"
	"strings"

	"webhookedge/plugins/internal/jsonscan"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/tojson"
	"webhookedge/plugins/provider"
)

const (
	octets    = "application/octet-stream"
	formType  = "application/x-www-form-urlencoded"
	multiType = "multipart/form-data"
	jsonType  = "application/json"
	// maxContentType bounds what is copied from the header into the event.
	maxContentType = 256
)

// What can be wrong with the headers that say what a body is.
var (
	ErrContentType     = errors.New("more than one content-type header")
	ErrContentEncoding = errors.New("more than one content-encoding header")
)

// payload is a body on its way to being an event's data.
type payload struct {
	headers     provider.Headers
	query       string
	queried     bool   // the query is the payload
	sent        []byte // what the fallback id is made of: the body, or the query where that is the payload
	media       string // lower case, without parameters
	charset     string // as the content type names it, "" for none
	contentType string // of the event
	body        []byte // without its content encoding
	data        []byte
	form        bool // the facts are read from the form, not from data
	alone       bool // data is the document of a form that has nothing else
	binary      bool
}

// open undoes the content encoding and takes the body as what it is said to be:
// by the row's format, else by the one content type, else, where there is none,
// by the row's usual one, which then counts as if it had been sent. Two kinds of
// delivery have no body: those of GET, whose query is the form that a POST has
// in its body, and those of a row that says so.
func (s *Stage) open(d *pipeline.Delivery) (*payload, error) {
	p := &payload{headers: d.Headers, query: d.RawQuery, body: d.Body, sent: d.Body}
	switch {
	case len(d.Body) > 0:
	case d.Method == http.MethodGet:
		p.body, p.queried = tojson.WithoutFields([]byte(d.RawQuery), s.tokens), true
		p.sent, p.media, p.contentType = p.body, formType, formType
		return p, s.convert(p)
	case s.row.Bodyless:
		p.binary = true
		return p, nil
	}
	value, n := d.Headers.Get("content-type")
	media := s.row.Format.MediaType()
	switch {
	case media != "":
		if n != 1 || !strings.HasPrefix(strings.ToLower(value), media) {
			value = media // what the header says of another type, its charset too, does not count
		}
	case n > 1:
		return nil, ErrContentType
	case n == 0:
		value = s.usual
		p.headers = typed{d.Headers, value}
	}
	p.media, p.charset = parseType(value)
	p.contentType = clean(value)
	coding, n := d.Headers.Get("content-encoding")
	if n > 1 {
		return nil, ErrContentEncoding
	}
	if n == 1 {
		var err error
		if p.body, err = tojson.Expand(d.Body, coding, s.maxExpanded); err != nil {
			return nil, err
		}
	}
	p.data = p.body
	return p, s.convert(p)
}

// tokensOf are the parameters of URLs in which senders of row show a secret.
func tokensOf(row *provider.Provider) []string {
	var names []string
	for i := range row.Schemes {
		scheme := &row.Schemes[i]
		if scheme.Kind != provider.Token {
			continue
		}
		for _, family := range append([]provider.Family{scheme.Family}, scheme.Alternates...) {
			if name, ok := strings.CutPrefix(family.Signature, "query:"); ok {
				names = append(names, name)
			}
		}
	}
	return names
}

// convert makes JSON of the body, or leaves it as bytes where the media type
// is none that can be converted. JSON that stands in the body is checked later,
// with the facts.
func (s *Stage) convert(p *payload) error {
	convert := converter(p.media)
	switch {
	case isJSON(p.media):
		// The bytes stay unless the charset is another. The type is plain JSON in
		// the event: CloudEvents SDKs take data of other names for text, and a
		// binary message of application/cloudevents+json for another event.
		data, err := tojson.UTF8(p.body, p.charset, true)
		p.data, p.contentType = data, jsonType
		return err
	case convert != nil:
		var err error
		p.data, err = convert(p.body, p.charset)
		p.contentType = jsonType
		return err
	case p.media == formType || p.media == multiType:
		var err error
		if p.media == formType {
			p.data, p.alone, err = tojson.Form(p.body, s.formOptions())
		} else {
			p.data, p.alone, err = tojson.Multipart(p.body, p.contentType, s.formOptions())
		}
		if name := s.row.Facts.FormXML; err == nil && name != "" {
			p.contentType = jsonType
			p.data, err = tojson.XMLField(p.data, name)
			return err
		}
		if err == nil {
			p.form, p.contentType = true, jsonType
			return nil
		}
		if !errors.Is(err, tojson.ErrText) {
			return err
		}
	}
	p.data, p.binary = p.body, true
	if len(p.data) == 0 {
		p.contentType = ""
	}
	return nil
}

// formOptions say what a form of the row's senders may be.
func (s *Stage) formOptions() tojson.FormOptions {
	return tojson.FormOptions{Document: s.row.Facts.FormJSON, Optional: true, Beside: true, Files: tojson.Files(s.files)}
}

// converter returns what makes JSON of a media type that has a charset, nil for
// none. The charset is that of the content type.
func converter(media string) func(body []byte, charset string) ([]byte, error) {
	asXML := func(body []byte, charset string) ([]byte, error) { return tojson.XML(body, charset, true) }
	ofText := func(convert func([]byte) ([]byte, error)) func([]byte, string) ([]byte, error) {
		return func(body []byte, charset string) ([]byte, error) {
			text, err := tojson.UTF8(body, charset, true)
			if err != nil {
				return nil, err
			}
			return convert(text)
		}
	}
	switch media {
	case "application/xml", "text/xml":
		return asXML
	case "application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines", "application/jsonlines":
		return ofText(tojson.Lines)
	case "application/jwt":
		return ofText(tojson.Token)
	}
	switch {
	case strings.HasSuffix(media, "+xml"):
		return asXML
	case strings.HasSuffix(media, "+jwt"):
		return ofText(tojson.Token)
	}
	return nil
}

// describe reads the facts of the delivery. Where it finds no fault and p is not
// binary, p.data is the strict JSON that jsonscan asks for.
func (s *Stage) describe(p *payload) (provider.Facts, error) {
	switch {
	case p.binary:
		return s.row.Describe(p.request(p.contentType, p.body))
	case !p.form, p.alone: // with a document alone a form has nothing else to tell
		return s.row.DescribeJSON(p.asked(), p.data)
	}
	// The document of a form stands in data unchecked: it could end the object
	// early and go on as attributes of the event.
	if _, err := jsonscan.Scan(p.data, nil); err != nil {
		return provider.Facts{}, fmt.Errorf("%w: %w", provider.ErrBody, err)
	}
	body := p.body
	if p.media == multiType {
		body = tojson.FormOf(p.data, s.row.Facts.FormJSON, p.alone)
	}
	return s.row.Describe(p.request(formType, body))
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
		facts, err = s.row.Describe(rest.request(formType, form))
	} else {
		facts, err = s.row.DescribeAgain(rest.asked(), data)
	}
	unmask(&facts)
	return facts, err
}

// request is the delivery with another body.
func (p *payload) request(contentType string, body []byte) provider.Request {
	return provider.Request{Headers: typed{p.headers, contentType}, Query: p.query, Body: body}
}

// asked is the delivery without its body.
func (p *payload) asked() provider.Request {
	return provider.Request{Headers: p.headers, Query: p.query}
}

// parseType returns the media type of a content type in lower case and its
// charset. Parameters that cannot be read count as none.
func parseType(value string) (media, charset string) {
	media, parameters, more := strings.Cut(value, ";")
	media = strings.ToLower(strings.TrimSpace(media))
	parameters = strings.TrimSpace(parameters)
	if !more || parameters == "" || strings.EqualFold(parameters, "charset=utf-8") {
		return media, ""
	}
	_, all, err := mime.ParseMediaType("x/x;" + parameters)
	if err != nil {
		return media, ""
	}
	return media, all["charset"]
}

// isJSON draws the line where provider draws it (RFC 6839, section 3.1, for
// the suffix).
func isJSON(media string) bool {
	return media == jsonType || strings.HasSuffix(media, "+json")
}

// clean returns a content type that can be copied: short printable ASCII.
func clean(value string) string {
	if value == "" || len(value) > maxContentType {
		return octets
	}
	for i := range len(value) {
		if value[i] < ' ' || value[i] > '~' {
			return octets
		}
	}
	return value
}

// typed has another content type than the request, or the one that it left out.
type typed struct {
	headers     provider.Headers
	contentType string
}

// Get implements provider.Headers.
func (t typed) Get(name string) (string, int) {
	if name == "content-type" {
		return t.contentType, 1
	}
	return t.headers.Get(name)
}

// rejected makes a refusal of err, unless it is one.
func rejected(err error) error {
	var reject *pipeline.Reject
	if errors.As(err, &reject) {
		return err
	}
	code := pipeline.Malformed
	if errors.Is(err, tojson.ErrExpanded) || errors.Is(err, errExpansion) {
		code = pipeline.BodyTooLarge
	}
	return &pipeline.Reject{Code: code, Err: err}
}
