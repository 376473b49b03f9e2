package provider

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"

	"webhookedge/plugins/internal/formscan"
	"webhookedge/plugins/internal/jsonscan"
)

const multipartType = "multipart/form-data"

// maxParts bounds the parts of a multipart form that are looked at.
const maxParts = 64

// scanBody reads the JSON places of s: of the body or, where that is a form, of the
// document in its field. A body that is no JSON has none, which is a fault only
// where the signature or what is signed stands there.
func (v *values) scanBody(s *scheme, field string) error {
	if s.scan == nil {
		return nil
	}
	document := v.r.Body
	if v.isForm || v.r.media() == multipartType {
		var ok bool
		if document, ok = v.r.document(field); !ok {
			return nil
		}
	}
	found, err := jsonscan.Scan(document, s.scan)
	if err != nil && s.readsBody() {
		return fmt.Errorf("%w: %w", ErrBody, err)
	}
	v.json = found
	return nil
}

// document returns the field of a form that holds a JSON document. It must be
// there exactly once.
func (r *Request) document(field string) ([]byte, bool) {
	if field == "" {
		return nil, false
	}
	if r.media() != multipartType {
		return formscan.Field(r.Body, field)
	}
	value, _ := r.Headers.Get("content-type")
	_, params, err := mime.ParseMediaType(value)
	if err != nil {
		return nil, false
	}
	var document []byte
	found := 0
	parts := multipart.NewReader(bytes.NewReader(r.Body), params["boundary"])
	for range maxParts {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return document, found == 1
		}
		if err != nil {
			return nil, false
		}
		if part.FormName() != field {
			continue
		}
		found++
		if document, err = io.ReadAll(part); err != nil {
			return nil, false
		}
	}
	return nil, false
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
