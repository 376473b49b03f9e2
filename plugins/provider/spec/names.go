package spec

import "strings"

// Kind is how a sender is proved.
type Kind string

// The kinds.
const (
	HMAC          Kind = "hmac"           // keyed hash (RFC 2104)
	Digest        Kind = "digest"         // plain hash of a text that holds {key}; open to extension of the text
	Ed25519       Kind = "ed25519"        // RFC 8032, pure
	ECDSA         Kind = "ecdsa"          // over P-256, P-384 or P-521; ASN.1 (RFC 3279), or two numbers with Raw in the encoding
	RSA           Kind = "rsa"            // PKCS #1 v1.5 (RFC 8017 section 8.2)
	RSAPSS        Kind = "rsa-pss"        // PSS (RFC 8017 section 8.1), salt as long as the hash
	HTTPSignature Kind = "http-signature" // HTTP message signature (RFC 9421)
	JSONToken     Kind = "jwt"            // compact JWS (RFC 7515) with claims (RFC 7519)
	DetachedJWS   Kind = "jws"            // JWS whose payload is the delivery (RFC 7515 appendix F, RFC 7797)
	Token         Kind = "token"          // the secret itself
	Basic         Kind = "basic"          // HTTP Basic (RFC 7617)
	ClientCert    Kind = "client-cert"    // hash of a client certificate that a trusted proxy passes on in a header
)

// Enum returns the kinds.
func (Kind) Enum() []string {
	return texts(HMAC, Digest, Ed25519, ECDSA, RSA, RSAPSS, HTTPSignature, JSONToken, DetachedJWS, Token, Basic, ClientCert)
}

// Hash names the hash of a signature.
type Hash string

// The hashes.
const (
	SHA1   Hash = "sha1"
	SHA256 Hash = "sha256"
	SHA384 Hash = "sha384"
	SHA512 Hash = "sha512"
	// Keccak256 is the hash of Ethereum: SHA3-256 (FIPS 202) with the padding of the
	// submission, so that the two differ for every text.
	Keccak256 Hash = "keccak256"
)

// Enum returns the hashes.
func (Hash) Enum() []string {
	return texts(SHA1, SHA256, SHA384, SHA512, Keccak256)
}

// Layout is how signatures stand in their place.
type Layout string

// The layouts.
const (
	// Single is one signature after the prefix Mark: sha256=<signature>.
	Single Layout = "single"
	// Pairs is a list in which pairs named Mark are signatures and others are
	// not looked at: t=1,v1=<signature>.
	Pairs Layout = "pairs"
	// Versions is a list separated by blanks in which entries of version Mark
	// are signatures and others are not looked at: v1,<signature> v1,<other>.
	Versions Layout = "versions"
	// List is a list of signatures without names. With Timestamp pair:0 its
	// first element is the time: 1700000000000,<signature>,<signature>.
	List Layout = "list"
	// Numbered is one signature in each header <name>-1, <name>-2 and so on.
	Numbered Layout = "numbered"
	// JSON64 is a JSON object in base64 whose members are pairs.
	JSON64 Layout = "json64"
)

// Enum returns the layouts.
func (Layout) Enum() []string {
	return texts(Single, Pairs, Versions, List, Numbered, JSON64)
}

// Encoding is how a signature is written.
type Encoding string

// The encodings. A text that is not what the encoder writes is refused. All
// base64 is canonical (RFC 4648 section 3.5).
const (
	Hex          Encoding = "hex"           // lower case
	HexUpper     Encoding = "hex-upper"     // upper case
	HexAny       Encoding = "hex-any"       // both, for senders that do not keep to one
	Base64       Encoding = "base64"        // RFC 4648 section 4, padded
	Base64Raw    Encoding = "base64-raw"    // without padding
	Base64URL    Encoding = "base64url"     // RFC 4648 section 5, padded
	Base64URLRaw Encoding = "base64url-raw" // without padding
)

// Enum returns the encodings.
func (Encoding) Enum() []string {
	return texts(Hex, HexUpper, HexAny, Base64, Base64Raw, Base64URL, Base64URLRaw)
}

// KeyForm is what the text of a secret stands for.
type KeyForm string

// The key forms.
const (
	KeyText        KeyForm = "text"        // the bytes of the text itself
	KeyBase64      KeyForm = "base64"      // RFC 4648 section 4, padded, after an optional KeyPrefix
	KeyBase64URL   KeyForm = "base64url"   // RFC 4648 section 5, with or without padding
	KeyHex         KeyForm = "hex"         // either case
	KeyPEM         KeyForm = "pem"         // public key or certificate, also on one line
	KeySPKI        KeyForm = "spki"        // base64 of a SubjectPublicKeyInfo (RFC 5280)
	KeyJWKS        KeyForm = "jwks"        // JSON Web Key or set of them (RFC 7517)
	KeyCertificate KeyForm = "certificate" // X.509 in PEM, of a Remote
	KeyUser        KeyForm = "user"        // user:password
	KeyPrint       KeyForm = "fingerprint" // SHA-256 of a certificate in hex, colons allowed
)

// Enum returns the key forms of a scheme.
func (KeyForm) Enum() []string {
	return texts(KeyText, KeyBase64, KeyBase64URL, KeyHex, KeyPEM, KeySPKI, KeyJWKS, KeyUser, KeyPrint)
}

