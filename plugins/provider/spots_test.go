package provider_test

import (
	"bytes"
	"encoding/json"
	"net/url"
	"strconv"
	"strings"

	"webhookedge/plugins/provider"
)

// textAt returns the text at a place of a delivery, by other means than those of
// the package. It is false where there is none or more than one.
func (c *scheme) textAt(r provider.Request, at string) (string, bool) {
	kind, name, _ := strings.Cut(at, ":")
	switch kind {
	case "header":
		text, n := r.Headers.Get(name)
		return text, n == 1
	case "query":
		_, query, _ := strings.Cut(r.URL, "?")
		return parameter(query, name)
	case "form":
		return parameter(string(r.Body), name)
	case "body":
		return string(r.Body), true
	case "tokens": // the first of a list
		document, ok := decoded(r.Body)
		text, is := member(document, []string{name, "0"}).(string)
		return text, ok && is
	case "xml":
		_, rest, _ := strings.Cut(string(r.Body), "<"+name+">")
		text, _, ok := strings.Cut(rest, "</"+name+">")
		return text, ok
	case "json":
		document, ok := decoded(r.Body)
		if !ok {
			return "", false
		}
		switch v := member(document, c.path(name)).(type) {
		case string:
			return v, true
		case json.Number:
			return v.String(), true
		case bool:
			return strconv.FormatBool(v), true
		}
	}
	return "", false
}

// withText returns the delivery with another text at a place that has one.
func (c *scheme) withText(r provider.Request, at, text string) (provider.Request, bool) {
	kind, name, _ := strings.Cut(at, ":")
	switch kind {
	case "header":
		r.Headers = changed(r, name, func(string) []string { return []string{text} })
		return r, true
	case "query":
		head, query, _ := strings.Cut(r.URL, "?")
		r.URL = head + "?" + withParameter(query, name, text)
		return r, true
	case "body":
		r.Body = []byte(text)
		return r, true
	case "tokens":
		document, ok := decoded(r.Body)
		if !ok || !setMember(document, []string{name, "0"}, text) {
			return r, false
		}
		body, err := json.Marshal(document)
		r.Body = body
		return r, err == nil
	case "xml":
		head, rest, _ := strings.Cut(string(r.Body), "<"+name+">")
		_, tail, ok := strings.Cut(rest, "</"+name+">")
		r.Body = []byte(head + "<" + name + ">" + text + "</" + name + ">" + tail)
		return r, ok
	case "form":
		r.Body = []byte(withParameter(string(r.Body), name, text))
		return r, true
	case "json":
		document, ok := decoded(r.Body)
		if !ok || !setMember(document, c.path(name), text) {
			return r, false
		}
		body, err := json.Marshal(document)
		r.Body = body
		return r, err == nil
	}
	return r, false
}

// path is that of the first element, where elements are signed one by one.
func (c *scheme) path(name string) []string {
	if c.s.Each != "" {
		name = c.s.Each + ".0." + name
	}
	return strings.Split(name, ".")
}

func parameter(query, name string) (string, bool) {
	values, err := url.ParseQuery(query)
	if err != nil || len(values[name]) != 1 {
		return "", false
	}
	return values[name][0], true
}

func withParameter(query, name, text string) string {
	pairs := strings.Split(query, "&")
	for i, pair := range pairs {
		raw, _, _ := strings.Cut(pair, "=")
		if got, err := url.QueryUnescape(raw); err == nil && got == name {
			pairs[i] = raw + "=" + url.QueryEscape(text)
		}
	}
	return strings.Join(pairs, "&")
}

func decoded(body []byte) (any, bool) {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	var document any
	err := dec.Decode(&document)
	return document, err == nil
}

func member(document any, path []string) any {
	for _, name := range path {
		switch v := document.(type) {
		case map[string]any:
			document = v[name]
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i >= len(v) {
				return nil
			}
			document = v[i]
		default:
			return nil
		}
	}
	return document
}

func setMember(document any, path []string, text string) bool {
	last := len(path) - 1
	parent, ok := member(document, path[:last]).(map[string]any)
	if ok {
		parent[path[last]] = text
	}
	return ok
}
