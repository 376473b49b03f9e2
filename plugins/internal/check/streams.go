package check

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/kong/local"
	"webhookedge/kong/local/declarative"
	"webhookedge/plugins/internal/chain"
	"webhookedge/plugins/internal/config"
	"webhookedge/plugins/internal/settings"
	"webhookedge/plugins/publish/jsconn"
	"webhookedge/plugins/quarantine"
	"webhookedge/plugins/streams"
)

// streamFile is a file of streams; the zero value is none.
type streamFile struct {
	path    string
	streams map[string]jetstream.StreamConfig
}

// openStreams reads the file of streams of routes that name none.
func (c *checker) openStreams() (streamFile, error) {
	path := cmp.Or(c.Streams, c.beside("streams.yml"))
	if path == "" {
		return streamFile{}, nil
	}
	return readStreams(path)
}

func readStreams(path string) (streamFile, error) {
	specs, err := streams.Load(path)
	if err != nil {
		return streamFile{}, fmt.Errorf("%s: %w", path, err)
	}
	f := streamFile{path: path, streams: map[string]jetstream.StreamConfig{}}
	for i := range specs {
		f.streams[specs[i].Name] = specs[i].Config()
	}
	return f, nil
}

// fileOf returns the streams that a route's subjects are held against: those of its own
// file, else those of the common one. The fault of a file that cannot be read is told
// elsewhere.
func (c *checker) fileOf(cfg *settings.Config) streamFile {
	if cfg.Publish.Stream.File == "" {
		return c.streams
	}
	f, _ := readStreams(cfg.Publish.Stream.File)
	return f
}

// subjects are what each stream takes, for the subjects of policies; nil where no file
// says which streams there are.
func (c *checker) subjects(cfg *settings.Config) map[string][]string {
	file := c.fileOf(cfg)
	if len(file.streams) == 0 {
		return nil
	}
	all := map[string][]string{}
	for name, s := range file.streams {
		all[name] = s.Subjects
	}
	if s := cfg.Publish.Stream; s.Ensure == jsconn.EnsureCreate && len(all[s.Name]) == 0 {
		all[s.Name] = []string{cfg.Publish.SubjectPrefix + ".>"}
	}
	return all
}

// store is a stream that a plugin stores in, with the beginning of its subjects.
type store struct {
	servers, stream, prefix string
	creates                 bool // the edge makes the stream where it is missing, for the prefix alone
	file                    streamFile
	routes                  []string
	plugin                  string
	at                      declarative.Problem
}

// stored takes note of the streams of a plugin that stores.
func (c *checker) stored(p *local.Inspected, spec *settings.Spec) {
	prefix := ""
	switch p.Name {
	case chain.Server:
		prefix = "publish."
	case "webhook-publish":
	default:
		return
	}
	file, s := c.fileOf(&spec.Config), &spec.Publish
	servers := strings.Join(s.Servers, " ") + " " + s.JetStreamDomain
	_, known := file.streams[s.Stream.Name]
	c.stores = append(c.stores, store{
		servers: servers, stream: s.Stream.Name, prefix: s.SubjectPrefix, file: file, creates: s.Stream.Ensure == jsconn.EnsureCreate && !known,
		routes: p.Routes, plugin: p.Name, at: p.At(prefix+"subject_prefix", ""),
	})
	q := &spec.Quarantine
	if len(q.Keep) == 0 {
		return
	}
	_, known = file.streams[q.Stream]
	c.stores = append(c.stores, store{
		servers: servers, stream: q.Stream, prefix: q.SubjectPrefix, file: file, creates: q.Ensure == quarantine.EnsureCreate && !known,
		routes: p.Routes, plugin: p.Name, at: p.At("quarantine.subject_prefix", ""),
	})
}

// storeFaults says which streams do not take what is stored in them.
func (c *checker) storeFaults() {
	for i := range c.stores {
		s := &c.stores[i]
		tell := func(severity, format string, args ...any) {
			s.at.Message, s.at.Path = fmt.Sprintf(format, args...), setting(s.at.Path)
			c.add(severity, s.at, s.routes, s.plugin)
		}
		if have, known := s.file.streams[s.stream]; known {
			if err := streams.Check(&have, s.prefix); err != nil {
				for _, one := range config.Lines(err) {
					tell(Error, "%s: %v", s.file.path, one)
				}
			}
		} else if !s.creates && s.file.path != "" {
			tell(Warning, "%s has no stream %s, so nothing here makes it", s.file.path, s.stream)
		}
		for k := range c.stores[:i] {
			if why := s.conflict(&c.stores[k]); why != "" {
				tell(Error, "%s", why)
				break
			}
		}
	}
}

// conflict says why s and an earlier one cannot both be.
func (s *store) conflict(other *store) string {
	switch {
	case s.servers != other.servers:
		return ""
	case s.stream == other.stream && s.prefix != other.prefix && s.creates && other.creates:
		return fmt.Sprintf("the stream %s, which is created for %s.> (line %d), does not take %s.>; name another stream, or one file of streams", s.stream, other.prefix, other.at.Line, s.prefix)
	case s.stream != other.stream && overlap(s.prefix, other.prefix):
		return fmt.Sprintf("the streams %s and %s would take the same subjects (%s.> and %s.>, line %d), which JetStream refuses", s.stream, other.stream, s.prefix, other.prefix, other.at.Line)
	}
	return ""
}

// overlap reports whether a subject can have both beginnings.
func overlap(a, b string) bool {
	x, y := strings.Split(a, "."), strings.Split(b, ".")
	n := min(len(x), len(y))
	return slices.Equal(x[:n], y[:n])
}
