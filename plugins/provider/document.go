package provider

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime/multipart"

	"webhookedge/plugins/internal/formscan"
	"webhookedge/plugins/internal/jsonscan"
)

const multipartType = "multipart/form-data"

// maxParts bounds the parts of a multipart form that are looked at.
const maxParts = 64

// take makes v read a body as what its bytes are, of the formats that p lists.
func (v *values) take(p *Provider) {
	v.format, v.documentField, v.eitherQuery = p.FormatOf(v.r.Body), p.Facts.FormJSON, p.Delivers("GET")
	if v.format == FormatForm {
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
	found, err := jsonscan.Scan(document, s.scan)
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
	var document []byte
	found, fields := 0, 0
	for rawName, raw := range formscan.Pairs(form) {
		if fields++; fields > maxFields {
			return nil, fmt.Errorf("%w: a form of more than %d fields", ErrBody, maxFields)
		}
		if got, err := formscan.Unescape(rawName); err != nil || string(got) != name {
			continue
		}
		value, err := formscan.Unescape(raw)
		if err != nil {
			return nil, fmt.Errorf("%w: form field %s: %w", ErrBody, name, err)
		}
		found, document = found+1, value
	}
	return sole(document, found, fields, name)
}

// solePart is soleField of a multipart form, whose boundary is that of its bytes.
func solePart(body []byte, name string) ([]byte, error) {
	boundary, ok := Boundary(WithoutBOM(body))
	if !ok || name == "" {
		return nil, nil
	}
	var document []byte
	found := 0
	parts := multipart.NewReader(bytes.NewReader(body), boundary)
	for fields := 0; fields <= maxParts; fields++ {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return sole(document, found, fields, name)
		}
		if err != nil {
			return nil, fmt.Errorf("%w: a part of the form is broken or its end is missing", ErrBody)
		}
		if part.FormName() != name {
			continue
		}
		found++
		if document, err = io.ReadAll(part); err != nil {
			return nil, fmt.Errorf("%w: a part of the form does not end", ErrBody)
		}
	}
	return nil, fmt.Errorf("%w: a form of more than %d parts", ErrBody, maxParts)
}

func sole(document []byte, found, fields int, name string) ([]byte, error) {
	switch {
	case found == 0:
		return nil, nil
	case fields > 1:
		return nil, fmt.Errorf("%w: %w: form field %s", ErrBody, ErrBesideDocument, name)
	case document == nil:
		return []byte{}, nil
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
