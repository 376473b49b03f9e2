package plugins_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// testNames are the test functions of the whole tree.
func testNames(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	function := regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, m := range function.FindAllStringSubmatch(string(text), -1) {
			names[m[1]] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestSecurity_namesTestsThatExist(t *testing.T) {
	text, err := os.ReadFile("../SECURITY.md")
	if err != nil {
		t.Fatal(err)
	}
	exists, rows := testNames(t), 0
	for line := range strings.Lines(section(string(text), "Threats")) {
		if !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| threat |") {
			continue
		}
		rows++
		columns := strings.Split(strings.Trim(line, "| \n"), " | ")
		if len(columns) != 3 || len(quoted(columns[2])) == 0 {
			t.Errorf("it names no test: %s", line)
			continue
		}
		for _, name := range quoted(columns[2]) {
			if !exists[name] {
				t.Errorf("%s: there is no %s", columns[0], name)
			}
		}
	}
	if rows < 20 {
		t.Errorf("%d threats", rows)
	}
}

// TestNames_startWithTheirSubject holds that -run with a subject finds its tests: a
// name of a few words, and behind it, in lower case, what is tested of it.
func TestNames_startWithTheirSubject(t *testing.T) {
	good := regexp.MustCompile(`^Test([A-Z]+[a-z0-9]*){1,3}(_[a-zA-Z0-9]+)*$|^TestMain$`)
	for name := range testNames(t) {
		if !good.MatchString(name) {
			t.Errorf("%s: want Test<Subject>_<case>, with a subject of three words at most", name)
		}
	}
}
