package payloadschema_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"webhookedge/plugins/internal/payloadschema"
)

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func store() *payloadschema.Store {
	return payloadschema.NewStore(slog.New(slog.DiscardHandler), nil)
}

func open(t *testing.T, s *payloadschema.Store, dir string) *payloadschema.Set {
	t.Helper()
	set, err := s.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(set.Close)
	return set
}

func idOf(s *payloadschema.Schema) string {
	if s == nil {
		return ""
	}
	return s.ID()
}

func TestFind_ownBeforeBuiltin(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "github/push.json", `{"$id":"urn:own:push"}`)
	write(t, dir, "github/issues.opened.json", `{"$id":"urn:own:opened"}`)
	write(t, dir, "acme/thing.json", `{}`)
	write(t, dir, "acme/relative.json", `{"$id":"relative.json"}`)
	write(t, dir, "acme/notes.txt", `not a schema`)
	write(t, dir, "acme/.hidden.json", `not a schema`)
	write(t, dir, ".git/x.json", `not a schema`)
	write(t, dir, "top.json", `not a schema`)
	set, builtin := open(t, store(), dir), open(t, store(), "")
	tests := map[string]struct{ provider, kind, action, own, builtin string }{
		"one of the project":              {"github", "release", "published", "urn:webhook-edge:schema:payload:github:release:v1", "urn:webhook-edge:schema:payload:github:release:v1"},
		"the user's before it":            {"github", "push", "", "urn:own:push", "urn:webhook-edge:schema:payload:github:push:v1"},
		"one of an action":                {"github", "issues", "opened", "urn:own:opened", "urn:webhook-edge:schema:payload:github:issues:v1"},
		"another action":                  {"github", "issues", "closed", "urn:webhook-edge:schema:payload:github:issues:v1", "urn:webhook-edge:schema:payload:github:issues:v1"},
		"a provider of the user's":        {"acme", "thing", "", "urn:webhook-edge:schema:payload:acme:thing:sha256-44136fa355b3678a", ""},
		"an id that is not absolute":      {"acme", "relative", "", "urn:webhook-edge:schema:payload:acme:relative:sha256-SUM", ""},
		"none":                            {"github", "gollum", "", "", ""},
		"a provider that there is not":    {"nobody", "push", "", "", ""},
		"an event that would leave there": {"github", "../acme/thing", "", "", ""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			own := idOf(set.Find(tc.provider, tc.kind, tc.action))
			if want, sum, cut := strings.Cut(tc.own, "SUM"); cut && sum == "" {
				if !strings.HasPrefix(own, want) {
					t.Errorf("got %q, want %s...", own, want)
				}
			} else if own != tc.own {
				t.Errorf("got %q, want %q", own, tc.own)
			}
			if got := idOf(builtin.Find(tc.provider, tc.kind, tc.action)); got != tc.builtin {
				t.Errorf("without a directory: %q, want %q", got, tc.builtin)
			}
		})
	}
}

func TestSchema_checkNamesThePlaceAndNothingOfThePayload(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "acme/a.json", `{"$defs":{"n":{"type":"integer"}},"required":["id"],"properties":{"id":{"$ref":"#/$defs/n"},"s":{"enum":["x"]},"p":{"pattern":"^a"},"e":{"format":"email"}},
		"additionalProperties":false}`)
	write(t, dir, "acme/b.json", `{"properties":{"other":{"$ref":"a.json"}},"propertyNames":{"maxLength":9}}`)
	set := open(t, store(), dir)
	tests := map[string]struct{ event, data, want string }{
		"it matches":                      {"a", `{"id":1,"s":"x","p":"a"}`, ""},
		"a member is missing":             {"a", `{}`, "required at #"},
		"another type":                    {"a", `{"id":"s3cret"}`, "type at #/$defs/n"},
		"another value":                   {"a", `{"id":1,"s":"s3cret"}`, "enum at #/properties/s"},
		"another pattern":                 {"a", `{"id":1,"p":"s3cret"}`, "pattern at #/properties/p"},
		"a member too many":               {"a", `{"id":1,"s3cret":2}`, "additionalProperties at #"},
		"a format is only a remark":       {"a", `{"id":1,"e":"s3cret"}`, ""},
		"the first of several":            {"a", `{"id":"s3cret","s":"s3cret"}`, "enum at #/properties/s"},
		"a file that another leads to":    {"b", `{"other":{"id":null}}`, "type at #/$defs/n"},
		"a name that is none":             {"b", `{"s3cret-long-name":1}`, "maxLength at #/propertyNames"},
		"a large number is still a whole": {"a", `{"id":123456789012345678901234567890}`, ""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if got := set.Find("acme", tc.event, "").Check([]byte(tc.data)); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestStore_openRefuses(t *testing.T) {
	tests := map[string]struct {
		name, text string
		is         error
	}{
		"a file that is no JSON":          {"acme/a.json", `{`, payloadschema.ErrSchema},
		"a schema that is none":           {"acme/a.json", `{"type":"nothing"}`, payloadschema.ErrSchema},
		"a reference to somebody else":    {"acme/a.json", `{"$ref":"https://schemas.example/a.json"}`, payloadschema.ErrSchema},
		"a reference to a file elsewhere": {"acme/a.json", `{"$ref":"file:///etc/passwd"}`, payloadschema.ErrSchema},
		"a reference to nothing":          {"acme/a.json", `{"$ref":"b.json"}`, payloadschema.ErrSchema},
		"a file that is too large":        {"acme/a.json", strings.Repeat(" ", 1<<20) + `{}`, payloadschema.ErrDirectory},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, tc.name, tc.text)
			if _, err := store().Open(dir); !errors.Is(err, tc.is) || !strings.Contains(err.Error(), "acme/a.json") {
				t.Errorf("got %v, want %v of acme/a.json", err, tc.is)
			}
		})
	}
	dir := t.TempDir()
	write(t, dir, "file", "")
	for _, name := range []string{"gone", "file"} {
		if _, err := store().Open(filepath.Join(dir, name)); !errors.Is(err, payloadschema.ErrDirectory) {
			t.Errorf("%s: %v, want ErrDirectory", name, err)
		}
	}
}

