package payloadschema

import (
	"bytes"
	"errors"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// maxReason bounds a reason in bytes.
const maxReason = 256

// Schema is a compiled schema. It is immutable and safe for concurrent use.
type Schema struct {
	id       string
	compiled *jsonschema.Schema
}

// ID names the schema and its version, an absolute URI.
func (s *Schema) ID() string { return s.id }

// Check returns why data, one JSON value, does not match, or "" where it does:
// a keyword and the place in the schema where it stands, "required at
// #/properties/issue". It holds nothing of data. Of several reasons it is the
// first in the order of their texts.
func (s *Schema) Check(data []byte) string {
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		return "it is not JSON"
	}
	err = s.compiled.Validate(v)
	if err == nil {
		return ""
	}
	var invalid *jsonschema.ValidationError
	if !errors.As(err, &invalid) {
		return "it cannot be validated"
	}
	reasons := leaves(invalid, nil)
	slices.Sort(reasons)
	reason := reasons[0]
	if len(reason) > maxReason {
		reason = strings.ToValidUTF8(reason[:maxReason], "")
	}
	return reason
}

// leaves appends the reasons at the ends of the tree: the others only say that
// something below them failed.
func leaves(e *jsonschema.ValidationError, reasons []string) []string {
	if len(e.Causes) > 0 {
		for _, cause := range e.Causes {
			reasons = leaves(cause, reasons)
		}
		return reasons
	}
	_, at, _ := strings.Cut(e.SchemaURL, "#")
	keyword := strings.Join(e.ErrorKind.KeywordPath(), "/")
	if keyword == "" {
		keyword = "false"
	}
	return append(reasons, keyword+" at #"+at)
}
