package wire

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// DefaultMaxFrame bounds one frame in bytes. Kong has no bound of its own; a
// response body of a plugin is the largest thing that travels here.
const DefaultMaxFrame = 64 << 20

// headerSize is the length prefix: a little-endian uint32.
const headerSize = 4

// ErrFrameTooLarge is returned for a frame over the reader's bound.
var ErrFrameTooLarge = errors.New("frame too large")

// Reader reads frames. It is not safe for concurrent use.
type Reader struct {
	br  *bufio.Reader
	max int
	buf []byte
}

// NewReader returns a Reader that refuses frames of more than limit bytes; a
// limit of zero or less means DefaultMaxFrame.
func NewReader(r io.Reader, limit int) *Reader {
	if limit <= 0 {
		limit = DefaultMaxFrame
	}
	return &Reader{br: bufio.NewReaderSize(r, 4<<10), max: limit}
}

// Next returns the payload of the next frame, which is valid until the next
// call. The error is io.EOF only where the stream ends between two frames.
func (r *Reader) Next() ([]byte, error) {
	head, err := r.br.Peek(headerSize)
	if err != nil {
		if errors.Is(err, io.EOF) && len(head) > 0 {
			return nil, io.ErrUnexpectedEOF
		}
		return nil, err
	}
	size := int64(binary.LittleEndian.Uint32(head))
	if size > int64(r.max) {
		return nil, fmt.Errorf("%w: %d bytes, at most %d", ErrFrameTooLarge, size, r.max)
	}
	if _, err := r.br.Discard(headerSize); err != nil {
		return nil, err
	}
	return r.payload(int(size))
}

// payload grows the buffer as bytes arrive, so that a peer cannot make it
// allocate by a length alone.
func (r *Reader) payload(size int) ([]byte, error) {
	const step = 1 << 20
	r.buf = r.buf[:0]
	for len(r.buf) < size {
		n := min(size-len(r.buf), step)
		start := len(r.buf)
		if cap(r.buf) < start+n {
			grown := make([]byte, start, max(start+n, min(2*cap(r.buf), size)))
			copy(grown, r.buf)
			r.buf = grown
		}
		r.buf = r.buf[:start+n]
		if _, err := io.ReadFull(r.br, r.buf[start:]); err != nil {
			if errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return nil, err
		}
	}
	return r.buf, nil
}

// Pending reports whether a whole frame has arrived already, so that Next
// returns without waiting.
func (r *Reader) Pending() bool {
	n := r.br.Buffered()
	if n < headerSize {
		return false
	}
	head, err := r.br.Peek(headerSize)
	return err == nil && int64(n-headerSize) >= int64(binary.LittleEndian.Uint32(head))
}

// AppendFrame appends payload as one frame.
func AppendFrame(dst, payload []byte) []byte {
	dst = binary.LittleEndian.AppendUint32(dst, uint32(len(payload)))
	return append(dst, payload...)
}

// BeginFrame reserves the length of a frame whose payload the caller appends;
// EndFrame fills it in.
func BeginFrame(dst []byte) (out []byte, mark int) {
	return append(dst, 0, 0, 0, 0), len(dst)
}

// EndFrame ends the frame that began at mark.
func EndFrame(dst []byte, mark int) []byte {
	binary.LittleEndian.PutUint32(dst[mark:], uint32(len(dst)-mark-headerSize))
	return dst
}
