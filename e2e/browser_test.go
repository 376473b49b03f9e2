//go:build browser

// A browser beside other tests is late, and makes them late: these are run by themselves
// (`make browser-test`).

package e2e

import (
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"
)

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

// needsBrowser skips a test where the browser or what drives it is missing, and fails it
// where CI is set.
func needsBrowser(t *testing.T) {
	t.Helper()
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
