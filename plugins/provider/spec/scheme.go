package spec

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Scheme is one way to prove a delivery. The doc tags are for a scheme that is
// written in kong.yml; what a field may hold is the same in both places.
//
// A string of a scheme may hold {setting:name}, which stands for a setting of
// the row: the header that a user chose, the id of a webhook.
type Scheme struct {
	Name string `json:"name" format:"word" required:"true" minlen:"1" maxlen:"64" doc:"Name of the scheme, for logs and events."`
	Kind Kind   `json:"kind" doc:"How the sender is proved. The default is hmac."`
	Hash Hash   `json:"hash" doc:"Hash of the kinds hmac, digest, rsa and ecdsa."`
	// Hashes are further ones that a delivery may name where Mark has {hash}, all of them
	// longer than Hash, so that nobody can choose a weaker one than the row's.
	Hashes []Hash `json:"hashes,omitempty" maxlen:"3" doc:"Further hashes that a delivery may name, for the kind hmac with {hash} in the mark; each must be longer than hash, which is the least that is accepted."`
	// Weak schemes are accepted only when named in the settings, and never
	// when the delivery carries the signature of a strong one too.
	Weak bool `json:"weak,omitempty" doc:"Accept the scheme only when verify.scheme names it, and never beside the signature of a strong one."`
	// Companion schemes are sent beside the default by the provider itself.
	Companion bool `json:"companion,omitempty" doc:"The sender sends it beside the default."`

	Family // where the signature stands
	// Alternates are other names of the same headers; one family a delivery.
	Alternates []Family `json:"alternates,omitempty" maxlen:"4" doc:"Other names of the same places, of which a delivery uses one family."`
	// FirstWins takes a delivery with several families, by the first of them; facts are
	// then read from that one's headers first.
	FirstWins bool `json:"first_wins,omitempty" doc:"Take a delivery with several families of places by the first one, for senders that send all of them."`

	// Lines says that each of several lines of the header is a signature, as
	// some send while a secret is rotated. Equal lines are refused.
	Lines bool `json:"lines,omitempty" doc:"Take each of several lines of the header for a signature, of which one must match."`

	Layout Layout `json:"layout" doc:"How signatures stand in their place. The default is single."`
	// Mark is what stands before the signature (single) or before the first element,
	// which is then a time (list), or the name or version of the signatures that count
	// (pairs, versions, json64).
	Mark string `json:"mark" maxlen:"128" doc:"What stands before the signature, or the name or version of the signatures that count."`
	// Separator stands between pairs, or between versions. Behind a pair's separator a
	// blank may be there or not where one ends it. Assign stands between a name and its value.
	Separator string `json:"separator" maxlen:"4" doc:"What stands between pairs, a comma if empty, or between versions, a blank if empty. Between pairs a blank at its end is optional in deliveries."`
	Assign    string `json:"assign" maxlen:"4" doc:"What stands between the name and the value of a pair, = if empty."`
	// Written is how the sender writes its pairs, where one of them is neither the time nor a
	// signature: {timestamp} and {signature} stand for those. What is written otherwise is
	// refused, since nothing signs the rest of the header.
	Written string `json:"written,omitempty" maxlen:"256" doc:"How all pairs of a delivery must be written, with {timestamp} and {signature} for those values, where the sender writes others beside them."`
	// Groups says that several lists of pairs may stand one behind another, with a blank
	// between them, as some send while a secret is rotated. All have one time.
	Groups   bool     `json:"groups,omitempty" doc:"Several lists of pairs may stand one behind another, with a blank between them and one time in all."`
	Encoding Encoding `json:"encoding" doc:"How the signature is written."`
	// Content is the signed text, see the package's README for the grammar.
	Content string `json:"content" format:"template" maxlen:"512" doc:"The signed text: {body}, {timestamp}, {id}, {method}, {url}, {header:x}, {query:x}, {json:a.b}, {form:x} and others between literal text."`
	// FormContent replaces Content for form-encoded bodies.
	FormContent string `json:"form_content" format:"template" maxlen:"512" doc:"The signed text of form-encoded deliveries, where it is another."`
	// Variants are other signed texts, tried where Content is not what was signed: a
	// sender does not always write the URL or an id in one way. They cover what
	// Content covers.
	Variants []Variant `json:"variants,omitempty" maxlen:"8" doc:"Other signed texts that the sender may sign, tried in order; each covers what content covers."`
	// BodyUnsigned says that the scheme covers no body, because the provider's
	// does not: the proof is of the sender's knowledge of the secret only.
	BodyUnsigned bool `json:"body_unsigned" doc:"Accept a signed text that does not cover the body."`
	// Each is the path of a list in the JSON body whose elements are proved one
	// by one: every json: place is then inside an element.
	Each string `json:"each,omitempty" maxlen:"256" doc:"Path of a list in the JSON body whose elements are proved one by one, with every json: place inside an element."`
	// Expect must hold before a signature is looked at: the version or the
	// algorithm that a delivery names.
	Expect []Expect `json:"expect" maxlen:"8" doc:"Places that must hold a value, such as the version that a delivery names."`
	// Binds are signed values that must equal something of the request.
	Binds []Bind `json:"binds" maxlen:"8" doc:"Signed values that must equal a part of the request, such as the hash of the body in a claim of a JWT."`

	TimeUnit Unit `json:"time_unit" doc:"Unit of the signed time."`
	// ToleranceSeconds is the default distance from now of the signed time, in
	// both directions; 0 where the scheme signs no time.
	ToleranceSeconds int `json:"tolerance_seconds" min:"0" max:"604800" doc:"How far a signed time may lie from now, in both directions; needed where a time is signed."`

	// AheadSeconds is how far in the future a signed time may lie by default, where that
	// is not ToleranceSeconds: a short tolerance for late deliveries would refuse all of
	// them where the clock here is slow, and a long one need not be for the future, too.
	AheadSeconds int `json:"ahead_seconds,omitempty" min:"0" max:"3600" doc:"How far in the future a signed time may lie where the settings name no tolerance; tolerance_seconds if not set."`

	Key       KeyForm `json:"key" doc:"What the text of a secret stands for. The default is text."`
	KeyPrefix string  `json:"key_prefix" maxlen:"32" doc:"What may stand in front of an encoded secret."`
	// KeyAlso is another reading of secrets that begin with KeyPrefix, tried beside the
	// text, for a sender that changed from the one to the other.
	KeyAlso KeyForm `json:"key_also,omitempty" doc:"Another reading of a secret that begins with key_prefix, tried beside its text."`
	// KeyMin is the least number of bytes of a shared secret after decoding,
	// or of an RSA modulus.
	KeyMin int `json:"key_min" min:"0" max:"1024" doc:"Least number of bytes of a secret; 16 if not set, 256 for RSA keys."`
	// KeyDerive is a chain of filters from the decoded secret to the key.
	KeyDerive string `json:"key_derive,omitempty" maxlen:"64" doc:"Filters from the decoded secret to the key, such as sha1."`
	// RawKey says that some senders of an encoded key use its text undecoded,
	// so that Options.RawKey is possible.
	RawKey bool `json:"raw_key,omitempty" doc:"Allow verify.raw_key, for senders that use the text of an encoded key."`

	// Encrypted is where the payload stands, where it is encrypted.
	Encrypted Encrypted `json:"encrypted,omitzero" doc:"Where the payload stands and how it is encrypted, where it is."`

	Message  Message  `json:"message,omitzero" doc:"What an HTTP message signature must hold, for the kind http-signature."`
	Detached Detached `json:"detached,omitzero" doc:"What the header of a detached JWS must hold, for the kind jws."`
	JWT      JWT      `json:"jwt,omitzero" doc:"What a JWT must say, for the kind jwt."`
	Vouched  Vouched  `json:"vouched,omitzero" doc:"How the tokens of a list in the body vouch for the elements of each, for the kind jwt."`
	Remote   *Remote  `json:"remote,omitempty" doc:"Where public keys are fetched from; without it they are secrets of the settings."`
}

