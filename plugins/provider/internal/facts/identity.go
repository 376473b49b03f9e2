package facts

import (
	"fmt"
	"slices"
	"strings"

	"webhookedge/plugins/internal/jsonscan"
	"webhookedge/plugins/internal/redact"
	"webhookedge/plugins/provider/internal/place"
	"webhookedge/plugins/provider/spec"
)

// checkIdentity says what in the row's identity does not fit together.
func checkIdentity(p *spec.Provider) error {
	i, f, b := &p.Identity, &p.Facts, p.Batch
	tenants := len(f.Tenant) > 0 || b != nil && len(b.Facts.Tenant) > 0
	switch {
	case i.Scope != "" && !slices.Contains(i.Scope.Enum(), string(i.Scope)):
		return fmt.Errorf("%w: identity: unknown scope", spec.ErrRow)
	case i.None && i.Content:
		return fmt.Errorf("%w: identity: none, and yet a content", spec.ErrRow)
	case i.Scope == spec.ScopeTenant && !tenants:
		return fmt.Errorf("%w: identity: ids of a tenant, and no place of the tenant", spec.ErrRow)
	}
	return nil
}

// volatile drops the members that change when the provider tries again, nil where
// there are none.
func volatile(i *spec.Identity) (*redact.Redactor, error) {
	if len(i.Volatile) == 0 {
		return nil, nil
	}
	rules := make([]redact.Rule, len(i.Volatile))
	for k, path := range i.Volatile {
		names, err := jsonscan.Segments(path)
		if err != nil {
			return nil, fmt.Errorf("%w: identity: %w", spec.ErrRow, err)
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
		return nil, fmt.Errorf("%w: identity: %w", spec.ErrRow, err)
	}
	return r, nil
}

// Lasting returns a payload, JSON that jsonscan.Scan takes, without the members that
// change when the provider tries again. Most rows have none, and data is returned as
// it is.
func (c *Reader) Lasting(data []byte) []byte {
	if c.volatile == nil {
		return data
	}
	left, _, err := c.volatile.Apply(data)
	if err != nil {
		return data
	}
	return left
}

// NeedsDigest reports whether an identity of the row may need a digest of the signed
// content: where there is no id, or one that the signature does not cover. SignedID says
// that the signature has an id of its own.
func (c *Reader) NeedsDigest(covered func(place.Place) bool, signedID bool) bool {
	p := c.row
	if p.Identity.None && len(p.Facts.ID) == 0 && (p.Batch == nil || len(p.Batch.Facts.ID) == 0) {
		return false
	}
	ids := slices.Concat(c.facts.id...)
	inSignature := signedID || len(ids) > 0 && !slices.ContainsFunc(ids, func(at place.Place) bool { return !covered(at) })
	return p.Identity.Content || !inSignature
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
func (c *Reader) Key(t *Told) string {
	i := &c.row.Identity
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
		case spec.ScopeRoute:
			add(t.Route)
		case spec.ScopeTenant:
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
	plain := 0
	for i := range len(text) {
		if c := text[i]; c <= ' ' || c >= 0x7f || c == '%' || c == ':' {
			dst = append(append(dst, text[plain:i]...), '%', hexUpper[c>>4], hexUpper[c&15])
			plain = i + 1
		}
	}
	return append(dst, text[plain:]...)
}
