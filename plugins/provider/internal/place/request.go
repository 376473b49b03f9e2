package place

import (
	"webhookedge/plugins/provider/spec"
)

// Headers reads the headers of a request; pipeline.Headers is one. Get returns
// the first value of name, given in lower case, and how many lines have it.
type Headers interface {
	Get(name string) (value string, n int)
}

// AllLines is what Headers may have as well: all values of a name, in order.
type AllLines interface {
	All(name string) []string
}

// HeaderList is a list of lines in order. It implements Headers.
type HeaderList []spec.Header

// Get implements Headers.
func (l HeaderList) Get(name string) (value string, n int) {
	for i := range l {
		if l[i].Name == name {
			if n == 0 {
				value = l[i].Value
			}
			n++
		}
	}
	return value, n
}

// All returns all values of a name, in order.
func (l HeaderList) All(name string) []string {
	var values []string
	for i := range l {
		if l[i].Name == name {
			values = append(values, l[i].Value)
		}
	}
	return values
}

// Request is what a scheme may sign and Describe may read. It is not kept and
// not changed.
type Request struct {
	Method  string
	URL     string // public URL as the sender called it, for schemes that sign it
	Query   string // raw query, where it is not that of URL
	Headers Headers
	Body    []byte
	// InBody says that the delivery has a body, where Body is not it.
	InBody bool
	// Covers is Proof.Covers for Describe, which marks what else it reads. Nil means
	// that nothing is known of a proof, and nothing is marked.
	Covers []string
}

// Bounds of what a delivery may carry. Real signature headers are below 1,400
// bytes (RSA with 4096 bits is 684, a JWT with claims some more), ids below
// 100, timestamps 10 or 13 digits or an RFC 3339 time.
const (
	MaxHeader     = 4096
	MaxToken      = 16 << 10 // a JWT whose claim is the body (Lago)
	MaxID         = 256
	MaxTimestamp  = 40
	MaxSignatures = 16
)
