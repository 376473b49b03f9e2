package host

import (
	"log/slog"
	"net/http"
	"net/textproto"
	"slices"
	"strings"

	"webhookedge/kong/local/uri"
	"webhookedge/kong/wire"
)

// Context is what the plugins of one request share and change. It belongs to
// one goroutine. Close it when the client has its answer.
type Context struct {
	Request *Request
	// Exit is set when a plugin answered.
	Exit *wire.Exit
	// Status is what kong.response.set_status left, or 0.
	Status int
	// Response holds the response headers that plugins touched, without values
	// where they cleared one.
	Response http.Header
	// Upstream holds what plugins changed of the way to the service.
	Upstream Upstream

	log                  *slog.Logger
	plugin               string
	method               string
	query                string
	headers              []Header
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
	*x = Context{Request: r, log: log, method: r.Method, headers: r.Headers, body: r.Body, bodyFile: r.BodyFile, Response: http.Header{}}
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
	x.addRequestHeader(name, values)
}

func (x *Context) clearRequestHeader(name string) {
	name = strings.ToLower(name)
	x.headers = slices.DeleteFunc(slices.Clone(x.headers), func(h Header) bool { return h.Name == name })
}

// addRequestHeader appends to a copy: the request's own headers are shared.
func (x *Context) addRequestHeader(name string, values []string) {
	if strings.EqualFold(name, "host") && len(values) > 0 {
		x.Upstream.HostHeader = values[0]
	}
	x.headers = slices.Clip(x.headers)
	for _, v := range values {
		x.headers = append(x.headers, Header{strings.ToLower(name), v})
	}
}

// SetResponseHeader replaces a response header; no values clear it.
func (x *Context) SetResponseHeader(name string, values ...string) {
	x.Response[responseName(name)] = values
}

// responseName makes dashes of underscores, as ngx.header does.
func responseName(name string) string {
	return textproto.CanonicalMIMEHeaderKey(strings.ReplaceAll(name, "_", "-"))
}
