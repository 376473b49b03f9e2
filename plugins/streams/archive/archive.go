package archive

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/text"
	"webhookedge/plugins/streams/read"
)

// ErrNotFound is a sequence under which no record begins.
var ErrNotFound = errors.New("no kept delivery has this sequence")

// maxParts bounds the messages of one record.
const maxParts = 4096

// Archive reads and removes what keepers stored.
type Archive struct {
	js     jetstream.JetStream
	stream string
	prefix string
	keys   *Keys
}

// New returns the archive of a stream whose subjects begin with prefix.
// Without the right keys records can be listed and dropped, and not read.
func New(js jetstream.JetStream, stream, prefix string, keys *Keys) *Archive {
	if keys == nil {
		keys = &Keys{}
	}
	return &Archive{js: js, stream: stream, prefix: prefix, keys: keys}
}

// Filter picks records. The zero value picks all.
type Filter struct {
	Provider, Code string
	From, To       time.Time // when they were stored, To exclusive
	FirstSeq       uint64    // From by sequence; not together with From
	Held           bool      // only events that are held back
}

// Entry is a line of a listing. Only Provider and Code are protected against
// whoever can write into the stream, and only once the record was opened.
type Entry struct {
	Sequence       uint64    `json:"sequence"`
	StoredAt       time.Time `json:"stored_at"`
	ReceivedAt     time.Time `json:"received_at,omitzero"`
	Provider       string    `json:"provider"`
	Code           string    `json:"code"`
	Held           bool      `json:"held,omitempty"`
	Route          string    `json:"route,omitempty"`
	RequestID      string    `json:"request_id,omitempty"`
	Size           int       `json:"size"`
	Key            string    `json:"key,omitempty"`
	parts          []uint64
	id             string
	subject        string
	brokenSequence bool
}

// Same reports whether two entries are of the same record in the same stream.
func (e *Entry) Same(other *Entry) bool {
	return e.Sequence == other.Sequence && e.id == other.id && e.subject == other.subject && e.StoredAt.Equal(other.StoredAt)
}

// List yields entries in the order of their storage, without opening records.
func (a *Archive) List(ctx context.Context, f Filter) iter.Seq2[Entry, error] {
	return a.entries(ctx, f, read.All)
}

// Follow yields entries as List does, and goes on with what comes until ctx is done; f.To
// has no meaning.
func (a *Archive) Follow(ctx context.Context, f Filter) iter.Seq2[Entry, error] {
	return a.entries(ctx, f, read.Follow)
}

type messages func(context.Context, jetstream.JetStream, string, read.Range) iter.Seq2[*read.Message, error]

func (a *Archive) entries(ctx context.Context, f Filter, all messages) iter.Seq2[Entry, error] {
	token := func(value string) string {
		if value == "" {
			return "*"
		}
		return event.EscapeToken(value)
	}
	r := read.Range{
		Subjects: []string{a.prefix + "." + token(f.Provider) + "." + token(f.Code)},
		From:     f.From, To: f.To, FirstSeq: f.FirstSeq, HeadersOnly: true,
	}
	return func(yield func(Entry, error) bool) {
		for m, err := range all(ctx, a.js, a.stream, r) {
			if err != nil {
				yield(Entry{}, err)
				return
			}
			e, ok := a.entry(m.Subject(), m.Headers(), m.Sequence, m.StoredAt)
			if !ok || f.Held && !e.Held {
				continue
			}
			if !yield(e, nil) {
				return
			}
		}
	}
}

// entry reads a message's headers; false is a part of a record or no record.
func (a *Archive) entry(subject string, h nats.Header, seq uint64, at time.Time) (Entry, bool) {
	rest, ok := strings.CutPrefix(subject, a.prefix+".")
	provider, code, two := strings.Cut(rest, ".")
	id := h.Get(headerID)
	if !ok || !two || id == "" || h.Get(headerPart) != "" {
		return Entry{}, false
	}
	e := Entry{
		Sequence: seq, StoredAt: at.UTC(), Held: h.Get(headerHeld) == "true", Route: text.Printable(h.Get(headerRoute)),
		RequestID: text.Printable(h.Get(headerRequest)), Key: text.Printable(h.Get(headerKey)), id: id, subject: subject,
	}
	// A cut token shows its beginning, which is enough for a listing.
	e.Provider, _ = event.UnescapeToken(provider)
	e.Code, _ = event.UnescapeToken(code)
	e.Provider, e.Code = text.Printable(e.Provider), text.Printable(e.Code)
	e.ReceivedAt, _ = time.Parse(time.RFC3339Nano, h.Get(headerReceived)) // zero is shown as unknown
	e.Size, _ = strconv.Atoi(h.Get(headerSize))
	if list := h.Get(headerParts); list != "" {
		for text := range strings.SplitSeq(list, ",") {
			part, err := strconv.ParseUint(text, 10, 64)
			if err != nil || len(e.parts) == maxParts {
				e.brokenSequence = true
				break
			}
			e.parts = append(e.parts, part)
		}
	}
	return e, true
}

