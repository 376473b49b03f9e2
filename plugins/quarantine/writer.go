package quarantine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/streams"
	"webhookedge/plugins/streams/archive"
)

// The reasons for which something is not kept.
var (
	// ErrFull is a stream whose last part is for events that are held back.
	ErrFull = errors.New("the stream is nearly full, so that refused deliveries are not kept")
	// ErrNoStream is a stream that is not there or does not take the subject.
	ErrNoStream = errors.New("no stream takes what is kept")
)

// partRoom is what the headers and the subject of a part may take of max_payload.
const partRoom = 16 << 10

// reserve is the share of a stream's bytes that refused deliveries must leave to
// events that are held back: one of four.
const reserve = 4

// askInterval is how long what is known of the stream stands.
const askInterval = 10 * time.Second

// window is the duplicate window of a created stream: a sender's retry of an
// event whose ack was lost comes within minutes.
const window = 2 * time.Minute

// writer puts records into the stream.
type writer struct {
	connect Connect
	keep    Keep // of held records, nil for connect's client
	cfg     Config
	now     func() time.Time
	log     *slog.Logger

	mu    sync.Mutex
	asked time.Time
	known known
	said  bool // that the stream has no age by message
}

// known is what is known of the stream.
type known struct {
	fit  error         // why an event may not be held in it
	risk error         // what can cost it its records all the same
	most int64         // bytes that refused deliveries may fill it up to
	room int64         // bytes that are left of those; none or fewer where none are kept any more
	age  time.Duration // how long it keeps what strangers sent
	ttl  time.Duration // the age to give such a message, 0 where the stream's own counts
	// ageless says that a message should have an age, and can have none of its own.
	ageless bool
}

// write stores m and returns when the stream has acknowledged all of it. After ttl it is
// removed, 0 is the stream's own age. A record that is larger than a message may be goes
// in several, the one that names the others last.
func (w *writer) write(ctx context.Context, m *archive.Message, msgID string, ttl time.Duration) error {
	js, err := w.connect(ctx)
	if err != nil {
		return err
	}
	most := int(js.Conn().MaxPayload()) - partRoom
	if most <= 0 {
		return fmt.Errorf("the broker's max_payload leaves no room: %w", nats.ErrMaxPayload)
	}
	publish := func(msg *nats.Msg) (uint64, error) {
		msg.Header.Set(jetstream.ExpectedStreamHeader, w.cfg.Stream)
		if ttl > 0 {
			msg.Header.Set(jetstream.MsgTTLHeader, ttl.String())
		}
		ack, err := js.PublishMsg(ctx, msg)
		if err != nil {
			return 0, err
		}
		return ack.Sequence, nil
	}
	msg, whole, err := m.Split(most, msgID, publish)
	if err != nil {
		return w.explain(err)
	}
	// The parts of a record are named by their sequences, under which nothing could
	// publish them again.
	if m.Held && w.keep != nil && whole {
		msg.Header.Set(jetstream.ExpectedStreamHeader, w.cfg.Stream)
		err = w.keep(ctx, msg)
	} else {
		_, err = publish(msg)
	}
	w.mu.Lock()
	w.known.room -= m.Size()
	w.mu.Unlock()
	return w.explain(err)
}

// explain says what is missing where no stream takes a record, and asks for the stream
// again with the next one.
func (w *writer) explain(err error) error {
	if err == nil {
		return nil
	}
	w.mu.Lock()
	w.asked = time.Time{}
	w.mu.Unlock()
	if errors.Is(err, jetstream.ErrNoStreamResponse) {
		return fmt.Errorf("%w: %s has to take %q: %w", ErrNoStream, w.cfg.Stream, w.cfg.SubjectPrefix+".>", err)
	}
	return err
}

// ready asks for the stream, which it creates where that is wanted, unless it did
// a moment ago.
func (w *writer) ready(ctx context.Context) (known, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.now()
	if age := now.Sub(w.asked); !w.asked.IsZero() && age >= 0 && age < askInterval {
		return w.known, nil
	}
	js, err := w.connect(ctx)
	if err != nil {
		return known{}, err
	}
	info, err := w.look(ctx, js)
	if err != nil {
		return known{}, err
	}
	w.known, w.asked = w.cfg.known(info), now
	if w.known.ageless && !w.said {
		w.said = true
		w.log.Warn("refused deliveries are kept as long as held events, since the stream takes no age of a single message; webhookctl streams apply, or nats stream edit --allow-msg-ttl, changes that",
			slog.String("stage", "quarantine"), slog.String("stream", w.cfg.Stream))
	}
	return w.known, nil
}

// known says what follows from the state of the stream. A flood of refused deliveries
// must not take what events that are held back need.
func (c *Config) known(info *jetstream.StreamInfo) known {
	k := known{fit: streams.Check(&info.Config, c.SubjectPrefix), risk: streams.Risks(&info.Config), most: c.MaxBytes - c.MaxBytes/reserve, age: info.Config.MaxAge}
	k.room = math.MaxInt64
	if most := info.Config.MaxBytes; most > 0 {
		k.most = most - most/reserve
		k.room = k.most - int64(min(info.State.Bytes, math.MaxInt64))
	}
	if k.age <= 0 {
		k.age = endless
	}
	wanted := time.Duration(c.RefusedMaxAgeHours) * time.Hour
	sooner := wanted > 0 && (info.Config.MaxAge <= 0 || wanted < info.Config.MaxAge)
	if k.ageless = sooner && !info.Config.AllowMsgTTL; sooner && !k.ageless {
		k.age, k.ttl = wanted, wanted
	}
	return k
}

func (w *writer) look(ctx context.Context, js jetstream.JetStream) (*jetstream.StreamInfo, error) {
	c := &w.cfg
	if c.Ensure == EnsureCreate {
		spec := streams.Spec{
			Name: c.Stream, Subjects: []string{c.SubjectPrefix + ".>"}, Description: "Deliveries that the webhook edge refused or held back",
			Replicas: c.Replicas, MaxAge: time.Duration(c.MaxAgeHours) * time.Hour, MaxBytes: c.MaxBytes, DuplicateWindow: window, AllowMsgTTL: true,
		}
		if _, err := streams.Ensure(ctx, js, &spec); err != nil {
			return nil, err
		}
	}
	stream, err := js.Stream(ctx, c.Stream)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return nil, fmt.Errorf("%w: create a stream %s that takes %q", ErrNoStream, c.Stream, c.SubjectPrefix+".>")
	}
	if err != nil {
		return nil, fmt.Errorf("ask for stream %s: %w", c.Stream, err)
	}
	return stream.CachedInfo(), nil
}
