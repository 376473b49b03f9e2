package streams

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// ErrLossy is a change that could lose stored events, or their protection.
var ErrLossy = errors.New("the change could lose events")

// Change is what there is to do about one stream.
type Change struct {
	Name    string
	Create  bool
	Details []string // "max_age: 24h0m0s -> 168h0m0s"
	Lossy   []string // those of Details that could lose events
	want    jetstream.StreamConfig
}

// Done reports whether the stream is already as it should be.
func (c *Change) Done() bool { return !c.Create && len(c.Details) == 0 }

// Plan compares a stream with its spec and changes nothing.
func Plan(ctx context.Context, js jetstream.StreamManager, spec *Spec) (*Change, error) {
	want := spec.Config()
	c := &Change{Name: spec.Name, want: want}
	stream, err := js.Stream(ctx, spec.Name)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		c.Create = true
		return c, nil
	}
	if err != nil {
		return nil, fmt.Errorf("ask for stream %s: %w", spec.Name, err)
	}
	info := stream.CachedInfo()
	have := info.Config
	if have.Storage != want.Storage {
		return nil, fmt.Errorf("%w: %s is kept in memory, which cannot be changed; create another one", ErrUnfit, spec.Name)
	}
	c.compare(&have, int64(info.State.Bytes))
	// What the file does not speak of stays as it is.
	merged := have
	merged.Description, merged.Subjects, merged.Replicas = want.Description, want.Subjects, want.Replicas
	merged.Sources = want.Sources
	merged.MaxAge, merged.MaxBytes, merged.MaxMsgSize = want.MaxAge, want.MaxBytes, want.MaxMsgSize
	merged.Discard, merged.Compression = want.Discard, want.Compression
	if want.Duplicates > 0 {
		merged.Duplicates = want.Duplicates
	}
	merged.AllowMsgTTL = have.AllowMsgTTL || want.AllowMsgTTL // JetStream does not take it back
	c.want = merged
	return c, nil
}

func (c *Change) compare(have *jetstream.StreamConfig, used int64) {
	want := &c.want
	note := func(lossy bool, field string, from, to any) {
		if from == to {
			return
		}
		line := fmt.Sprintf("%s: %v -> %v", field, from, to)
		c.Details = append(c.Details, line)
		if lossy {
			c.Lossy = append(c.Lossy, line)
		}
	}
	gone := slices.ContainsFunc(have.Subjects, func(s string) bool { return !slices.Contains(want.Subjects, s) })
	note(false, "description", have.Description, want.Description)
	note(gone, "subjects", strings.Join(have.Subjects, " "), strings.Join(want.Subjects, " "))
	from, to := sources(have), sources(want)
	note(slices.ContainsFunc(from, func(s string) bool { return !slices.Contains(to, s) }), "sources", strings.Join(from, " "), strings.Join(to, " "))
	note(want.Replicas < have.Replicas, "replicas", have.Replicas, want.Replicas)
	note(want.MaxAge > 0 && (have.MaxAge == 0 || want.MaxAge < have.MaxAge), "max_age", have.MaxAge, want.MaxAge)
	note(want.MaxBytes > 0 && want.MaxBytes < used, "max_bytes", have.MaxBytes, want.MaxBytes)
	note(false, "max_msg_size", have.MaxMsgSize, want.MaxMsgSize)
	if want.Duplicates > 0 {
		note(want.Duplicates < have.Duplicates, "duplicate_window", have.Duplicates, want.Duplicates)
	}
	note(false, "discard", have.Discard, want.Discard)
	note(false, "compression", have.Compression, want.Compression)
	if want.AllowMsgTTL && !have.AllowMsgTTL {
		note(false, "allow_msg_ttl", have.AllowMsgTTL, want.AllowMsgTTL)
	}
}

// sources are names of streams, those of other domains as NAME@DOMAIN. A server says the
// prefix of a domain's API in place of its name.
func sources(cfg *jetstream.StreamConfig) (names []string) {
	for _, s := range cfg.Sources {
		name, domain := s.Name, s.Domain
		if s.External != nil {
			domain = strings.TrimSuffix(strings.TrimPrefix(s.External.APIPrefix, "$JS."), ".API")
		}
		if domain != "" {
			name += "@" + domain
		}
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Apply makes the change. A lossy one is an ErrLossy unless force is set.
func (c *Change) Apply(ctx context.Context, js jetstream.StreamManager, force bool) error {
	var err error
	switch {
	case c.Done():
		return nil
	case len(c.Lossy) > 0 && !force:
		return fmt.Errorf("%w: %s: %s", ErrLossy, c.Name, strings.Join(c.Lossy, "; "))
	case c.Create:
		_, err = js.CreateStream(ctx, c.want)
		if errors.Is(err, jetstream.ErrStreamNameAlreadyInUse) {
			return nil // another edge was faster
		}
	default:
		_, err = js.UpdateStream(ctx, c.want)
	}
	if err != nil {
		return fmt.Errorf("stream %s: %w", c.Name, err)
	}
	return nil
}

// SettleTime is how long the disk of a broker that does not sync always may take to have
// what was changed of a stream: nats-server leaves that to the kernel, which writes
// what is 30 s old every 5 s (Linux, vm.dirty_expire_centisecs and
// vm.dirty_writeback_centisecs), and the file system's journal takes 5 s more (ext4,
// commit).
const SettleTime = 45 * time.Second

// Settling says what a power cut within SettleTime of a change does, and what helps. It
// is a format for that time.
const Settling = "until NATS's disk has the change, after %s at most, a power cut there can make the stream disappear; " +
	"its events are kept: create the stream again under its name, and they are back"

// Ensure creates a stream that is not there; one that is stays as it is, since
// it may be somebody else's.
func Ensure(ctx context.Context, js jetstream.StreamManager, spec *Spec) (created bool, err error) {
	_, err = js.Stream(ctx, spec.Name)
	if !errors.Is(err, jetstream.ErrStreamNotFound) {
		return false, err
	}
	cfg := spec.Config()
	cfg.Metadata = map[string]string{createdBy: "webhook-edge"}
	_, err = js.CreateStream(ctx, cfg)
	if errors.Is(err, jetstream.ErrStreamNameAlreadyInUse) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("create stream %s for %s: %w", spec.Name, strings.Join(spec.Subjects, " "), err)
	}
	return true, nil
}

// createdBy marks the streams that Ensure has made and may widen.
const createdBy = "created-by"

// Widen makes the duplicate window of a stream that Ensure created at least as
// long as window. Of any other stream it reports the window that it has.
func Widen(ctx context.Context, js jetstream.StreamManager, name string, window time.Duration) (has time.Duration, err error) {
	stream, err := js.Stream(ctx, name)
	if err != nil {
		return 0, fmt.Errorf("ask for stream %s: %w", name, err)
	}
	cfg := stream.CachedInfo().Config
	if cfg.MaxAge > 0 {
		window = min(window, cfg.MaxAge)
	}
	if cfg.Duplicates >= window || cfg.Metadata[createdBy] != "webhook-edge" {
		return cfg.Duplicates, nil
	}
	cfg.Duplicates = window
	if _, err := js.UpdateStream(ctx, cfg); err != nil {
		return 0, fmt.Errorf("widen the duplicate window of stream %s: %w", name, err)
	}
	return window, nil
}
