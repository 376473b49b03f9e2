package archive

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/pipeline"
)

// ErrRecord is data that is no record, or one of a later version.
var ErrRecord = errors.New("not a record of a kept delivery")

// A record is: recordMark, the length of its JSON in four bytes (big endian),
// the JSON, and the body's bytes, which are not in the JSON so that they cost
// their own size only.
const recordMark = "WQR\x01"

// maxMeta bounds the JSON of a record in bytes; Kong gives at most 1,000
// headers of together some hundred KiB.
const maxMeta = 4 << 20

// Record is a kept delivery. Header values, path and query are bytes, since
// nothing says that they are UTF-8.
type Record struct {
	ID         string    `json:"id"` // random, also the key to the sums of Tokens
	KeptAt     time.Time `json:"kept_at"`
	Code       string    `json:"code"` // label of the code it was refused or held with
	Stage      string    `json:"stage,omitempty"`
	Reason     string    `json:"reason,omitempty"`
	Held       bool      `json:"held,omitempty"`  // the sender was told 200
	Event      string    `json:"event,omitempty"` // id of the event that is held, in a delivery that may have several
	Item       int       `json:"item,omitempty"`  // which of the delivery's events that is, from 1; 0 where it is not known
	Items      int       `json:"items,omitempty"` // how many events the delivery has
	Provider   string    `json:"provider"`
	Route      string    `json:"route,omitempty"`
	RequestID  string    `json:"request_id,omitempty"`
	ReceivedAt time.Time `json:"received_at"`
	ClientIP   string    `json:"client_ip,omitempty"`
	Peer       string    `json:"peer,omitempty"` // who showed a client certificate; counts in a sealed record only
	Method     string    `json:"method"`
	Path       []byte    `json:"path,omitempty"`
	Query      []byte    `json:"query,omitempty"`
	PublicURL  []byte    `json:"public_url,omitempty"`
	Headers    []Line    `json:"headers,omitempty"`
	// Removed names the places whose values are not kept: "header:cookie".
	Removed []string `json:"removed,omitempty"`
	// Tokens are removed values that a release can put back.
	Tokens []Token `json:"tokens,omitempty"`
	// Verification is what verify had proved, nil where it had not. It is for people:
	// Proved says what a release may trust.
	Verification *pipeline.Verification `json:"verification,omitempty"`
	// Verified states it of an event that is held back.
	Verified *Statement `json:"verified,omitempty"`
	// Size is that of the whole body in bytes; Body is its beginning where Cut is set.
	Size int    `json:"size"`
	Cut  bool   `json:"cut,omitempty"`
	Body []byte `json:"-"`

	// Key is the id of the key that the record was sealed with, "" for none. It
	// is known after reading only.
	Key string `json:"-"`
}

// Line is one header line.
type Line struct {
	Name  string `json:"name"`
	Value []byte `json:"value"`
}

// Token says that a removed value is the secret itself or holds it, and how to
// tell the right one: by a hash under the key of the record.
type Token struct {
	At     string `json:"at"`               // "header:x-gitlab-token", "query:token"
	Index  int    `json:"index"`            // which of the lines of that name, from 0
	Prefix []byte `json:"prefix,omitempty"` // what stood before the secret: "Bearer "
	Basic  bool   `json:"basic,omitempty"`  // the secret was in base64 behind the prefix
	Sum    []byte `json:"sum"`
}

// Capture copies what d says, but for its body.
func Capture(d *pipeline.Delivery) *Record {
	r := &Record{
		Route: d.Route, RequestID: d.RequestID, ReceivedAt: d.ReceivedAt.UTC(),
		Method: d.Method, Path: []byte(d.Path), Query: []byte(d.RawQuery), PublicURL: []byte(d.PublicURL),
		Size: len(d.Body), Verification: d.Verification,
	}
	if d.ClientIP.IsValid() {
		r.ClientIP = d.ClientIP.String()
	}
	if d.Peer.IsValid() {
		r.Peer = d.Peer.String()
	}
	r.Headers = make([]Line, len(d.Headers))
	for i, h := range d.Headers {
		r.Headers[i] = Line{Name: h.Name, Value: []byte(h.Value)}
	}
	return r
}

