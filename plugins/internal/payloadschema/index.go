package payloadschema

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

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
			text, err := readFile(tree, path.Join(name, entry.Name()))
			if err != nil {
				return nil, err
			}
			files = append(files, file{provider: name, event: event, text: text})
		}
	}
	return files, nil
}

func readFile(tree fs.FS, name string) ([]byte, error) {
	info, err := fs.Stat(tree, name)
	if err == nil && info.Size() > maxFile {
		return nil, fmt.Errorf("%w: %s: larger than %d bytes", ErrDirectory, name, maxFile)
	}
	text, err := fs.ReadFile(tree, name)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDirectory, err)
	}
	return text, nil
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

var errRemote = errors.New("a $ref must lead to a file of the same directory; nothing is fetched")

// Load implements jsonschema.URLLoader.
func (offline) Load(string) (any, error) { return nil, errRemote }
