package author

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/format"
)

// Unformatted is a file that is not as Format would write it.
type Unformatted struct {
	File string
	Old  []byte
	New  []byte
}

// Format returns the unformatted Rego files at or below path, and formats them if write is set.
func Format(path string, write bool) ([]Unformatted, error) {
	files, err := regoFiles(path)
	if err != nil {
		return nil, err
	}
	var all []Unformatted
	for _, file := range files {
		old, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		formatted, err := format.SourceWithOpts(file, old, format.Opts{RegoVersion: ast.RegoV1})
		if err != nil {
			return nil, err
		}
		if bytes.Equal(old, formatted) {
			continue
		}
		if write {
			if err := os.WriteFile(file, formatted, 0o644); err != nil { //nolint:gosec // a source, for all to read
				return nil, err
			}
		}
		all = append(all, Unformatted{file, old, formatted})
	}
	return all, nil
}

// Row is the first one that differs.
func (u Unformatted) Row() int {
	old, formatted := bytes.Split(u.Old, []byte("\n")), bytes.Split(u.New, []byte("\n"))
	for i := range min(len(old), len(formatted)) {
		if !bytes.Equal(old[i], formatted[i]) {
			return i + 1
		}
	}
	return min(len(old), len(formatted))
}

// rooted is path, so that a walk follows it where it is a link to a directory.
func rooted(path string) string {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return filepath.Clean(path) + string(filepath.Separator)
	}
	return path
}

func regoFiles(path string) ([]string, error) {
	var files []string
	path = rooted(path)
	err := filepath.WalkDir(path, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && name != path && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "testdata"):
			return fs.SkipDir
		case !entry.IsDir() && strings.HasSuffix(name, ".rego"):
			files = append(files, name)
		}
		return nil
	})
	slices.Sort(files)
	return files, err
}
