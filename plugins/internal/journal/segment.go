package journal

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// A segment is a file of frames: the length of what follows the checksum, its
// CRC-32C, the time in Unix nanoseconds, and the record. It is only ever appended
// to, and a process writes no segment that another one began, so that what a crash
// cut off stands at the end and was answered to nobody.
const (
	segmentMagic  = "webhook journal 1\n"
	segmentSuffix = ".log"
	frameHeader   = 4 + 4 + 8
	// segmentBytes ends a segment before the next record.
	segmentBytes = 16 << 20
)

// Marks say what became of the records of a segment, in a file beside it. They
// are not synced: one that is lost costs a question to the broker, no event.
const (
	marksSuffix = ".acks"
	markBytes   = 4 + 1 + 8 + 4
	markAcked   = 1
	markDone    = 2
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// File is what a segment is written to.
type File interface {
	io.Writer
	Sync() error
	Close() error
}

// segment is a file and what is known of its records.
type segment struct {
	id      uint64
	path    string
	entries []*Entry
	bytes   int64
	count   [done + 1]int // of entries, by state
	begun   time.Time     // zero for one that another process wrote
	lastAck time.Time
	sealed  bool // nothing is appended any more
	removed bool // with its marks
	damaged bool
}

// appendFrame appends a record that was put in at now.
func appendFrame(dst []byte, r *Record, now time.Time) []byte {
	at := len(dst)
	dst = append(dst, make([]byte, frameHeader)...)
	binary.LittleEndian.PutUint64(dst[at+8:], uint64(now.UnixNano()))
	dst = appendRecord(dst, r)
	body := dst[at+8:]
	binary.LittleEndian.PutUint32(dst[at:], uint32(len(body)))
	binary.LittleEndian.PutUint32(dst[at+4:], crc32.Checksum(body, castagnoli))
	return dst
}

// parseFrame reads the frame that b begins with.
func parseFrame(b []byte) (body []byte, size int, err error) {
	if len(b) < frameHeader {
		return nil, 0, fmt.Errorf("%w: it is cut off", ErrRecord)
	}
	n := int64(binary.LittleEndian.Uint32(b))
	if n < 8 || n > maxRecord+8 || n > int64(len(b)-8) {
		return nil, 0, fmt.Errorf("%w: it is cut off", ErrRecord)
	}
	body = b[8 : 8+n]
	if crc32.Checksum(body, castagnoli) != binary.LittleEndian.Uint32(b[4:]) {
		return nil, 0, fmt.Errorf("%w: its checksum is another", ErrRecord)
	}
	return body, int(8 + n), nil
}

// parseBody reads what a frame holds. The record refers to body.
func parseBody(body []byte) (Record, error) {
	r, err := parseRecord(body[8:])
	r.Stored = time.Unix(0, int64(binary.LittleEndian.Uint64(body)))
	return r, err
}

func segmentPath(dir string, id uint64) string {
	return filepath.Join(dir, fmt.Sprintf("%016x", id)+segmentSuffix)
}

// marksPath is the file of the segment's marks.
func (s *segment) marksPath() string { return strings.TrimSuffix(s.path, segmentSuffix) + marksSuffix }

// list reads what a part holds: the ids of its segments and the names of its parked
// records, oldest first, and how many bytes the segments have.
func list(dir string) (ids []uint64, parked []string, size int64, err error) {
	files, err := os.ReadDir(dir) // sorted by name
	if err != nil {
		return nil, nil, 0, err
	}
	for _, f := range files {
		if strings.HasSuffix(f.Name(), parkedSuffix) {
			parked = append(parked, f.Name())
		}
		digits, is := strings.CutSuffix(f.Name(), segmentSuffix)
		id, err := strconv.ParseUint(digits, 16, 64)
		if !is || err != nil {
			continue
		}
		info, err := f.Info()
		if err != nil {
			return nil, nil, 0, err
		}
		ids, size = append(ids, id), size+info.Size()
	}
	return ids, parked, size, nil
}

// loadSegment reads the segment of a process that is gone. What cannot be read at
// its end was cut off while it was written, and answered to nobody; with records
// behind it, it is damaged: then the file outlives its records.
func loadSegment(j *Journal, dir string, id uint64, room *bytes.Buffer) (*segment, error) {
	s := &segment{id: id, path: segmentPath(dir, id), sealed: true}
	text, err := readInto(room, s.path)
	if err != nil {
		return nil, err
	}
	s.bytes = int64(len(text))
	unread := false
	for at := min(len(segmentMagic), len(text)); at < len(text); {
		body, size, err := parseFrame(text[at:])
		if err != nil {
			unread = true
			at++
			continue
		}
		s.damaged = s.damaged || unread
		stored := int64(binary.LittleEndian.Uint64(body))
		s.entries = append(s.entries, &Entry{j: j, seg: s, at: int64(at), size: int32(size), index: int32(len(s.entries)), state: waiting, stored: stored,
			tried: stored, // the process that is gone may have published it, too
		})
		s.count[waiting]++
		at += size
	}
	return s, s.loadMarks()
}

// readInto is os.ReadFile into memory that is used again: senders wait while a journal
// is read.
func readInto(room *bytes.Buffer, path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read
	room.Reset()
	_, err = room.ReadFrom(f)
	return room.Bytes(), err
}

// loadMarks takes in what became of the records, as far as that is known.
func (s *segment) loadMarks() error {
	text, err := os.ReadFile(s.marksPath())
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for ; len(text) >= markBytes; text = text[markBytes:] {
		body, sum := text[:markBytes-4], binary.LittleEndian.Uint32(text[markBytes-4:])
		index := binary.LittleEndian.Uint32(body)
		if crc32.Checksum(body, castagnoli) != sum || int(index) >= len(s.entries) {
			continue
		}
		e := s.entries[index]
		if e.state != waiting {
			continue
		}
		switch body[4] {
		case markAcked:
			e.acked, e.sequence = true, binary.LittleEndian.Uint64(body[5:])
		case markDone:
			e.state = done
			s.count[waiting]--
		}
	}
	return nil
}

// appendMark appends what became of the record at index.
func appendMark(dst []byte, index uint32, kind byte, sequence uint64) []byte {
	at := len(dst)
	dst = binary.LittleEndian.AppendUint32(dst, index)
	dst = append(dst, kind)
	dst = binary.LittleEndian.AppendUint64(dst, sequence)
	return binary.LittleEndian.AppendUint32(dst, crc32.Checksum(dst[at:], castagnoli))
}

// read returns the record of an entry.
func (e *Entry) read() (Record, error) {
	f, err := os.Open(e.seg.path)
	if err != nil {
		return Record{}, err
	}
	defer f.Close() //nolint:errcheck // only read
	frame := make([]byte, e.size)
	if _, err := f.ReadAt(frame, e.at); err != nil {
		return Record{}, err
	}
	body, _, err := parseFrame(frame)
	if err != nil {
		return Record{}, err
	}
	r, err := parseBody(body)
	e.j.mu.Lock()
	defer e.j.mu.Unlock()
	if e.tried > 0 {
		r.Tried = time.Unix(0, e.tried)
	}
	return r, err
}

// syncDir makes what was created in dir, or removed from it, last.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
