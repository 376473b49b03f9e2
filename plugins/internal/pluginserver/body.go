package pluginserver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"google.golang.org/protobuf/encoding/protowire"

	"webhookedge/kong/wire"
	"webhookedge/plugins/internal/pipeline"
)

const (
	// maxNote bounds what Kong sends in place of a body: the path of a file
	// (PATH_MAX on Linux) or an error.
	maxNote = 4096
	// readAtOnce is how much of a file is read between two looks at the deadline.
	readAtOnce = 1 << 20
	// skipTimeout bounds the reading of the rest of a reply that is not needed.
	skipTimeout = 5 * time.Second
)

// Numbers of RawBodyResult's kinds.
const (
	bodyContent = 1
	bodyPath    = 2
	bodyError   = 3
)

// body is a delivery's body on its way from Kong. A small one comes with the
// snapshot; of a large one only the place is known until LoadBody.
type body struct {
	conn   *conn
	share  share
	limit  int    // max_body_bytes
	copies int    // before the sender is proved
	size   int    // bytes that wait in the connection to be loaded
	path   string // of the file that the body waits in
	unread int    // bytes of Kong's reply that nobody has read
}

// begin resets b for the next delivery.
func (b *body) begin(c *conn, h *Handler) {
	*b = body{conn: c, share: share{of: c.srv.memory}, limit: h.MaxBodyBytes, copies: h.UnprovedCopies}
}

// declaredSize is the Content-Length of the request, 0 for a chunked body.
func declaredSize(h pipeline.Headers) uint64 {
	text, _ := h.Get("content-length")
	size, _ := strconv.ParseUint(text, 10, 64) // the largest number where it is larger
	return size
}

// receive reads the reply to kong.request.get_raw_body as far as that costs no
// memory, and returns a small body. A *pipeline.Reject refuses the delivery; any
// other error means that the connection is unusable.
func (b *body) receive() ([]byte, error) {
	r := b.conn.in
	n, err := r.Length()
	if errors.Is(err, wire.ErrFrameTooLarge) {
		b.unread = n
		return nil, tooLarge(int64(n), b.limit)
	}
	if err != nil || n == 0 {
		return nil, err
	}
	head, err := r.Peek(min(n, 2*protowire.SizeVarint(1<<63)))
	if err != nil {
		return nil, wire.Unexpected(err)
	}
	kind, typ, tag := protowire.ConsumeTag(head)
	if tag < 0 || typ != protowire.BytesType {
		return nil, wire.ErrMalformed
	}
	size, varint := protowire.ConsumeVarint(head[tag:])
	if varint < 0 || size != uint64(n-tag-varint) {
		return nil, wire.ErrMalformed
	}
	if _, err := r.Discard(tag + varint); err != nil {
		return nil, err
	}
	b.unread = n - tag - varint
	if kind == bodyContent {
		return b.content()
	}
	return nil, b.note(kind)
}

// ignore leaves the whole reply unread, since the delivery is refused anyway.
func (b *body) ignore() error {
	n, err := b.conn.in.Length()
	if err == nil || errors.Is(err, wire.ErrFrameTooLarge) {
		b.unread = n
		return nil
	}
	return err
}

// content reads a small body, and leaves a large one where it is.
func (b *body) content() ([]byte, error) {
	switch {
	case b.unread > b.limit:
		return nil, tooLarge(int64(b.unread), b.limit)
	case b.unread > smallBody:
		b.size = b.unread
		return nil, nil
	}
	return b.read(context.Background(), b.unread) // a small one waits for nothing
}

// note reads what Kong sends in place of a body.
func (b *body) note(kind protowire.Number) error {
	if b.unread > maxNote {
		return wire.ErrMalformed
	}
	text, err := b.conn.in.Peek(b.unread)
	if err != nil {
		return wire.Unexpected(err)
	}
	note := string(text)
	if _, err := b.conn.in.Discard(b.unread); err != nil {
		return err
	}
	b.unread = 0
	if kind != bodyPath {
		return &pipeline.Reject{Code: pipeline.Malformed, Err: fmt.Errorf("%w: %.200q", errBody, note)}
	}
	b.path = note
	// Any other fault of the file is reported when it is read.
	if info, err := os.Stat(note); err == nil && info.Size() > int64(b.limit) {
		return tooLarge(info.Size(), b.limit)
	}
	return nil
}

// LoadBody implements pipeline.Source.
func (b *body) LoadBody(ctx context.Context) ([]byte, error) {
	switch {
	case b.path != "":
		return b.load(ctx)
	case b.size > 0:
		return b.read(ctx, b.size)
	}
	return nil, nil
}

// Copy implements pipeline.Source.
func (b *body) Copy(size int) ([]byte, error) { return b.share.copy(size) }

// read reads a body that Kong has in memory, and sends without a pause.
func (b *body) read(ctx context.Context, size int) ([]byte, error) {
	content, err := b.share.take(ctx, size, b.copies)
	if err != nil {
		return nil, err
	}
	if deadline, ok := ctx.Deadline(); ok {
		if err := b.conn.net.SetReadDeadline(deadline); err != nil {
			return nil, err
		}
		// The replies to the answer have a time of their own.
		defer func() { _ = b.conn.net.SetReadDeadline(time.Now().Add(snapshotTimeout)) }()
	}
	b.unread = 0 // or the connection is broken
	if _, err := io.ReadFull(b.conn.in, content); err != nil {
		return nil, fmt.Errorf("reply to kong.request.get_raw_body: %w", late(wire.Unexpected(err)))
	}
	return content, nil
}

// load reads the file that Kong named, which lives as long as the request.
func (b *body) load(ctx context.Context) ([]byte, error) {
	f, err := os.Open(b.path)
	if err != nil {
		return nil, fmt.Errorf("kong's body file: %w", err)
	}
	defer f.Close() //nolint:errcheck // only read
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("kong's body file: %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("kong's body file is not a regular file")
	}
	if info.Size() > int64(b.limit) {
		return nil, tooLarge(info.Size(), b.limit)
	}
	content, err := b.share.take(ctx, int(info.Size()), b.copies)
	if err != nil {
		return nil, err
	}
	for rest := content; len(rest) > 0; {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		n, err := io.ReadFull(f, rest[:min(len(rest), readAtOnce)])
		if err != nil {
			return nil, fmt.Errorf("kong's body file: %w", wire.Unexpected(err))
		}
		rest = rest[n:]
	}
	return content, nil
}

// skip discards the unread rest of Kong's reply: Kong reads the answer only after it has
// sent all of it.
func (b *body) skip() error {
	if b.unread == 0 {
		return nil
	}
	if err := b.conn.net.SetReadDeadline(time.Now().Add(skipTimeout)); err != nil {
		return err
	}
	n := b.unread
	b.unread = 0
	_, err := io.CopyN(io.Discard, b.conn.in, int64(n))
	return wire.Unexpected(err)
}

func tooLarge[T int64 | uint64](size T, limit int) error {
	return &pipeline.Reject{Code: pipeline.BodyTooLarge, Err: fmt.Errorf("body of %d bytes, limit %d", size, limit)}
}

// late reports a connection's read deadline as the delivery's deadline.
func late(err error) error {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return fmt.Errorf("%w: %w", context.DeadlineExceeded, err)
	}
	return err
}

var _ pipeline.Source = (*body)(nil)
