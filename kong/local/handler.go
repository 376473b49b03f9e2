package local

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"net/netip"
	"os"
	"slices"
	"strings"
	"time"

	"webhookedge/kong/local/host"
	"webhookedge/kong/local/router"
	"webhookedge/kong/local/uri"
)

// serverName is what answers say instead of kong/3.9.3.
const serverName = "kong-local"

// request is one request on its way.
type request struct {
	in    *http.Request
	w     *recorder
	log   *slog.Logger
	x     *host.Context
	id    string
	path  string // normalised
	start time.Time
	// trusted says that the peer's X-Forwarded-* count.
	trusted bool
}

// scheme is what the client spoke, to the peer where that is trusted.
func (q *request) scheme() string {
	if v := q.in.Header.Get("X-Forwarded-Proto"); q.trusted && v != "" {
		return strings.ToLower(v)
	}
	return "http"
}

// recorder remembers the status of an answer.
type recorder struct {
	http.ResponseWriter
	status int
}

func (r *recorder) WriteHeader(status int) {
	if status >= 200 && r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// ServeHTTP answers one request as Kong would.
func (s *Server) ServeHTTP(w http.ResponseWriter, in *http.Request) {
	q := &request{in: in, w: &recorder{ResponseWriter: w}, log: s.opts.Logger, id: newID(), start: time.Now()}
	r := s.snapshot(q)
	route := s.serve(q, r)
	if q.x != nil {
		q.x.Close()
	}
	captured := s.capture(r)
	if r.BodyFile != "" {
		_ = os.Remove(r.BodyFile)
	}
	if s.opts.OnDelivery != nil {
		s.opts.OnDelivery(Delivery{
			RequestID: q.id, Route: route, Method: in.Method, Path: r.Path(), ClientIP: r.Client.Addr().String(),
			Status: q.w.status, Headers: w.Header(), Took: time.Since(q.start), Request: captured,
		})
	}
}

// capture copies what was sent, where that is asked for.
func (s *Server) capture(r *host.Request) *Request {
	most := s.opts.CaptureBytes
	if most == 0 || s.opts.OnDelivery == nil {
		return nil
	}
	_, query := uri.Split(r.Target)
	c := &Request{Query: query, Size: len(r.Body), Body: r.Body[:min(len(r.Body), most)]}
	for _, h := range r.Headers {
		if h.Name == "host" {
			c.Host = h.Value
		}
		c.Headers = append(c.Headers, [2]string{h.Name, h.Value})
	}
	if r.BodyFile != "" {
		c.Body, c.Size = beginning(r.BodyFile, most)
	}
	return c
}

// serve routes the request and answers it. It returns the route's label.
func (s *Server) serve(q *request, r *host.Request) string {
	state := s.state.Load()
	m, found := state.router.Match(router.Query{
		Method: r.Method, Host: q.in.Host, Port: r.ServerPort, Path: q.path,
		Header: func(name string) []string { return host.Values(r.Headers, name) },
	})
	if !found {
		q.fail(http.StatusNotFound, textNoRoute)
		return ""
	}
	served := &state.routes[m.Index]
	r.Route, r.Service, r.Captures = served.route, served.service, m.Captures
	for i, name := range m.Names {
		if name != "" {
			r.Named = append(r.Named, host.NamedCapture{Name: name, Value: m.Captures[i]})
		}
	}
	if q.refuseScheme(served) {
		return served.decl.Label()
	}
	var err error
	if r.Body, r.BodyFile, err = readBody(q.w, q.in, s.bodies); err != nil {
		q.fail(http.StatusBadRequest, textBadRequest)
		return served.decl.Label()
	}
	q.x = host.NewContext(r, s.opts.Logger)
	if q.plugins(served) {
		return served.decl.Label()
	}
	if served.service == nil {
		q.fail(http.StatusServiceUnavailable, textNoService)
	} else {
		q.forward(state, served, m)
	}
	return served.decl.Label()
}

// refuseScheme answers a request that came by http on a route that is for https
// alone. A trusted peer's X-Forwarded-Proto counts.
func (q *request) refuseScheme(served *servedRoute) bool {
	p := served.decl.Protocols
	if slices.Contains(p, "http") || !slices.Contains(p, "https") || q.scheme() == "https" {
		return false
	}
	if code := served.decl.HTTPSRedirectStatusCode; code != http.StatusUpgradeRequired {
		q.begin()
		q.w.Header().Set("Location", "https://"+host.HostOnly(q.in.Host)+q.in.RequestURI)
		q.send(code, nil)
		return true
	}
	q.w.Header().Set("Connection", "Upgrade")
	q.w.Header().Set("Upgrade", "TLS/1.2, HTTP/1.1")
	q.fail(http.StatusUpgradeRequired, textHTTPS)
	return true
}

// plugins runs the route's plugins and says whether there is an answer.
func (q *request) plugins(served *servedRoute) bool {
	for _, p := range served.chain {
		if len(p.protocols) > 0 && !slices.Contains(p.protocols, "http") {
			continue
		}
		if p.terminates != nil {
			p.terminates.access(q.x)
		} else if err := p.external.host.Access(q.x, &p.config); err != nil {
			q.log.Error("plugin failed", "plugin", p.name, "route", served.decl.Label(), "request_id", q.id, "err", err)
			if _, raised := errors.AsType[*host.Raised](err); raised {
				q.raised()
			} else {
				q.fail(http.StatusInternalServerError, textUnexpected)
			}
			return true
		}
		if q.x.Exit != nil {
			q.exit(q.x)
			return true
		}
	}
	return false
}

// snapshot takes from an HTTP request what plugins may ask for.
func (s *Server) snapshot(q *request) *host.Request {
	in := q.in
	target := in.RequestURI
	if !strings.HasPrefix(target, "/") {
		target = in.URL.RequestURI()
	}
	raw, _ := uri.Split(target)
	q.path = uri.Normalize(raw)
	peer, _ := netip.ParseAddrPort(in.RemoteAddr)
	peer = netip.AddrPortFrom(peer.Addr().Unmap(), peer.Port())
	r := &host.Request{
		Method: in.Method, Target: target, Scheme: "http", Version: float64(in.ProtoMajor) + float64(in.ProtoMinor)/10,
		Headers: requestHeaders(in), Peer: peer, Client: s.realIP.client(peer, in.Header), ServerPort: s.port,
		TrustedPeer: s.realIP.isTrusted(peer.Addr()), Trusted: s.realIP.isTrusted,
		ID: q.id, NginxID: newID(), NodeID: s.nodeID, Start: q.start, Variables: s.opts.Variables, Worker: int(s.requests.Add(1) % uint64(s.opts.Workers)),
	}
	q.trusted = r.TrustedPeer
	return r
}

// requestHeaders lists headers by name: net/http does not keep their order.
func requestHeaders(in *http.Request) []host.Header {
	out := []host.Header{{Name: "host", Value: in.Host}}
	for _, name := range slices.Sorted(maps.Keys(in.Header)) {
		for _, v := range in.Header[name] {
			out = append(out, host.Header{Name: strings.ToLower(name), Value: v})
		}
	}
	if len(in.TransferEncoding) > 0 {
		out = append(out, host.Header{Name: "transfer-encoding", Value: strings.Join(in.TransferEncoding, ", ")})
	}
	return out
}

// newID makes an id of nginx's form: 16 random bytes in hex.
func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // it never fails
	return hex.EncodeToString(b[:])
}
