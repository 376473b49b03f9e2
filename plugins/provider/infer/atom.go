package infer

import (
	"bytes"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"webhookedge/plugins/internal/formscan"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/spec"
)

// Bounds of what is looked at in one delivery.
const (
	maxValue   = 256 // bytes of a value that is signed beside the body
	maxText    = 16 << 10
	maxPlaces  = 256
	maxDepth   = 8
	maxNameLen = 128
)

// value is what stands at a place of a delivery.
type value struct {
	at   string // header:x-id, query:a, form:a, json:a.b
	text string
}

// kind is what part of the delivery v is in, and name where there.
func (v *value) kind() string { kind, _, _ := strings.Cut(v.at, ":"); return kind }
func (v *value) name() string { _, name, _ := strings.Cut(v.at, ":"); return name }

// valuesOf returns what stands at the places of r, each that stands there once.
func valuesOf(r *provider.Request) []value {
	var all []value
	if headers, ok := r.Headers.(provider.HeaderList); ok {
		for _, h := range headers {
			if _, n := headers.Get(h.Name); n == 1 && spec.IsHeaderName(h.Name) {
				all = append(all, value{"header:" + h.Name, h.Value})
			}
		}
	}
	all = append(all, fieldsOf("query:", r.RawQuery())...)
	body := provider.WithoutBOM(r.Body)
	switch text := bytes.TrimLeft(body, " \t\r\n"); {
	case len(text) == 0:
	case text[0] == '{' || text[0] == '[':
		all = append(all, membersOf(body)...)
	case text[0] != '<' && bytes.ContainsRune(text, '='):
		all = append(all, fieldsOf("form:", string(body))...)
	}
	all = slices.DeleteFunc(all, func(v value) bool {
		return v.text == "" || len(v.text) > maxText || len(v.at) > maxNameLen
	})
	return all[:min(len(all), maxPlaces)]
}

// fieldsOf returns the parameters of a query or form that are there once.
func fieldsOf(kind, text string) (all []value) {
	if strings.Count(text, "&") > maxPlaces {
		return nil
	}
	fields, err := url.ParseQuery(text)
	if err != nil {
		return nil
	}
	for pair := range strings.SplitSeq(text, "&") {
		name, _, _ := strings.Cut(pair, "=")
		if name, err = url.QueryUnescape(name); err == nil && len(fields[name]) == 1 && name != "" && spec.Printable(name) {
			all = append(all, value{kind + name, fields[name][0]})
		}
	}
	return all
}

// membersOf returns the scalars of a JSON document, in its order.
func membersOf(body []byte) (all []value) {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	var walk func(path string, depth int) bool
	walk = func(path string, depth int) bool {
		t, err := dec.Token()
		if err != nil || depth > maxDepth || len(all) >= maxPlaces {
			return false
		}
		at := "json:" + strings.TrimPrefix(path, ".")
		switch t := t.(type) {
		case json.Delim:
			for i := 0; dec.More(); i++ {
				name := strconv.Itoa(i)
				if t == '{' {
					key, err := dec.Token()
					if err != nil {
						return false
					}
					name, _ = key.(string)
				}
				if !walk(path+"."+escaped(name), depth+1) {
					return false
				}
			}
			_, err = dec.Token()
			return err == nil
		case string:
			all = append(all, value{at, t})
		case json.Number:
			all = append(all, value{at, t.String()})
		}
		return true
	}
	walk("", 0)
	return slices.DeleteFunc(all, func(v value) bool { return v.name() == "" || strings.Contains(v.at, "..") || !spec.Printable(v.at) })
}

// escaped is a name in a path as package jsonscan compiles it.
func escaped(name string) string {
	return strings.NewReplacer(`\`, `\\`, ".", `\.`).Replace(name)
}

// unitOf returns the unit of a time of this century, "" where text is none.
func unitOf(text string) spec.Unit {
	for _, unit := range []spec.Unit{spec.Seconds, spec.Milliseconds, spec.RFC3339} {
		if t, ok := spec.ParseTime(text, unit); ok && t.Year() >= 2001 && t.Year() < 2100 {
			return unit
		}
	}
	return ""
}

// document is the value of the form's one field, where there is one.
func document(body []byte) (name string, ok bool) {
	pairs, err := formscan.Pairs(body)
	if err != nil {
		return "", false
	}
	n := 0
	for raw := range pairs {
		n, name = n+1, string(raw)
	}
	return name, n == 1 && name != "" && spec.IsName(name)
}
