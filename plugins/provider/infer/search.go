package infer

import (
	"bytes"
	"context"
	"crypto/hmac"
	"hash"
	"slices"

	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/explain"
	"webhookedge/plugins/provider/spec"
)

// search is one search.
type search struct {
	ctx     context.Context //nolint:containedctx // of one call of Infer, which all parts of it ask
	q       *Question
	request *provider.Request

	values     []value
	candidates []candidate
	keys       []key
	pieces     *pieces
	index      map[spec.Hash]map[string][]*candidate // by the bytes of a signature
	macs       map[spec.Hash][]hash.Hash             // of each key, in their order
	public     []publicKey
	sum        []byte

	trials  int
	stopped bool // by a bound
	hits    []hit
	made    []Reading
	// rewritten says what was done to the body of the sample, "" for nothing.
	rewritten string
}

// hit is a text whose signature is in the sample.
type hit struct {
	kind      spec.Kind
	hash      spec.Hash
	key       key
	text      []piece
	candidate *candidate
}

func newSearch(ctx context.Context, q *Question) *search {
	s := &search{ctx: ctx, q: q, request: &q.Samples[0].Request}
	s.values = valuesOf(s.request)
	for _, v := range s.values {
		s.candidates = append(s.candidates, candidatesOf(v)...)
	}
	s.pieces = piecesOf(s)
	s.public = publicKeys(q.Secret)
	if !isPublicOnly(q.Secret) {
		s.keys = keysOf(q.Secret)
	}
	s.index, s.macs = map[spec.Hash]map[string][]*candidate{}, map[spec.Hash][]hash.Hash{}
	for i := range s.candidates {
		c := &s.candidates[i]
		h := hashOf(len(c.raw))
		if h == "" {
			continue
		}
		if s.index[h] == nil {
			s.index[h] = map[string][]*candidate{}
			for _, k := range s.keys {
				s.macs[h] = append(s.macs[h], hmac.New(h.New(), k.bytes))
			}
		}
		s.index[h][string(c.raw)] = append(s.index[h][string(c.raw)], c)
	}
	return s
}

// all searches in steps, from what is usual to what is rare, and ends behind the first
// step that finds something.
func (s *search) all() {
	s.shown()
	s.tokens()
	shown := len(s.made)
	if len(s.candidates) == 0 {
		return
	}
	steps := []func(*search){
		(*search).bodies, (*search).timed, (*search).stamped, (*search).valued, (*search).pairsOfValues, (*search).twice, (*search).requests,
		(*search).values3, (*search).labelled,
	}
	if shown > 0 {
		steps = steps[:4] // a signature beside the secret itself is not looked for at length
	}
	for _, step := range steps {
		step(s)
		if s.read(); len(s.made) > shown || s.stopped {
			return
		}
	}
	if shown == 0 {
		s.rewrites()
	}
}

// rewrites looks for signatures of bodies that may have become that of the one sample.
func (s *search) rewrites() {
	captured := s.request
	for _, b := range explain.Bodies(captured.Body) {
		if len(s.q.Samples) > 1 || bytes.Equal(b.Bytes, captured.Body) {
			continue
		}
		changed := *captured
		changed.Body = b.Bytes
		s.request, s.pieces.bodies, s.rewritten = &changed, bodiesOf(&changed)[:1], b.Text
		s.bodies()
		for _, t := range s.pieces.times {
			s.orders(nil, []piece{t, s.pieces.bodies[0]}, separators(), usualKeys)
			for _, id := range s.pieces.ids {
				s.orders(nil, []piece{id, t, s.pieces.bodies[0]}, separators()[:1], usualKeys)
			}
			for _, mark := range s.pieces.marks {
				s.orders([]piece{mark}, []piece{t, s.pieces.bodies[0]}, separators()[:3], usualKeys)
			}
		}
		before := len(s.made)
		if s.read(); len(s.made) > before || s.stopped {
			return
		}
	}
	s.request, s.rewritten = captured, ""
}

// ended reports whether a bound of the search is reached.
func (s *search) ended() bool {
	if s.trials%16 == 0 && !s.stopped {
		s.stopped = s.ctx.Err() != nil || s.trials >= maxTrials
	}
	return s.stopped
}

// usualKeys is how many readings of the secret are tried where many texts are.
const usualKeys = 4

// try looks for a signature of a text, under the first keys of the secret or all of
// them.
func (s *search) try(text []piece, keys int) {
	s.tryPublic(text)
	keyed := slices.ContainsFunc(text, func(p piece) bool { return p.key })
	for _, h := range hashes() {
		known := s.index[h]
		if known == nil {
			continue
		}
		for i := range s.keys[:min(keys, len(s.keys))] {
			if s.ended() {
				return
			}
			s.keep(spec.HMAC, h, i, text, s.sumOf(s.macs[h][i], text, i))
		}
		if keyed && len(s.keys) > 0 {
			s.keep(spec.Digest, h, 0, text, s.sumOf(h.New()(), text, 0))
		}
	}
}

// sumOf returns the sum of a text, valid until the next one.
func (s *search) sumOf(w hash.Hash, text []piece, k int) []byte {
	s.trials++
	w.Reset()
	for i := range text {
		if text[i].key {
			w.Write(s.keys[k].bytes)
			continue
		}
		w.Write(text[i].text)
	}
	s.sum = w.Sum(s.sum[:0])
	return s.sum
}

// keep notes the signatures of the sample that a sum is.
func (s *search) keep(kind spec.Kind, h spec.Hash, k int, text []piece, sum []byte) {
	for _, c := range s.index[h][string(sum)] {
		s.hits = append(s.hits, hit{kind, h, s.keys[k], slices.Clone(text), c})
	}
}
