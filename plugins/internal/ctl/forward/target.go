package forward

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/internal/ctl/delivery"
	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/internal/ctl/stored"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/spec"
	"webhookedge/plugins/streams/archive"
)

const (
	firstWait = 250 * time.Millisecond
	maxWait   = 15 * time.Second
	// maxAnswer bounds what is read of an answer, in bytes, so that its connection
	// can be used again.
	maxAnswer = 64 << 10
)

var (
	errRemote = errors.New("it is another machine, and --allow-remote is not given")
	// errNoAnswer is a try that nobody answered.
	errNoAnswer = errors.New("no answer")
)

// target is where events are posted.
type target struct {
	url    string
	client *http.Client
}

// newTarget checks a URL. The address is looked at again with each connection, since a
// name may lead elsewhere later; redirects are not followed, and no proxy is asked.
func newTarget(to string, remote bool, timeout time.Duration) (*target, error) {
	u, err := url.Parse(to)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, exit.Usagef("--to: must be an http or https URL, such as http://127.0.0.1:3000/hook")
	}
	if u.User != nil || u.Fragment != "" {
		return nil, exit.Usagef("--to: a URL with a user or a fragment is not possible")
	}
	dialer := &net.Dialer{Timeout: 5 * time.Second}
	if !remote {
		if ip, err := netip.ParseAddr(u.Hostname()); u.Hostname() != "localhost" && (err != nil || !ip.Unmap().IsLoopback()) {
			return nil, exit.Usagef("--to: %s is not this machine: --allow-remote lets payloads go there", u.Hostname())
		}
		dialer.Control = onlyLoopback
	}
	transport := &http.Transport{DialContext: dialer.DialContext, TLSHandshakeTimeout: 5 * time.Second, MaxIdleConns: 1, IdleConnTimeout: time.Minute}
	return &target{url: u.String(), client: &http.Client{Transport: transport, Timeout: timeout, CheckRedirect: delivery.NoRedirect}}, nil
}

func onlyLoopback(_, address string, _ syscall.RawConn) error {
	if at, err := netip.ParseAddrPort(address); err != nil || !at.Addr().Unmap().IsLoopback() {
		return errRemote
	}
	return nil
}

// post is a request that can be made several times. It is made anew for each try where it
// is signed, since a signature gets old.
type post func(ctx context.Context) (*http.Request, error)

// post returns the request for an event.
func (f *forwarder) post(ctx context.Context, js jetstream.JetStream, e *stored.Event) (post, error) {
	if err := e.Inline(ctx, js); err != nil {
		return nil, err
	}
	switch f.as {
	case asProvider:
		d, err := f.secret.delivery(e)
		if err != nil {
			return nil, err
		}
		return func(ctx context.Context) (*http.Request, error) {
			signed, err := d.Sign(time.Now())
			if err != nil {
				return nil, err
			}
			return request(ctx, signed)
		}, nil
	case asBinary:
		p := provider.Signed{Method: http.MethodPost, URL: f.target.url, Body: e.Data}
		for name, value := range e.Headers() {
			p.Headers = append(p.Headers, spec.Header{Name: name, Value: value})
		}
		return func(ctx context.Context) (*http.Request, error) { return request(ctx, p) }, nil
	}
	p := provider.Signed{Method: http.MethodPost, URL: f.target.url, Body: e.Document()}
	p.Headers = provider.HeaderList{{Name: "content-type", Value: "application/cloudevents+json"}}
	return func(ctx context.Context) (*http.Request, error) { return request(ctx, p) }, nil
}

func request(ctx context.Context, s provider.Signed) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, s.Method, s.URL, bytes.NewReader(s.Body))
	if err != nil {
		return nil, err
	}
	for _, h := range s.Headers {
		req.Header.Add(h.Name, h.Value)
	}
	return req, nil
}

// try posts until the answer says that it is no use, or there were enough tries.
// unreachable says that the last one got no answer.
func (f *forwarder) try(ctx context.Context, in *incoming, p post, o *outcome) (unreachable bool, err error) {
	wait := backoff.NewExponentialBackOff()
	wait.InitialInterval, wait.MaxInterval = firstWait, maxWait
	_, err = backoff.Retry(ctx, func() (any, error) {
		o.Tries++
		in.working()
		req, err := p(ctx)
		if err != nil {
			return nil, backoff.Permanent(err)
		}
		o.Status, err = f.target.do(req)
		return nil, err
	}, backoff.WithBackOff(wait), backoff.WithMaxTries(uint(f.tries)), backoff.WithMaxElapsedTime(0), backoff.WithNotify(func(err error, next time.Duration) {
		fmt.Fprintf(f.complain, "%6d  %s, again in %s\n", o.Sequence, archive.Escape(err.Error()), next.Round(time.Millisecond)) //nolint:errcheck // the terminal is gone
	}))
	return errors.Is(err, errNoAnswer), err
}

// do makes one try. Its error repeats nothing of the answer or the URL.
func (t *target) do(req *http.Request) (status int, err error) {
	resp, err := t.client.Do(req)
	if err != nil {
		var at *url.Error
		if errors.As(err, &at) {
			err = at.Err
		}
		if errors.Is(err, errRemote) {
			return 0, backoff.Permanent(err)
		}
		return 0, fmt.Errorf("%w: %s", errNoAnswer, strings.ReplaceAll(err.Error(), "\n", " "))
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, maxAnswer)) // the status is what counts
	_ = resp.Body.Close()
	switch code := resp.StatusCode; {
	case code/100 == 2:
		return code, nil
	case code == http.StatusRequestTimeout, code == http.StatusTooManyRequests, code >= 500:
		return code, fmt.Errorf("answered %d", code)
	case code/100 == 3:
		return code, backoff.Permanent(fmt.Errorf("answered %d: redirects are not followed", code))
	default:
		return code, backoff.Permanent(fmt.Errorf("answered %d", code))
	}
}