// Entry returns the line of a listing for the record that begins at seq, without
// opening it.
func (a *Archive) Entry(ctx context.Context, seq uint64) (Entry, error) {
	_, e, _, err := a.head(ctx, seq)
	return e, err
}

// Get opens the record that begins at seq. Errors are ErrNotFound, ErrKeyUnknown,
// ErrSealed and ErrRecord beside those of the broker.
func (a *Archive) Get(ctx context.Context, seq uint64) (*Record, Entry, error) {
	stream, e, data, err := a.head(ctx, seq)
	if err != nil {
		return nil, Entry{}, err
	}
	for _, part := range e.parts {
		raw, err := stream.GetMsg(ctx, part)
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			return nil, e, fmt.Errorf("%w: a part of it is gone", ErrRecord)
		}
		if err != nil {
			return nil, e, fmt.Errorf("part of record %d: %w", seq, err)
		}
		if raw.Header.Get(headerPart) != e.id || raw.Subject != e.subject {
			return nil, e, fmt.Errorf("%w: a part of it is not its own", ErrRecord)
		}
		data = append(data, raw.Data...)
	}
	plain, key, err := a.keys.open(data, e.subject)
	if err != nil {
		return nil, e, err
	}
	r, err := decode(plain)
	if err != nil {
		return nil, e, err
	}
	// The headers are not sealed, and a release goes by the route in them.
	if r.ID != e.id || r.subject(a.prefix) != e.subject || r.Held != e.Held || text.Printable(r.Route) != e.Route {
		return nil, e, fmt.Errorf("%w: it says that it belongs elsewhere", ErrRecord)
	}
	r.Key = key
	return r, e, nil
}

// head reads the message at seq.
func (a *Archive) head(ctx context.Context, seq uint64) (jetstream.Stream, Entry, []byte, error) {
	stream, err := a.js.Stream(ctx, a.stream)
	if err != nil {
		return nil, Entry{}, nil, fmt.Errorf("stream %s: %w", a.stream, err)
	}
	raw, err := stream.GetMsg(ctx, seq)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return nil, Entry{}, nil, fmt.Errorf("%w: %d", ErrNotFound, seq)
	}
	if err != nil {
		return nil, Entry{}, nil, fmt.Errorf("record %d: %w", seq, err)
	}
	e, ok := a.entry(raw.Subject, raw.Header, seq, raw.Time)
	if !ok {
		return nil, Entry{}, nil, fmt.Errorf("%w: %d", ErrNotFound, seq)
	}
	if e.brokenSequence {
		return nil, Entry{}, nil, fmt.Errorf("%w: its list of parts is none", ErrRecord)
	}
	return stream, e, raw.Data, nil
}

// Drop removes the record that begins at seq, and overwrites it on the broker's
// disk, since it may hold personal data. The head goes last, so that a drop that
// was interrupted can be repeated.
func (a *Archive) Drop(ctx context.Context, seq uint64) error {
	stream, e, _, err := a.head(ctx, seq)
	if err != nil {
		return err
	}
	for _, part := range append(e.parts, seq) {
		err := a.dropOne(ctx, stream, part, e)
		if err != nil && !errors.Is(err, jetstream.ErrMsgNotFound) {
			return fmt.Errorf("drop record %d: %w", seq, err)
		}
	}
	return nil
}

// dropOne removes a message that belongs to e, and no other: the list of parts
// is not protected.
func (a *Archive) dropOne(ctx context.Context, stream jetstream.Stream, seq uint64, e Entry) error {
	if seq != e.Sequence {
		raw, err := stream.GetMsg(ctx, seq)
		if err != nil {
			return err
		}
		if raw.Header.Get(headerPart) != e.id || raw.Subject != e.subject {
			return nil
		}
	}
	return stream.SecureDeleteMsg(ctx, seq)
}
