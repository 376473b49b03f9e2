package pluginserver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"time"

	"golang.org/x/sync/semaphore"
	"google.golang.org/protobuf/encoding/protowire"

	"webhookedge/plugins/internal/pipeline"
)

const (
	// smallBody is read into memory that the connection keeps; a larger one is
	// taken from the process's budget and given back when it is answered.
	smallBody = 64 << 10
	// DefaultBodyMemory bounds the bytes of larger bodies that the process
	// works on at once, counting each twice: the body and the event made of it.
	DefaultBodyMemory = 64 << 20
	bodyCopies        = 2
	// hugeBody is where the garbage of one body is collected before the next is
	// read: the collector alone lets the heap double first, and these are the
	// heap. It costs some milliseconds, and reading such a body more.
	hugeBody = 8 << 20
)

// Numbers of RawBodyResult's kinds.
const (
	bodyContent = 1
	bodyPath    = 2
	bodyError   = 3
)

// memory is the process's budget for large bodies.
type memory struct {
	sem   *semaphore.Weighted
	total int64
}

func newMemory(total int64) *memory {
	return &memory{sem: semaphore.NewWeighted(total), total: total}
}

// take waits until deadline for size bytes of body to fit the budget. A body that is larger
// than the whole budget waits until it has all of it for itself.
func (m *memory) take(deadline time.Time, size int) (give func(), err error) {
	weight := min(int64(size)*bodyCopies, m.total)
	ctx, cancel := context.WithDeadline(context.Background(), deadline)
	defer cancel()
	if err := m.sem.Acquire(ctx, weight); err != nil {
		return nil, &pipeline.Reject{Code: pipeline.Overloaded, Err: fmt.Errorf("no memory for a body of %d bytes: %w", size, err)}
	}
	if size >= hugeBody {
		runtime.GC()
	}
	return func() { m.sem.Release(weight) }, nil
}

// body is a delivery's body on its way from Kong.
type body struct {
	small []byte // kept by the connection from delivery to delivery
	path  string // where Kong put it, when it outgrew client_body_buffer_size
	give  func() // gives back what take took
}

func (b *body) release() {
	if b.give != nil {
		b.give()
		b.give = nil
	}
	b.path = ""
}

// read reads the reply to kong.request.get_raw_body. A *pipeline.Reject means
// that the reply was read to its end and the delivery is refused; any other
// error, that the connection is of no more use.
func (b *body) read(deadline time.Time, r *frameReader, limit int, mem *memory) ([]byte, error) {
	n, err := r.length()
	if errors.Is(err, ErrFrameTooLarge) {
		return nil, orTransport(r.skip(n), tooLarge(n, limit))
	}
	if err != nil || n == 0 {
		return nil, err
	}
	head, err := r.br.Peek(min(n, 2*protowire.SizeVarint(1<<63)))
	if err != nil {
		return nil, unexpected(err)
	}
	num, typ, tag := protowire.ConsumeTag(head)
	if tag < 0 || typ != protowire.BytesType {
		return nil, errMalformed
	}
	size, varint := protowire.ConsumeVarint(head[tag:])
	if varint < 0 || size != uint64(n-tag-varint) {
		return nil, errMalformed
	}
	if _, err := r.br.Discard(tag + varint); err != nil {
		return nil, err
	}
	return b.content(deadline, r, num, n-tag-varint, limit, mem)
}

func (b *body) content(deadline time.Time, r *frameReader, kind protowire.Number, size, limit int, mem *memory) ([]byte, error) {
	switch {
	case kind == bodyContent && size > limit:
		return nil, orTransport(r.skip(size), tooLarge(size, limit))
	case kind == bodyContent && size <= smallBody:
		if cap(b.small) < size {
			b.small = make([]byte, smallBody)
		}
		_, err := io.ReadFull(r.br, b.small[:size])
		return b.small[:size], unexpected(err)
	case kind == bodyContent:
		give, err := mem.take(deadline, size)
		if err != nil {
			return nil, orTransport(r.skip(size), err)
		}
		b.give = give
		content, err := readGrowing(r.br, size)
		return content, unexpected(err)
	}
	note, err := readGrowing(r.br, size)
	switch {
	case err != nil:
		return nil, unexpected(err)
	case kind == bodyPath:
		b.path = string(note)
		return nil, nil
	default:
		return nil, &pipeline.Reject{Code: pipeline.Malformed, Err: fmt.Errorf("%w: %.200q", errBody, note)}
	}
}

// load reads the file that Kong named, which lives as long as the request.
func (b *body) load(deadline time.Time, limit int, mem *memory) ([]byte, error) {
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
		return nil, errors.New("kong's body file is no regular file")
	}
	if info.Size() > int64(limit) {
		return nil, tooLarge(int(info.Size()), limit)
	}
	if b.give, err = mem.take(deadline, int(info.Size())); err != nil {
		return nil, err
	}
	content := make([]byte, info.Size())
	if _, err := io.ReadFull(f, content); err != nil {
		return nil, fmt.Errorf("kong's body file: %w", unexpected(err))
	}
	return content, nil
}

func tooLarge(size, limit int) error {
	return &pipeline.Reject{Code: pipeline.BodyTooLarge, Err: fmt.Errorf("body of %d bytes, limit %d", size, limit)}
}

// orTransport prefers the fault of the connection over the refusal.
func orTransport(transport, refusal error) error {
	if transport != nil {
		return transport
	}
	return refusal
}
