package wire

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

const (
	// headerSize is the length of a frame's header: a little-endian uint32 that
	// counts the bytes behind it.
	headerSize = 4
	// ReadBuffer holds a whole snapshot of a usual delivery, so that the replies
	// to one pipelined write are read with one system call.
	ReadBuffer = 16 << 10
)

// ErrFrameTooLarge is returned for a frame over the reader's limit.
var ErrFrameTooLarge = errors.New("frame is larger than the limit")

// Reader reads frames. It is not safe for concurrent use.
type Reader struct {
	*bufio.Reader
	max    int
	unread int    // bytes of the last frame still in the buffer
	large  []byte // a frame that the buffer cannot hold
}

// NewReader returns a Reader that refuses frames of more than limit bytes.
func NewReader(r io.Reader, limit int) *Reader {
	return &Reader{Reader: bufio.NewReaderSize(r, ReadBuffer), max: limit}
}

// Await blocks until the header of the next frame is there. The error is io.EOF
// only where the stream ends between two frames.
func (r *Reader) Await() error {
	_, err := r.header()
	return err
}

func (r *Reader) header() ([]byte, error) {
	if r.unread > 0 {
		if _, err := r.Discard(r.unread); err != nil {
			return nil, err
		}
		r.unread = 0
	}
	head, err := r.Peek(headerSize)
	if len(head) > 0 {
		err = Unexpected(err)
	}
	return head, err
}

// HasMore reports whether bytes behind the last frame were read already.
func (r *Reader) HasMore() bool { return r.Buffered() > r.unread }

// Pending reports whether a whole frame behind the last one has arrived already, so
// that Next returns without waiting.
func (r *Reader) Pending() bool {
	behind := r.Buffered() - r.unread - headerSize
	if behind < 0 {
		return false
	}
	head, err := r.Peek(r.unread + headerSize)
	return err == nil && int64(behind) >= int64(binary.LittleEndian.Uint32(head[r.unread:]))
}

// Length reads the header of the next frame. The caller reads or discards as many
// bytes before the next call. The length comes with ErrFrameTooLarge as well.
func (r *Reader) Length() (int, error) {
	head, err := r.header()
	if err != nil {
		return 0, err
	}
	n := binary.LittleEndian.Uint32(head)
	if _, err := r.Discard(headerSize); err != nil {
		return 0, err
	}
	if uint64(n) > uint64(r.max) {
		return int(n), fmt.Errorf("%w: %d bytes, limit %d", ErrFrameTooLarge, n, r.max)
	}
	return int(n), nil
}

// Next returns the content of the next frame, which is valid until the next call.
func (r *Reader) Next() ([]byte, error) {
	n, err := r.Length()
	if err != nil {
		return nil, err
	}
	if n <= r.Size() {
		b, err := r.Peek(n)
		if err != nil {
			return nil, Unexpected(err)
		}
		r.unread = n
		return b, nil
	}
	r.large = nil // let go of the one before, which may be as large
	b, err := readGrowing(r, n)
	if err != nil {
		return nil, Unexpected(err)
	}
	r.large = b
	return b, nil
}

// readGrowing reads n bytes without trusting n before they are there, so that
// a header alone cannot make the process allocate its claim.
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

// Unexpected turns io.EOF, of a stream that ends inside a frame, into
// io.ErrUnexpectedEOF.
func Unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// AppendFrame appends a whole frame.
func AppendFrame[T ~string | ~[]byte](dst []byte, content T) []byte {
	dst = binary.LittleEndian.AppendUint32(dst, uint32(len(content)))
	return append(dst, content...)
}

// BeginFrame reserves the header of a frame whose content the caller appends;
// EndFrame fills it in.
func BeginFrame(dst []byte) (out []byte, mark int) {
	return append(dst, 0, 0, 0, 0), len(dst)
}

// EndFrame ends the frame that began at mark.
func EndFrame(dst []byte, mark int) []byte {
	binary.LittleEndian.PutUint32(dst[mark:], uint32(len(dst)-mark-headerSize))
	return dst
}
