package author_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"webhookedge/plugins/policy/author"
)

func TestFormat_writesOnlyWhenAsked(t *testing.T) {
	const odd, usual = "package a\nb:=1\n", "package a\n\nb := 1\n"
	top := t.TempDir()
	write(t, top, "a/odd.rego", odd)
	write(t, top, "a/usual.rego", usual)
	write(t, top, "a/testdata/odd.rego", odd)
	write(t, top, ".hidden/odd.rego", odd)
	file := filepath.Join(top, "a", "odd.rego")
	for _, write := range []bool{false, true} {
		found, err := author.Format(top, write)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]author.Unformatted{{File: file, Old: []byte(odd), New: []byte(usual)}}, found); diff != "" {
			t.Errorf("write %v (-want +got):\n%s", write, diff)
		}
		want := odd
		if write {
			want = usual
		}
		if text, _ := os.ReadFile(file); string(text) != want {
			t.Errorf("write %v: the file is now %q", write, text)
		}
	}
	if found, err := author.Format(file, false); err != nil || len(found) > 0 {
		t.Errorf("after writing: %v, %v", found, err)
	}
}

func TestOpen_followsALinkedDirectory(t *testing.T) {
	link := filepath.Join(t.TempDir(), "current")
	whole, err := filepath.Abs(library)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(whole, link); err != nil {
		t.Fatal(err)
	}
	count := func(dir string) int {
		report, err := open(t, dir).Test(t.Context(), "")
		if err != nil || !passed(report) {
			t.Fatal(err, report)
		}
		return len(report.Results)
	}
	if there, linked := count(library), count(link); there != linked {
		t.Errorf("%d tests and samples of the library, %d by way of a link", there, linked)
	}
}
