package tojson

import (
	"bytes"
	"net/url"

	"webhookedge/plugins/internal/jsonscan"
)

// FormOf returns the form that Form would turn into data, for readers of forms:
// texts as fields, everything else left out. alone and document are those of Form.
func FormOf(data []byte, document string, alone bool) []byte {
	var b formBuilder
	if alone {
		b.add([]byte(document), data)
		return b.Bytes()
	}
	c := jsonscan.NewCursor(data)
	if c.Kind() != '{' {
		return nil
	}
	for c.Enter(); c.More(); {
		name := jsonscan.Text(c.Raw())
		switch c.Kind() {
		case '"':
			b.add(name, jsonscan.Text(c.Raw()))
		case '[':
			b.list(name, c.Raw())
		default:
			c.Raw()
		}
	}
	return b.Bytes()
}

type formBuilder struct{ bytes.Buffer }

func (b *formBuilder) add(name, text []byte) {
	if b.Len() > 0 {
		b.WriteByte('&')
	}
	b.WriteString(url.QueryEscape(string(name)) + "=" + url.QueryEscape(string(text)))
}

// list adds the texts of a list, which is a field that was there several times. One with
// other values is not.
func (b *formBuilder) list(name, list []byte) {
	var texts [][]byte
	c := jsonscan.NewCursor(list)
	for c.Enter(); c.More(); {
		if c.Kind() != '"' {
			return
		}
		texts = append(texts, jsonscan.Text(c.Raw()))
	}
	if len(texts) < 2 {
		return
	}
	for _, text := range texts {
		b.add(name, text)
	}
}
