package provider

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"slices"
	"strings"

	"webhookedge/plugins/internal/jsonscan"
	"webhookedge/plugins/internal/redact"
)

// Identity says by what an event is known again when its provider tries again, and
// told from every other event. Without a place in Facts.ID, an event is known by
// what was signed, its type and its tenant.
type Identity struct {
	// Scope is within what an id of Facts.ID is unique. The zero value is ScopeGlobal.
	Scope Scope `json:"scope,omitempty" doc:"Within what an id is unique: global, tenant (the account, shop, instance or source that facts.tenant names) or route; global if empty."`
	// Content says that the provider never sends one content for two events, so that
	// the digest of what was signed, with the type, is the identity, whatever an id
	// says that nobody signed: a captured delivery cannot be stored under a new id.
	Content bool `json:"content,omitempty" doc:"Two events never have the same signed content and type, so that those are the identity, whatever an unsigned id says."`
	// None says that deliveries without an id of Facts.ID are pings: two with the same
	// content are two events, and nothing tells a provider's next try from another
	// ping.
	None bool `json:"none,omitempty" doc:"Deliveries without an id are pings without an identity, each an event of its own."`
	// Volatile are the paths of members that change when the provider tries again,
	// such as a counter of attempts; a * stands for each element of a list. They count
	// neither for a digest nor when a delivery is compared with a stored event.
	Volatile []string `json:"volatile,omitempty" maxlen:"8" doc:"Paths of members of the JSON body that change when the sender tries again, such as a counter of attempts; * stands for each element of a list."`
	// Why is a sentence: where the provider says so.
	Why string `json:"why,omitempty" maxlen:"512" doc:"A sentence: how the sender makes ids."`
}

// Scope is within what an id is unique.
type Scope string

// The scopes.
const (
	ScopeGlobal Scope = "global" // at the provider
	ScopeTenant Scope = "tenant" // in the account, shop, instance or source that Facts.Tenant names
	ScopeRoute  Scope = "route"  // at one endpoint
)

// Enum returns the scopes.
func (Scope) Enum() []string {
	return []string{string(ScopeGlobal), string(ScopeTenant), string(ScopeRoute)}
}

func (i *Identity) check(f *Locators, b *Batch) error {
	tenants := len(f.Tenant) > 0 || b != nil && len(b.Facts.Tenant) > 0
	switch {
	case i.Scope != "" && !slices.Contains(i.Scope.Enum(), string(i.Scope)):
		return fmt.Errorf("%w: identity: unknown scope", ErrRow)
	case i.None && i.Content:
		return fmt.Errorf("%w: identity: none, and yet a content", ErrRow)
	case i.Scope == ScopeTenant && !tenants:
		return fmt.Errorf("%w: identity: ids of a tenant, and no place of the tenant", ErrRow)
	}
	return nil
}

// volatile drops the members that change when the provider tries again, nil where
// there are none.
func (i *Identity) volatile() (*redact.Redactor, error) {
	if len(i.Volatile) == 0 {
		return nil, nil
	}
	rules := make([]redact.Rule, len(i.Volatile))
	for k, path := range i.Volatile {
		names, err := jsonscan.Segments(path)
		if err != nil {
			return nil, fmt.Errorf("%w: identity: %w", ErrRow, err)
		}
		var b strings.Builder
		b.WriteString("$")
		for _, name := range names {
			if name == "*" { // each element of a list
				b.WriteString("[*]")
				continue
			}
			b.WriteString("['" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(name) + "']")
		}
		rules[k] = redact.Rule{Path: b.String(), Action: redact.Drop}
	}
	r, err := redact.Compile(rules, nil)
	if err != nil {
		return nil, fmt.Errorf("%w: identity: %w", ErrRow, err)
	}
	return r, nil
}

// Lasting returns a payload, JSON that jsonscan.Scan takes, without the members that
// change when the provider tries again. Most rows have none, and data is returned as
// it is.
func (p *Provider) Lasting(data []byte) []byte {
	c, err := p.compiled()
	if err != nil || c.volatile == nil {
		return data
	}
	left, _, err := c.volatile.Apply(data)
	if err != nil {
		return data
	}
	return left
}

// hasID reports whether events of p may have an id.
func (p *Provider) hasID() bool {
	return len(p.Facts.ID) > 0 || p.Batch != nil && len(p.Batch.Facts.ID) > 0
}

// digests reports whether an identity of p may need a digest of the signed content:
// where there is no id, or one that the signature does not cover.
func (p *Provider) digests(s *scheme) bool {
	if p.Identity.None && !p.hasID() || !s.signs() && s.Kind != JSONToken {
		return false
	}
	covered := func(lists [][]place) bool {
		for _, list := range lists {
			for _, at := range list {
				for i := range s.families {
					f := &s.families[i]
					if at != f.id && (!at.in(f.covers.form) || !at.in(f.covers.other)) {
						return false
					}
				}
			}
		}
		return len(lists) > 0
	}
	c, err := p.compiled()
	return err != nil || p.Identity.Content || !covered(c.facts.id) && !slices.ContainsFunc(s.families, func(f family) bool { return f.id.kind != atNothing })
}

