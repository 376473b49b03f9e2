package provider

import "time"

// Scheme is one way to sign a delivery.
type Scheme struct {
	Name string `json:"name"`
	Kind Kind   `json:"kind"`
	Hash Hash   `json:"hash"`
	// Weak schemes are accepted only when named in the settings, and never
	// when the delivery carries the header of a strong one too.
	Weak bool `json:"weak,omitempty"`
	// Companion schemes are sent beside the default by the provider itself.
	Companion bool `json:"companion,omitempty"`

	Family              // the headers
	Alternates []Family `json:"alternates,omitempty"` // other names of the same headers; one family a delivery

	Layout   Layout   `json:"layout"`
	Mark     string   `json:"mark,omitempty"` // prefix, or name or version of the signatures that count
	Encoding Encoding `json:"encoding"`
	// Content is the signed text: {body}, {timestamp}, {id}, {method} and {url}
	// between literal text.
	Content string `json:"content"`
	// TimeUnit is that of the signed timestamp.
	TimeUnit Unit `json:"time_unit,omitempty"`
	// Tolerance is the default distance from now of the signed timestamp, in
	// both directions; 0 where the scheme signs no time.
	Tolerance time.Duration `json:"tolerance,omitempty"`

	Key       KeyForm `json:"key"`
	KeyPrefix string  `json:"key_prefix,omitempty"` // optional in front of an encoded key
	KeyMin    int     `json:"key_min"`              // bytes of the key after decoding
	// RawKey says that some senders of an encoded key use its text undecoded,
	// so that Options.RawKey is possible.
	RawKey bool `json:"raw_key,omitempty"`
}

// Family is a set of headers that belong together.
type Family struct {
	Header    string `json:"header"`              // that of the signature
	Timestamp string `json:"timestamp,omitempty"` // place of the signed time: header:<name>, or pair:<name> in the signature header
	ID        string `json:"id,omitempty"`        // place of the signed id: header:<name>
}

// Kind is how a signature is made.
type Kind string

// HMAC is a keyed hash (RFC 2104).
const HMAC Kind = "hmac"

// Hash names the hash of a signature.
type Hash string

// The hashes.
const (
	SHA1   Hash = "sha1"
	SHA256 Hash = "sha256"
	SHA384 Hash = "sha384"
	SHA512 Hash = "sha512"
)

// Layout is how signatures stand in their header.
type Layout string

// The layouts.
const (
	// Single is one signature after the prefix Mark: sha256=<signature>.
	Single Layout = "single"
	// Pairs is a comma-separated list in which pairs named Mark are
	// signatures and others are not looked at: t=1,v1=<signature>.
	Pairs Layout = "pairs"
	// Versions is a list separated by blanks in which entries of version Mark
	// are signatures and others are not looked at: v1,<signature> v1,<other>.
	Versions Layout = "versions"
)

// Encoding is how a signature is written.
type Encoding string

// The encodings. A text that is not what the encoder writes is refused.
const (
	Hex    Encoding = "hex"    // lower case
	Base64 Encoding = "base64" // RFC 4648 section 4, padded, canonical
)

// KeyForm is what the text of a secret stands for.
type KeyForm string

// The key forms.
const (
	KeyText   KeyForm = "text"   // the bytes of the text itself
	KeyBase64 KeyForm = "base64" // RFC 4648 section 4, padded, after an optional KeyPrefix
)
