package place

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"webhookedge/plugins/internal/formscan"
	"webhookedge/plugins/internal/jsonscan"
	"webhookedge/plugins/provider/spec"
)

// Bodies says what the bodies of a row's deliveries are.
type Bodies struct {
	forms    []spec.Format
	document string // field of a form that holds a JSON document, "" for none
	doubles  spec.DuplicateKeys
	byGET    bool // deliveries come by GET, too
}

// NewBodies returns those of p.
func NewBodies(p *spec.Provider) *Bodies {
	return &Bodies{p.Formats(), p.Facts.FormJSON, p.DuplicateKeys, p.Delivers("GET")}
}

// FormatOf returns the format of a body, out of those that the row lists, and "" where
// the body has none of them. Only the bytes decide, since they are what is signed:
// a Content-Type header is not. No body has two formats: what begins as JSON or XML
// is never a form, and a token has no character that a form's sender must escape
// but counts as one only where the row lists tokens.
//
// A body of the format need not be valid: who reads it finds out.
func (b *Bodies) FormatOf(body []byte) spec.Format { return FormatOf(body, b.forms) }

// FormatOf returns the format of a body out of forms, "" where it has none of them.
func FormatOf(body []byte, forms []spec.Format) spec.Format {
	body = WithoutBOM(body)
	for _, f := range [...]spec.Format{spec.FormatJWT, spec.FormatMultipart, spec.FormatLines, spec.FormatJSON, spec.FormatXML, spec.FormatForm, spec.FormatBytes} {
		if slices.Contains(forms, f) && fits(f, body, forms) {
			return f
		}
	}
	return ""
}

// fits reports whether body looks like f, in the order in which formatOf asks.
func fits(f spec.Format, body []byte, forms []spec.Format) bool {
	var first byte
	if text := bytes.TrimLeft(body, " \t\r\n"); len(text) > 0 {
		first = text[0]
	}
	switch f {
	case spec.FormatJSON:
		// A row without another format that could begin so takes the body for
		// JSON, whatever it is, so that the fault is told by its place.
		return first == '{' || first == '[' || len(forms) == 1
	case spec.FormatXML:
		return first == '<'
	case spec.FormatMultipart:
		return formscan.IsMultipart(body)
	case spec.FormatLines:
		return isLines(body, slices.Contains(forms, spec.FormatJSON))
	case spec.FormatJWT:
		return isCompactToken(body)
	case spec.FormatForm:
		return first != '{' && first != '[' && first != '<'
	}
	return f == spec.FormatBytes
}

// WithoutBOM returns a body without the byte order mark of UTF-8, which some
// senders write in front of JSON, XML and forms.
func WithoutBOM(body []byte) []byte { return bytes.TrimPrefix(body, []byte("\ufeff")) }

// isLines reports whether body is lines of JSON values. Of a sender that sends
// single documents too, it must have a value in its first line and more behind it,
// which no single document has.
func isLines(body []byte, orJSON bool) bool {
	text := bytes.TrimLeft(body, " \t\r\n")
	line, rest, _ := bytes.Cut(text, []byte("\n"))
	if len(line) == 0 || line[0] != '{' && line[0] != '[' {
		return false
	}
	if !orJSON {
		return true
	}
	return len(bytes.TrimSpace(rest)) > 0 &&
		jsontext.Value(bytes.TrimRight(line, " \t\r")).IsValid(jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))
}

// isCompactToken reports whether body is three runs of base64url with dots between
// them, of which the last may be empty.
func isCompactToken(body []byte) bool {
	parts := bytes.Split(bytes.Trim(body, " \t\r\n"), []byte("."))
	if len(parts) != 3 || len(parts[0]) == 0 || len(parts[1]) == 0 {
		return false
	}
	return !slices.ContainsFunc(parts, func(part []byte) bool {
		return len(bytes.Trim(part, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")) > 0
	})
}

// Take makes v read a body as what its bytes are, of the formats that the row lists.
func (v *Values) Take() {
	v.Format = v.Bodies.FormatOf(v.Request.Body)
	// A provider that delivers by GET signs its query where there is no body.
	if v.Format == spec.FormatForm && (len(v.Request.Body) > 0 || !v.Bodies.byGET) {
		v.Form, v.IsForm = WithoutBOM(v.Request.Body), true
	}
}

// Document returns what json: places read: the body, or the document that is the
// only field of a form. A form without one has nothing for them.
func (v *Values) Document() ([]byte, error) {
	switch v.Format {
	case spec.FormatJSON:
		return WithoutBOM(v.Request.Body), nil
	case spec.FormatJWT:
		if claims := Claims(WithoutBOM(v.Request.Body)); claims != nil {
			return claims, nil
		}
		return nil, fmt.Errorf("%w: the token has no claims", spec.ErrBody)
	case spec.FormatForm:
		return soleDocument(formscan.Document, v.Form, v.Bodies.document)
	case spec.FormatMultipart:
		// the boundary is that of the bytes
		return soleDocument(formscan.MultipartDocument, WithoutBOM(v.Request.Body), v.Bodies.document)
	}
	return nil, nil
}

// ScanBody reads the JSON places of a scheme, nil for none. A body that is no JSON has
// no values, which is a fault only where one is needed.
func (v *Values) ScanBody(scan *jsonscan.Paths, needed bool) error {
	if scan == nil {
		return nil
	}
	document, err := v.Document()
	if err != nil {
		return err
	}
	if document == nil && v.Format != spec.FormatJSON {
		return nil
	}
	_, found, err := v.unproved(document, scan)
	if err != nil && needed {
		return err
	}
	v.JSON = found
	return nil
}

// Unproved returns the JSON document of a delivery that is not proved yet, nil where
// its body has none. The error is ErrBody.
func (v *Values) Unproved() ([]byte, error) {
	document, err := v.Document()
	if err == nil && document != nil {
		document, _, err = v.unproved(document, nil)
	}
	return document, err
}

func (v *Values) unproved(document []byte, scan *jsonscan.Paths) (once []byte, found jsonscan.Values, err error) {
	once, err = v.Bodies.doubles.Once(document, jsonscan.Unproved())
	if err == nil {
		found, err = jsonscan.ScanUnproved(once, scan)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", spec.ErrBody, err)
	}
	return once, found, nil
}

// SetDocument gives v the document that json:, name: and other places of a payload read,
// with what was found in it.
func (v *Values) SetDocument(document []byte, found jsonscan.Values) {
	v.document, v.JSON = document, found
}

// SoleField returns the field of a form that holds a JSON document, nil where the
// form has none. A field beside it could say what the document does not, and one of
// two documents would be read by some and the other by others.
func SoleField(form []byte, name string) ([]byte, error) {
	return soleDocument(formscan.Document, form, name)
}

func soleDocument(read func(form []byte, name string) ([]byte, error), form []byte, name string) ([]byte, error) {
	if name == "" {
		return nil, nil
	}
	document, err := read(form, name)
	switch {
	case errors.Is(err, formscan.ErrNoDocument):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("%w: %w", spec.ErrBody, err)
	case document == nil:
		return []byte{}, nil // it is there, and empty
	}
	return document, nil
}
