package author

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"webhookedge/plugins/internal/schemas"
)

// ErrSchema is a document that does not follow its schema.
var ErrSchema = errors.New("it does not follow its schema")

// schemaFile compiles a schema of this module, without the network.
func schemaFile(name string) (*jsonschema.Schema, error) {
	text, err := fs.ReadFile(schemas.Files(), name)
	if err != nil {
		return nil, err
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	const here = "file:///schema.json"
	c := jsonschema.NewCompiler()
	c.UseLoader(jsonschema.SchemeURLLoader{})
	if err := c.AddResource(here, doc); err != nil {
		return nil, err
	}
	return c.Compile(here)
}

type violation struct {
	path    []string
	message string
}

func violations(name string, doc any) ([]violation, error) {
	schema, err := schemaFile(name)
	if err != nil {
		return nil, err
	}
	value, err := plain(doc)
	if err != nil {
		return nil, err
	}
	err = schema.Validate(value)
	var invalid *jsonschema.ValidationError
	if !errors.As(err, &invalid) {
		return nil, err
	}
	var all []violation
	collectLeaves(invalid, message.NewPrinter(language.English), &all)
	return all, nil
}

func collectLeaves(e *jsonschema.ValidationError, english *message.Printer, all *[]violation) {
	if len(e.Causes) == 0 {
		*all = append(*all, violation{e.InstanceLocation, e.ErrorKind.LocalizedString(english)})
		return
	}
	for _, cause := range e.Causes {
		collectLeaves(cause, english, all)
	}
}

// follows returns an ErrSchema that names every place of doc that breaks the schema.
func follows(name string, doc any) error {
	broken, err := violations(name, doc)
	if err != nil || len(broken) == 0 {
		return err
	}
	lines := make([]string, 0, len(broken))
	for _, b := range broken {
		lines = append(lines, fmt.Sprintf("%s: %s", at(b.path), b.message))
	}
	return fmt.Errorf("%w, %s:\n%s", ErrSchema, name, strings.Join(lines, "\n"))
}

func at(path []string) string {
	if len(path) == 0 {
		return "(the whole document)"
	}
	return strings.Join(path, ".")
}
