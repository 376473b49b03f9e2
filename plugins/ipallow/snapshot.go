package ipallow

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/spec"
)

//go:embed snapshots/*.txt
var snapshots embed.FS

type state struct {
	prefixes []netip.Prefix
	// at is when the publisher last confirmed the list.
	at time.Time
	// etag and modified are the publisher's validators of it, "" for none.
	etag, modified string
	url            string // where it came from
}

// The keys of a file's first lines.
const (
	keySource   = "# source: "
	keyDate     = "# date: "
	keyETag     = "# etag: "
	keyModified = "# last-modified: "
)

// encode writes s as a file that parseState reads, and people too.
func (s *state) encode() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s%s\n%s%s\n", keySource, s.url, keyDate, s.at.UTC().Format(time.RFC3339))
	if s.etag != "" {
		fmt.Fprintf(&b, "%s%s\n", keyETag, s.etag)
	}
	if s.modified != "" {
		fmt.Fprintf(&b, "%s%s\n", keyModified, s.modified)
	}
	for _, p := range s.prefixes {
		fmt.Fprintln(&b, p)
	}
	return b.Bytes()
}

// parseState reads a snapshot or what encode wrote, with the checks of a fetched list.
func parseState(data []byte) (*state, error) {
	if len(data) > maxDocument {
		return nil, fmt.Errorf("%w: over %d bytes", ErrDocument, maxDocument)
	}
	s, date := &state{}, ""
	keys := map[string]*string{keySource: &s.url, keyDate: &date, keyETag: &s.etag, keyModified: &s.modified}
	for line := range bytes.Lines(data) {
		for key, into := range keys {
			if value, ok := strings.CutPrefix(strings.TrimRight(string(line), "\r\n"), key); ok {
				*into = value
			}
		}
	}
	var err error
	if s.at, err = parseDate(date); err != nil {
		return nil, err
	}
	var c collector
	c.text(data)
	if c.err != nil {
		return nil, c.err
	}
	s.prefixes = c.prefixes
	return s, sane(s.prefixes)
}

func parseDate(text string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if at, err := time.Parse(layout, text); err == nil {
			return at, nil
		}
	}
	return time.Time{}, fmt.Errorf("%w: no date", ErrDocument)
}

// shipped returns the embedded snapshot of a list, nil where there is none.
func shipped(name string) (*state, error) {
	data, err := snapshots.ReadFile("snapshots/" + name + ".txt")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return parseState(data)
}

// folder keeps the last good lists on disk. The zero folder keeps nothing.
type folder struct{ dir string }

// load returns the list that was kept, nil where there is none.
func (f folder) load(name string) (*state, error) {
	if f.dir == "" {
		return nil, nil
	}
	file, err := os.Open(filepath.Join(f.dir, name+".txt"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // only read
	data, err := io.ReadAll(io.LimitReader(file, maxDocument+1))
	if err != nil {
		return nil, err
	}
	return parseState(data)
}

// store replaces the list that was kept. Several processes may do so at once.
func (f folder) store(name string, s *state) error {
	if f.dir == "" {
		return nil
	}
	if err := os.MkdirAll(f.dir, 0o700); err != nil {
		return err
	}
	f.clear(name)
	temp, err := os.CreateTemp(f.dir, "."+name+"-*")
	if err != nil {
		return err
	}
	_, err = temp.Write(s.encode())
	err = errors.Join(err, temp.Sync(), temp.Close())
	if err == nil {
		err = os.Rename(temp.Name(), filepath.Join(f.dir, name+".txt"))
	}
	if err != nil {
		return errors.Join(err, os.Remove(temp.Name()))
	}
	return nil
}

// clear removes what a process left that was killed while it stored.
func (f folder) clear(name string) {
	entries, _ := os.ReadDir(f.dir) // what is left costs room and nothing else
	for _, e := range entries {
		info, err := e.Info()
		if err == nil && strings.HasPrefix(e.Name(), "."+name+"-") && time.Since(info.ModTime()) > time.Hour {
			_ = os.Remove(filepath.Join(f.dir, e.Name()))
		}
	}
}

// Snapshot describes a list that came with the package.
type Snapshot struct {
	spec.RangeList
	Providers []string // the names of the rows that have the list
	Prefixes  int
	At        time.Time // when the publisher's list was as in the snapshot
}

// Shipped describes the lists of rows, in the order in which they first appear.
// One without a snapshot has no Prefixes.
func Shipped(rows []*provider.Provider) []Snapshot {
	var all []Snapshot
	for _, row := range rows {
		for _, list := range row.Ranges {
			i := slices.IndexFunc(all, func(s Snapshot) bool { return s.Name == list.Name })
			if i < 0 {
				i = len(all)
				s := Snapshot{RangeList: list}
				if state, err := shipped(list.Name); err == nil && state != nil {
					s.Prefixes, s.At = len(state.prefixes), state.at
				}
				all = append(all, s)
			}
			all[i].Providers = append(all[i].Providers, row.Name)
		}
	}
	return all
}
