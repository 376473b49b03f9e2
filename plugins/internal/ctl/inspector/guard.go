package inspector

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"mime"
	"net"
	"net/http"
	"net/netip"
	"path"
	"slices"
	"strings"
)

// tokenSize is that of the token in the page's address, in bytes.
const tokenSize = 32

func newToken() string {
	var b [tokenSize]byte
	_, _ = rand.Read(b[:]) // it never fails
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// policy lets the page load what comes from its own server, run no script but files of
// it, and be shown in no frame.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types lit-html"

// guard lets nobody to next but who has the token, and no page of another origin.
type guard struct {
	token string
	hosts []string // that the page may be called by
	next  http.Handler
}

// hostsOf are those by which a loopback address is called. Others are names that somebody
// makes lead here (DNS rebinding).
func hostsOf(address net.Addr) []string {
	_, port, _ := net.SplitHostPort(address.String())
	var hosts []string
	for _, name := range []string{"127.0.0.1", "localhost", "::1"} {
		hosts = append(hosts, net.JoinHostPort(name, port))
		if port == "80" { // which browsers leave out
			hosts = append(hosts, strings.TrimSuffix(net.JoinHostPort(name, port), ":80"))
		}
	}
	return hosts
}

// ServeHTTP answers strangers with an empty 404, whatever they ask for.
func (g *guard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	for name, value := range map[string]string{
		"Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY",
		"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp", "Cross-Origin-Resource-Policy": "same-origin",
		"Cache-Control": "no-store",
	} {
		h.Set(name, value)
	}
	token, rest, below := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	known := subtle.ConstantTimeCompare([]byte(token), []byte(g.token)) == 1
	clean := path.Clean("/"+rest) == strings.TrimSuffix("/"+rest, "/") || rest == "" // else the mux would say where to go
	if !known || !below || !clean || !slices.Contains(g.hosts, strings.ToLower(r.Host)) {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	if err := foreign(r, strings.HasPrefix(rest, "api/")); err != nil {
		fail(w, http.StatusForbidden, err)
		return
	}
	inside := r.Clone(r.Context())
	inside.URL.Path, inside.URL.RawPath = "/"+rest, ""
	g.next.ServeHTTP(w, inside)
}

// foreign says why a request is not the page's own. A browser says where a request comes
// from, and lets no page send JSON elsewhere without asking first, which is never allowed.
func foreign(r *http.Request, api bool) error {
	if site := r.Header.Get("Sec-Fetch-Site"); api && site != "" && site != "same-origin" && site != "none" {
		return errors.New("this is for the inspector's own page")
	}
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return nil
	}
	if origin := r.Header.Values("Origin"); len(origin) > 0 && (len(origin) > 1 || origin[0] != "http://"+r.Host) {
		return errors.New("this is for the inspector's own page")
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return errors.New("send application/json")
	}
	return nil
}

// loopback returns an address to listen on that no other machine reaches.
func loopback(address string) (string, error) {
	name, port, err := net.SplitHostPort(address)
	if err != nil {
		return "", fmt.Errorf("%w: %q is not HOST:PORT", ErrAddress, address)
	}
	if name == "localhost" {
		name = "127.0.0.1"
	}
	if ip, err := netip.ParseAddr(name); err != nil || !ip.IsLoopback() {
		return "", fmt.Errorf("%w: %q is not on this machine alone, such as 127.0.0.1:0 is; use ssh -L to reach it from elsewhere", ErrAddress, address)
	}
	return net.JoinHostPort(name, port), nil
}
