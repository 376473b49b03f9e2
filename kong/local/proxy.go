package local

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/textproto"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"webhookedge/kong/local/declarative"
	"webhookedge/kong/local/host"
	"webhookedge/kong/local/router"
	"webhookedge/kong/local/uri"
)

// proxy has a transport for each service, since time-outs differ.
type proxy struct {
	transports map[*declarative.Service]*http.Transport
}

func newProxy(services []*declarative.Service) *proxy {
	p := &proxy{transports: map[*declarative.Service]*http.Transport{}}
	for _, s := range services {
		dialer := &net.Dialer{Timeout: time.Duration(s.ConnectTimeout) * time.Millisecond}
		p.transports[s] = &http.Transport{
			DialContext: dialer.DialContext, DisableCompression: true, MaxIdleConnsPerHost: 64, IdleConnTimeout: time.Minute,
			ResponseHeaderTimeout: time.Duration(s.ReadTimeout) * time.Millisecond,
		}
	}
	return p
}

// close drops the idle connections of a state that is not in use any more.
func (p *proxy) close() {
	for _, t := range p.transports {
		t.CloseIdleConnections()
	}
}

// forward sends the request to the service, with what plugins changed.
func (q *request) forward(s *state, served *servedRoute, m router.Match) {
	body, err := q.outgoingBody()
	if err != nil {
		q.log.Error("request body is gone", "request_id", q.id, "err", err)
		q.fail(http.StatusInternalServerError, textUnexpected)
		return
	}
	defer body.Close() //nolint:errcheck // only read
	q.begin()
	// ReverseProxy would otherwise not know the request's real body.
	in := q.in.WithContext(q.in.Context())
	in.Body, in.ContentLength = body, body.size
	(&httputil.ReverseProxy{
		Transport: s.proxy.transports[served.decl.Service],
		Rewrite:   func(pr *httputil.ProxyRequest) { q.rewrite(pr.Out, served, m) },
		ErrorHandler: func(_ http.ResponseWriter, _ *http.Request, err error) {
			q.log.Error("service does not answer", "service", served.service.Name, "request_id", q.id, "err", err)
			q.fail(upstreamFault(err))
		},
		ModifyResponse: func(r *http.Response) error {
			r.Header.Del("Server")
			return nil
		},
	}).ServeHTTP(q.w, in)
}

// upstreamFault is Kong's answer to a failed attempt.
func upstreamFault(err error) (int, string) {
	var name *net.DNSError
	var network net.Error
	switch {
	case errors.As(err, &name):
		return http.StatusServiceUnavailable, textName
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout():
		return http.StatusGatewayTimeout, textTimingOut
	}
	return http.StatusBadGateway, textUpstream
}

func (q *request) rewrite(out *http.Request, served *servedRoute, m router.Match) {
	service, up := served.decl.Service, q.x.Upstream
	scheme, name, port := cmp.Or(up.Scheme, service.Protocol), service.Host, service.Port
	if up.Host != "" {
		name, port = up.Host, up.Port
	}
	path := cmp.Or(up.Path, uri.Escape(router.UpstreamPath(service.BasePath, q.path, m.Path, served.decl.StripPath)))
	out.Method = q.x.Method()
	out.URL = &url.URL{Scheme: scheme, Host: net.JoinHostPort(strings.Trim(name, "[]"), strconv.Itoa(port)), Opaque: path, RawQuery: q.x.RawQuery()}
	switch {
	case up.HostHeader != "":
		out.Host = up.HostHeader
	case served.decl.PreserveHost:
		out.Host = q.in.Host
	case scheme == "http" && port == 80 || scheme == "https" && port == 443:
		out.Host = name
	default:
		out.Host = out.URL.Host
	}
	out.Header = q.outgoingHeaders(served, m)
}

// outgoingHeaders are the request's as plugins left them, without those that
// concern one connection, and Kong's X-Forwarded-*.
func (q *request) outgoingHeaders(served *servedRoute, m router.Match) http.Header {
	out := http.Header{}
	for _, h := range q.x.Headers() {
		switch h.Name {
		case "host", "connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "proxy-connection",
			"proxy-authenticate", "proxy-authorization", "content-length":
			continue
		}
		key := textproto.CanonicalMIMEHeaderKey(h.Name)
		out[key] = append(out[key], h.Value)
	}
	r := q.x.Request
	forwarded := r.Peer.Addr().String()
	if before := strings.Join(q.in.Header.Values("X-Forwarded-For"), ", "); before != "" {
		forwarded = before + ", " + forwarded
	} else {
		forwarded = r.Client.Addr().String()
	}
	out.Set("X-Forwarded-For", forwarded)
	out.Set("X-Real-IP", r.Client.Addr().String())
	values := map[string]string{
		"X-Forwarded-Proto": r.Scheme, "X-Forwarded-Host": host.HostOnly(q.in.Host), "X-Forwarded-Port": strconv.Itoa(r.ServerPort),
		"X-Forwarded-Path": r.Path(), "X-Kong-Request-Id": q.id,
	}
	if served.decl.StripPath && m.Path != "" && m.Path != "/" {
		values["X-Forwarded-Prefix"] = m.Path
	}
	for name, value := range values {
		if !r.TrustedPeer || q.in.Header.Get(name) == "" {
			out.Set(name, value)
		}
	}
	if _, sent := out["User-Agent"]; !sent {
		out["User-Agent"] = nil // Go would add its own
	}
	return out
}

// sizedBody is a request body of a known size.
type sizedBody struct {
	io.Reader
	io.Closer
	size int64
}

func (q *request) outgoingBody() (sizedBody, error) {
	content, file := q.x.Body()
	if file == "" {
		return sizedBody{bytes.NewReader(content), io.NopCloser(nil), int64(len(content))}, nil
	}
	f, err := os.Open(file)
	if err != nil {
		return sizedBody{}, err
	}
	info, err := f.Stat()
	if err != nil {
		return sizedBody{}, errors.Join(err, f.Close())
	}
	return sizedBody{f, f, info.Size()}, nil
}
