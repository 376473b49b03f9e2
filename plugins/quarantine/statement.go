package quarantine

import (
	"errors"
	"fmt"

	"webhookedge/plugins/provider/spec"
	"webhookedge/plugins/streams/archive"
)

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
