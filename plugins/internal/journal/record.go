package journal

import (
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"
)

// ErrRecord is what is in the journal and is no record of it.
var ErrRecord = errors.New("not a record of the journal")

// maxRecord is the largest record, in bytes.
const maxRecord = 30 << 20

// flagFinal is the bit of Record.Final.
const flagFinal = 1

// Record is one message that waits for the broker.
type Record struct {
	// Subject, Header and Data are those of the message.
	Subject string
	Header  map[string][]string
	Data    []byte
	// Object is a payload that goes to the object store first, under the name
	// Name of the bucket Bucket. Nil is none.
	Object       []byte
	Bucket, Name string

	// Final says that a message id stands for one content: whatever the broker has of
	// the id is the record.
	Final bool

	// Key orders records: those of one key leave in the order in which they
	// were put in. Records without one have no order.
	Key string
	// Tried is when the broker may have stored it although no ack came, in
	// milliseconds; zero is never.
	Tried time.Time

	// Stored is when it was put in; set when it is read.
	Stored time.Time
	// Why says what keeps a parked record from being published.
	Why string
}

// size is the number of bytes that the record takes, or a little more.
func (r *Record) size() int {
	n := len(r.Subject) + len(r.Data) + len(r.Object) + len(r.Bucket) + len(r.Name) + len(r.Key) + len(r.Why) + 16*binary.MaxVarintLen32
	for key, values := range r.Header {
		for _, value := range values {
			n += len(key) + len(value) + 2*binary.MaxVarintLen32
		}
	}
	return n
}

// appendRecord appends r in a form that parseRecord reads.
func appendRecord(dst []byte, r *Record) []byte {
	lines := 0
	for _, values := range r.Header {
		lines += len(values)
	}
	dst = appendText(dst, r.Subject)
	dst = binary.AppendUvarint(dst, uint64(lines))
	for _, key := range slices.Sorted(maps.Keys(r.Header)) {
		for _, value := range r.Header[key] {
			dst = appendText(appendText(dst, key), value)
		}
	}
	dst = appendText(dst, r.Data)
	dst = appendText(dst, r.Object)
	dst = appendText(appendText(dst, r.Bucket), r.Name)
	dst = appendText(appendText(dst, r.Key), r.Why)
	tried := uint64(0)
	if !r.Tried.IsZero() {
		tried = uint64(r.Tried.UnixMilli())
	}
	flags := uint64(0)
	if r.Final {
		flags = flagFinal
	}
	return binary.AppendUvarint(binary.AppendUvarint(dst, tried), flags)
}

func appendText[T string | []byte](dst []byte, text T) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(text)))
	return append(dst, text...)
}

// parseRecord reads one record, to which all of b belongs. It refers to b.
func parseRecord(b []byte) (r Record, err error) {
	p := parser{rest: b}
	r.Subject = string(p.text())
	if lines := p.number(); lines > 0 {
		r.Header = make(map[string][]string, min(lines, 64))
		for range lines {
			key, value := string(p.text()), string(p.text())
			if p.bad {
				break
			}
			r.Header[key] = append(r.Header[key], value)
		}
	}
	r.Data, r.Object = p.text(), p.text()
	r.Bucket, r.Name, r.Key, r.Why = string(p.text()), string(p.text()), string(p.text()), string(p.text())
	if len(r.Object) == 0 {
		r.Object = nil
	}
	if tried := p.uvarint(math.MaxInt64); tried > 0 {
		r.Tried = time.UnixMilli(int64(tried))
	}
	r.Final = p.uvarint(flagFinal)&flagFinal != 0
	if p.bad || len(p.rest) > 0 {
		return Record{}, fmt.Errorf("%w: it is cut or spoiled", ErrRecord)
	}
	return r, nil
}

type parser struct {
	rest []byte
	bad  bool
}

func (p *parser) number() int { return int(p.uvarint(math.MaxInt32)) }

func (p *parser) uvarint(most uint64) uint64 {
	n, used := binary.Uvarint(p.rest)
	if used <= 0 || n > most {
		p.bad, p.rest = true, nil
		return 0
	}
	p.rest = p.rest[used:]
	return n
}

func (p *parser) text() []byte {
	n := p.number()
	if n > len(p.rest) {
		p.bad, p.rest = true, nil
		return nil
	}
	text := p.rest[:n:n]
	p.rest = p.rest[n:]
	return text
}
