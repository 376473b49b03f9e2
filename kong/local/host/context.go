package host

import (
	"log/slog"
	"net/textproto"
	"strings"

	"webhookedge/kong/local/uri"
	"webhookedge/kong/local/wire"
)

// Context is what the plugins of one request share and change. It belongs to
// one goroutine. Close it when the client has its answer.
type Context struct {
	Request *Request
	// Exit is set when a plugin answered.
	Exit *wire.Exit
	// Status is what kong.response.set_status left, or 0.
	Status int
	// Response holds the response headers that plugins set.
	Response Response
	// Upstream holds what plugins changed of the way to the service.
	Upstream Upstream

	log                  *slog.Logger
	plugin               string
	method               string
	query                string
	headers              []Header
	ownHeaders           bool
	body                 []byte
	bodyFile             string
	shared, values       map[string]any
	consumer, credential []byte
	abandoned            []*conn
}

// Upstream is what kong.service and kong.service.request changed; empty fields
// mean no change.
type Upstream struct {
	Scheme string
	Host   string // of kong.service.set_target
	Port   int
	Path   string // escaped
	// HostHeader is the Host header that a plugin set.
	HostHeader string
}

// NewContext starts the plugins' way of r. Log takes kong.log.* and may be nil.
func NewContext(r *Request, log *slog.Logger) *Context {
	x := &Context{}
	x.Reset(r, log)
	return x
}

// Reset makes x ready for another request; it must have been closed.
func (x *Context) Reset(r *Request, log *slog.Logger) {
	abandoned := x.abandoned[:0]
	*x = Context{Request: r, log: log, method: r.Method, headers: r.Headers, body: r.Body, bodyFile: r.BodyFile}
	x.abandoned = abandoned
	if log == nil {
		x.log = slog.New(slog.DiscardHandler)
	}
	_, x.query = uri.Split(r.Target)
}

// Close hangs up on plugins that were not answered: Kong does so when the
// request ends, not before.
func (x *Context) Close() {
	for _, c := range x.abandoned {
		c.close()
	}
	x.abandoned = x.abandoned[:0]
}

// Method is the request's, as plugins left it.
func (x *Context) Method() string { return x.method }

// RawQuery is the query string as plugins left it.
func (x *Context) RawQuery() string { return x.query }

// Headers are the request headers as plugins left them; do not change them.
func (x *Context) Headers() []Header { return x.headers }

// Body is the request body as plugins left it, in memory or in a file.
func (x *Context) Body() (content []byte, file string) { return x.body, x.bodyFile }

func (x *Context) setRequestHeader(name string, values []string) {
	x.clearRequestHeader(name)
	for _, v := range values {
		x.headers = append(x.headers, Header{strings.ToLower(name), v})
	}
}

func (x *Context) clearRequestHeader(name string) {
	name = strings.ToLower(name)
	kept := make([]Header, 0, len(x.headers)+1)
	for _, h := range x.headers {
		if h.Name != name {
			kept = append(kept, h)
		}
	}
	x.headers, x.ownHeaders = kept, true
}

func (x *Context) addRequestHeader(name string, values []string) {
	if !x.ownHeaders {
		x.headers, x.ownHeaders = append([]Header(nil), x.headers...), true
	}
	for _, v := range values {
		x.headers = append(x.headers, Header{strings.ToLower(name), v})
	}
}

// Response is a set of response headers in the order they were set.
type Response struct{ lines []responseLine }

type responseLine struct {
	name   string
	values []string
}

// Set replaces a header. Underscores become dashes, as ngx.header does.
func (r *Response) Set(name string, values ...string) {
	name = responseName(name)
	for i := range r.lines {
		if r.lines[i].name == name {
			r.lines[i].values = values
			return
		}
	}
	r.lines = append(r.lines, responseLine{name, values})
}

// Add adds values to a header.
func (r *Response) Add(name string, values ...string) {
	name = responseName(name)
	for i := range r.lines {
		if r.lines[i].name == name {
			r.lines[i].values = append(r.lines[i].values[:len(r.lines[i].values):len(r.lines[i].values)], values...)
			return
		}
	}
	r.lines = append(r.lines, responseLine{name, values})
}

// Clear removes a header.
func (r *Response) Clear(name string) {
	r.Set(name)
}

// Each calls fn for every header that was touched; no values means that it was
// cleared.
func (r *Response) Each(fn func(name string, values []string)) {
	for _, l := range r.lines {
		fn(l.name, l.values)
	}
}

func responseName(name string) string {
	return textproto.CanonicalMIMEHeaderKey(strings.ReplaceAll(name, "_", "-"))
}
