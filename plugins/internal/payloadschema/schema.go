package payloadschema

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"regexp"
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
	return append(reasons, cmp.Or(strings.Join(e.ErrorKind.KeywordPath(), "/"), "false")+" at #"+at)
}

// Bounds of a directory.
const (
	maxFiles = 2_000
	maxFile  = 1 << 20 // bytes
)

// What can be wrong with a directory of schemas.
var (
	ErrDirectory = errors.New("directory of schemas cannot be read")
	ErrSchema    = errors.New("invalid schema")
)

// file is one schema as it was read.
type file struct {
	provider, event string
	text            []byte
}

// at is the URL that a file has for references, which nothing can fetch.
func (f *file) at() string { return "payload:///" + f.provider + "/" + f.event + ".json" }

// index holds compiled schemas by provider and event.
type index map[string]map[string]*Schema

// read reads <provider>/<event>.json of a tree. Names that begin with a dot are
// passed over, and so are files of other kinds. Symbolic links are followed,
// since that is how Kubernetes mounts a ConfigMap.
func read(tree fs.FS) ([]file, error) {
	folders, err := fs.ReadDir(tree, ".")
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDirectory, err)
	}
	var files []file
	for _, folder := range folders {
		name := folder.Name()
		if info, err := fs.Stat(tree, name); err != nil || !info.IsDir() || name[0] == '.' {
			continue
		}
		entries, err := fs.ReadDir(tree, name)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrDirectory, err)
		}
		for _, entry := range entries {
			event, ok := strings.CutSuffix(entry.Name(), ".json")
			if !ok || event == "" || event[0] == '.' {
				continue
			}
			if len(files) == maxFiles {
				return nil, fmt.Errorf("%w: more than %d files", ErrDirectory, maxFiles)
			}
			at := path.Join(name, entry.Name())
			info, err := fs.Stat(tree, at)
			if err == nil && info.Size() > maxFile {
				return nil, fmt.Errorf("%w: %s: larger than %d bytes", ErrDirectory, at, maxFile)
			}
			text, err := fs.ReadFile(tree, at)
			if err != nil {
				return nil, fmt.Errorf("%w: %w", ErrDirectory, err)
			}
			files = append(files, file{provider: name, event: event, text: text})
		}
	}
	return files, nil
}

// compile compiles all files. The error joins what is wrong with each, after
// its name.
func compile(files []file) (index, error) {
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.UseLoader(offline{})
	var faults []error
	ids := make([]string, len(files))
	for i := range files {
		id, err := add(c, &files[i])
		if err != nil {
			faults = append(faults, err)
		}
		ids[i] = id
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	all := index{}
	for i := range files {
		f := &files[i]
		compiled, err := c.Compile(f.at())
		if err != nil {
			faults = append(faults, fmt.Errorf("%s/%s.json: %w: %w", f.provider, f.event, ErrSchema, err))
			continue
		}
		if all[f.provider] == nil {
			all[f.provider] = map[string]*Schema{}
		}
		all[f.provider][f.event] = &Schema{id: ids[i], compiled: compiled}
	}
	return all, errors.Join(faults...)
}

// add makes f known to c, by its place and by its $id, and returns the id that
// names its version: an absolute $id, else one made of its content.
func add(c *jsonschema.Compiler, f *file) (id string, err error) {
	wrong := func(err error) error { return fmt.Errorf("%s/%s.json: %w: %w", f.provider, f.event, ErrSchema, err) }
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(f.text))
	if err != nil {
		return "", wrong(err)
	}
	if err := c.AddResource(f.at(), document); err != nil {
		return "", wrong(err)
	}
	object, _ := document.(map[string]any)
	id, _ = object["$id"].(string)
	if !isAbsolute(id) {
		sum := sha256.Sum256(f.text)
		return "urn:webhook-edge:schema:payload:" + f.provider + ":" + url.PathEscape(f.event) + ":sha256-" + hex.EncodeToString(sum[:8]), nil
	}
	if err := c.AddResource(id, document); err != nil {
		return "", wrong(err)
	}
	return id, nil
}

func isAbsolute(id string) bool {
	u, err := url.Parse(id)
	return err == nil && u.IsAbs()
}

// offline is a loader that loads nothing.
type offline struct{}

// Load implements jsonschema.URLLoader.
func (offline) Load(string) (any, error) {
	return nil, errors.New("a $ref must lead to a file of the same directory; nothing is fetched")
}

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