// Algorithm names a JWS algorithm (RFC 7518 section 3.1, RFC 8037).
type Algorithm string

// The algorithms. None is not among them.
const (
	HS256 Algorithm = "HS256"
	HS384 Algorithm = "HS384"
	HS512 Algorithm = "HS512"
	RS256 Algorithm = "RS256"
	RS384 Algorithm = "RS384"
	RS512 Algorithm = "RS512"
	PS256 Algorithm = "PS256"
	PS384 Algorithm = "PS384"
	PS512 Algorithm = "PS512"
	ES256 Algorithm = "ES256"
	ES384 Algorithm = "ES384"
	ES512 Algorithm = "ES512"
	EdDSA Algorithm = "EdDSA"
)

// Enum returns the algorithms.
func (Algorithm) Enum() []string {
	return texts(HS256, HS384, HS512, RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA)
}

// Unit is how a time is written.
type Unit string

// The units. Numbers are decimal digits only. Fraction and DateTime are for facts
// alone: a time that is signed has one spelling.
const (
	Seconds      Unit = "s"
	Milliseconds Unit = "ms"
	RFC3339      Unit = "rfc3339"     // with any number of digits of a second, and any zone
	RFC3339UTC   Unit = "rfc3339-utc" // in UTC, with a Z or without a zone
	HTTPDate     Unit = "http-date"   // IMF-fixdate (RFC 9110 section 5.6.7)
	// EitherUnit is seconds, or milliseconds from twelve digits on, for senders
	// that do not keep to one.
	EitherUnit Unit = "s-or-ms"
	Fraction   Unit = "fraction" // seconds with or without a fraction, 1529006854.329574
	DateTime   Unit = "datetime" // RFC 3339, also with a blank for the T, a zone without its colon, UTC by name or by having no zone
)

// Enum returns the units.
func (Unit) Enum() []string {
	return texts(Seconds, Milliseconds, RFC3339, RFC3339UTC, HTTPDate, Fraction, DateTime, EitherUnit)
}

// IsNumber reports whether a time in u is a number.
func (u Unit) IsNumber() bool {
	return u == Seconds || u == Milliseconds || u == EitherUnit || u == Fraction
}

// Split is a rule that parts an event name into type and action.
type Split string

// The rules. A name without the separator is a type without action.
const (
	SplitNone       Split = ""
	SplitLastDot    Split = "last-dot"    // charge.dispute.created: charge.dispute, created
	SplitFirstSlash Split = "first-slash" // orders/create: orders, create
	SplitLastColon  Split = "last-colon"  // issue:created: issue, created
	SplitLastScore  Split = "last-score"  // subscription_created: subscription, created
)

// Enum returns the rules.
func (Split) Enum() []string {
	return texts(SplitLastDot, SplitFirstSlash, SplitLastColon, SplitLastScore)
}

// Levels is what stands between the levels of an event name.
type Levels string

// The separators. Without one of its own a row has that of its Split, but for
// SplitLastScore: an underscore stands between the words of one level, too.
const (
	LevelsOfSplit Levels = ""
	LevelsNone    Levels = "none"
	LevelsDot     Levels = "dot"
	LevelsSlash   Levels = "slash"
	LevelsColon   Levels = "colon"
	LevelsHash    Levels = "hash"
)

// Enum returns the separators.
func (Levels) Enum() []string {
	return texts(LevelsNone, LevelsDot, LevelsSlash, LevelsColon, LevelsHash)
}

// Separator returns what stands between the levels of an event name, "" for nothing: then a
// name is one level.
func (f *Locators) Separator() string {
	switch {
	case f.Levels == LevelsDot, f.Levels == LevelsOfSplit && f.Split == SplitLastDot:
		return "."
	case f.Levels == LevelsSlash, f.Levels == LevelsOfSplit && f.Split == SplitFirstSlash:
		return "/"
	case f.Levels == LevelsColon, f.Levels == LevelsOfSplit && f.Split == SplitLastColon:
		return ":"
	case f.Levels == LevelsHash:
		return "#"
	}
	return ""
}

// IsHeaderName reports whether name is a header name in lower case.
func IsHeaderName(name string) bool {
	return name != "" && strings.Trim(name, lower+digits+"-_") == ""
}

// IsName reports whether name can name a setting or a claim.
func IsName(name string) bool {
	return name != "" && strings.Trim(name, lower+upper+digits+"_-./:") == ""
}

const (
	lower  = "abcdefghijklmnopqrstuvwxyz"
	upper  = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	digits = "0123456789"
)

// texts returns the texts of an enumeration.
func texts[T ~string](all ...T) []string {
	list := make([]string, len(all))
	for i, one := range all {
		list[i] = string(one)
	}
	return list
}

// Part applies the rule to an event name. A name that would lose its type or
// its action stays whole.
func (s Split) Part(name string) (kind, action string) {
	at := -1
	switch s {
	case SplitLastDot:
		at = strings.LastIndexByte(name, '.')
	case SplitFirstSlash:
		at = strings.IndexByte(name, '/')
	case SplitLastColon:
		at = strings.LastIndexByte(name, ':')
	case SplitLastScore:
		at = strings.LastIndexByte(name, '_')
	}
	if at <= 0 || at == len(name)-1 {
		return name, ""
	}
	return name[:at], name[at+1:]
}
