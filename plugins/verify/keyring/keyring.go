// Package keyring fetches the documents in which providers publish their public
// keys and certificates.
//
// Which addresses are a provider's own is decided before (provider.Remote); this
// package keeps whoever names one from making the edge call anything else: only
// HTTPS to public addresses, checked when the connection is made, no redirects,
// and bounds on size, time and number. Documents are kept for an hour, and used
// for a day where they cannot be fetched again; failures are kept for some
// seconds. Deliveries that need the same document wait for one fetch.
//
// Whoever sends a delivery may choose an address among those of its provider, so
// what was never there must not push out what is: failures make room first, and
// only some fetches of one host are under way at a time.
package keyring

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sync/singleflight"
)

// ErrUnavailable is a document that cannot be had now.
var ErrUnavailable = errors.New("key document cannot be fetched")

const (
	maxDocument   = 256 << 10 // bytes; Google's set of keys has 2 KB, a chain of certificates 6 KB
	maxDocuments  = 1024
	maxFetches    = 32 // at once, over all hosts
	maxOfHost     = 8  // at once
	fetchTimeout  = 5 * time.Second
	freshTTL      = time.Hour
	usableTTL     = 24 * time.Hour // of a document that cannot be fetched again
	failureTTL    = 10 * time.Second
	renewInterval = time.Minute // between two fetches because a key is not there
)

// Options are for tests and closed networks; the zero value is right elsewhere.
type Options struct {
	Roots *x509.CertPool // authorities, nil for the system's
	Now   func() time.Time
	// Allow says which addresses may be called, nil for public ones alone.
	Allow func(netip.Addr) bool
	// Timeout is that of a whole fetch, 0 for 5 s.
	Timeout time.Duration
}

// Ring is a cache of documents. It is safe for concurrent use.
type Ring struct {
	client  *http.Client
	now     func() time.Time
	flights singleflight.Group

	mu      sync.Mutex
	docs    map[string]document
	fetches int            // under way
	ofHost  map[string]int // of them, by host
}

type document struct {
	text    []byte // nil where there never was one
	fetched time.Time
	tried   time.Time
	err     error // of the last try
}

// New returns an empty ring.
func New(o Options) *Ring {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Allow == nil {
		o.Allow = public
	}
	if o.Timeout == 0 {
		o.Timeout = fetchTimeout
	}
	dialer := &net.Dialer{Timeout: o.Timeout, Control: func(_, address string, _ syscall.RawConn) error {
		ap, err := netip.ParseAddrPort(address)
		if err != nil || !o.Allow(ap.Addr().Unmap()) {
			return errors.New("the address is not a public one")
		}
		return nil
	}}
	transport := &http.Transport{
		DialContext: dialer.DialContext, TLSHandshakeTimeout: o.Timeout, ResponseHeaderTimeout: o.Timeout,
		MaxResponseHeaderBytes: 64 << 10, MaxConnsPerHost: 4, IdleConnTimeout: 30 * time.Second, DisableCompression: true,
	}
	if o.Roots != nil {
		transport.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: o.Roots}
	}
	return &Ring{
		now: o.Now, docs: map[string]document{}, ofHost: map[string]int{},
		client: &http.Client{
			Transport: transport, Timeout: o.Timeout,
			CheckRedirect: func(*http.Request, []*http.Request) error { return errors.New("a redirect is not followed") },
		},
	}
}

// public reports whether an address is one of the internet's: no private, local,
// shared or documentation network, and none that stands for another address, as
// those of NAT64, 6to4 and Teredo do (RFC 6890 and IANA's registries).
func public(a netip.Addr) bool {
	if !a.IsGlobalUnicast() || a.IsPrivate() || a.Zone() != "" {
		return false
	}
	if a.Is6() && !netip.MustParsePrefix("2000::/3").Contains(a) { // all that is given out
		return false
	}
	for _, network := range []string{
		"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24",
		"203.0.113.0/24", "240.0.0.0/4", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
	} {
		if netip.MustParsePrefix(network).Contains(a) {
			return false
		}
	}
	return true
}

