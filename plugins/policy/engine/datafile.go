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
	f := &DataFault{file, 1, "it is no object"}
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

// rowOf is where a name is first set in a file of data.
func rowOf(text []byte, name string) int {
	var root yaml.Node
	if yaml.Unmarshal(text, &root) != nil {
		return 1
	}
	return max(1, rowIn(&root, name))
}

func rowIn(n *yaml.Node, name string) int {
	for i, inner := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 0 && inner.Value == name {
			return inner.Line
		}
		if row := rowIn(inner, name); row > 0 {
			return row
		}
	}
	return 0
}
