package normalize

import (
	"errors"
	"strings"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/provider"
)

const (
	octets   = "application/octet-stream"
	form     = "application/x-www-form-urlencoded"
	jsonType = "application/json"
	// maxContentType bounds what is copied from the header into the event.
	maxContentType = 256
)

// ErrContentType is a request with more than one content type.
var ErrContentType = errors.New("more than one content-type header")

// payload is a body on its way to being an event's data.
type payload struct {
	headers     provider.Headers
	media       string // lower case, without parameters
	contentType string
	data        []byte
	binary      bool
}

// payload takes the body as its content type says it is. The row's usual type
// stands in for one that is missing, and is then claimed as if it had been sent:
// a JSON provider's body that is not JSON is refused either way.
func (s *Stage) payload(d *pipeline.Delivery) (*payload, error) {
	p := &payload{headers: d.Headers, data: d.Body}
	value, n := d.Headers.Get("content-type")
	switch media := s.row.Format.MediaType(); {
	case media != "":
		value = media
	case n > 1:
		return nil, ErrContentType
	case n == 0:
		value = s.usual
		p.headers = typed{d.Headers, value}
	}
	p.media, _, _ = strings.Cut(value, ";")
	p.media = strings.ToLower(strings.TrimSpace(p.media))
	p.contentType = clean(value)
	return p, nil
}

// convert brings the data into its final form, once Describe has found the body
// to be the JSON that it claims to be.
func (p *payload) convert(formJSON string) error {
	switch {
	case isJSON(p.media):
		if p.contentType = clean(p.media); p.contentType == octets {
			p.contentType = jsonType
		}
		return nil
	case p.media == form:
		data, err := formToJSON(p.data, formJSON)
		if err == nil {
			p.data, p.contentType = data, jsonType
			return nil
		}
		if !errors.Is(err, errNotText) {
			return err
		}
	}
	p.binary = true
	if len(p.data) == 0 {
		p.contentType = ""
	}
	return nil
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

// typed adds the content type that a request left out.
type typed struct {
	headers     pipeline.Headers
	contentType string
}

// Get implements provider.Headers.
func (t typed) Get(name string) (string, int) {
	if name == "content-type" {
		return t.contentType, 1
	}
	return t.headers.Get(name)
}