// eventually polls until ok, for at most ten seconds.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !ok(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("it never came: %s", what)
		}
	}
}

// lines is a log that can be read while it is written.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func TestStore_readsAChangedDirectoryAgain(t *testing.T) {
	var good, bad atomic.Int64
	log := &lines{}
	s := payloadschema.NewStore(slog.New(slog.NewTextHandler(log, nil)), func(ok bool) {
		if ok {
			good.Add(1)
		} else {
			bad.Add(1)
		}
	})
	dir := t.TempDir()
	write(t, dir, "acme/a.json", `{"$id":"urn:a:1"}`)
	set, second := open(t, s, dir), open(t, s, dir)
	finds := func(kind, id string) func() bool {
		return func() bool {
			return idOf(set.Find("acme", kind, "")) == id && idOf(second.Find("acme", kind, "")) == id
		}
	}
	write(t, dir, "acme/a.json", `{"$id":"urn:a:2"}`)
	eventually(t, "a changed file", finds("a", "urn:a:2"))
	write(t, dir, "acme/a.json", `{"type":"nothing"}`)
	eventually(t, "the report of a broken file", func() bool { return bad.Load() > 0 })
	if !finds("a", "urn:a:2")() || !strings.Contains(log.String(), "acme/a.json") {
		t.Errorf("the last good schema is gone, or nobody was told: %s", log)
	}
	write(t, dir, "acme/a.json", `{"$id":"urn:a:3"}`)
	eventually(t, "a file that is good again", finds("a", "urn:a:3"))
	write(t, dir, "acme/b.json", `{"$id":"urn:b"}`)
	eventually(t, "a new file", finds("b", "urn:b"))
	if err := os.Mkdir(filepath.Join(dir, "github"), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, dir, "github/push.json", `{"$id":"urn:push"}`)
	eventually(t, "a new folder", func() bool { return idOf(set.Find("github", "push", "")) == "urn:push" })
	if err := os.Remove(filepath.Join(dir, "acme", "b.json")); err != nil {
		t.Fatal(err)
	}
	eventually(t, "a file that is gone", finds("b", ""))
	set.Close()
	set.Close() // twice is once
	write(t, dir, "acme/a.json", `{"$id":"urn:a:4"}`)
	eventually(t, "a change for the one that is left", func() bool { return idOf(second.Find("acme", "a", "")) == "urn:a:4" })
}

// TestStore_keepsTheLastGoodSchemasWhileUnused closes the only set of a directory, as a quiet route's
// is, and opens one again after somebody saved a schema that cannot be used.
func TestStore_keepsTheLastGoodSchemasWhileUnused(t *testing.T) {
	var bad atomic.Int64
	s := payloadschema.NewStore(slog.New(slog.DiscardHandler), func(ok bool) {
		if !ok {
			bad.Add(1)
		}
	})
	dir := t.TempDir()
	write(t, dir, "acme/a.json", `{"$id":"urn:a:1"}`)
	open(t, s, dir).Close()
	write(t, dir, "acme/a.json", `{"type":"nothing"}`)
	eventually(t, "the report of a broken file", func() bool { return bad.Load() > 0 })
	if got := idOf(open(t, s, dir).Find("acme", "a", "")); got != "urn:a:1" {
		t.Errorf("the schema is %q", got)
	}
}

// TestStore_readsAChangedConfigMapAgain changes a directory as Kubernetes does: the
// folder is a link to a link that is put in place of another.
func TestStore_readsAChangedConfigMapAgain(t *testing.T) {
	dir := t.TempDir()
	link := func(target, name string) {
		t.Helper()
		temporary := filepath.Join(dir, name+".new")
		if err := os.Symlink(target, temporary); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(temporary, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	write(t, dir, "..1/acme/a.json", `{"$id":"urn:a:1"}`)
	write(t, dir, "..2/acme/a.json", `{"$id":"urn:a:2"}`)
	link("..1", "..data")
	link("..data/acme", "acme")
	set := open(t, store(), dir)
	if got := idOf(set.Find("acme", "a", "")); got != "urn:a:1" {
		t.Fatalf("got %q", got)
	}
	link("..2", "..data")
	eventually(t, "what the link leads to now", func() bool { return idOf(set.Find("acme", "a", "")) == "urn:a:2" })
}

// TestStore_followsALinkThatIsMoved is how Kubernetes puts a new ConfigMap in the place of
// an old one: no file of either directory changes.
func TestStore_followsALinkThatIsMoved(t *testing.T) {
	top := t.TempDir()
	link := filepath.Join(top, "schemas")
	for n, id := range []string{"urn:a:1", "urn:a:2"} {
		folder := filepath.Join(top, fmt.Sprint(n))
		if err := os.Mkdir(folder, 0o700); err != nil {
			t.Fatal(err)
		}
		write(t, folder, "acme/a.json", `{"$id":"`+id+`"}`)
	}
	if err := os.Symlink("0", link); err != nil {
		t.Fatal(err)
	}
	set := open(t, store(), link)
	if err := os.Symlink("1", link+".new"); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(link+".new", link); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the other folder's schema", func() bool { return idOf(set.Find("acme", "a", "")) == "urn:a:2" })
}
