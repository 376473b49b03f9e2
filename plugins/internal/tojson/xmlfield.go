package tojson

import (
	"encoding/base64"
	"fmt"
	"slices"

	"webhookedge/plugins/internal/jsonscan"
)

// XMLField puts, in data, an object that Form made, the XML document that stands
// in base64 in the field name in as the JSON that XML makes of it. Line feeds in the
// base64 do not count. data comes back as it is where the field is not there or is
// there several times. The error is ErrForm or ErrXML.
func XMLField(data []byte, name string) ([]byte, error) {
	c := jsonscan.NewCursor(data)
	if c.Kind() != '{' {
		return data, nil
	}
	for c.Enter(); c.More(); {
		found := string(jsonscan.Text(c.Raw())) == name
		isText := c.Kind() == '"'
		raw := c.Raw()
		if !found || !isText {
			continue
		}
		text, err := base64.StdEncoding.DecodeString(string(jsonscan.Text(raw))) // it passes over line feeds
		if err != nil {
			return nil, fmt.Errorf("%w: a field is not base64", ErrForm)
		}
		document, err := XML(text, "", false)
		if err != nil {
			return nil, err
		}
		end := c.Offset()
		return slices.Concat(data[:end-len(raw)], document, data[end:]), nil
	}
	return data, nil
}
