package engine

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

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

var yamlRow = regexp.MustCompile(`^yaml: (?:unmarshal errors:\s*)?line (\d+): `)

// parseData reads an object in JSON or YAML.
func parseData(file string, text []byte) (map[string]any, error) {
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