// contentDigest is Proof.Signed: of the parts of the signed text, those that are the
// content. Headers, times and ids change from try to try; a URL is content only
// where there is no body.
func (v *Verifier) contentDigest(values *values) Digested {
	var c contentHash
	for _, segment := range v.scheme.textFor(values.isForm).segments {
		for i := range segment.parts {
			p := &segment.parts[i]
			if p.name == partBody {
				c.add(v.row.Lasting(values.r.Body))
			} else if text, ok := p.content(values); ok {
				c.add([]byte(text))
			}
		}
	}
	if c.n == 0 && len(v.scheme.binds) > 0 && len(values.r.Body) > 0 {
		c.add(v.row.Lasting(values.r.Body))
	}
	return c.sum()
}

// contentHash hashes the parts of a content: a single one as it is, so that a document
// has one digest whether it comes by itself or in a form.
type contentHash struct {
	n     int
	first []byte
	hash  hash.Hash
}

func (c *contentHash) add(text []byte) {
	if c.n++; c.n == 1 {
		c.first = text
		return
	}
	if c.hash == nil {
		c.hash = sha256.New()
		addSized(c.hash, c.first)
	}
	addSized(c.hash, text)
}

func (c *contentHash) sum() Digested {
	switch c.n {
	case 0:
		return Digested{}
	case 1:
		return sha256.Sum256(c.first)
	}
	return Digested(c.hash.Sum(nil))
}

// Digested is the SHA-256 of the signed content of a delivery, the zero value where
// there is none.
type Digested [sha256.Size]byte

// DigestOf returns that of a content.
func DigestOf(content []byte) Digested { return sha256.Sum256(content) }

// String returns d in hexadecimal, "" where there is none.
func (d Digested) String() string {
	if d == (Digested{}) {
		return ""
	}
	var text [2 * len(d)]byte
	hex.Encode(text[:], d[:])
	return string(text[:])
}

// content returns the part's text where that is the content of a delivery. It was
// signed, so that nothing can be missing.
func (p *part) content(v *values) (string, bool) {
	switch p.name {
	case partURL, partTarget:
		return v.r.query(), len(v.r.Body) == 0
	case partPlivo:
		text, err := sortedFields(v.form, func(b *strings.Builder, f field) { b.WriteString(f.name + "=" + f.value + "&") })
		return text + v.r.query(), err == nil
	case partForm, partParams, partOnly, partPHP:
	case partPlace:
		if p.at.kind != atJSON && p.at.kind != atForm && p.at.kind != atQuery {
			return "", false
		}
	default:
		return "", false
	}
	text, err := p.text(v)
	return text, err == nil
}

// addSized hashes a text after its length, so that no two lists of texts run
// together.
func addSized(h hash.Hash, text []byte) {
	var size [8]byte
	binary.BigEndian.PutUint64(size[:], uint64(len(text)))
	h.Write(size[:]) // a hash never fails
	h.Write(text)
}

// Told is what an event's identity is made of.
type Told struct {
	Route   string
	Request string // id of the request
	Facts   Facts  // of the event, as the delivery has them
	ID      string // the event's id where the provider gives one
	// Proved says that the signature covers the id, or that only a secret could have
	// sent it.
	Proved bool
	// Signed is Proof.Signed as text, or the digest of what was sent where the proof
	// has none.
	Signed string
	// Item is what tells the event from the others of its delivery, "" for a single
	// one.
	Item string
}

// Key returns what tells an event from every other of its provider at one route, the
// same when the provider tries again. It holds the route where ids count at one endpoint
// alone, so that nothing joins those of two. Its texts are escaped so that no two run
// together.
func (p *Provider) Key(t *Told) string {
	i := &p.Identity
	var room [192]byte
	key := room[:0]
	add := func(text string) {
		if len(key) > 0 {
			key = append(key, ':')
		}
		key = appendEscaped(key, text)
	}
	switch {
	case i.None && t.ID == "":
		add("ping")
		add(t.Request)
	case t.ID == "" || i.Content && t.Signed != "":
		add("content")
		add(t.Signed)
		add(t.Facts.Type)
		add(t.Facts.Action)
		if !i.Content {
			add(t.Facts.Tenant)
		}
	default:
		switch i.Scope {
		case ScopeRoute:
			add(t.Route)
		case ScopeTenant:
			add(t.Facts.Tenant)
		}
		add(t.ID)
		if !t.Proved && t.Signed != "" {
			add(t.Signed)
		}
	}
	if t.Item != "" {
		add(t.Item)
	}
	return string(key)
}

// appendEscaped keeps the borders of a key's texts and makes them printable.
func appendEscaped(dst []byte, text string) []byte {
	const upper = "0123456789ABCDEF"
	plain := 0
	for i := range len(text) {
		if c := text[i]; c <= ' ' || c >= 0x7f || c == '%' || c == ':' {
			dst = append(append(dst, text[plain:i]...), '%', upper[c>>4], upper[c&15])
			plain = i + 1
		}
	}
	return append(dst, text[plain:]...)
}
