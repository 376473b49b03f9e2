package kong_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// instruction is one of the Dockerfile, without its flags.
type instruction struct {
	name  string
	flags map[string]string
	args  []string
	stage int // from 0; each FROM begins one
}

func instructions(t *testing.T) []instruction {
	t.Helper()
	text := regexp.MustCompile(`(?m)^\s*#.*\n`).ReplaceAllString(read(t, "kong/Dockerfile"), "")
	text = regexp.MustCompile(`\\\n\s*`).ReplaceAllString(text, " ")
	stage := -1
	var all []instruction
	for line := range strings.Lines(text) {
		parts := strings.Fields(line)
		if len(parts) == 0 {
			continue
		}
		if parts[0] == "FROM" {
			stage++
		}
		in := instruction{name: parts[0], flags: map[string]string{}, stage: stage}
		for _, part := range parts[1:] {
			if key, value, ok := strings.Cut(strings.TrimPrefix(part, "--"), "="); ok && strings.HasPrefix(part, "--") && len(in.args) == 0 {
				in.flags[key] = value
			} else {
				in.args = append(in.args, part)
			}
		}
		all = append(all, in)
	}
	return all
}

// named are the instructions of one kind, in all stages or in one.
func named(all []instruction, name string, stages ...int) []instruction {
	return slices.DeleteFunc(slices.Clone(all), func(in instruction) bool {
		return in.name != name || len(stages) > 0 && !slices.Contains(stages, in.stage)
	})
}

// copied are the sources that are copied from the repository in one stage.
func copied(all []instruction, stages ...int) []string {
	var sources []string
	for _, in := range named(all, "COPY", stages...) {
		if in.flags["from"] == "" {
			sources = append(sources, in.args[:len(in.args)-1]...)
		}
	}
	return sources
}

// ignored returns the rule of .dockerignore that keeps a path out of the build,
// "" for none. A rule that matches a directory takes all that is in it.
func ignored(t *testing.T, file string) string {
	t.Helper()
	for rule := range strings.Lines(read(t, ".dockerignore")) {
		rule = strings.Trim(rule, " /\n")
		if rule == "" || strings.HasPrefix(rule, "#") {
			continue
		}
		if strings.ContainsAny(rule, "![\\") {
			t.Fatalf(".dockerignore: these tests do not understand %q", rule)
		}
		pattern := regexp.QuoteMeta(rule)
		pattern = strings.NewReplacer(`\*\*/`, `(.*/)?`, `\*\*`, `.*`, `\*`, `[^/]*`, `\?`, `[^/]`).Replace(pattern)
		if regexp.MustCompile(`^` + pattern + `(/|$)`).MatchString(file) {
			return rule
		}
	}
	return ""
}

func TestDockerfile_ignoredFilesFollowDocker(t *testing.T) {
	cases := map[string]struct{ path, want string }{
		"a directory at the top":            {"e2e/doc.go", "e2e"},
		"a name that only begins alike":     {"e2edoc.go", ""},
		"that name further down":            {"plugins/e2e/doc.go", ""},
		"a name at any depth":               {"plugins/verify/testdata/a.json", "**/testdata"},
		"a name at any depth, at the top":   {"testdata", "**/testdata"},
		"a part of a name":                  {"plugins/verify/verify_test.go", "**/*_test.go"},
		"a path that no rule speaks of":     {"plugins/verify/verify.go", ""},
		"the repository's own bookkeeping":  {".git/HEAD", ".git"},
		"a file that only ends like a rule": {"plugins/robin", ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := ignored(t, tc.path); got != tc.want {
				t.Errorf("%q, want %q", got, tc.want)
			}
		})
	}
}

func TestDockerfile_copiesWhatExists(t *testing.T) {
	for _, source := range copied(instructions(t)) {
		if !exists(t, source) {
			t.Errorf("COPY %s: there is no such path", source)
		}
		if rule := ignored(t, source); rule != "" {
			t.Errorf("COPY %s: .dockerignore keeps it out by %q", source, rule)
		}
	}
}

// commands are the packages that the Dockerfile builds.
func commands(all []instruction) []string {
	var packages []string
	for _, in := range named(all, "RUN", 0) {
		if slices.Contains(in.args, "build") {
			for _, arg := range in.args {
				if name, ok := strings.CutPrefix(arg, "./plugins/cmd/"); ok {
					packages = append(packages, name)
				}
			}
		}
	}
	return packages
}

