package e2e

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const browserFolder = "browser"

// browserTests are the files of tests in their order: what fills the list comes last.
func browserTests() []string {
	return []string{"guard", "list", "delivery", "hostile", "acts", "views", "access", "feed"}
}

// chromium is the browser, or nothing where there is none.
func chromium() string {
	if named := os.Getenv("CHROMIUM"); named != "" {
		return named
	}
	found, err := exec.LookPath("chromium")
	if err != nil {
		return ""
	}
	return found
}

// needsBrowser skips a test that was not asked for, since a browser beside other tests is
// late for each of them, and fails it where the browser or what drives it is missing.
func needsBrowser(t *testing.T) {
	t.Helper()
	if os.Getenv("BROWSER") == "" {
		t.Skip("NOT TESTED: the inspector in a browser; `make browser-test` does that")
	}
	if chromium() == "" {
		notTested(t, "chromium is not installed (apt-get install chromium fonts-dejavu-core)")
	}
	if why := missing(browserFolder); why != "" {
		notTested(t, strings.Replace(why, "make sdks", "make browser", 1))
	}
}

// TestBrowser_inspector opens the inspector of `webhookctl local`, and that of `webhookctl
// inspect` before the same NATS, in a real browser.
func TestBrowser_inspector(t *testing.T) {
	needsBrowser(t)
	site := startInspected(t)
	for _, name := range browserTests() {
		t.Run(name, func(t *testing.T) { runInBrowser(t, site, name+".test.js") })
	}
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
		"../Makefile": "\n\tBROWSER=1 CI=true $(GO) test -count=1 -v -run TestBrowser ./e2e\n",
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

// runInBrowser runs a file of tests in Node. One that fails has a second chance, and what
// the first run said is in the log: a browser on a machine with other work is late by more
// than any bound that would still find a fault, and a fault is there in both.
func runInBrowser(t *testing.T, site *inspected, file string) {
	t.Helper()
	out, err := inNode(t, site, file)
	if err != nil {
		t.Logf("%s failed and is run again: %v\n%s", file, err, out)
		out, err = inNode(t, site, file)
	}
	if err != nil {
		t.Errorf("%v\n%s", err, out)
		return
	}
	t.Logf("%s", out)
}

// inNode runs a file of tests, which starts the browser.
func inNode(t *testing.T, site *inspected, file string) ([]byte, error) {
	t.Helper()
	told, err := json.Marshal(site)
	if err != nil {
		t.Fatal(err)
	}
	// One process for the file: two browsers at once would have each other's frames late.
	cmd := exec.CommandContext(t.Context(), "node", "--test", "--test-concurrency=1", "--test-reporter=spec", file)
	cmd.Dir = browserFolder
	cmd.Env = append(os.Environ(), "INSPECTED="+string(told), "CHROMIUM="+chromium())
	return cmd.CombinedOutput()
}
