package process

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func script(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+text+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

func stat(t *testing.T, path string) os.FileInfo {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info
}

func TestDump(t *testing.T) {
	const good = `{"Protocol":"ProtoBuf:1","SocketPath":"/x","Plugins":[{"Name":"p","Phases":["access"],"Version":"1","Priority":9,"Schema":{"name":"p"}}]}`
	cases := map[string]struct{ text, want string }{
		"good":              {"echo '" + good + "'", ""},
		"two objects":       {"echo '" + good + good + "'", "more than one JSON object"},
		"text before":       {"echo hello; echo '" + good + "'", "invalid character"},
		"another protocol":  {`echo '{"Protocol":"MsgPack:1","Plugins":[]}'`, "protocol is"},
		"no plugin":         {`echo '{"Protocol":"ProtoBuf:1"}'`, "names no plugin"},
		"another plugin":    {`echo '{"Protocol":"ProtoBuf:1","Plugins":[{"Name":"q"}]}'`, `it is plugin "q"`},
		"a failure's words": {"echo broken config >&2; exit 1", "broken config"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			info, err := Dump(t.Context(), script(t, t.TempDir(), "p", tc.text), "p")
			if tc.want == "" {
				if err != nil || info.Priority != 9 || !slices.Equal(info.Phases, []string{"access"}) {
					t.Errorf("got %+v, %v", info, err)
				}
				return
			}
			if !errors.Is(err, ErrDump) || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
}

func TestFind(t *testing.T) {
	dir, onPath, module := t.TempDir(), t.TempDir(), t.TempDir()
	script(t, dir, "inside", "")
	script(t, onPath, "on-path", "")
	if err := os.WriteFile(filepath.Join(dir, "not-executable"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", onPath+":"+os.Getenv("PATH"))
	write := func(path, text string) {
		path = filepath.Join(module, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("go.mod", "module webhookedge\n\ngo 1.26\n")
	write("plugins/cmd/built/main.go", "package main\nfunc main() {}\n")
	write("plugins/cmd/broken/main.go", "package main\nfunc main() { x }\n")
	goCache, err := exec.Command("go", "env", "GOCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("GOCACHE", strings.TrimSpace(string(goCache)))
	cache := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", cache)
	t.Chdir(filepath.Join(module, "plugins"))
	f := Finder{Dir: dir}
	cases := map[string]struct {
		want string
		err  error
	}{
		"inside":         {filepath.Join(dir, "inside"), nil},
		"on-path":        {filepath.Join(onPath, "on-path"), nil},
		"built":          {filepath.Join(cache, "webhookedge", "bin", "built"), nil},
		"broken":         {"", ErrBuild},
		"not-executable": {"", ErrNotFound},
		"nothing-at-all": {"", ErrNotFound},
		"../inside":      {"", ErrNotFound},
		"":               {"", ErrNotFound},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := f.Find(t.Context(), name)
			if got != tc.want || !errors.Is(err, tc.err) {
				t.Errorf("got %q, %v; want %q, %v", got, err, tc.want, tc.err)
			}
		})
	}
	t.Run("built again", func(t *testing.T) {
		first := stat(t, cases["built"].want)
		if _, err := f.Find(t.Context(), "built"); err != nil || !os.SameFile(first, stat(t, cases["built"].want)) {
			t.Errorf("linked again, although nothing changed: %v", err)
		}
		write("plugins/cmd/built/main.go", "package main\nfunc main() { println() }\n")
		if _, err := f.Find(t.Context(), "built"); err != nil || os.SameFile(first, stat(t, cases["built"].want)) {
			t.Errorf("not linked again, although the source changed: %v", err)
		}
		if files, err := os.ReadDir(filepath.Join(cache, "webhookedge", "bin")); err != nil || len(files) != 1 {
			t.Errorf("%d files, %v: something of a build is left", len(files), err)
		}
	})
	f.NoBuild = true
	if _, err := f.Find(t.Context(), "built"); !errors.Is(err, ErrNotFound) {
		t.Errorf("built although it must not: %v", err)
	}
}

func TestLineWriter(t *testing.T) {
	var got []string
	w := &lineWriter{line: func(s string) { got = append(got, s) }}
	for _, part := range []string{"one\ntw", "o\n\nthree", strings.Repeat("x", maxLine)} {
		if n, err := w.Write([]byte(part)); n != len(part) || err != nil {
			t.Fatal(n, err)
		}
	}
	w.end()
	if want := []string{"one", "two", "three" + strings.Repeat("x", maxLine)}; !slices.Equal(got, want) {
		t.Errorf("got %d lines: %.40q", len(got), got)
	}
}
