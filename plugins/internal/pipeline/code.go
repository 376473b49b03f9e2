package pipeline

import "net/http"

// Code is the closed set of ways in which a delivery can end. Its String is the
// label of metrics, the field of logs and the "error" of the answer's body.
type Code uint8

// The codes, in the order of the chain.
const (
	Accepted Code = iota
	Duplicate
	Handshake
	Quarantined
	TooManyHeaders
	IPDenied
	RateLimited
	LimiterUnavailable
	MethodNotAllowed
	BodyTooLarge
	SignatureInvalid
	KeyUnavailable
	Unverified
	Malformed
	TypeMismatch
	PayloadInvalid
	PolicyDenied
	PolicyUnavailable
	PolicyFailed
	IDReused
	EventTooLarge
	BrokerUnavailable
	NoStream
	Overloaded
	DeadlineExceeded
	Misconfigured
	Internal
	codeCount
)

// CodeInfo is a row of the table of codes.
type CodeInfo struct {
	Code   Code
	Label  string // metric label, log field and JSON "error"
	Status int    // HTTP status, before a provider's override
	// Retry says whether the sender's own retry can succeed without anybody
	// changing anything.
	Retry bool
	// RetryAfter is the default of the Retry-After header in seconds, 0 for none.
	RetryAfter int
	Meaning    string // for the README
}

var codes = [codeCount]CodeInfo{
	Accepted:           {Label: "accepted", Status: http.StatusOK, Meaning: "The event is stored, or nothing had to be."},
	Duplicate:          {Label: "duplicate", Status: http.StatusOK, Meaning: "An event of this id was stored before; it was not stored again."},
	Handshake:          {Label: "handshake", Status: http.StatusOK, Meaning: "The provider checked that the endpoint is ours; nothing is stored."},
	Quarantined:        {Label: "quarantined", Status: http.StatusOK, Meaning: "The event is held back for somebody to look at; it is stored, not published."},
	TooManyHeaders:     {Label: "too_many_headers", Status: http.StatusRequestHeaderFieldsTooLarge, Meaning: "The request has 1,000 header lines or more. Kong hands over no more than that and cuts off the rest in silence, so nobody could say what the service behind it would see."},
	IPDenied:           {Label: "ip_denied", Status: http.StatusForbidden, Meaning: "The client address is not allowed, denied or unknown."},
	RateLimited:        {Label: "rate_limited", Status: http.StatusTooManyRequests, Retry: true, RetryAfter: 1, Meaning: "A limit is used up; Retry-After says when it is not."},
	LimiterUnavailable: {Label: "limiter_unavailable", Status: http.StatusServiceUnavailable, Retry: true, RetryAfter: 5, Meaning: "The store of the limits does not answer and on_store_error is refuse."},
	MethodNotAllowed:   {Label: "method_not_allowed", Status: http.StatusMethodNotAllowed, Meaning: "The provider does not deliver with this method."},
	BodyTooLarge:       {Label: "body_too_large", Status: http.StatusRequestEntityTooLarge, Meaning: "The body is larger than max_body_bytes, than max_expanded_bytes once its encoding is undone, or than the memory for bodies."},
	SignatureInvalid:   {Label: "signature_invalid", Status: http.StatusUnauthorized, Meaning: "The sender is not proved: the signature is missing, repeated, malformed, wrong, too old or too new. One text for all of them; the log says which."},
	KeyUnavailable:     {Label: "key_unavailable", Status: http.StatusServiceUnavailable, Retry: true, RetryAfter: 10, Meaning: "The provider's public key or certificate could not be fetched, so nothing is known of the sender."},
	Unverified:         {Label: "unverified", Status: http.StatusUnauthorized, Meaning: "No earlier plugin verified the delivery and require_verified is on."},
	Malformed:          {Label: "malformed", Status: http.StatusBadRequest, Meaning: "The body is in none of the forms that the provider sends, or is broken."},
	TypeMismatch:       {Label: "type_mismatch", Status: http.StatusBadRequest, Meaning: "A header that nobody signed names another event than the payload is."},
	PayloadInvalid:     {Label: "payload_invalid", Status: http.StatusUnprocessableEntity, Meaning: "The payload does not match its schema and on_invalid is refuse."},
	PolicyDenied:       {Label: "policy_denied", Status: http.StatusForbidden, Meaning: "The policy refuses the delivery; the log has its reason."},
	PolicyUnavailable:  {Label: "policy_unavailable", Status: http.StatusServiceUnavailable, Retry: true, RetryAfter: 5, Meaning: "No policy is loaded, it is too old, or it did not decide in time."},
	PolicyFailed:       {Label: "policy_failed", Status: http.StatusInternalServerError, Retry: true, Meaning: "The policy failed, or its decision is undefined or of a wrong shape."},
	IDReused:           {Label: "id_reused", Status: http.StatusConflict, Meaning: "An event of this id with another body was stored before, and there is no quarantine for the second one."},
	EventTooLarge:      {Label: "event_too_large", Status: http.StatusRequestEntityTooLarge, Meaning: "The event is larger than the broker takes in a message, and there is no bucket for its payload."},
	BrokerUnavailable:  {Label: "broker_unavailable", Status: http.StatusServiceUnavailable, Retry: true, RetryAfter: 5, Meaning: "JetStream did not acknowledge the event in time; it may or may not be stored, and a retry under the same id is dropped as a duplicate if it is."},
	NoStream:           {Label: "no_stream", Status: http.StatusServiceUnavailable, Retry: true, RetryAfter: 30, Meaning: "No stream takes the event's subject; the log says what to create."},
	Overloaded:         {Label: "overloaded", Status: http.StatusServiceUnavailable, Retry: true, RetryAfter: 2, Meaning: "Too much is under way: bodies that take all the memory there is for them, or events of one ordering key that wait."},
	DeadlineExceeded:   {Label: "deadline_exceeded", Status: http.StatusServiceUnavailable, Retry: true, RetryAfter: 5, Meaning: "The delivery was not done within deadline_ms."},
	Misconfigured:      {Label: "misconfigured", Status: http.StatusInternalServerError, Retry: true, Meaning: "The plugin's configuration is unusable, for instance a secret that did not resolve; the log names every fault."},
	Internal:           {Label: "internal", Status: http.StatusInternalServerError, Retry: true, Meaning: "A fault of ours; the log has the stack."},
}

// Codes returns the table of codes in the order of the chain.
func Codes() []CodeInfo {
	rows := make([]CodeInfo, 0, codeCount)
	for c, row := range codes {
		row.Code = Code(c)
		rows = append(rows, row)
	}
	return rows
}

// Info returns the row of c; that of Internal for a value outside the set.
func (c Code) Info() CodeInfo {
	if c >= codeCount {
		c = Internal
	}
	row := codes[c]
	row.Code = c
	return row
}

// String returns the label of c.
func (c Code) String() string { return c.Info().Label }

// refuses reports whether c is the code of a refusal.
func (c Code) refuses() bool { return c.Info().Status >= 400 }

// ParseCode returns the code with the given label.
func ParseCode(label string) (Code, bool) {
	for c, row := range codes {
		if row.Label == label {
			return Code(c), true
		}
	}
	return 0, false
}
