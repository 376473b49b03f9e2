package pluginserver

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

const (
	// frameHead is the length of a frame's head: a little-endian uint32 that
	// counts the bytes behind it.
	frameHead = 4
	// readBuffer holds a whole snapshot of a usual delivery, so that the
	// replies to one pipelined write are read with one system call.
	readBuffer = 16 << 10
	// DefaultMaxFrame bounds a frame from Kong, in bytes: the largest body
	// that any provider sends (GitHub's 25 MiB) and room for its wrapping.
	DefaultMaxFrame = 32 << 20
)

// ErrFrameTooLarge says that a frame from Kong is longer than the limit.
var ErrFrameTooLarge = errors.New("frame is larger than the limit")

// frameReader reads frames. A frame that it returns is valid until the next
// call only.
type frameReader struct {
	br      *bufio.Reader
	max     int
	pending int    // bytes of the last frame still in br
	large   []byte // a frame that br cannot hold
}

func newFrameReader(r io.Reader, limit int) *frameReader {
	return &frameReader{br: bufio.NewReaderSize(r, readBuffer), max: limit}
}

// await blocks until the head of the next frame is there. It returns io.EOF
// only where the peer closed between two frames.
func (r *frameReader) await() ([]byte, error) {
	if r.pending > 0 {
		if _, err := r.br.Discard(r.pending); err != nil {
			return nil, err
		}
		r.pending = 0
	}
	head, err := r.br.Peek(frameHead)
	if errors.Is(err, io.EOF) && len(head) > 0 {
		err = io.ErrUnexpectedEOF
	}
	return head, err
}

// buffered reports whether bytes behind the last frame were read already.
func (r *frameReader) buffered() bool { return r.br.Buffered() > r.pending }

// length reads the head of the next frame.
func (r *frameReader) length() (int, error) {
	head, err := r.await()
	if err != nil {
		return 0, err
	}
	n := binary.LittleEndian.Uint32(head)
	if _, err := r.br.Discard(frameHead); err != nil {
		return 0, err
	}
	if uint64(n) > uint64(r.max) {
		return int(n), fmt.Errorf("%w: %d bytes, limit %d", ErrFrameTooLarge, n, r.max)
	}
	return int(n), nil
}

// next returns the next frame.
func (r *frameReader) next() ([]byte, error) {
	n, err := r.length()
	if err != nil {
		return nil, err
	}
	return r.content(n)
}

// content returns the n bytes behind a head.
func (r *frameReader) content(n int) ([]byte, error) {
	if n <= r.br.Size() {
		b, err := r.br.Peek(n)
		if err != nil {
			return nil, unexpected(err)
		}
		r.pending = n
		return b, nil
	}
	r.large = nil // let go of the one before, which may be as large
	b, err := readGrowing(r.br, n)
	if err != nil {
		return nil, unexpected(err)
	}
	r.large = b
	return b, nil
}

// readGrowing reads n bytes without trusting n before they are there, so that
// a head alone cannot make the process allocate its claim.
func readGrowing(src io.Reader, n int) ([]byte, error) {
	b := make([]byte, 0, min(n, 1<<20))
	for len(b) < n {
		if len(b) == cap(b) {
			bigger := make([]byte, len(b), min(n, 4*cap(b)))
			copy(bigger, b)
			b = bigger
		}
		m, err := io.ReadFull(src, b[len(b):cap(b)])
		b = b[:len(b)+m]
		if err != nil {
			return nil, err
		}
	}
	return b, nil
}

// skip drops n bytes of a frame that is too large to be read.
func (r *frameReader) skip(n int) error {
	_, err := io.CopyN(io.Discard, r.br, int64(n))
	return unexpected(err)
}

func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// appendFrame appends a whole frame.
func appendFrame[T ~string | ~[]byte](dst []byte, content T) []byte {
	dst = binary.LittleEndian.AppendUint32(dst, uint32(len(content)))
	return append(dst, content...)
}

// beginFrame leaves room for a head; endFrame fills it in for what was
// appended since.
func beginFrame(dst []byte) (out []byte, mark int) {
	return append(dst, 0, 0, 0, 0), len(dst)
}

func endFrame(dst []byte, mark int) []byte {
	binary.LittleEndian.PutUint32(dst[mark:], uint32(len(dst)-mark-frameHead))
	return dst
}
