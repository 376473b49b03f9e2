package web_test

import (
	"io/fs"
	"path"
	"regexp"
	"strings"
	"testing"

	"webhookedge/plugins/internal/ctl/inspector/web"
)

// each calls do with the files of an extension that are ours.
func each(t *testing.T, extension string, do func(name, text string)) {
	t.Helper()
	found := 0
	err := fs.WalkDir(web.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasPrefix(name, "third_party/") || extension != "" && path.Ext(name) != extension {
			return err
		}
		text, err := fs.ReadFile(web.FS(), name)
		found++
		do(name, string(text))
		return err
	})
	if err != nil || found == 0 {
		t.Fatalf("%d files %s: %v", found, extension, err)
	}
}

func TestAssets_bringTheirLicence(t *testing.T) {
	text, err := fs.ReadFile(web.FS(), "third_party/lit-html-3.3.3/LICENSE")
	if err != nil || !strings.Contains(string(text), "BSD 3-Clause License") {
		t.Errorf("the licence of lit-html is missing: %v", err)
	}
}

func TestAssets_referToNothingElsewhere(t *testing.T) {
	url := regexp.MustCompile(`(?i)((?:https?|wss?)://|["'(\x60]//)[^\s"'\x60)]*`)
	each(t, "", func(name, text string) {
		for _, found := range url.FindAllString(text, -1) {
			if found != "http://www.w3.org/2000/svg" {
				t.Errorf("%s refers to %s", name, found)
			}
		}
	})
}

// TestAssets_areThere follows every reference of index.html and of the modules.
func TestAssets_areThere(t *testing.T) {
	reference := regexp.MustCompile(`(?:href|src)="([^"#]+)"|(?:from|import) ?'(\.[^']+)'`)
	var texts []string
	each(t, ".html", func(_, text string) { texts = append(texts, text) })
	each(t, ".js", func(_, text string) { texts = append(texts, text) })
	for _, match := range reference.FindAllStringSubmatch(strings.Join(texts, "\n"), -1) {
		name := path.Clean(match[1] + match[2])
		if _, err := fs.Stat(web.FS(), name); err != nil {
			t.Errorf("%s is referred to: %v", name, err)
		}
	}
}

func TestAssets_keepToThePolicy(t *testing.T) {
	each(t, ".html", func(name, text string) {
		if inline := regexp.MustCompile(`(?i)<style|\sstyle=|\son[a-z]+=|<script[^>]*>[^<]`).FindString(text); inline != "" {
			t.Errorf("%s has %q in it, which the policy refuses", name, inline)
		}
	})
	forbidden := regexp.MustCompile(`innerHTML|outerHTML|insertAdjacentHTML|unsafeHTML|unsafeSVG|\beval\(|new Function|document\.write|srcdoc|[\s<"]style=|styleMap`)
	each(t, ".js", func(name, text string) {
		for n, line := range strings.Split(text, "\n") {
			code := strings.TrimSpace(line)
			if strings.HasPrefix(code, "//") || strings.HasPrefix(code, "*") || strings.HasPrefix(code, "/*") {
				continue
			}
			if found := forbidden.FindString(line); found != "" {
				t.Errorf("%s:%d uses %s", name, n+1, found)
			}
		}
	})
}

func TestAssets_areShort(t *testing.T) {
	each(t, ".js", func(name, text string) {
		if lines := strings.Count(text, "\n"); lines >= 300 {
			t.Errorf("%s has %d lines", name, lines)
		}
	})
}