// Tolerance is ToleranceSeconds as a duration.
func (s *Scheme) Tolerance() time.Duration { return time.Duration(s.ToleranceSeconds) * time.Second }

// Ahead returns how far in the future a signed time may lie.
func (s *Scheme) Ahead() time.Duration {
	return time.Duration(cmp.Or(s.AheadSeconds, s.ToleranceSeconds)) * time.Second
}

// ShowsSecret reports whether a delivery holds the secret itself.
func (s *Scheme) ShowsSecret() bool { return s.Kind == Token || s.Kind == Basic }

// SignatureHeaders returns the headers in which signatures or tokens stand, as far
// as no setting names them.
func (s *Scheme) SignatureHeaders() []string {
	var names []string
	for _, f := range append([]Family{s.Family}, s.Alternates...) {
		for _, at := range append([]string{f.Signature}, f.Also...) {
			if name, ok := strings.CutPrefix(at, "header:"); ok {
				names = append(names, name)
			}
		}
	}
	return names
}

// Family is a set of places that belong together.
type Family struct {
	// Signature is the place of the signature or token: header:, query:, json:
	// or form:, or body where the body is the token.
	Signature string `json:"signature" format:"place" maxlen:"256" doc:"Place of the signature or token: header:x-signature, query:sig, json:a.b or form:sig, or body where the body is a JWT."`
	// Also are further places of signatures in the same layout, which may be
	// absent; one of all must match.
	Also []string `json:"also,omitempty" format:"place" maxlen:"4" doc:"Further places of signatures, of which one must match."`
	// Timestamp is the place of the signed time; pair:<name> is in the
	// signature's own place, claim:<name> in the JWT.
	Timestamp string `json:"timestamp,omitempty" format:"place" maxlen:"256" doc:"Place of the signed time; pair:t is the pair t of the signature's own header, claim:iat a claim of the JWT."`
	ID        string `json:"id,omitempty" format:"place" maxlen:"256" doc:"Place of the signed delivery id."`
}

