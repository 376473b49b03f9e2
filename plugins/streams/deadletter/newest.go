package deadletter

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"webhookedge/plugins/streams/read"
)

// Newest returns the newest letters, n at most, the newest first, and whether there are
// more. They come without their messages: Get has those. A stream that is not there has
// no letters, and the error is jetstream.ErrStreamNotFound.
func (b *Box) Newest(ctx context.Context, n int) (letters []*Letter, more bool, err error) {
	stream, err := b.js.Stream(ctx, b.stream)
	if err != nil {
		return nil, false, fmt.Errorf("stream %s: %w", b.stream, err)
	}
	state := stream.CachedInfo().State
	if state.Msgs == 0 {
		return nil, false, nil
	}
	// Letters that were dropped leave gaps, and what is no letter counts as little: it
	// looks further back until there are enough.
	for size := uint64(n); ; size *= 4 {
		first := state.FirstSeq
		if state.LastSeq-first >= size {
			first = state.LastSeq - size
		}
		if letters, err = b.since(ctx, first); err != nil {
			return nil, false, err
		}
		if len(letters) > n {
			return letters[:n], true, nil
		}
		if first == state.FirstSeq {
			return letters, false, nil
		}
	}
}

// since returns the letters from a sequence on, the newest first. Of those that consumers
// wrote only the headers are read, since they hold whole messages.
func (b *Box) since(ctx context.Context, first uint64) (letters []*Letter, err error) {
	all := b.read(Filter{}).Subjects
	for _, r := range []read.Range{
		{Subjects: all[:1], FirstSeq: first, HeadersOnly: true},
		{Subjects: all[1:], FirstSeq: first},
	} {
		for m, err := range read.All(ctx, b.js, b.stream, r) {
			if err != nil {
				return nil, err
			}
			l, err := parse(m.Sequence, m.StoredAt, m.Subject(), m.Headers(), m.Data())
			if err != nil {
				continue
			}
			l.header, l.data = nil, nil
			letters = append(letters, l)
		}
	}
	slices.SortFunc(letters, func(a, b *Letter) int { return cmp.Compare(b.Sequence, a.Sequence) })
	return letters, nil
}
