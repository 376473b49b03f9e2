package detail

import (
	"cmp"
	"net/netip"
	"strings"

	"webhookedge/plugins/internal/ctl/inspector/api"
	"webhookedge/plugins/internal/ctl/inspector/site"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/spec"
	"webhookedge/plugins/streams/archive"
)

// Bounds of what is shown of a request beside its body.
const (
	maxHeaders = 1000
	maxHeader  = 8 << 10 // bytes of one value, and of the URL
)

// request is a delivery as it came, with its secrets.
type request struct {
	from                              string
	method, host, path, query, client string
	url                               string // that the sender called, "" where it is not known
	headers                           provider.HeaderList
	body                              []byte
	size                              int
}

func (r *request) whole() bool { return len(r.body) == r.size }

// media is the media type in lower case, without parameters.
func (r *request) media() string {
	value, _ := r.headers.Get("content-type")
	media, _, _ := strings.Cut(value, ";")
	return strings.ToLower(strings.TrimSpace(media))
}

// target is the path and the query.
func (r *request) target() string {
	if r.query == "" {
		return cmp.Or(r.path, "/")
	}
	return cmp.Or(r.path, "/") + "?" + r.query
}

// cameAt is the request that the gateway saw.
func cameAt(s *site.Request) *request {
	r := &request{
		from: "gateway", method: s.Method, host: s.Host, path: s.Path, query: s.Query, client: s.Client, body: s.Body, size: max(s.Size, len(s.Body)),
	}
	for _, h := range s.Headers {
		r.headers = append(r.headers, spec.Header{Name: strings.ToLower(h[0]), Value: h[1]})
	}
	return r
}

// cameKept is the request that the quarantine has.
func cameKept(k *archive.Record) *request {
	r := &request{
		from: "quarantine", method: k.Method, path: string(k.Path), query: string(k.Query), url: string(k.PublicURL), client: k.ClientIP, body: k.Body, size: k.Size,
	}
	for _, line := range k.Headers {
		r.headers = append(r.headers, spec.Header{Name: line.Name, Value: string(line.Value)})
	}
	r.host, _ = r.headers.Get("host")
	return r
}

// delivery is the request as the stages have it, with a proof or without.
func (r *request) delivery(v *pipeline.Verification, route string) *pipeline.Delivery {
	d := &pipeline.Delivery{
		Method: r.method, Path: r.path, RawQuery: r.query, PublicURL: r.url, Body: r.body, Route: route, Verification: v,
		Headers: make(pipeline.Headers, len(r.headers)),
	}
	d.ClientIP, _ = netip.ParseAddr(r.client) // the zero Addr is an unknown one
	for i, h := range r.headers {
		d.Headers[i] = pipeline.Header{Name: h.Name, Value: h.Value}
	}
	return d
}

// find finds the request, and what must not be shown of it.
func (v *view) find() {
	switch {
	case v.given.Request != nil:
		v.came = cameAt(v.given.Request)
	case v.kept != nil:
		v.came = cameKept(v.kept)
	}
	v.hide = newMasker(v.row, v.route)
	if v.came != nil {
		v.hide.learn(v.came)
	}
}

// request shows the delivery as it came.
func (v *view) request() {
	if v.came == nil {
		v.out.Absent = v.absent()
		return
	}
	c := v.came
	out := &api.Request{From: c.from, Method: v.hide.text(c.method, maxHeader), Client: c.client, Headers: []api.Header{}}
	out.URL = v.hide.text(v.hide.target(c), maxHeader)
	covers := v.covers()
	if _, n := c.headers.Get("host"); n == 0 && c.host != "" {
		out.Headers = append(out.Headers, api.Header{Name: "host", Value: v.hide.text(c.host, maxHeader)})
	}
	for _, h := range c.headers[:min(len(c.headers), maxHeaders)] {
		out.Headers = append(out.Headers, v.hide.header(h, covers))
	}
	out.Body = v.body
	v.out.Request = out
}

// reveal makes the body of the request as it may be shown.
func (v *view) reveal() {
	if v.came == nil {
		return
	}
	c := v.came
	var places []string
	v.shown, places, v.out.Absent = v.hide.body(c)
	if v.shown == nil && c.size > 0 {
		v.body = api.Body{Kind: kindBinary, Size: c.size, Cut: true}
		return
	}
	v.body = bodyOf(v.shown, c.size, maxText)
	v.body.Masked, v.body.Cut = places, v.body.Cut || !c.whole()
}

// absent says why nobody has the request.
func (v *view) absent() string {
	switch {
	case v.out.Kept != nil && v.out.Kept.Error != "":
		return "The quarantine has the request, and it could not be opened."
	case v.given.Row.State == api.StateStored:
		return "The edge keeps the event of a delivery that it stored, and neither its headers nor its body as they came."
	}
	return "The quarantine did not keep this delivery: the setting quarantine.keep names the codes whose deliveries it keeps."
}
