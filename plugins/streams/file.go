package streams

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/docker/go-units"
	"github.com/nats-io/nats.go/jetstream"
	"go.yaml.in/yaml/v3"

	"webhookedge/plugins/internal/text"
)

// maxFile bounds a file of streams, in bytes.
const maxFile = 1 << 20

// maxPayload is the most that a NATS server can be told to take (nats-server,
// MAX_PAYLOAD_MAX_SIZE).
const maxPayload = 64 << 20

// maxName is the longest name of a stream in bytes: it is a directory of the server.
const maxName = 64

// ErrFile is a file of streams that cannot be used.
var ErrFile = errors.New("not a file of streams")

// Source is a stream whose events another one has, too.
type Source struct {
	Name   string `yaml:"name"`
	Domain string `yaml:"domain"` // of JetStream; "" is that of the server
}

// Spec is what the file says of one stream. A zero limit is no limit. A stream takes
// events of its subjects or of its sources, whose duplicates it drops by their ids.
type Spec struct {
	Name            string        `yaml:"name"`
	Description     string        `yaml:"description"`
	Subjects        []string      `yaml:"subjects"`
	Sources         []Source      `yaml:"sources"`
	Replicas        int           `yaml:"replicas"`
	MaxAge          time.Duration `yaml:"-"` // entry decodes this and the sizes
	MaxBytes        int64         `yaml:"-"`
	MaxMsgSize      int64         `yaml:"-"`
	DuplicateWindow time.Duration `yaml:"-"`
	AllowMsgTTL     bool          `yaml:"allow_msg_ttl"` // a message may have an age of its own (nats-server 2.11)
}

// entry is a Spec as it is written.
type entry struct {
	Spec            `yaml:",inline"`
	MaxAge          duration `yaml:"max_age"`
	MaxBytes        size     `yaml:"max_bytes"`
	MaxMsgSize      size     `yaml:"max_msg_size"`
	DuplicateWindow duration `yaml:"duplicate_window"`
	// Compression, Storage and Discard have one possible value each and may be
	// written for the reader's sake.
	Compression string `yaml:"compression"`
	Storage     string `yaml:"storage"`
	Discard     string `yaml:"discard"`
}

type duration time.Duration

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *duration) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	if err != nil || v < 0 {
		return fmt.Errorf("%q is no duration such as 168h or 2m", text)
	}
	*d = duration(v)
	return nil
}

type size int64

// UnmarshalText implements encoding.TextUnmarshaler.
func (s *size) UnmarshalText(text []byte) error {
	v, err := units.RAMInBytes(string(text))
	if err != nil || v < 0 {
		return fmt.Errorf("%q is no size such as 10GB or 512MB", text)
	}
	*s = size(v)
	return nil
}

// Load reads the file at path.
func Load(path string) ([]Spec, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read
	return Parse(f)
}

// Parse reads a file of streams (YAML). Its error joins all that is wrong.
// Unknown keys are errors.
func Parse(r io.Reader) ([]Spec, error) {
	var file struct {
		Streams []entry `yaml:"streams"`
	}
	dec := yaml.NewDecoder(io.LimitReader(r, maxFile))
	dec.KnownFields(true)
	if err := dec.Decode(&file); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFile, err)
	}
	if len(file.Streams) == 0 {
		return nil, fmt.Errorf("%w: it has no streams", ErrFile)
	}
	var faults []error
	specs := make([]Spec, 0, len(file.Streams))
	for i := range file.Streams {
		spec, err := file.Streams[i].spec()
		if err != nil {
			faults = append(faults, fmt.Errorf("%w: streams[%d]: %w", ErrFile, i, err))
		}
		if slices.ContainsFunc(specs, func(s Spec) bool { return s.Name == spec.Name }) {
			faults = append(faults, fmt.Errorf("%w: streams[%d]: %s is there twice", ErrFile, i, spec.Name))
		}
		specs = append(specs, spec)
	}
	return specs, errors.Join(faults...)
}

func (e *entry) spec() (Spec, error) {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	if len(e.Name) > maxName || !text.IsName(e.Name) {
		fault("name: %q is not possible", e.Name)
	}
	e.feeds(fault)
	if e.Replicas < 0 || e.Replicas > 5 {
		fault("replicas: 1 to 5 are possible")
	}
	if e.MaxMsgSize > maxPayload {
		fault("max_msg_size: NATS takes at most 64MB")
	}
	if e.MaxAge > 0 && e.DuplicateWindow > e.MaxAge {
		fault("duplicate_window: longer than max_age, which JetStream refuses")
	}
	if e.Compression != "" && e.Compression != "none" {
		fault("compression: must be none, since a crash can cost a compressed stream all of its events")
	}
	if e.Storage != "" && e.Storage != "file" {
		fault("storage: must be file, since memory forgets what was answered with 200")
	}
	if e.Discard != "" && e.Discard != "new" {
		fault("discard: must be new, since old drops what was answered with 200")
	}
	s := e.Spec
	s.Replicas, s.MaxBytes, s.MaxMsgSize = max(s.Replicas, 1), int64(e.MaxBytes), int64(e.MaxMsgSize)
	s.MaxAge, s.DuplicateWindow = time.Duration(e.MaxAge), time.Duration(e.DuplicateWindow)
	return s, errors.Join(faults...)
}

// feeds reports what is wrong with where the events of e come from.
func (e *entry) feeds(fault func(format string, args ...any)) {
	switch {
	case len(e.Subjects) == 0 && len(e.Sources) == 0:
		fault("subjects: there are none")
	case len(e.Subjects) > 0 && len(e.Sources) > 0:
		fault("sources: a stream has subjects or sources, since an event could be in both")
	}
	for i, s := range e.Sources {
		if len(s.Name) > maxName || !text.IsName(s.Name) {
			fault("sources[%d].name: %q is not possible", i, s.Name)
		}
		if s.Domain != "" && (len(s.Domain) > maxName || !text.IsName(s.Domain)) {
			fault("sources[%d].domain: %q is not possible", i, s.Domain)
		}
		if slices.Contains(e.Sources[:i], s) {
			fault("sources[%d]: %s is there twice", i, s.Name)
		}
		if s.Domain == "" && s.Name == e.Name {
			fault("sources[%d]: %s is the stream itself", i, s.Name)
		}
	}
}

// Config is what JetStream is asked for. Dropping the oldest events of a full
// stream would lose what was answered with 200, so new ones are refused.
func (s *Spec) Config() jetstream.StreamConfig {
	var sources []*jetstream.StreamSource
	for _, from := range s.Sources {
		sources = append(sources, &jetstream.StreamSource{Name: from.Name, Domain: from.Domain})
	}
	return jetstream.StreamConfig{
		Sources: sources,
		Name:    s.Name, Description: s.Description, Subjects: s.Subjects,
		Storage: jetstream.FileStorage, Retention: jetstream.LimitsPolicy, Discard: jetstream.DiscardNew,
		Replicas: max(s.Replicas, 1), MaxAge: s.MaxAge, MaxBytes: cmp.Or(s.MaxBytes, -1), MaxMsgSize: int32(cmp.Or(s.MaxMsgSize, -1)),
		MaxMsgs: -1, MaxMsgsPerSubject: -1, MaxConsumers: -1, Duplicates: s.DuplicateWindow, AllowDirect: true, AllowMsgTTL: s.AllowMsgTTL,
		AllowAtomicPublish: true, // several events with one sync, see publish/jsconn
	}
}
