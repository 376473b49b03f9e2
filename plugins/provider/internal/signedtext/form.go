package signedtext

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"
	"strings"

	"webhookedge/plugins/internal/formscan"
	"webhookedge/plugins/provider/spec"
)

// fieldsOf returns the fields of a form, unescaped, in their order.
func fieldsOf(form []byte) ([]field, error) {
	pairs, err := formscan.Pairs(form)
	if err != nil {
		return nil, spec.ErrMalformed
	}
	// All texts are parts of one, for which memory is taken once.
	type border struct{ name, value int } // where they end
	borders := make([]border, 0, min(bytes.Count(form, []byte("&"))+1, maxFields))
	flat := make([]byte, 0, len(form))
	for name, value := range pairs {
		if len(borders) == maxFields {
			return nil, spec.ErrMalformed
		}
		if flat, err = formscan.AppendUnescaped(flat, name); err != nil {
			return nil, spec.ErrMalformed
		}
		end := len(flat)
		if flat, err = formscan.AppendUnescaped(flat, value); err != nil {
			return nil, spec.ErrMalformed
		}
		borders = append(borders, border{end, len(flat)})
	}
	text := string(flat)
	fields := make([]field, 0, len(borders))
	start := 0
	for _, b := range borders {
		fields = append(fields, field{text[start:b.name], text[b.name:b.value]})
		start = b.value
	}
	return fields, nil
}

// onlyField is the value of a form's one field. A field beside it would not be
// signed, so that there must be none.
func (p *part) onlyField(v *Input) (string, error) {
	fields, err := fieldsOf(v.Form)
	switch {
	case err != nil:
		return "", err
	case len(fields) == 0:
		return "", spec.ErrMissing
	case len(fields) > 1 || fields[0].name != p.At.Name:
		return "", spec.ErrMalformed
	}
	return fields[0].value, nil
}

// phpFields is PHP's serialize() of the fields of a form without that of the
// signature, sorted by name, all of them strings (Paddle Classic docs, Verifying
// webhooks). Names that PHP would turn into numbers, other names or arrays are
// refused, and so is a name that is there twice: PHP takes the last.
func (p *part) phpFields(v *Input) (string, error) {
	fields, err := fieldsOf(v.Form)
	if err != nil {
		return "", err
	}
	fields = slices.DeleteFunc(fields, func(f field) bool { return f.name == p.At.Name })
	slices.SortStableFunc(fields, func(a, b field) int { return strings.Compare(a.name, b.name) })
	var b strings.Builder
	b.WriteString("a:" + strconv.Itoa(len(fields)) + ":{")
	for i, f := range fields {
		if f.name == "" || f.name[0] >= '0' && f.name[0] <= '9' || !spec.IsHeaderName(strings.ToLower(f.name)) {
			return "", spec.ErrMalformed
		}
		if i > 0 && fields[i-1].name == f.name {
			return "", spec.ErrRepeated
		}
		phpString(&b, f.name)
		phpString(&b, f.value)
	}
	b.WriteString("}")
	return b.String(), nil
}

func phpString(b *strings.Builder, text string) {
	b.WriteString("s:" + strconv.Itoa(len(text)) + `:"` + text + `";`)
}

// plivo is what Plivo signs in version 3: the URL with its parameters sorted, the
// fields of a form behind it, and the nonce that stands at the part's place
// (plivo-python, plivo/utils/signature_v3.py).
func (p *part) plivo(v *Input) (string, error) {
	nonce, n := v.Get(p.At)
	switch {
	case n == 0 || nonce == "":
		return "", spec.ErrMissing
	case n > 1:
		return "", spec.ErrRepeated
	case !separates(nonce, []string{"."}): // or the end of a field could pass for the nonce's beginning
		return "", spec.ErrMalformed
	case !v.IsForm && len(v.Request.Body) > 0:
		return "", spec.ErrMalformed // a body that is no form is not signed
	}
	address, _, _ := strings.Cut(v.Request.URL, "?")
	query, err := fieldsOf([]byte(v.Request.RawQuery()))
	if err != nil {
		return "", err
	}
	fields, err := fieldsOf(v.Form)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.Grow(len(address) + len(v.Request.RawQuery()) + len(v.Form) + len(nonce) + 3)
	b.WriteString(address)
	if len(query) > 0 || len(fields) > 0 {
		b.WriteString("?")
	}
	writeFields(&b, query, "=", "&")
	if len(query) > 0 && len(fields) > 0 {
		b.WriteString(".")
	}
	writeFields(&b, fields, "", "")
	b.WriteString(".")
	b.WriteString(nonce)
	return b.String(), nil
}

// writeFields writes fields, sorted, with assign between a name and its value and
// separator between two fields.
func writeFields(b *strings.Builder, fields []field, assign, separator string) {
	for i, f := range sortFields(fields) {
		if i > 0 {
			b.WriteString(separator)
		}
		b.WriteString(f.name)
		b.WriteString(assign)
		b.WriteString(f.value)
	}
}

// sortFields sorts by name, fields of one name by value.
func sortFields(fields []field) []field {
	slices.SortFunc(fields, func(a, b field) int {
		return cmp.Or(strings.Compare(a.name, b.name), strings.Compare(a.value, b.value))
	})
	return fields
}
