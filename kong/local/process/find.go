package process

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// ErrNotFound means that there is no binary for a plugin.
var ErrNotFound = errors.New("no plugin binary")

// ErrBuild means that a plugin's own source did not build.
var ErrBuild = errors.New("plugin does not build")

// module is where plugin commands are built from.
const module = "webhookedge"

// systemDir is where Kong looks for a plugin server that has no setting.
const systemDir = "/usr/local/bin"

// Finder looks for plugin binaries. The zero value looks everywhere but in Dir.
type Finder struct {
	// Dir, when set, is looked at first.
	Dir string
	// NoBuild turns building off.
	NoBuild bool
}

var pluginName = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]*$`)

// Find returns the binary of a plugin: from Dir, from beside the running
// executable, built from this module's plugins/cmd when run inside it, or from
// $PATH or /usr/local/bin. The module goes before what is installed, which may be
// of another version. The error wraps ErrNotFound or ErrBuild.
func (f Finder) Find(ctx context.Context, name string) (string, error) {
	if !pluginName.MatchString(name) {
		return "", fmt.Errorf("%w for %q: not a plugin name", ErrNotFound, name)
	}
	for _, dir := range f.dirs() {
		path := filepath.Join(dir, name)
		if runnable(path) {
			return path, nil
		}
	}
	path, buildErr := f.build(ctx, name)
	if buildErr == nil || errors.Is(buildErr, ErrBuild) {
		return path, buildErr
	}
	if path, err := exec.LookPath(name); err == nil {
		return filepath.Abs(path)
	}
	if path := filepath.Join(systemDir, name); runnable(path) {
		return path, nil
	}
	return "", buildErr
}

func (f Finder) dirs() []string {
	var dirs []string
	if f.Dir != "" {
		dirs = append(dirs, f.Dir)
	}
	if self, err := os.Executable(); err == nil {
		dirs = append(dirs, filepath.Dir(self))
	}
	return dirs
}

func runnable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o111 != 0
}

func (f Finder) build(ctx context.Context, name string) (string, error) {
	missing := fmt.Errorf("%w for %q: looked in %s, $PATH and %s", ErrNotFound, name, strings.Join(f.dirs(), ", "), systemDir)
	if f.NoBuild {
		return "", missing
	}
	root, ok := moduleRoot()
	if !ok {
		return "", missing
	}
	source := filepath.Join("plugins", "cmd", name)
	if info, err := os.Stat(filepath.Join(root, source)); err != nil || !info.IsDir() {
		return "", fmt.Errorf("%w; there is no %s in the module either", missing, source)
	}
	dir, err := buildDir()
	if err != nil {
		return "", err
	}
	goTool, err := exec.LookPath("go")
	if err != nil {
		return "", fmt.Errorf("%w; there is no go command to build it from source", missing)
	}
	// Renamed into place, so that another run never starts half a binary.
	out := filepath.Join(dir, name)
	fresh := fmt.Sprintf("%s.%d", out, os.Getpid())
	defer func() { _ = os.Remove(fresh) }() // nothing is left of a build that failed
	// The go command links nothing where its output is there and up to date, and
	// otherwise replaces the file, so that the one that others run is not written to.
	_ = os.Link(out, fresh)
	cmd := exec.CommandContext(ctx, goTool, "build", "-o", fresh, "./"+filepath.ToSlash(source))
	cmd.Dir = root
	if text, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s: %w\n%s", ErrBuild, name, err, strings.TrimSpace(string(text)))
	}
	return out, os.Rename(fresh, out)
}

func buildDir() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	dir := filepath.Join(cache, module, "bin")
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return "", fmt.Errorf("directory for built plugins: %w", err)
	}
	return dir, nil
}

// moduleRoot walks up from the working directory to the go.mod of this module.
func moduleRoot() (string, bool) {
	dir, err := os.Getwd()
	if err != nil {
		return "", false
	}
	for {
		text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err == nil {
			first, _, _ := strings.Cut(string(text), "\n")
			return dir, strings.TrimSpace(first) == "module "+module
		}
		parent := filepath.Dir(dir)
		if !errors.Is(err, fs.ErrNotExist) || parent == dir {
			return "", false
		}
		dir = parent
	}
}
