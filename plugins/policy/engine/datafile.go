package engine

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/open-policy-agent/opa/v1/util"
	"go.yaml.in/yaml/v3"
)

// DataFault is what is wrong with a file of data. It is an ErrSource.
type DataFault struct {
	File    string
	Row     int
	Message string
}

// Error returns file:row: data: message.
func (f *DataFault) Error() string { return fmt.Sprintf("%s:%d: data: %s", f.File, f.Row, f.Message) }

// Is makes every DataFault an ErrSource.
func (*DataFault) Is(target error) bool { return target == ErrSource }

// parseJSON reads a JSON object a token at a time, with the numbers that OPA wants. A reader
// of whole documents copies megabytes at once, and a collection of garbage that begins
// meanwhile keeps the deliveries of other routes waiting for the end of the copy.
func parseJSON(text []byte) (map[string]any, error) {
	dec := jsontext.NewDecoder(bytes.NewBuffer(text), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	value, err := parseValue(dec)
	if err != nil {
		return nil, err
	}
	doc, ok := value.(map[string]any)
	if !ok {
		return nil, ErrSource
	}
	if _, err := dec.ReadToken(); !errors.Is(err, io.EOF) {
		return nil, ErrSource
	}
	return doc, nil
}

func parseValue(dec *jsontext.Decoder) (any, error) {
	token, err := dec.ReadToken()
	if err != nil {
		return nil, err
	}
	switch token.Kind() {
	case '{':
		return parseObject(dec)
	case '[':
		return parseArray(dec)
	case '"':
		return token.String(), nil
	case '0':
		return json.Number(token.String()), nil
	case 't', 'f':
		return token.Bool(), nil
	}
	return nil, nil
}

func parseObject(dec *jsontext.Decoder) (any, error) {
	object := map[string]any{}
	for dec.PeekKind() != '}' {
		name, err := dec.ReadToken()
		if err != nil {
			return nil, err
		}
		key := name.String()
		if object[key], err = parseValue(dec); err != nil {
			return nil, err
		}
	}
	_, err := dec.ReadToken()
	return object, err
}

func parseArray(dec *jsontext.Decoder) (any, error) {
	array := []any{}
	for dec.PeekKind() != ']' {
		value, err := parseValue(dec)
		if err != nil {
			return nil, err
		}
		array = append(array, value)
	}
	_, err := dec.ReadToken()
	return array, err
}

var yamlRow = regexp.MustCompile(`^yaml: (?:unmarshal errors:\s*)?line (\d+): `)

// parseData reads an object in JSON or YAML.
func parseData(file string, text []byte) (map[string]any, error) {
	if doc, err := parseJSON(text); err == nil {
		return doc, nil
	}
	var doc map[string]any
	if util.Unmarshal(text, &doc) == nil {
		return doc, nil
	}
	f := &DataFault{file, 1, "it is not an object"}
	var root yaml.Node // JSON is YAML too, and its reader tells the row
	if err := yaml.Unmarshal(text, &root); err != nil {
		f.Message = strings.TrimPrefix(err.Error(), "yaml: ")
		if m := yamlRow.FindStringSubmatch(err.Error()); m != nil {
			f.Row, _ = strconv.Atoi(m[1]) // digits
			f.Message = err.Error()[len(m[0]):]
		}
	}
	return nil, f
}

// RowOf is the row of a place in YAML or JSON, or of the nearest one above; 0 for none.
func RowOf(text []byte, place []string) int {
	var root yaml.Node
	if yaml.Unmarshal(text, &root) != nil || len(root.Content) == 0 {
		return 0
	}
	n := root.Content[0]
	for _, name := range place {
		next := member(n, name)
		if next == nil {
			break
		}
		n = next
	}
	return n.Line
}

func member(n *yaml.Node, name string) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == name {
				return n.Content[i+1]
			}
		}
	case yaml.SequenceNode:
		if i, err := strconv.Atoi(name); err == nil && i >= 0 && i < len(n.Content) {
			return n.Content[i]
		}
	}
	return nil
}