// Delivery returns the delivery as it came, without what was removed.
func (r *Record) Delivery() *pipeline.Delivery {
	d := &pipeline.Delivery{
		Method: r.Method, Path: string(r.Path), RawQuery: string(r.Query), PublicURL: string(r.PublicURL), Body: r.Body,
		Route: r.Route, RequestID: r.RequestID, ReceivedAt: r.ReceivedAt, Headers: make(pipeline.Headers, len(r.Headers)),
	}
	d.ClientIP, _ = netip.ParseAddr(r.ClientIP) // the zero Addr is an unknown one
	if r.Key != "" {                            // whoever can write into the stream could name a proxy
		d.Peer, _ = netip.ParseAddr(r.Peer)
	}
	for i, line := range r.Headers {
		d.Headers[i] = pipeline.Header{Name: line.Name, Value: string(line.Value)}
	}
	return d
}

// subject is <prefix>.<provider>.<code>.
func (r *Record) subject(prefix string) string {
	return prefix + "." + event.EscapeToken(r.Provider) + "." + event.EscapeToken(r.Code)
}

// encode returns the record with its body.
func (r *Record) encode() ([]byte, error) {
	meta, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRecord, err)
	}
	if len(meta) > maxMeta {
		return nil, fmt.Errorf("%w: its headers are larger than %d bytes", ErrRecord, maxMeta)
	}
	out := make([]byte, 0, len(recordMark)+4+len(meta)+len(r.Body))
	out = append(out, recordMark...)
	out = binary.BigEndian.AppendUint32(out, uint32(len(meta)))
	return append(append(out, meta...), r.Body...), nil
}

// decode undoes encode. The record refers to data.
func decode(data []byte) (*Record, error) {
	rest, ok := bytes.CutPrefix(data, []byte(recordMark))
	if !ok || len(rest) < 4 {
		return nil, ErrRecord
	}
	size := binary.BigEndian.Uint32(rest)
	rest = rest[4:]
	if size > maxMeta || int(size) > len(rest) {
		return nil, fmt.Errorf("%w: it is cut", ErrRecord)
	}
	r := &Record{}
	if err := json.Unmarshal(rest[:size], r); err != nil {
		return nil, fmt.Errorf("%w: its head is no JSON of the right shape", ErrRecord)
	}
	r.Body = rest[size:]
	if len(r.Body) > r.Size || !r.Cut && len(r.Body) < r.Size {
		return nil, fmt.Errorf("%w: it has %d bytes of a body of %d", ErrRecord, len(r.Body), r.Size)
	}
	return r, nil
}

// Statement says that verify proved the sender of an event that is held back. Only the
// key of a sealed record vouches for it, and only for that record.
type Statement struct {
	pipeline.Verification
	AsOf   time.Time `json:"as_of"`
	Record string    `json:"record"` // id of the record that it belongs to
	Body   []byte    `json:"body"`   // SHA-256 of the record's body as it is kept
}

// State notes in r, of which nothing is removed any more, that it was proved.
func (r *Record) State() {
	sum := sha256.Sum256(r.Body)
	r.Verified = &Statement{Verification: *r.Verification, AsOf: r.ReceivedAt, Record: r.ID, Body: sum[:]}
}

// Proved returns what verify had proved of an event that is held back, nil where the
// record does not show that: it was not sealed, it is a refused delivery, or the
// statement belongs to another record. It must be asked before Restore changes the
// body.
func (r *Record) Proved() *Statement {
	s := r.Verified
	if r.Key == "" || !r.Held || r.Cut || s == nil {
		return nil
	}
	sum := sha256.Sum256(r.Body)
	if s.Record != r.ID || !bytes.Equal(s.Body, sum[:]) || s.Provider != r.Provider || !s.AsOf.Equal(r.ReceivedAt) {
		return nil
	}
	return s
}
