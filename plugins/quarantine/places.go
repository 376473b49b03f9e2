package quarantine

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/spec"
	"webhookedge/plugins/streams/archive"
)

// places are where one scheme of a row reads its proof.
type places struct {
	name string
	kind spec.Kind
	// signature are the places of the signature, token or password.
	signature []string
	// public are other places that it reads and that hold no secret: times, ids, the
	// names of algorithms and keys.
	public []string
	// words are places of what must equal a setting that is secret.
	words    []string
	mark     string // what stands before a token
	numbered bool   // signatures stand in <name>-1, <name>-2 and so on
	// texts are all locators and templates of the scheme.
	texts []string
}

// placesOf returns those of a scheme of a row. s has its settings filled in where they
// are known, written has not: what a setting is compared with may be a secret.
func placesOf(row *provider.Provider, s, written *spec.Scheme) places {
	p := places{name: s.Name, kind: s.Kind, mark: s.Mark, numbered: s.Layout == spec.Numbered, texts: []string{s.Content, s.FormContent}}
	for _, f := range append([]spec.Family{s.Family}, s.Alternates...) {
		p.signature = append(append(p.signature, f.Signature), f.Also...)
		p.public = append(p.public, f.Timestamp, f.ID)
	}
	for _, e := range s.Expect {
		p.texts = append(p.texts, e.At)
	}
	for _, e := range written.Expect {
		secret := func(set spec.Setting) bool { return set.Secret && strings.Contains(e.Is, "{setting:"+set.Name+"}") }
		if !strings.Contains(e.At+e.Is, "{setting:") {
			p.public = append(p.public, e.At)
		} else if slices.ContainsFunc(row.Settings, secret) {
			p.words = append(p.words, e.At)
		}
	}
	for _, b := range s.Binds {
		p.texts = append(p.texts, b.At, b.Content)
	}
	if s.Remote != nil {
		p.public = append(p.public, s.Remote.At, s.Remote.KeyID)
	}
	p.texts = slices.Concat(p.texts, p.signature, p.public)
	return p
}

// factsOf returns the places that tell what an event of a row is.
func factsOf(row *provider.Provider) []string {
	all := []spec.Locators{row.Facts}
	if row.Batch != nil {
		all = append(all, row.Batch.Facts)
	}
	var facts []string
	for _, l := range all {
		for _, list := range [...][]string{l.Type, l.Action, l.Tenant, l.Subject} {
			facts = append(facts, list...)
		}
		for _, joined := range l.ID {
			facts = append(facts, strings.Split(joined, " + ")...)
		}
		for _, t := range l.Time {
			facts = append(facts, t.At)
		}
	}
	return facts
}

// shows reports whether a delivery holds the secret itself (spec.Scheme.ShowsSecret).
func (p *places) shows() bool { return p.kind == spec.Token || p.kind == spec.Basic }

// holds reports whether the signature stands at a place, "header:x-signature".
func (p *places) holds(at string) bool {
	if cut := strings.LastIndexByte(at, '-'); p.numbered && cut > 0 && strings.Trim(at[cut+1:], "0123456789") == "" {
		at = at[:cut]
	}
	return slices.Contains(p.signature, at)
}

// signsURL reports whether the public URL is a part of what is signed.
func (p *places) signsURL() bool {
	return p.mentions("{url") || p.mentions("{target") || p.mentions("{plivo") || p.mentions("{qsh")
}

// needs reports whether the proof may depend on what stands at a place. It says yes
// too often rather than too rarely.
func (p *places) needs(at string) bool {
	kind, _, _ := strings.Cut(at, ":")
	switch {
	case p.mentions(at), p.unnamed():
		return true
	case kind == "header":
		return p.mentions("{headers-listed")
	case kind == "body": // a word of its elements, whose places in the body differ
		return slices.ContainsFunc(p.words, func(at string) bool { return strings.HasPrefix(at, "json:") })
	case kind == "query":
		return p.signsURL() || p.mentions("{query") || p.mentions("{params")
	}
	return false
}

// unnamed reports whether a setting that is not known here names one of the places.
func (p *places) unnamed() bool {
	return slices.ContainsFunc(slices.Concat(p.signature, p.public), func(at string) bool { return strings.Contains(at, "{setting:") })
}

func (p *places) mentions(text string) bool {
	return slices.ContainsFunc(p.texts, func(t string) bool { return strings.Contains(t, text) })
}

// ErrUnreleasable is an event that is not held back, because nobody could release it:
// its sender would be told 200 for what is lost.
var ErrUnreleasable = errors.New("event cannot be held back")

// needKeys ends the reasons that keys do away with.
const needKeys = "; with quarantine.keys the record says by itself what was proved"

// Proof says how a route proves its deliveries, where the plugin that keeps them
// knows it.
type Proof struct {
	Scheme spec.Scheme // with its settings filled in
	// URL says that the route's settings tell which URL the sender signs.
	URL bool
}

// unreleasable returns why r, of which nothing is removed any more, could not be
// released with the secrets that it was proved by, "" where it could.
func (k *Keeper) unreleasable(r *archive.Record) string {
	switch {
	case r.Verification == nil:
		return "nothing proved its sender, so that no release could"
	case r.Cut:
		return "its body cannot be searched for the secret in it"
	case k.keys.Use() != "":
		return "" // the sealed statement is enough
	}
	p := k.scrub.scheme(r.Verification.Scheme)
	if p == nil {
		return "the scheme that proved it is not known here" + needKeys
	}
	if why := p.unkept(); why != "" {
		return why + needKeys
	}
	for _, at := range r.Removed {
		if p.needs(at) {
			return "its proof needs what is not kept of " + archive.Escape(at) + needKeys
		}
	}
	if p.signsURL() && len(r.PublicURL) == 0 && !k.url {
		return "its proof needs the public URL, which this plugin does not know" + needKeys
	}
	return ""
}

// unkept says what of a proof is never kept without keys, "" for nothing.
func (p *places) unkept() string {
	switch {
	case p.shows():
		return fmt.Sprintf("its sender is proved by a secret in the delivery (%s), which is not kept", p.kind)
	case p.kind == spec.ClientCert:
		return "its sender is proved by who showed the certificate, which only a sealed record can say"
	}
	return ""
}

// NeedsKeys is an error where no event of the route can be held back without keys and
// there are none; it says why.
func (k *Keeper) NeedsKeys() error {
	if k.keys.Use() != "" {
		return nil
	}
	var why string
	for i := range k.scrub.schemes {
		p := &k.scrub.schemes[i]
		if k.scheme != "" && p.name != k.scheme {
			continue
		}
		if why = p.unkept(); why == "" {
			return nil
		}
	}
	return fmt.Errorf("keys: %w: %s%s", ErrUnreleasable, why, needKeys)
}