// Variant is another signed text of a scheme.
type Variant struct {
	Content     string `json:"content" format:"template" required:"true" maxlen:"512" doc:"The signed text, as content."`
	FormContent string `json:"form_content,omitempty" format:"template" maxlen:"512" doc:"The signed text of form-encoded deliveries, as form_content."`
}

// Expect is a place and what must stand there.
type Expect struct {
	At string `json:"at" required:"true" maxlen:"256" doc:"Place that must hold the value."`
	Is string `json:"is" required:"true" maxlen:"256" doc:"The value that must stand there."`
}

// Bind is a signed value that must equal a text made from the request. One
// that is absent is accepted only where the text is made of the body, and that is
// empty or covered by the signed text itself.
type Bind struct {
	At      string `json:"at" format:"place" required:"true" maxlen:"256" doc:"Place of the signed value: claim:payload_hash, or query:sha where the URL is signed."`
	Content string `json:"content" format:"template" required:"true" maxlen:"256" doc:"What it must equal, such as {body|sha256|hex} or {url|sha256|hex}."`
}

// Remote says where a provider publishes its keys. Only hosts that are named
// here are ever asked.
type Remote struct {
	// URL is the address of the keys; {kid} stands for the key id that the
	// delivery names. Beside At it is what the path in the delivery is appended to.
	URL string `json:"url,omitempty" format:"https" maxlen:"2048" doc:"https address of the keys; {kid} stands for the key id that the delivery names. Beside a place of the address it is what stands before the path there."`
	// At is the place of the address in the delivery, or of its path, where it names one.
	At string `json:"at,omitempty" format:"place" maxlen:"256" doc:"Place of the address in the delivery, where it names one."`
	// KeyID is the place of the key id for {kid}; a JWT's is in its header.
	KeyID string `json:"key_id,omitempty" format:"place" maxlen:"256" doc:"Place of the key id for {kid}; that of a JWT is in its header."`
	// Hosts are the hosts that an address may have. A * stands for the name of a
	// region, such as eu-central-1. An https address stands for its host, where a setting
	// is the address.
	Hosts []string `json:"hosts" format:"hosts" required:"true" maxlen:"8" doc:"Hosts that an address may have; a * stands for the name of a region, such as eu-central-1."`
	// PathPrefix and PathSuffix are what its path must start and end with.
	PathPrefix string `json:"path_prefix,omitempty" maxlen:"256" doc:"What the path of an address must start with."`
	PathSuffix string `json:"path_suffix,omitempty" maxlen:"256" doc:"What the path of an address must end with."`
	// Member is the member of a JSON document that holds the keys, "" where the document
	// is the keys.
	Member string `json:"member,omitempty" maxlen:"64" doc:"Member of the JSON document at the address that holds the keys, where the document is not the keys."`
	// Form is KeyCertificate, KeyPEM, KeySPKI or KeyJWKS.
	Form KeyForm `json:"form" doc:"What stands at the address: pem, spki, jwks or certificate."`
	// CertNames are the names of which a certificate must have one, and it
	// must chain to a root that the system trusts.
	CertNames []string `json:"cert_names,omitempty" maxlen:"8" doc:"Names of which a certificate must have one."`
	// Example is an address that fits, for Signer.
	Example string `json:"example,omitempty" maxlen:"2048" doc:"An address that fits, for webhookctl send."`
}

