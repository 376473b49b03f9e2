package signedtext

import (
	"cmp"
	"slices"
	"strings"

	"webhookedge/plugins/internal/jsonscan"
	"webhookedge/plugins/provider/spec"
)

// sortedParams is what Vonage signs of an SMS callback: &name=value for each
// parameter but sig, with & and = of a value replaced (Vonage docs, Signing
// messages). The parameters are the fields of a form, the members of a JSON object or,
// where there is no body, those of the query (@vonage/sms 1.21.0, verifySignature). A
// name that holds what ends one would be another parameter's value.
func sortedParams(v *Input) (string, error) {
	var fields []field
	var err error
	switch {
	case v.IsForm:
		fields, err = fieldsOf(v.Form)
	case len(v.Request.Body) > 0:
		fields, err = membersOf(v)
	default:
		fields, err = fieldsOf([]byte(v.Request.RawQuery()))
	}
	if err != nil {
		return "", err
	}
	replacer := strings.NewReplacer("&", "_", "=", "_")
	var b strings.Builder
	b.Grow(max(len(v.Request.Body), len(v.Request.RawQuery())))
	for _, f := range slices.Compact(sortFields(fields)) {
		switch {
		case f.name == "sig":
		case strings.ContainsAny(f.name, "&="):
			return "", spec.ErrMalformed
		default:
			b.WriteByte('&')
			b.WriteString(f.name)
			b.WriteByte('=')
			b.WriteString(replacer.Replace(f.value))
		}
	}
	return b.String(), nil
}

// membersOf returns the members of a JSON object of texts.
func membersOf(v *Input) ([]field, error) {
	document, err := v.Unproved()
	if err != nil {
		return nil, err
	}
	c := jsonscan.NewCursor(document)
	if c.Kind() != '{' {
		return nil, spec.ErrMalformed
	}
	var fields []field
	for c.Enter(); c.More(); {
		name, raw := jsonscan.Text(c.Raw()), c.Raw()
		if len(fields) == maxFields || len(raw) == 0 || raw[0] != '"' {
			return nil, spec.ErrMalformed
		}
		fields = append(fields, field{string(name), string(jsonscan.Text(raw))})
	}
	return fields, nil
}

// sortedQuery is the query with its parameters sorted by name and written anew as
// Node's querystring does; those of one name stay in their order (messagebird 4.0.1,
// lib/signature.js, stringifyQuery). A plus sign of statusDatetime is that of a time
// zone and no blank.
func sortedQuery(query string) (string, error) {
	fields, err := fieldsOf([]byte(query))
	if err != nil {
		return "", err
	}
	slices.SortStableFunc(fields, func(a, b field) int { return cmp.Compare(a.name, b.name) })
	var b strings.Builder
	for i, f := range fields {
		if f.name == "statusDatetime" {
			f.value = strings.ReplaceAll(f.value, " ", "+")
		}
		if i > 0 {
			b.WriteByte('&')
		}
		b.WriteString(escape(f.name, unreserved) + "=" + escape(f.value, unreserved))
	}
	return b.String(), nil
}
