package provider

import "time"

// Headers reads the headers of a request; pipeline.Headers is one. Get returns
// the first value of name, given in lower case, and how many lines have it.
type Headers interface {
	Get(name string) (value string, n int)
}

// allLines is what Headers may have as well: all values of a name, in order.
type allLines interface {
	All(name string) []string
}

// Header is one line, its name in lower case.
type Header struct {
	Name  string `json:"name" required:"true" maxlen:"128" doc:"Name of the header in lower case."`
	Value string `json:"value" maxlen:"1024" doc:"Value of the header."`
}

// HeaderList is a list of lines in order. It implements Headers.
type HeaderList []Header

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

// Proof is what a verified signature proves.
type Proof struct {
	Scheme    string    // the scheme's name
	SecretID  string    // id of the secret that matched
	ID        string    // delivery id, only where the signature covers it
	Timestamp time.Time // only where the signature covers it, else zero
	// Covers is what of the delivery the proof covers, sorted: see CoversBody and its
	// neighbours. It is shared and must not be changed.
	Covers []string
	// Signed is the digest of the signed content without what changes when the
	// provider tries again, such as the time: two deliveries of one content have one.
	// It is zero where the row's identity needs none or nothing of the content is
	// signed.
	Signed Digested
}

// Facts is what a delivery says of itself. Absent facts are empty. An id or a
// subject longer than 256 bytes, with control characters or not in UTF-8 is absent;
// in the type, the action and the tenant such characters and the percent sign are
// percent-encoded, and what is too long is cut and ends in a hash of the whole.
type Facts struct {
	Type    string    // event name without action, "charge.dispute"
	Action  string    // "created"; empty where the provider has none
	ID      string    // delivery or event id, the same when the provider tries again
	Time    time.Time // when it happened, in UTC
	Tenant  string    // account, workspace, organisation or shop
	Subject string    // the resource
	// Unsigned are the names of those facts that stand where the signature does not
	// cover them, in lower case and sorted; nil where Request.Covers is. It is shared
	// and must not be changed.
	Unsigned []string
}

// Answer is a whole HTTP answer to a provider.
type Answer struct {
	Status      int    `json:"status,omitempty" min:"0" max:"299" doc:"HTTP status, 200 if 0."` // 0 means 200
	ContentType string `json:"content_type,omitempty" maxlen:"128" doc:"Content type of the answer."`
	Body        string `json:"body,omitempty" maxlen:"1024" doc:"Body of the answer."`
	// Headers are further headers, names in lower case.
	Headers []Header `json:"headers,omitempty" maxlen:"8" doc:"Further headers of the answer."`
}
