package payloadschema

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
)

const draft = "https://json-schema.org/draft/2020-12/schema"

// ErrLint is a schema that can be used and is not as it should be.
var ErrLint = errors.New("schema breaks a rule")

// Lint returns what is wrong with the schemas of a tree: what
// Open refuses, and folders of no known provider, names that no event has, a
// $schema that is not Draft 2020-12, a title that is missing and an $id that is
// no absolute URI or that two files share. The error is ErrDirectory.
func Lint(tree fs.FS, providers []string) ([]error, error) {
	files, err := read(tree)
	if err != nil {
		return nil, err
	}
	var faults []error
	if len(files) == 0 {
		faults = append(faults, fmt.Errorf("%w: there is no <provider>/<event>.json", ErrLint))
	}
	eventName := regexp.MustCompile(`^[A-Za-z0-9_-]+([./][A-Za-z0-9_-]+)*$`)
	ids := map[string]string{}
	for i := range files {
		f := &files[i]
		name := f.provider + "/" + f.event + ".json"
		wrong := func(text string) { faults = append(faults, fmt.Errorf("%s: %w: %s", name, ErrLint, text)) }
		if !slices.Contains(providers, f.provider) {
			wrong("there is no provider of this name in the catalogue")
		}
		if !eventName.MatchString(f.event) {
			wrong("no event has this name: it is <event> or <event>.<action>, as in the type of an event")
		}
		var says struct {
			Schema string `json:"$schema"`
			ID     string `json:"$id"`
			Title  string `json:"title"`
		}
		if json.Unmarshal(f.text, &says) != nil {
			continue // compiling says why
		}
		if says.Schema != draft {
			wrong("$schema must be " + draft)
		}
		if says.Title == "" {
			wrong("it has no title")
		}
		if !isAbsolute(says.ID) {
			wrong("$id must be an absolute URI, since it is the dataschema of events and names the version")
		} else if other, ok := ids[says.ID]; ok {
			wrong("it has the $id of " + other)
		}
		ids[says.ID] = name
	}
	if _, err := compile(files); err != nil {
		faults = append(faults, err) // joined, a line a file
	}
	return faults, nil
}
