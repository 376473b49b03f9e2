package sign

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"mime/multipart"
	"net/url"
	"slices"
	"strings"

	"webhookedge/plugins/internal/jsonscan"
	"webhookedge/plugins/provider/internal/place"
	"webhookedge/plugins/provider/spec"
)

// putField sets a field of a form.
func putField(body []byte, name, text string) []byte {
	fields := strings.Split(string(body), "&")
	entry := url.QueryEscape(name) + "=" + url.QueryEscape(text)
	for i, field := range fields {
		if key, _, _ := strings.Cut(field, "="); key == url.QueryEscape(name) || key == name {
			fields[i] = entry
			return []byte(strings.Join(fields, "&"))
		}
	}
	if len(body) == 0 {
		return []byte(entry)
	}
	return append(append(bytes.Clone(body), '&'), entry...)
}

// putMember sets a member of a JSON object, and makes the objects on the way.
// Where the value is there its bytes alone change.
func putMember(body []byte, path []string, text string, number bool) ([]byte, error) {
	if _, err := jsonscan.Scan(body, nil); err != nil {
		return nil, err
	}
	value := []byte(text)
	if !number {
		var err error
		if value, err = json.Marshal(text); err != nil {
			return nil, err
		}
	}
	start, end, missing := find(body, path)
	if start < 0 {
		return nil, spec.ErrBody
	}
	for i := len(missing) - 1; i > 0; i-- {
		value = append(append([]byte(`{"`+missing[i]+`":`), value...), '}')
	}
	if len(missing) > 0 {
		sep := ","
		if rest := bytes.TrimLeft(body[start:], " \t\r\n"); len(rest) > 0 && rest[0] == '}' {
			sep = ""
		}
		value = append([]byte(`"`+missing[0]+`":`), append(value, sep...)...)
	}
	return append(append(bytes.Clone(body[:start]), value...), body[end:]...), nil
}

// find returns where the value at path stands or, where it does not, the place
// behind the brace of the last object on the way and the rest of the path. The
// start is -1 where something else than an object is on the way.
func find(body []byte, path []string) (start, end int, missing []string) {
	offset := 0
	rest := body
	for i, name := range path {
		c := jsonscan.NewCursor(rest)
		if c.Kind() != '{' {
			return -1, -1, nil
		}
		inside := offset + bytes.IndexByte(rest, '{') + 1
		c.Enter()
		var found []byte
		for c.More() {
			key := c.Raw()
			value := c.Raw()
			if string(key) == `"`+name+`"` {
				found = value
			}
		}
		if found == nil {
			return inside, inside, path[i:]
		}
		// The cursor gives slices of rest, so the position is what is left of it.
		at := cap(rest) - cap(found)
		offset += at
		rest = rest[at : at+len(found)]
	}
	return offset, offset + len(rest), nil
}

// put writes a value to a place of d. A value of a pair or a claim is written
// with the signature.
func (d *Signed) put(at place.Place, text string, number bool) error {
	switch at.Kind {
	case place.Header:
		d.Headers = slices.DeleteFunc(d.Headers, func(h spec.Header) bool { return h.Name == at.Name })
		d.Headers = append(d.Headers, spec.Header{Name: at.Name, Value: text})
	case place.Query:
		sep := "?"
		if strings.Contains(d.URL, "?") {
			sep = "&"
		}
		d.URL += sep + url.QueryEscape(at.Name) + "=" + url.QueryEscape(text)
	case place.Body:
		d.Body = []byte(text)
	case place.Form:
		d.Body = putField(d.Body, at.Name, text)
	case place.JSON:
		body, err := putMember(d.Body, strings.Split(at.Name, "."), text, number)
		if err != nil {
			return fmt.Errorf("%w: the payload must be JSON with room for %s", spec.ErrOption, at.Name)
		}
		d.Body = body
	}
	return nil
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
	return d.put(place.Place{Kind: place.Header, Name: "content-type"}, w.FormDataContentType(), false)
}

// wrap gives d the form in which the provider sends it, where that is another than the
// payload's.
func (s *Signer) wrap(d *Signed) error {
	if s.parts[0].scheme.IsBody() {
		return d.put(place.Place{Kind: place.Header, Name: "content-type"}, s.row.ContentTypes[0], false)
	}
	if media, _ := d.Headers.Get("content-type"); spec.IsJSON(media) && s.row.ContentTypes[0] == spec.MultipartType && s.row.Facts.FormJSON != "" {
		return d.inForm(s.row.Facts.FormJSON)
	}
	return nil
}
