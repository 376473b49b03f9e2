package quarantine

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/internal/streams"
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

// reserve is the share of a stream's bytes that refused deliveries must leave to
// events that are held back: one of four.
const reserve = 4

// askEvery is how long what is known of the stream stands.
const askEvery = 10 * time.Second

// window is the duplicate window of a created stream: a sender's retry of an
// event whose ack was lost comes within minutes.
const window = 2 * time.Minute

// writer puts records into the stream.
type writer struct {
	connect Connect
	cfg     Config
	now     func() time.Time

	mu    sync.Mutex
	asked time.Time
	fit   error // why an event may not be held in the stream
	full  bool  // refused deliveries are not kept any more
}

// write stores r and returns when the stream has acknowledged all of it. A record
// that is larger than a message may be goes in several, the one that names the
// others last.
func (w *writer) write(ctx context.Context, r *Record, keys *Keys, msgID string) error {
	js, err := w.connect(ctx)
	if err != nil {
		return err
	}
	plain, err := r.encode()
	if err != nil {
		return err
	}
	subject := r.subject(w.cfg.SubjectPrefix)
	data := keys.seal(plain, subject)
	most := int(js.Conn().MaxPayload()) - partRoom
	if most <= 0 {
		return fmt.Errorf("the broker's max_payload leaves no room: %w", nats.ErrMaxPayload)
	}
	var parts []string
	for rest := data[min(most, len(data)):]; len(rest) > 0; {
		n := min(most, len(rest))
		// Not msgID: parts of a first try must not stand for those of a second, which is sealed anew.
		id := r.ID + ":" + strconv.Itoa(len(parts)+1)
		ack, err := w.publish(ctx, js, &nats.Msg{Subject: subject, Data: rest[:n], Header: nats.Header{headerPart: {r.ID}, jetstream.MsgIDHeader: {id}}})
		if err != nil {
			return err
		}
		parts, rest = append(parts, strconv.FormatUint(ack.Sequence, 10)), rest[n:]
	}
	msg := &nats.Msg{Subject: subject, Data: data[:min(most, len(data))], Header: r.headers(keys)}
	msg.Header.Set(jetstream.MsgIDHeader, msgID)
	if len(parts) > 0 {
		msg.Header.Set(headerParts, strings.Join(parts, ","))
	}
	_, err = w.publish(ctx, js, msg)
	return err
}

func (w *writer) publish(ctx context.Context, js jetstream.JetStream, msg *nats.Msg) (*jetstream.PubAck, error) {
	msg.Header.Set(jetstream.ExpectedStreamHeader, w.cfg.Stream)
	ack, err := js.PublishMsg(ctx, msg)
	if errors.Is(err, jetstream.ErrNoStreamResponse) {
		return nil, fmt.Errorf("%w: %s has to take %q: %w", ErrNoStream, w.cfg.Stream, w.cfg.SubjectPrefix+".>", err)
	}
	return ack, err
}

// headers are the record's, but for its id as a message.
func (r *Record) headers(keys *Keys) nats.Header {
	h := nats.Header{}
	h.Set(headerID, r.ID)
	h.Set(headerReceived, r.ReceivedAt.Format(time.RFC3339Nano))
	h.Set(headerRoute, printable(r.Route))
	h.Set(headerRequest, printable(r.RequestID))
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
// a moment ago. full is true when refused deliveries must not be kept: a flood of
// them must not take what events that are held back need. fit is why those may
// not be held either.
func (w *writer) ready(ctx context.Context) (full bool, fit, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.now()
	if age := now.Sub(w.asked); !w.asked.IsZero() && age >= 0 && age < askEvery {
		return w.full, w.fit, nil
	}
	js, err := w.connect(ctx)
	if err != nil {
		return false, nil, err
	}
	info, err := w.look(ctx, js)
	if err != nil {
		return false, nil, err
	}
	most := info.Config.MaxBytes
	w.full = most > 0 && info.State.Bytes > uint64(most-most/reserve)
	w.fit = streams.Check(&info.Config, w.cfg.SubjectPrefix)
	w.asked = now
	return w.full, w.fit, nil
}

func (w *writer) look(ctx context.Context, js jetstream.JetStream) (*jetstream.StreamInfo, error) {
	c := &w.cfg
	if c.Ensure == EnsureCreate {
		spec := streams.Spec{
			Name: c.Stream, Subjects: []string{c.SubjectPrefix + ".>"}, Description: "Deliveries that the webhook edge refused or held back",
			Replicas: c.Replicas, MaxAge: time.Duration(c.MaxAgeHours) * time.Hour, MaxBytes: c.MaxBytes, DuplicateWindow: window, Compression: true,
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
