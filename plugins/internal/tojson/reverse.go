package tojson

import (
	"bytes"
	"net/url"

	"github.com/go-json-experiment/json/jsontext"
)

// FormOf returns the form that Form would turn into data, for readers of forms:
// texts and the document as fields, everything else left out. alone and
// document are those of Form.
func FormOf(data []byte, document string, alone bool) []byte {
	var b formBuilder
	if alone {
		b.add(document, string(data))
		return b.Bytes()
	}
	dec := jsontext.NewDecoder(bytes.NewBuffer(data), jsontext.AllowInvalidUTF8(true))
	if _, err := dec.ReadToken(); err != nil {
		return nil
	}
	for dec.PeekKind() == '"' {
		name, err := dec.ReadToken()
		if err != nil {
			break
		}
		key := name.String()
		raw, err := dec.ReadValue()
		if err != nil {
			break
		}
		b.value(key, raw, key == document)
	}
	return b.Bytes()
}

type formBuilder struct{ bytes.Buffer }

func (b *formBuilder) add(name, text string) {
	if b.Len() > 0 {
		b.WriteByte('&')
	}
	b.WriteString(url.QueryEscape(name) + "=" + url.QueryEscape(text))
}

func (b *formBuilder) value(name string, raw jsontext.Value, document bool) {
	switch kind := raw.Kind(); {
	case kind == '"':
		text, _ := jsontext.AppendUnquote(nil, raw) // it is valid
		b.add(name, string(text))
	case document && kind != '[':
		b.add(name, string(raw))
	case kind == '[':
		b.list(name, raw, document)
	}
}

// list adds the texts of a list. A document that is a list is one of JSON, and
// one of texts alone is a field that was there several times.
func (b *formBuilder) list(name string, raw jsontext.Value, document bool) {
	dec := jsontext.NewDecoder(bytes.NewBuffer(raw), jsontext.AllowInvalidUTF8(true))
	if _, err := dec.ReadToken(); err != nil {
		return
	}
	var texts []string
	for dec.PeekKind() == '"' {
		token, err := dec.ReadToken()
		if err != nil {
			return
		}
		texts = append(texts, token.String())
	}
	if dec.PeekKind() != ']' || len(texts) < 2 {
		if document {
			b.add(name, string(raw))
		}
		return
	}
	for _, text := range texts {
		b.add(name, text)
	}
}
