package feed

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/internal/ctl/inspector/list"
	"webhookedge/plugins/internal/ctl/inspector/site"
	"webhookedge/plugins/internal/ctl/stored"
	"webhookedge/plugins/streams/archive"
	"webhookedge/plugins/streams/read"
)

// item is what a message of a stream says.
type item struct {
	list.Fact
	sequence uint64
	storedAt time.Time
}

// source is a stream that is read.
type source struct {
	stream string
	// items yields what the stream has from a sequence on, with follow also what comes.
	items func(ctx context.Context, js jetstream.JetStream, first uint64, follow bool) iter.Seq2[item, error]
}

// events is a stream of events. Messages that are none are left out.
func events(stream string) source {
	return source{stream, func(ctx context.Context, js jetstream.JetStream, first uint64, follow bool) iter.Seq2[item, error] {
		messages := read.All
		if follow {
			messages = read.Follow
		}
		return func(yield func(item, error) bool) {
			for m, err := range messages(ctx, js, stream, read.Range{FirstSeq: first}) {
				if err != nil {
					yield(item{}, err)
					return
				}
				if e, err := stored.Parse(m); err == nil && !yield(item{eventFact(e, stream), m.Sequence, m.StoredAt}, nil) {
					return
				}
			}
		}
	}}
}

// kept is the quarantine's stream. No record of it is opened.
func (f *Feed) kept(place site.Place) source {
	return source{place.Stream, func(ctx context.Context, js jetstream.JetStream, first uint64, follow bool) iter.Seq2[item, error] {
		a := archive.New(js, place.Stream, place.Prefix, nil)
		entries := a.List
		if follow {
			entries = a.Follow
		}
		return func(yield func(item, error) bool) {
			for e, err := range entries(ctx, archive.Filter{FirstSeq: first}) {
				if err != nil {
					yield(item{}, err)
					return
				}
				if !yield(item{keptFact(&e), e.Sequence, e.StoredAt}, nil) {
					return
				}
			}
		}
	}}
}

// position is where a stream is to be read on from. The zero value is the newest messages
// that are wanted at the start.
type position struct {
	next uint64
	made time.Time // when the stream was made
}

// begin returns where to read on, in a stream that may have been made anew.
func (f *Feed) begin(ctx context.Context, js jetstream.JetStream, stream string, at position) (position, error) {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	s, err := js.Stream(ctx, stream)
	if err != nil {
		return at, err
	}
	info := s.CachedInfo()
	state, wanted := info.State, uint64(max(f.Backfill, 0))
	switch {
	case at.made.Equal(info.Created) && at.next <= state.LastSeq+1:
		return at, nil
	case at.made.IsZero() && state.LastSeq > wanted:
		return position{max(state.FirstSeq, state.LastSeq-wanted+1), info.Created}, nil
	}
	return position{max(state.FirstSeq, 1), info.Created}, nil
}

// follow reads a stream on until ctx is done. A stream that is missing is waited for.
func (f *Feed) follow(ctx context.Context, s source, at position) {
	for {
		js, err := f.JetStream(ctx)
		if err == nil {
			at, err = f.begin(ctx, js, s.stream, at)
		}
		if err == nil {
			at, err = f.read(ctx, js, s, at)
		}
		missing := errors.Is(err, jetstream.ErrStreamNotFound) || errors.Is(err, read.ErrNoStream)
		if err != nil && !missing && ctx.Err() == nil && js != nil && js.Conn().IsConnected() {
			f.note(fmt.Sprintf("Stream %s cannot be read: %v", s.stream, err))
		}
		if !wait(ctx) {
			return
		}
	}
}

// read reads on until something fails, or another stream has the name: a consumer would
// go on in the middle of that.
func (f *Feed) read(ctx context.Context, js jetstream.JetStream, s source, at position) (position, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go func() {
		defer stop()
		for wait(ctx) {
			ask, cancel := context.WithTimeout(ctx, askTimeout)
			found, err := js.Stream(ask, s.stream)
			cancel()
			if err == nil && !found.CachedInfo().Created.Equal(at.made) {
				return
			}
		}
	}()
	next := at
	for i, err := range s.items(ctx, js, at.next, true) {
		if err != nil {
			return next, err
		}
		f.list.Put(&i.Fact)
		next.next = i.sequence + 1
	}
	return next, nil
}

// reader is a source that is read in turn with others.
type reader struct {
	source
	head item
	next func() (item, error, bool)
	stop func()
}

// backfill puts the newest messages of all streams into the list, in the order in which
// they were stored, and returns where each stream goes on.
func (f *Feed) backfill(ctx context.Context, js jetstream.JetStream) map[string]position {
	positions := map[string]position{}
	var readers []*reader
	sources := []source{}
	if f.Kept.Stream != "" {
		sources = append(sources, f.kept(f.Kept))
	}
	for _, name := range f.Streams() {
		sources = append(sources, events(name))
	}
	for _, s := range sources {
		at, err := f.begin(ctx, js, s.stream, position{})
		if err != nil { // follow says what is wrong
			continue
		}
		positions[s.stream] = at
		r := &reader{source: s}
		r.next, r.stop = iter.Pull2(s.items(ctx, js, at.next, false))
		defer r.stop()
		readers = append(readers, r)
	}
	for _, r := range readers {
		r.advance()
	}
	for {
		oldest := -1
		for i, r := range readers {
			if r.head.sequence != 0 && (oldest < 0 || r.head.storedAt.Before(readers[oldest].head.storedAt)) {
				oldest = i
			}
		}
		if oldest < 0 {
			return positions
		}
		r := readers[oldest]
		f.list.Put(&r.head.Fact)
		positions[r.stream] = position{r.head.sequence + 1, positions[r.stream].made}
		r.advance()
	}
}

// advance takes the next item. One that cannot be read is left to follow.
func (r *reader) advance() {
	i, err, ok := r.next()
	if !ok || err != nil {
		i = item{}
	}
	r.head = i
}
