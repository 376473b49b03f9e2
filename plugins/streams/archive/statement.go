package archive

import (
	"bytes"
	"crypto/sha256"
	"time"

	"webhookedge/plugins/internal/pipeline"
)

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