func TestDockerfile_buildsEveryCommand(t *testing.T) {
	dirs, err := filepath.Glob(filepath.Join(root, "plugins/cmd/*"))
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, dir := range dirs {
		want = append(want, filepath.Base(dir))
	}
	got := commands(instructions(t))
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("it builds %v, plugins/cmd has %v", got, want)
	}
}

type sources struct {
	ImportPath, Dir                 string
	Module                          *struct{ Main bool }
	GoFiles, OtherFiles, EmbedFiles []string
}

// compiled are the files that the commands are built of, from the repository's
// root.
func compiled(t *testing.T, names []string) []string {
	t.Helper()
	args := []string{"list", "-deps", "-json=ImportPath,Dir,Module,GoFiles,OtherFiles,EmbedFiles"}
	for _, name := range names {
		args = append(args, "./plugins/cmd/"+name)
	}
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Dir = root
	cmd.Env = append(cmd.Environ(), "GOOS=linux", "CGO_ENABLED=0")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.String())
	}
	top, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p sources
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return files
		} else if err != nil {
			t.Fatal(err)
		}
		if p.Module == nil || !p.Module.Main {
			continue
		}
		dir, err := filepath.Rel(top, p.Dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range slices.Concat(p.GoFiles, p.OtherFiles, p.EmbedFiles) {
			files = append(files, path.Join(filepath.ToSlash(dir), file))
		}
	}
}

func TestDockerfile_hasEveryFileOfTheBuild(t *testing.T) {
	all := instructions(t)
	got := copied(all, 0)
	files := append(compiled(t, commands(all)), "go.mod", "go.sum")
	if len(files) < 20 {
		t.Fatalf("only %d files", len(files))
	}
	for _, file := range files {
		if !slices.ContainsFunc(got, func(source string) bool { return file == source || strings.HasPrefix(file, source+"/") }) {
			t.Errorf("no COPY takes %s along", file)
		}
		if rule := ignored(t, file); rule != "" {
			t.Errorf("%s is kept out of the build by %q", file, rule)
		}
	}
}

func TestDockerfile_images(t *testing.T) {
	all := instructions(t)
	from := named(all, "FROM")
	if len(from) != 2 {
		t.Fatalf("%d stages", len(from))
	}
	mod := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(read(t, "go.mod"))
	image := regexp.MustCompile(`^golang:(\d+\.\d+)`).FindStringSubmatch(from[0].args[0])
	if mod == nil || image == nil || image[1] != mod[1] {
		t.Errorf("the image %s builds a module of %v", from[0].args[0], mod)
	}
	if !strings.HasPrefix(from[1].args[0], "kong:3.9.") {
		t.Errorf("the final stage is %s", from[1].args[0])
	}
	for _, one := range from {
		if !pinned.MatchString(one.args[0]) {
			t.Errorf("the image %s is not pinned to a full version", one.args[0])
		}
	}
	users := named(all, "USER", 1)
	if len(users) == 0 {
		t.Fatal("the final stage never leaves root")
	}
	if last := users[len(users)-1].args[0]; last == "root" || last == "0" {
		t.Errorf("it ends as %s", last)
	}
}

func TestDockerfile_putsFilesWhereKongLooks(t *testing.T) {
	c, all := conf(t), instructions(t)
	where := map[string]string{}
	for _, in := range named(all, "COPY", 1) {
		target := in.args[len(in.args)-1]
		for _, source := range in.args[:len(in.args)-1] {
			where[in.flags["from"]+":"+source] = target
		}
	}
	want := map[string]string{
		// Where Kong looks for its settings, besides /etc/kong.conf.
		":kong/kong.conf": "/etc/kong/kong.conf",
		":kong/kong.yml":  c["declarative_config"],
		"build:/out/":     path.Dir(startCommand(c)[0]) + "/",
	}
	for source, target := range want {
		if where[source] != target {
			t.Errorf("%s is copied to %q, want %q", source, where[source], target)
		}
	}
	for _, name := range plugins(t) {
		asked := slices.ContainsFunc(named(all, "RUN", 1), func(in instruction) bool {
			text := strings.Join(in.args, " ")
			return strings.Contains(text, edgeServer+" -dump $plugin") && slices.Contains(strings.Fields(strings.NewReplacer(";", " ; ").Replace(text)), name)
		})
		if !asked {
			t.Errorf("the build does not ask %s for its schema", name)
		}
	}
}
