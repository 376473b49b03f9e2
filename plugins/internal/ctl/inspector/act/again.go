package act

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"time"

	"webhookedge/plugins/internal/ctl/inspector/api"
	"webhookedge/plugins/internal/ctl/inspector/site"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/spec"
	"webhookedge/plugins/streams/archive"
)

// again prepares the request of a delivery once more: as it came, or signed anew.
func (d *Desk) again(ctx context.Context, o *api.Order, fix *fixed) (*prepared, error) {
	of, err := d.delivery(o)
	if err != nil {
		return nil, err
	}
	p := &prepared{plan: api.Plan{Title: fmt.Sprintf("Send delivery %d of %s again", o.N, titleOf(of.Row.Provider)), Undo: stays}}
	if d.site.Gateway == "" {
		return p.denied("The address of the gateway is not known."), nil
	}
	was, route, why, err := d.request(ctx, o, &of)
	switch {
	case err != nil:
		return nil, err
	case why != "":
		return p.denied(why), nil
	case len(was.Body) < was.Size:
		return p.denied("Only the beginning of its body was kept."), nil
	case len(was.Body) > maxBody:
		return p.denied(fmt.Sprintf("Its body is over %d MiB.", maxBody>>20)), nil
	case o.Resign:
		return d.resigned(p, was, route, fix)
	}
	return d.asItCame(p, was, route), nil
}

// request returns the request of a delivery, as the gateway has it or, to be signed anew,
// as the quarantine does, and its route.
func (d *Desk) request(ctx context.Context, o *api.Order, of *site.Delivery) (was *site.Request, route, why string, err error) {
	if of.Request != nil {
		return of.Request, of.Row.Route, "", nil
	}
	if of.Kept == 0 {
		return nil, "", "Its request is not kept: the edge keeps the events of what it stores, and no headers.", nil
	}
	if !o.Resign {
		return nil, "", "The quarantine keeps no secrets of a request: let it be signed again.", nil
	}
	r, err := d.record(ctx, o)
	if err != nil {
		return nil, "", "", err
	}
	rec, _, err := r.from.Get(ctx, of.Kept)
	if err != nil {
		return nil, "", "The record cannot be opened: " + err.Error() + ".", nil //nolint:nilerr // the plan says it
	}
	return requestOf(rec), rec.Route, "", nil
}

func requestOf(r *archive.Record) *site.Request {
	was := &site.Request{Method: r.Method, Path: string(r.Path), Query: string(r.Query), Body: r.Body, Size: r.Size, At: r.ReceivedAt}
	for _, h := range r.Headers {
		was.Headers = append(was.Headers, [2]string{h.Name, string(h.Value)})
	}
	return was
}

// asItCame sends the same bytes, with the signature that they had.
func (d *Desk) asItCame(p *prepared, was *site.Request, route string) *prepared {
	if !strings.HasPrefix(was.Path, "/") {
		return p.denied("Its path is none.")
	}
	signed := provider.Signed{Method: was.Method, URL: strings.TrimSuffix(d.site.Gateway, "/") + was.Path, Body: was.Body}
	if was.Query != "" {
		signed.URL += "?" + was.Query
	}
	for _, h := range was.Headers {
		if !ofConnection(h[0]) {
			signed.Headers = append(signed.Headers, spec.Header{Name: strings.ToLower(h[0]), Value: h[1]})
		}
	}
	p.plan.Request = outline(&signed)
	p.plan.Steps = []string{fmt.Sprintf("Send the same %d header lines and %d bytes to the gateway, with the signature that they had.", len(signed.Headers), len(was.Body))}
	p.plan.Warn = []string{"The edge knows its id: what was stored is a duplicate now."}
	var hide words
	if s, err := d.sender(route); err == nil { // without a kong.yml the request is the same
		hide = wordsOf(s)
		if scheme, ok := s.Row.Scheme(s.Scheme); ok && scheme.ToleranceSeconds > 0 && time.Since(was.At) > scheme.Tolerance() {
			p.plan.Warn = append(p.plan.Warn, fmt.Sprintf("Its signed time is more than %s ago: the edge is to refuse it. Let it be signed again.", scheme.Tolerance()))
		}
	}
	p.seen = []any{signed.Method, signed.URL, signed.Headers, sha256.Sum256(signed.Body), was.Host}
	p.run = d.sending(was.Host, 1, hide, func() (provider.Signed, error) { return signed, nil })
	return p
}

