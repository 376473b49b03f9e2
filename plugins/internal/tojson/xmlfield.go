package tojson

import (
	"bytes"
	"encoding/base64"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"
)

// XMLField puts, in data, an object that Form made, the XML document that stands
// in base64 in the field name in as the JSON that XML makes of it. Line feeds in the
// base64 do not count. data comes back as it is where the field is not there or is
// there several times. The error is ErrForm or ErrXML.
func XMLField(data []byte, name string) ([]byte, error) {
	dec := jsontext.NewDecoder(bytes.NewBuffer(data))
	open, err := dec.ReadToken()
	if err != nil {
		return nil, ErrForm // Form made data, so it does not fail; the decoder would quote the body
	}
	if open.Kind() != '{' {
		return data, nil
	}
	for dec.PeekKind() == '"' {
		token, err := dec.ReadToken()
		if err != nil {
			return nil, ErrForm
		}
		found := token.String() == name
		raw, err := dec.ReadValue()
		if err != nil {
			return nil, ErrForm
		}
		if !found || raw.Kind() != '"' {
			continue
		}
		end := int(dec.InputOffset())
		document, err := unpackXML(raw)
		if err != nil {
			return nil, err
		}
		dst := make([]byte, 0, len(data)-len(raw)+len(document))
		dst = append(append(dst, data[:end-len(raw)]...), document...)
		return append(dst, data[end:]...), nil
	}
	return data, nil
}

func unpackXML(raw jsontext.Value) ([]byte, error) {
	text, err := jsontext.AppendUnquote(nil, raw)
	if err != nil {
		return nil, ErrForm
	}
	document, err := base64.StdEncoding.DecodeString(string(text)) // it passes over line feeds
	if err != nil {
		return nil, fmt.Errorf("%w: a field is not base64", ErrForm)
	}
	return XML(document, "", false)
}
