package topology

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// Bounds of what is asked of NATS.
const (
	MaxStreams   = 100
	MaxConsumers = 100 // of a stream
	atOnce       = 8   // questions
)

// AskTimeout bounds all questions of Streams together. One that the user may not ask has
// no answer.
const AskTimeout = 3 * time.Second

// Stream is one of NATS.
type Stream struct {
	Name      string
	Subjects  []string
	Messages  uint64
	Bytes     uint64
	Last      uint64 // sequence of the newest message that there ever was
	Consumers []Consumer
}

// Consumer is one of a stream.
type Consumer struct {
	Name        string
	Filters     []string
	Pending     uint64 // messages that it has not been given yet
	Waiting     int    // messages that it has not acknowledged
	Redelivered int
	Active      time.Time // when it last acknowledged one; zero where it never did
}

// Streams asks NATS for its streams and their consumers: those of the names and, where the
// user may list them, all others. What it may not ask, and what is left out, is in the
// notes. A stream of the names that is not there is neither. Readers that acknowledge
// nothing, as ours are, are no consumers here.
func Streams(ctx context.Context, js jetstream.JetStream, names ...string) (all []Stream, notes []string) {
	ctx, cancel := context.WithTimeout(ctx, AskTimeout)
	defer cancel()
	a := asker{js: js, slots: make(chan struct{}, atOnce), known: map[string]bool{}}
	for _, name := range names {
		if name != "" && !a.known[name] && len(a.known) < MaxStreams {
			a.known[name] = true
			a.wait.Go(func() { a.named(ctx, name) })
		}
	}
	a.others(ctx)
	a.wait.Wait()
	slices.SortFunc(a.all, func(x, y Stream) int { return cmp.Compare(x.Name, y.Name) })
	slices.Sort(a.notes)
	return a.all, slices.Compact(a.notes)
}

// asker gathers answers.
type asker struct {
	js    jetstream.JetStream
	slots chan struct{}
	wait  sync.WaitGroup
	known map[string]bool // streams that are asked for by name

	mu    sync.Mutex
	all   []Stream
	notes []string
}

func (a *asker) note(format string, args ...any) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.notes = append(a.notes, fmt.Sprintf(format, args...))
}

// slot waits for its turn. It is false once ctx is done.
func (a *asker) slot(ctx context.Context) bool {
	select {
	case a.slots <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

func (a *asker) named(ctx context.Context, name string) {
	if !a.slot(ctx) {
		a.note("stream %s: NATS does not answer in time", name)
		return
	}
	s, err := a.js.Stream(ctx, name)
	<-a.slots
	switch {
	case errors.Is(err, jetstream.ErrStreamNotFound):
	case err != nil:
		a.note("stream %s: %s", name, Why(err))
	default:
		a.stream(ctx, s, s.CachedInfo())
	}
}

// others adds the streams that nobody named.
func (a *asker) others(ctx context.Context) {
	list := a.js.ListStreams(ctx)
	left := 0
	count := len(a.known)
	for info := range list.Info() { // to its end, since the lister waits for a reader
		switch {
		case a.known[info.Config.Name]:
		case count >= MaxStreams:
			left++
		default:
			count++
			a.wait.Go(func() { a.listed(ctx, info) })
		}
	}
	if err := list.Err(); err != nil {
		a.note("the list of streams: %s", Why(err))
	}
	if left > 0 {
		a.note("%d more streams are not shown", left)
	}
}

func (a *asker) listed(ctx context.Context, info *jetstream.StreamInfo) {
	if info.State.Consumers == 0 {
		a.stream(ctx, nil, info)
		return
	}
	if !a.slot(ctx) {
		a.note("stream %s: NATS does not answer in time", info.Config.Name)
		return
	}
	s, err := a.js.Stream(ctx, info.Config.Name)
	<-a.slots
	if err != nil {
		a.note("consumers of %s: %s", info.Config.Name, Why(err))
		s = nil
	}
	a.stream(ctx, s, info)
}

func (a *asker) stream(ctx context.Context, s jetstream.Stream, info *jetstream.StreamInfo) {
	one := Stream{Name: info.Config.Name, Subjects: info.Config.Subjects, Messages: info.State.Msgs, Bytes: info.State.Bytes, Last: info.State.LastSeq}
	if s != nil && info.State.Consumers > 0 {
		one.Consumers = a.consumers(ctx, s, info.Config.Name)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.all = append(a.all, one)
}

func (a *asker) consumers(ctx context.Context, s jetstream.Stream, stream string) (all []Consumer) {
	if !a.slot(ctx) {
		a.note("consumers of %s: NATS does not answer in time", stream)
		return nil
	}
	defer func() { <-a.slots }()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	list := s.ListConsumers(ctx)
	full := false
	for info := range list.Info() { // to its end, since the lister waits for a reader
		switch {
		case full, info.Config.AckPolicy == jetstream.AckNonePolicy && info.Config.Durable == "":
		case len(all) == MaxConsumers:
			full = true
			a.note("%s has more than %d consumers", stream, MaxConsumers)
			cancel()
		default:
			all = append(all, consumer(info))
		}
	}
	if err := list.Err(); err != nil && !full {
		a.note("consumers of %s: %s", stream, Why(err))
	}
	slices.SortFunc(all, func(x, y Consumer) int { return cmp.Compare(x.Name, y.Name) })
	return all
}

func consumer(info *jetstream.ConsumerInfo) Consumer {
	c := Consumer{Name: info.Name, Filters: info.Config.FilterSubjects, Pending: info.NumPending, Waiting: info.NumAckPending, Redelivered: info.NumRedelivered}
	if info.Config.FilterSubject != "" {
		c.Filters = []string{info.Config.FilterSubject}
	}
	if at := info.AckFloor.Last; at != nil {
		c.Active = *at
	}
	return c
}

// Why says what a question to JetStream failed with. NATS answers nothing to a question
// that the user has no permission for.
func Why(err error) string {
	if errors.Is(err, context.DeadlineExceeded) {
		return "NATS does not answer; this user may lack the permission to ask"
	}
	return strings.TrimPrefix(err.Error(), "nats: ")
}