// ofConnection reports whether a header is about the connection that it came on.
func ofConnection(name string) bool {
	switch strings.ToLower(name) {
	case "host", "content-length", "connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "expect", "accept-encoding", "proxy-connection", "proxy-authorization":
		return true
	}
	return false
}

// outline shows a request that somebody else has signed: values only of headers that say
// nothing of its proof, and no body, which the delivery itself shows.
func outline(signed *provider.Signed) *api.Request {
	r := &api.Request{From: "gateway", Method: signed.Method, URL: shownURL(signed.URL, strings.SplitN(signed.URL, "?", 2)[0], nil)}
	for _, h := range signed.Headers {
		line := api.Header{Name: h.Name, Value: h.Value}
		switch h.Name {
		case "content-type", "content-encoding", "user-agent", "accept":
		default:
			line.Value, line.Masked = masked, true
		}
		r.Headers = append(r.Headers, line)
	}
	r.Body = api.Body{Kind: bodyOf(signed.Body).Kind, Size: len(signed.Body), Cut: len(signed.Body) > 0, Masked: []string{"body"}}
	return r
}

// resigned signs a delivery anew, with the secret that its route has today.
func (d *Desk) resigned(p *prepared, was *site.Request, route string, fix *fixed) (*prepared, error) {
	if route == "" {
		return p.denied("Its route is not known, which has the secret."), nil
	}
	s, err := d.sender(route)
	switch {
	case err != nil:
		return p.denied("It cannot be signed: " + err.Error() + "."), nil //nolint:nilerr // the plan says it
	case s.why != "":
		return p.denied(s.why), nil
	}
	if why := s.like(was); why != "" {
		return p.denied(why), nil
	}
	if was.Query != "" {
		p.plan.Warn = append(p.plan.Warn, "The parameters of its URL are left out, but for those that the sender signs with.")
	}
	p.plan.Warn = append(p.plan.Warn, "The edge knows its id: what was stored is a duplicate now.")
	return p, d.signing(p, s, fix, true)
}

// like makes s what was delivered, and says why it cannot be.
func (s *sender) like(was *site.Request) (why string) {
	const cannot = "It cannot be signed again: "
	if scheme, _ := s.Row.Scheme(s.Scheme); scheme.Encrypted.On() {
		return cannot + "its payload is encrypted."
	}
	list := provider.HeaderList{}
	for _, h := range was.Headers {
		list = append(list, spec.Header{Name: strings.ToLower(h[0]), Value: h[1]})
	}
	s.Body = append([]byte(nil), was.Body...)
	s.ContentType, _ = list.Get("content-type")
	facts, err := s.Row.Describe(provider.Request{Method: was.Method, URL: s.URL, Headers: list, Body: s.Body})
	if err != nil {
		return cannot + "its payload is not read: " + err.Error() + "."
	}
	s.ID = facts.ID
	if err := s.Like(facts.Type, facts.Action, facts.ID); err != nil && s.Row.Batch == nil {
		return cannot + err.Error() + "."
	}
	if err := s.proves(facts.Type); err != nil {
		return cannot + "the edge would not take it (" + err.Error() + ")."
	}
	return ""
}

// errOtherEvent is a delivery that says another event than it did.
var errOtherEvent = errors.New("it says another event")

// proves checks what s signs as the edge does.
func (s *sender) proves(kind string) error {
	trial, now := s.Delivery, time.Now()
	trial.Body = append([]byte(nil), s.Body...)
	signed, err := trial.Sign(now)
	if err != nil {
		return err
	}
	v, err := s.Row.Verifier(provider.Options{Scheme: s.Scheme, RawKey: s.RawKey, Settings: s.Settings, Secrets: []provider.Secret{{Value: s.Secret}}})
	if err != nil {
		return err
	}
	r := provider.Request{Method: signed.Method, URL: cmp.Or(s.PublicURL, s.URL) + strings.TrimPrefix(signed.URL, s.URL), Body: signed.Body}
	var list provider.HeaderList
	for _, h := range signed.Headers {
		list = append(list, spec.Header{Name: strings.ToLower(h.Name), Value: h.Value})
	}
	r.Headers = list
	if _, err := v.Verify(r, now); err != nil {
		return err
	}
	facts, err := s.Row.Describe(r)
	if err == nil && facts.Type != kind {
		err = errOtherEvent
	}
	return err
}
