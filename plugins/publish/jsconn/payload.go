package jsconn

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"

	"webhookedge/plugins/event"
)

// SameBody compares payloads, by their hashes where one of them is kept elsewhere.
func SameBody(there, e *event.Event) bool {
	if there.DataSHA256 == "" && e.DataSHA256 == "" {
		return there.Binary == e.Binary && bytes.Equal(Body(there), Body(e))
	}
	return digest(there) == digest(e)
}

// Body is what a reader of an event gets of its data: white space around JSON is
// the envelope's own in structured mode.
func Body(e *event.Event) []byte {
	if e.Binary {
		return e.Data
	}
	return bytes.TrimSpace(e.Data)
}

// digest is the SHA-256 of e's payload in hex, wherever that is kept.
func digest(e *event.Event) string {
	if e.DataSHA256 != "" {
		return e.DataSHA256
	}
	sum := sha256.Sum256(Body(e))
	return hex.EncodeToString(sum[:])
}