// SharesKey reports whether sender and receiver know the same secret.
func (s *Scheme) SharesKey() bool {
	switch s.Kind {
	case HMAC, Digest, Token, Basic:
		return true
	case HTTPSignature:
		return slices.Contains(s.Message.Algorithms, MessageHMAC)
	case JSONToken:
		return len(s.JWT.Algorithms) > 0 && s.JWT.Algorithms[0].symmetric()
	}
	return false
}

// Keyless reports whether s needs no secret, because the sender publishes its keys or the
// row has its authorities.
func (s *Scheme) Keyless() bool {
	return s.Remote != nil || s.JWT.Chain != nil && s.JWT.Chain.Roots != ""
}

// Signs reports whether there is a signature over a text of ours.
func (s *Scheme) Signs() bool {
	switch s.Kind {
	case HMAC, Digest, Ed25519, ECDSA, RSA, RSAPSS, DetachedJWS:
		return true
	}
	return false
}

// NeedsHash reports whether a hash of the text is signed.
func (s *Scheme) NeedsHash() bool { return s.Signs() && s.Kind != Ed25519 && s.Kind != DetachedJWS }

// symmetric reports whether a is a MAC.
func (a Algorithm) symmetric() bool { return a == HS256 || a == HS384 || a == HS512 }

// Hash returns the hash of a MAC.
func (a Algorithm) Hash() Hash {
	switch a {
	case HS256:
		return SHA256
	case HS384:
		return SHA384
	case HS512:
		return SHA512
	}
	return ""
}

// refersTo reports whether s needs the setting of a name.
func (s *Scheme) refersTo(name string) bool {
	if name == s.Encrypted.Keys || name == s.Encrypted.Receiver {
		return true
	}
	texts := []string{s.Mark, s.JWT.Audience, s.Message.Label, s.Message.Tag}
	if s.Remote != nil {
		texts = append(texts, s.Remote.URL)
	}
	texts = append(texts, s.JWT.Issuers...)
	for _, f := range append([]Family{s.Family}, s.Alternates...) {
		texts = append(append(texts, f.Signature, f.Timestamp, f.ID), f.Also...)
	}
	for _, e := range append(slices.Clone(s.Expect), s.JWT.Claims...) {
		texts = append(texts, e.At, e.Is)
	}
	mark := "setting:" + name + "}"
	return s.signs(mark) || slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(text, mark) })
}

// SignsURL reports whether the public URL, or its path, is a part of what s signs.
func (s *Scheme) SignsURL() bool {
	return s.signs("{url", "{target", "{plivo:", "{qsh:") || s.Message.Mentions("@target-uri", "@authority", "@scheme", "@path", "@query", "@request-target")
}

// signs reports whether a text that s signs or binds holds one of marks.
func (s *Scheme) signs(marks ...string) bool {
	return holdsAny(s.Content, marks) || holdsAny(s.FormContent, marks) ||
		slices.ContainsFunc(s.Variants, func(v Variant) bool { return holdsAny(v.Content+v.FormContent, marks) }) ||
		slices.ContainsFunc(s.Binds, func(b Bind) bool { return holdsAny(b.Content, marks) })
}

func holdsAny(text string, marks []string) bool {
	return slices.ContainsFunc(marks, func(mark string) bool { return strings.Contains(text, mark) })
}

// answers reports whether the content of a handshake's response holds one of marks.
func (p *Provider) answers(marks ...string) bool {
	return slices.ContainsFunc(p.Handshakes, func(h Handshake) bool { return holdsAny(h.Response.Content, marks) })
}

// SignsHost reports whether the host of the public URL is a part of what a scheme of p
// signs or a handshake answers. A {target} is path and query only.
func (p *Provider) SignsHost(s *Scheme) bool {
	marks := []string{"{url}", "{url|", "{plivo:"}
	return s.signs(marks...) || s.Message.Mentions("@target-uri", "@authority", "@scheme") || p.answers(marks...)
}

// SignsURL reports whether the public URL, or its path, is a part of what a scheme of
// p signs or a handshake answers.
func (p *Provider) SignsURL(s *Scheme) bool {
	return s.SignsURL() || p.answers("{url", "{target", "{plivo:")
}
