package place

import (
	"errors"
	"fmt"

	"webhookedge/plugins/internal/formscan"
	"webhookedge/plugins/internal/jsonscan"
	"webhookedge/plugins/provider/spec"
)

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
	case spec.FormatForm:
		return SoleField(v.Form, v.Bodies.document)
	case spec.FormatMultipart:
		return solePart(v.Request.Body, v.Bodies.document)
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
	document, err = v.Bodies.doubles.Once(document, jsonscan.Unproved())
	var found jsonscan.Values
	if err == nil {
		found, err = jsonscan.ScanUnproved(document, scan)
	}
	if err != nil && needed {
		return fmt.Errorf("%w: %w", spec.ErrBody, err)
	}
	v.JSON = found
	return nil
}

// SoleField returns the field of a form that holds a JSON document, nil where the
// form has none. A field beside it could say what the document does not, and one of
// two documents would be read by some and the other by others.
func SoleField(form []byte, name string) ([]byte, error) {
	if name == "" {
		return nil, nil
	}
	return sole(formscan.Document(form, name))
}

// solePart is soleField of a multipart form, whose boundary is that of its bytes.
func solePart(body []byte, name string) ([]byte, error) {
	if name == "" {
		return nil, nil
	}
	return sole(formscan.MultipartDocument(WithoutBOM(body), name))
}

func sole(document []byte, err error) ([]byte, error) {
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
