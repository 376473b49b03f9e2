package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const browserFolder = "browser"

// browserTests are the files of tests in their order: what fills the list comes last.
func browserTests() []string {
	return []string{"guard", "list", "delivery", "hostile", "acts", "views", "access", "feed"}
}

// TestBrowser_filesAreRun holds that no file of tests is left out.
func TestBrowser_filesAreRun(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(browserFolder, "*.test.js"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if name := strings.TrimSuffix(filepath.Base(file), ".test.js"); !strings.Contains(" "+strings.Join(browserTests(), " ")+" ", " "+name+" ") {
			t.Errorf("%s is run by no test", file)
		}
	}
	if len(files) != len(browserTests()) {
		t.Errorf("%d files, %d names", len(files), len(browserTests()))
	}
}

// TestBrowser_isOpenedByCI holds that what `go test ./...` leaves out is run all the same.
func TestBrowser_isOpenedByCI(t *testing.T) {
	for file, line := range map[string]string{
		"../.ci/run":  "\nmake browser-test\n",
		"../Makefile": "\n\tCI=true $(GO) test -tags browser -count=1 -v -run TestBrowser ./e2e\n",
	} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), line) {
			t.Errorf("%s does not have the line %q", file, line)
		}
	}
}

// TestBrowser_packagesAreLocked holds that what is installed is fixed by its digest.
func TestBrowser_packagesAreLocked(t *testing.T) {
	lock, err := readLock(filepath.Join(browserFolder, "package-lock.json"))
	if err != nil {
		t.Fatal(err)
	}
	if lock.Version != 3 || len(lock.Packages) != 3 {
		t.Errorf("version %d with %d packages", lock.Version, len(lock.Packages))
	}
	lock.isExact(t)
}
