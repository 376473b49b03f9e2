package act

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"webhookedge/plugins/internal/ctl/delivery"
	"webhookedge/plugins/internal/ctl/inspector/api"
	"webhookedge/plugins/provider"
)

// errElsewhere is a request that would leave the gateway.
var errElsewhere = errors.New("acts send to the gateway and nowhere else")

// gatewayClient returns a client that reaches a gateway and nothing else: it follows no
// redirect, asks no proxy and dials no other address.
func gatewayClient(gateway string) *http.Client {
	only := hostPort(gateway)
	dialer := &net.Dialer{Timeout: 10 * time.Second}
	return &http.Client{
		Timeout: actTimeout, CheckRedirect: delivery.NoRedirect,
		Transport: &http.Transport{
			DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
				if only == "" || address != only {
					return nil, errElsewhere
				}
				return dialer.DialContext(ctx, network, address)
			},
			TLSHandshakeTimeout: 10 * time.Second, MaxResponseHeaderBytes: 1 << 20, DisableKeepAlives: true,
		},
	}
}

// hostPort is the address that a URL is dialled at, "" where it is none.
func hostPort(text string) string {
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" {
		return ""
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return net.JoinHostPort(u.Hostname(), port)
}

// sending returns what sends a request so many times and tells the answers.
func (d *Desk) sending(host string, times int, hide words, request func() (provider.Signed, error)) func(context.Context) (*api.Done, error) {
	return func(ctx context.Context) (*api.Done, error) {
		signed, err := request()
		if err != nil {
			return nil, err
		}
		done := &api.Done{OK: true}
		for range times {
			a, err := delivery.Post(ctx, d.client, signed, host)
			if err != nil {
				return nil, fmt.Errorf("the gateway did not answer: %w", err)
			}
			tell(done, &a, hide)
		}
		return done, nil
	}
}

// tell adds an answer to what is done. A status that is none of 2xx is no success.
func tell(done *api.Done, a *delivery.Answer, hide words) {
	done.OK = done.OK && a.Status/100 == 2
	done.Title = fmt.Sprintf("The gateway answered %d", a.Status)
	line := fmt.Sprintf("%d in %.1f ms", a.Status, float64(a.Took.Microseconds())/1000)
	if a.Ack != "" {
		line += ", ack " + a.Ack
	}
	done.Lines = append(done.Lines, line)
	done.Status, done.RequestID = a.Status, a.RequestID
	done.Body = hide.masked(strings.ToValidUTF8(a.Body, "\ufffd"))
}
