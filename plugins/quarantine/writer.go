package quarantine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/internal/text"
	"webhookedge/plugins/streams"
)

// The reasons for which something is not kept.
var (
	// ErrFull is a stream whose last part is for events that are held back.
	ErrFull = errors.New("the stream is nearly full, so that refused deliveries are not kept")
	// ErrNoStream is a stream that is not there or does not take the subject.
	ErrNoStream = errors.New("no stream takes what is kept")
)

// The headers of a message. They are what a listing needs, so that it opens
// nothing; a reader must not trust them for more.
const (
	headerID       = "Webhook-Record"
	headerReceived = "Webhook-Received-At"
	headerRoute    = "Webhook-Route"
	headerRequest  = "Webhook-Request-Id"
	headerSize     = "Webhook-Body-Size"
	headerKey      = "Webhook-Key"
	headerHeld     = "Webhook-Held"
	// headerParts lists the sequences of the messages that hold the rest of a
	// record, headerPart marks such a message.
	headerParts = "Webhook-Parts"
	headerPart  = "Webhook-Part-Of"
)

// partRoom is what the headers and the subject of a part may take of max_payload.
const partRoom = 16 << 10

// overhead is about what a stream takes for a message beside its subject, headers and
// data, in bytes: its id and age among the headers, and what stands before it on disk.
const overhead = 192

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

// packed is a record as it goes into the stream.
type packed struct {
	id      string
	subject string
	data    []byte
	header  nats.Header
	held    bool          // an event, which is stored as safely as one that is published
	ttl     time.Duration // after which it is removed, 0 for the stream's own age
}

// size is about what m takes of the stream in bytes.
func (m *packed) size() int64 {
	n := len(m.data) + len(m.subject)
	for name, values := range m.header {
		for _, value := range values {
			n += len(name) + len(value) + len(": \r\n")
		}
	}
	return int64(n) + overhead
}

// pack encodes and seals r.
func (w *writer) pack(r *Record, keys *Keys) (*packed, error) {
	plain, err := r.encode()
	if err != nil {
		return nil, err
	}
	subject := r.subject(w.cfg.SubjectPrefix)
	return &packed{id: r.ID, subject: subject, data: keys.seal(plain, subject), header: r.headers(keys)}, nil
}

// write stores m and returns when the stream has acknowledged all of it. A record
// that is larger than a message may be goes in several, the one that names the
// others last.
func (w *writer) write(ctx context.Context, m *packed, msgID string) error {
	js, err := w.connect(ctx)
	if err != nil {
		return err
	}
	subject, data := m.subject, m.data
	most := int(js.Conn().MaxPayload()) - partRoom
	if most <= 0 {
		return fmt.Errorf("the broker's max_payload leaves no room: %w", nats.ErrMaxPayload)
	}
	var parts []string
	for rest := data[min(most, len(data)):]; len(rest) > 0; {
		n := min(most, len(rest))
		// Not msgID: parts of a first try must not stand for those of a second, which is sealed anew.
		id := m.id + ":" + strconv.Itoa(len(parts)+1)
		ack, err := w.publish(ctx, js, &nats.Msg{Subject: subject, Data: rest[:n], Header: nats.Header{headerPart: {m.id}, jetstream.MsgIDHeader: {id}}}, m.ttl)
		if err != nil {
			return w.explain(err)
		}
		parts, rest = append(parts, strconv.FormatUint(ack.Sequence, 10)), rest[n:]
	}
	msg := &nats.Msg{Subject: subject, Data: data[:min(most, len(data))], Header: m.header}
	msg.Header.Set(jetstream.MsgIDHeader, msgID)
	if len(parts) > 0 {
		msg.Header.Set(headerParts, strings.Join(parts, ","))
	}
	// The parts of a record are named by their sequences, under which nothing could
	// publish them again.
	if m.held && w.keep != nil && len(parts) == 0 {
		msg.Header.Set(jetstream.ExpectedStreamHeader, w.cfg.Stream)
		err = w.keep(ctx, msg)
	} else {
		_, err = w.publish(ctx, js, msg, m.ttl)
	}
	w.took(m.size())
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

func (w *writer) publish(ctx context.Context, js jetstream.JetStream, msg *nats.Msg, ttl time.Duration) (*jetstream.PubAck, error) {
	msg.Header.Set(jetstream.ExpectedStreamHeader, w.cfg.Stream)
	if ttl > 0 {
		msg.Header.Set(jetstream.MsgTTLHeader, ttl.String())
	}
	return js.PublishMsg(ctx, msg)
}

// headers are the record's, but for its id as a message.
func (r *Record) headers(keys *Keys) nats.Header {
	h := nats.Header{}
	h.Set(headerID, r.ID)
	h.Set(headerReceived, r.ReceivedAt.Format(time.RFC3339Nano))
	h.Set(headerRoute, text.Printable(r.Route))
	h.Set(headerRequest, text.Printable(r.RequestID))
	h.Set(headerSize, strconv.Itoa(r.Size))
	if key := keys.Use(); key != "" {
		h.Set(headerKey, key)
	}
	if r.Held {
		h.Set(headerHeld, "true")
	}
	return h
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

// took notes that bytes went into the stream since it was asked for.
func (w *writer) took(n int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.known.room -= n
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
