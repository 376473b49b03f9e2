package ipallow

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"syscall"
	"time"

	"github.com/cenkalti/backoff/v5"

	"webhookedge/plugins/internal/telemetry"
)

// Bounds of fetching a list.
const (
	fetchTimeout  = 30 * time.Second
	maxRedirects  = 3
	maxValidator  = 256 // bytes of an ETag that is worth keeping
	firstRetry    = time.Minute
	startupSpread = time.Minute // so that the nodes of a fleet do not start as one
)

var (
	errStatus   = errors.New("the publisher answered with another status than 200")
	errRedirect = errors.New("the publisher redirects too often or to a URL without TLS")
	errAddress  = errors.New("the publisher's address is not a public one")
)

// clients fetch lists. Neither follows a redirect out of TLS.
type clients struct {
	publishers *http.Client // calls public addresses only, directly
	mirror     *http.Client // calls whom the settings name, through the process's proxy
}

func newClients() clients {
	private := trie(reserved())
	dialer := &net.Dialer{Timeout: fetchTimeout, Control: func(_, address string, _ syscall.RawConn) error {
		ap, err := netip.ParseAddrPort(address)
		if err != nil || ap.Addr().Zone() != "" || private.Contains(ap.Addr().Unmap()) {
			return errAddress
		}
		return nil
	}}
	client := func(t *http.Transport) *http.Client {
		t.TLSHandshakeTimeout, t.ResponseHeaderTimeout, t.MaxResponseHeaderBytes = fetchTimeout, fetchTimeout, 64<<10
		t.IdleConnTimeout = fetchTimeout
		return &http.Client{Transport: t, Timeout: fetchTimeout, CheckRedirect: redirect}
	}
	return clients{
		publishers: client(&http.Transport{DialContext: dialer.DialContext, ForceAttemptHTTP2: true}),
		mirror:     client(&http.Transport{Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true}),
	}
}

func redirect(next *http.Request, via []*http.Request) error {
	if len(via) > maxRedirects || via[0].URL.Scheme == "https" && next.URL.Scheme != "https" {
		return errRedirect
	}
	return nil
}

func (c clients) of(one *list) *http.Client {
	if one.mirrored {
		return c.mirror
	}
	return c.publishers
}

// refresh keeps one list up to date until ctx is done.
func (l *Lists) refresh(ctx context.Context, one *list) {
	pauses := backoff.NewExponentialBackOff()
	pauses.InitialInterval, pauses.MaxInterval = firstRetry, one.key.interval
	wait := l.first(one)
	for {
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
		if l.update(ctx, one) {
			pauses.Reset()
			wait = jitter(one.key.interval)
		} else {
			wait = pauses.NextBackOff()
		}
	}
}

// first is the pause before the first fetch: until the list is due, at random within a minute
// so that a fleet does not fetch at once, and none where there is no list at all.
func (l *Lists) first(one *list) time.Duration {
	s := one.state.Load()
	if len(s.prefixes) == 0 {
		return 0
	}
	spread := time.Duration(rand.Int64N(int64(startupSpread))) //nolint:gosec // a pause, not a secret
	age := max(l.now().Sub(s.at), 0)                           // a clock that was ahead must not put the fetch off for years
	return max(one.key.interval-age, 0) + spread
}

// jitter is d, up to a tenth shorter or longer.
func jitter(d time.Duration) time.Duration {
	return d - d/10 + time.Duration(rand.Int64N(int64(d/5)+1)) //nolint:gosec // a pause, not a secret
}

// update fetches one list once; false means to try again soon. An invalid list is not used.
func (l *Lists) update(ctx context.Context, one *list) bool {
	old := one.state.Load()
	fresh, err := l.fetch(ctx, one, old)
	switch {
	case ctx.Err() != nil:
		return true
	case errors.Is(err, ErrEmpty), errors.Is(err, ErrNotPublic), errors.Is(err, ErrShrunk), errors.Is(err, ErrDocument):
		l.metrics.refreshed(one.row.Name, refreshRefused)
		l.log.Error("address list "+one.row.Name+" refused, the last good one stays in use", "url", one.key.url, "since", old.at, telemetry.KeyErr, err.Error())
		return false
	case err != nil:
		l.metrics.refreshed(one.row.Name, refreshFailed)
		l.log.Warn("address list "+one.row.Name+" not fetched, the last good one stays in use", "url", one.key.url, "since", old.at, telemetry.KeyErr, err.Error())
		return false
	}
	result := refreshUpdated
	if fresh.unchanged(old) {
		result = refreshUnchanged
	}
	l.metrics.refreshed(one.row.Name, result)
	one.set(fresh)
	if err := one.files.store(one.row.Name, fresh); err != nil {
		l.log.Warn("address list "+one.row.Name+" not kept on disk", "dir", one.key.dir, telemetry.KeyErr, err.Error())
	}
	return true
}

func (l *Lists) fetch(ctx context.Context, one *list, old *state) (*state, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, one.key.url, http.NoBody)
	if err != nil {
		return nil, err
	}
	req.Header.Set("User-Agent", "webhook-edge") // GitHub refuses requests without one
	if old.url == one.key.url && len(old.prefixes) > 0 {
		if old.etag != "" {
			req.Header.Set("If-None-Match", old.etag)
		}
		if old.modified != "" {
			req.Header.Set("If-Modified-Since", old.modified)
		}
	}
	resp, err := l.clients.of(one).Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close() //nolint:errcheck // it was read, or is of no use
	conditional := req.Header.Get("If-None-Match") != "" || req.Header.Get("If-Modified-Since") != ""
	if resp.StatusCode == http.StatusNotModified && conditional {
		same := *old
		same.at = l.now()
		return &same, nil
	}
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%w: %d", errStatus, resp.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxDocument+1))
	if err != nil {
		return nil, err
	}
	return one.accept(body, resp.Header, old, l.now())
}

// accept makes a state of a document that passes every check.
func (o *list) accept(body []byte, header http.Header, old *state, now time.Time) (*state, error) {
	prefixes, err := parseDocument(body, &o.row)
	if err != nil {
		return nil, err
	}
	if err := sane(prefixes); err != nil {
		return nil, err
	}
	if err := shrunk(old.prefixes, prefixes); err != nil {
		return nil, err
	}
	return &state{
		prefixes: prefixes, at: now, url: o.key.url,
		etag: validator(header.Get("ETag")), modified: validator(header.Get("Last-Modified")),
	}, nil
}

// validator keeps what may stand in a line of a file and go back to its sender.
func validator(text string) string {
	if len(text) > maxValidator {
		return ""
	}
	for _, b := range []byte(text) {
		if b < ' ' || b > '~' {
			return ""
		}
	}
	return text
}

// unchanged reports whether s has the prefixes of old, in any order.
func (s *state) unchanged(old *state) bool {
	have := trie(s.prefixes)
	return len(s.prefixes) == len(old.prefixes) &&
		!slices.ContainsFunc(old.prefixes, func(p netip.Prefix) bool { return !have.Get(p) })
}
