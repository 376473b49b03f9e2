// Command gen writes what is generated from the code: the schemas of the plugins'
// configuration, the examples and pages of the providers, and the tables of the
// READMEs. With --check it writes nothing, and fails where a file is not up to date.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"webhookedge/plugins/internal/chain"
	"webhookedge/plugins/internal/config"
	"webhookedge/plugins/internal/module"
	"webhookedge/plugins/internal/providerdoc"
	"webhookedge/plugins/internal/scaffold"
	"webhookedge/plugins/internal/schemas"
	"webhookedge/plugins/provider/catalogue"
)

func main() { os.Exit(run()) }

func run() int {
	check := flag.Bool("check", false, "write nothing and fail where a file is not up to date")
	flag.Parse()
	top, err := module.Root()
	var stale []string
	if err == nil {
		stale, err = generate(top, !*check)
	}
	for _, file := range stale {
		fmt.Fprintln(os.Stderr, file)
	}
	if err == nil && *check && len(stale) > 0 {
		err = errors.New("these files are not up to date: run `make generate`")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		return 1
	}
	return 0
}

// generate returns the files below top that are not up to date, after it wrote
// them if write is set.
func generate(top string, write bool) (stale []string, err error) {
	texts := map[string][]byte{}
	for _, fill := range []func(top string, texts map[string][]byte) error{configSchemas, lists, examples, fillTables} {
		if err := fill(top, texts); err != nil {
			return nil, err
		}
	}
	for _, file := range slices.Sorted(maps.Keys(texts)) {
		if stale, err = update(stale, top, file, texts[file], write); err != nil {
			return nil, err
		}
	}
	return stale, nil
}

// configSchemas are the JSON Schemas of the plugins' configs.
func configSchemas(_ string, texts map[string][]byte) (err error) {
	for _, p := range chain.Plugins() {
		file := filepath.Join("schemas", "config", p.Name+".json")
		if texts[file], err = config.JSONSchema("urn:webhookedge:config:"+p.Name, "Configuration of "+p.Name, p.Config); err != nil {
			return err
		}
	}
	return nil
}

// lists are the rows of the catalogue, and the archive of the schemas.
func lists(top string, texts map[string][]byte) (err error) {
	if texts[filepath.Join(scaffold.Folder, scaffold.ListFile)], err = scaffold.List(top); err != nil {
		return err
	}
	texts[filepath.Join("plugins", "internal", "schemas", schemas.Archive)], err = schemaArchive(top)
	return err
}

// examples are a page and a part of kong.yml for each provider.
func examples(_ string, texts map[string][]byte) error {
	for _, p := range catalogue.All() {
		file := filepath.Join("kong", "examples", p.Name)
		texts[file+".yml"], texts[file+".md"] = []byte(providerdoc.Example(p)), []byte(providerdoc.Page(p))
	}
	return nil
}

// fillTables are the files with generated parts.
func fillTables(top string, texts map[string][]byte) (err error) {
	for _, t := range tables() {
		if texts[t.file] == nil {
			if texts[t.file], err = os.ReadFile(filepath.Join(top, t.file)); err != nil {
				return err
			}
		}
		if texts[t.file], err = t.into(texts[t.file]); err != nil {
			return err
		}
	}
	return nil
}

func update(stale []string, top, file string, text []byte, write bool) ([]string, error) {
	path := filepath.Join(top, file)
	old, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err == nil && bytes.Equal(old, text) {
		return stale, nil
	}
	if write {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil { //nolint:gosec // part of the repository
			return nil, err
		}
		if err := os.WriteFile(path, text, 0o644); err != nil { //nolint:gosec // part of the repository
			return nil, err
		}
	}
	return append(stale, file), nil
}
