package provider

import (
	"bytes"
	"errors"
	"fmt"
	"mime/multipart"

	"webhookedge/plugins/internal/formscan"
	"webhookedge/plugins/internal/jsonscan"
)

const multipartType = "multipart/form-data"

// take makes v read a body as what its bytes are, of the formats that p lists.
func (v *values) take(p *Provider) {
	v.format, v.documentField, v.doubles = p.FormatOf(v.r.Body), p.Facts.FormJSON, p.DuplicateKeys
	// A provider that delivers by GET signs its query where there is no body.
	if v.format == FormatForm && (len(v.r.Body) > 0 || !p.Delivers("GET")) {
		v.form, v.isForm = WithoutBOM(v.r.Body), true
	}
}

// document returns what json: places read: the body, or the document that is the
// only field of a form. A form without one has nothing for them.
func (v *values) document() ([]byte, error) {
	switch v.format {
	case FormatJSON:
		return WithoutBOM(v.r.Body), nil
	case FormatForm:
		return soleField(v.form, v.documentField)
	case FormatMultipart:
		return solePart(v.r.Body, v.documentField)
	}
	return nil, nil
}

// scanBody reads the JSON places of s. A body that is no JSON has none, which is a
// fault only where the signature or what is signed stands there.
func (v *values) scanBody(s *scheme) error {
	if s.scan == nil {
		return nil
	}
	document, err := v.document()
	if err != nil {
		return err
	}
	if document == nil && v.format != FormatJSON {
		return nil
	}
	document, err = v.doubles.Once(document, jsonscan.Unproved())
	var found jsonscan.Values
	if err == nil {
		found, err = jsonscan.ScanUnproved(document, s.scan)
	}
	if err != nil && s.readsBody() {
		return fmt.Errorf("%w: %w", ErrBody, err)
	}
	v.json = found
	return nil
}

// soleField returns the field of a form that holds a JSON document, nil where the
// form has none. A field beside it could say what the document does not, and one of
// two documents would be read by some and the other by others.
func soleField(form []byte, name string) ([]byte, error) {
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
		return nil, fmt.Errorf("%w: %w", ErrBody, err)
	case document == nil:
		return []byte{}, nil // it is there, and empty
	}
	return document, nil
}

// inForm makes a multipart form of the JSON body of d.
func (d *Signed) inForm(field string) error {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part, err := w.CreateFormField(field)
	if err == nil {
		_, err = part.Write(d.Body)
	}
	if err = errors.Join(err, w.Close()); err != nil {
		return err
	}
	d.Body = b.Bytes()
	return d.put(place{kind: atHeader, name: "content-type"}, w.FormDataContentType(), false)
}