// Get returns the document at an https URL. It waits for a fetch as long as ctx
// allows, and the fetch goes on for later deliveries. The error is an
// ErrUnavailable.
func (r *Ring) Get(ctx context.Context, address string) ([]byte, error) {
	r.mu.Lock()
	doc, known := r.docs[address]
	r.mu.Unlock()
	now := r.now()
	switch {
	case known && doc.text != nil && now.Sub(doc.fetched) < freshTTL:
		return doc.text, nil
	case known && now.Sub(doc.tried) < failureTTL:
		return doc.use(now)
	}
	done := r.start(address)
	if known && doc.text != nil && now.Sub(doc.fetched) < usableTTL {
		return doc.text, nil // the new one is for the next delivery
	}
	return r.wait(ctx, address, done)
}

// Renew fetches a document again in which a key was not found, since a provider may
// have published another one. It is ErrUnavailable where the last fetch is less
// than a minute old, so that forged deliveries cannot make more.
func (r *Ring) Renew(ctx context.Context, address string) ([]byte, error) {
	r.mu.Lock()
	doc, known := r.docs[address]
	r.mu.Unlock()
	if known && r.now().Sub(doc.tried) < renewInterval {
		return nil, fmt.Errorf("%w: it was fetched just now", ErrUnavailable)
	}
	return r.wait(ctx, address, r.start(address))
}

// start fetches a document, once for all that ask at the same time.
func (r *Ring) start(address string) <-chan singleflight.Result {
	return r.flights.DoChan(address, func() (any, error) {
		// It serves every delivery that waits, and has a time-out of its own.
		return nil, r.fetch(address)
	})
}

func (r *Ring) wait(ctx context.Context, address string, done <-chan singleflight.Result) ([]byte, error) {
	select {
	case result := <-done:
		if result.Err != nil {
			return nil, result.Err
		}
	case <-ctx.Done():
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, ctx.Err())
	}
	r.mu.Lock()
	doc := r.docs[address]
	r.mu.Unlock()
	return doc.use(r.now())
}

// use returns the document where it may still be used.
func (d *document) use(now time.Time) ([]byte, error) {
	if d.text != nil && now.Sub(d.fetched) < usableTTL {
		return d.text, nil
	}
	return nil, fmt.Errorf("%w: %w", ErrUnavailable, d.err)
}

// fetch loads a document and keeps what came of it. Its error is that of a fetch
// which was not begun, and leaves no trace.
func (r *Ring) fetch(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" || u.User != nil || u.Host == "" {
		return fmt.Errorf("%w: it is not an https URL", ErrUnavailable)
	}
	if !r.enter(u.Host) {
		return fmt.Errorf("%w: too many fetches are under way", ErrUnavailable)
	}
	text, err := r.load(u)
	now := r.now()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.leave(u.Host)
	doc, known := r.docs[address]
	if !known && len(r.docs) >= maxDocuments {
		r.forget()
	}
	doc.tried, doc.err = now, err
	if err == nil {
		doc.text, doc.fetched = text, now
	}
	r.docs[address] = doc
	return nil
}

func (r *Ring) enter(host string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.fetches >= maxFetches || r.ofHost[host] >= maxOfHost {
		return false
	}
	r.fetches++
	r.ofHost[host]++
	return true
}

// leave is called with mu held.
func (r *Ring) leave(host string) {
	r.fetches--
	if r.ofHost[host]--; r.ofHost[host] == 0 {
		delete(r.ofHost, host)
	}
}

// forget drops the failure that was tried longest ago or, where there is none, the
// document that was.
func (r *Ring) forget() {
	drop, first := "", true
	for address, doc := range r.docs {
		was := r.docs[drop]
		if first || doc.text == nil && was.text != nil || (doc.text == nil) == (was.text == nil) && doc.tried.Before(was.tried) {
			drop, first = address, false
		}
	}
	delete(r.docs, drop)
}

func (r *Ring) load(u *url.URL) ([]byte, error) {
	resp, err := r.client.Get(u.String())
	if err != nil {
		var wrapped *url.Error
		if errors.As(err, &wrapped) { // its text holds the URL, which may hold a token
			err = wrapped.Err
		}
		return nil, err
	}
	defer resp.Body.Close() //nolint:errcheck // only read
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the answer has the status %d", resp.StatusCode)
	}
	text, err := io.ReadAll(io.LimitReader(resp.Body, maxDocument+1))
	switch {
	case err != nil:
		return nil, err
	case len(text) > maxDocument:
		return nil, fmt.Errorf("it is larger than %d bytes", maxDocument)
	case len(text) == 0:
		return nil, errors.New("it is empty")
	}
	return text, nil
}
