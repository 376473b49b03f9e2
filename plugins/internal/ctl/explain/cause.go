package explain

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/explain"
)

// obvious explains refusals that need no search for the cause; "" for others.
func (x *examined) obvious(out *pipeline.Outcome) (reason, cause string) {
	switch {
	case out.Code == pipeline.MethodNotAllowed:
		return "method", fmt.Sprintf("%s delivers with %s, and this is a %s.", x.row.Title, strings.Join(x.row.AllowedMethods(), ", "), x.d.Method)
	case errors.Is(out.Err, provider.ErrSetup):
		return "setup", "The request hands over a secret, and setup is off: set setup while the provider is being set up, and only then."
	case errors.Is(out.Err, provider.ErrChallenge):
		return "challenge", "The challenge of the handshake is not there, or it is not a short line of printable ASCII."
	case out.Code == pipeline.KeyUnavailable:
		return "key_unavailable", "The provider's public keys cannot be used: " + lastPart(out.Err) + "."
	case !x.row.Delivers(x.d.Method) && errors.Is(out.Err, provider.ErrMismatch):
		return "handshake_token", "The token of the handshake is not the one of the settings, or the settings have none."
	}
	return "", ""
}

// lastPart is what is said last in a chain of errors.
func lastPart(err error) string {
	text := strings.TrimSuffix(err.Error(), ".")
	if _, rest, ok := strings.Cut(text, provider.ErrKeyDocument.Error()+": "); ok {
		return rest
	}
	return text[strings.LastIndex(text, "fetched: ")+1:]
}

func (x *examined) why(out *pipeline.Outcome) (reason string, causes []string) {
	if reason, cause := x.obvious(out); cause != "" {
		return reason, []string{cause}
	}
	err := out.Err
	if x.unkeyed && x.row.Schemes[0].Remote == nil {
		return "no_key", []string{"The line gives no key, so that nothing can be verified: give keys as the provider's dashboard shows them."}
	}
	o := provider.Options{
		Scheme: x.cfg.Scheme, RawKey: x.cfg.RawKey, Tolerance: time.Duration(x.cfg.ToleranceSeconds) * time.Second,
		Settings: map[string]string{}, Roots: x.roots, Unkeyed: x.unkeyed,
	}
	for _, s := range x.cfg.Secrets {
		o.Secrets = append(o.Secrets, provider.Secret{Value: s.Value.Reveal(), Docs: true})
	}
	for _, s := range x.cfg.Settings {
		o.Settings[s.Name] = s.Value.Reveal()
	}
	r := provider.Request{Method: x.d.Method, URL: x.d.PublicURL, Query: x.d.RawQuery, Headers: x.d.Headers, Body: x.d.Body}
	var doc []byte
	if v, verr := x.row.Verifier(o); verr == nil {
		if address, kerr := v.KeyURL(r); kerr == nil {
			doc = []byte(x.docs[address])
		}
	}
	for _, cause := range explain.Causes(explain.Case{Row: x.row, Options: o, Request: r, Now: x.now, Err: err, Document: doc, Others: true}) {
		if reason == "" {
			reason = cause.Name
		}
		causes = append(causes, cause.Text)
	}
	return reason, causes
}
