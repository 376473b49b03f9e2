package verify

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/provider"
)

// ErrHost means that a request was sent to a host that neither public_hosts nor, without
// them, Kong's route lists.
var ErrHost = errors.New("host is not one of public_hosts or of the route's hosts")

// checkURL reports what is wrong with public_url.
func (c *Config) checkURL() error {
	if c.PublicURL == "" {
		return nil
	}
	u, err := url.Parse(c.PublicURL)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || u.User != nil ||
		u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
		return fmt.Errorf("public_url: %w: it must be an absolute http or https URL without user, query and fragment", ErrConfig)
	}
	return nil
}

// checkHosts reports what is wrong with public_hosts.
func (c *Config) checkHosts() error {
	var faults []error
	for i, text := range c.PublicHosts {
		u, err := url.Parse("https://" + text)
		if err != nil || u.Host != text || u.Hostname() == "" || strings.ToLower(text) != text || strings.ContainsAny(text, "*_") {
			faults = append(faults, fmt.Errorf("public_hosts[%d]: %w: it must be a host in lower case, with its port where that is not the usual one, such as hooks.example.com or hooks.example.com:8443", i, ErrConfig))
		}
	}
	return errors.Join(faults...)
}

// checkSigned reports what of the hosts is set in vain.
func (c *Config) checkSigned(v *provider.Verifier) error {
	if !v.SignsHost() && len(c.PublicHosts) > 0 {
		return fmt.Errorf("public_hosts: %w: the provider signs no host, so it has no effect; set hosts on Kong's route instead", ErrConfig)
	}
	return nil
}

// url returns the URL that the sender called: public_url, or what the request says where
// its host is one of public_hosts or, without them, of the route. The Host header alone
// does not tell: who sends a delivery on, signed for an endpoint of the same secret
// elsewhere, writes that endpoint's host there. The error refuses the delivery.
func (s *Stage) url(d *pipeline.Delivery) (string, error) {
	switch {
	case s.publicURL != "" && d.RawQuery == "":
		return s.publicURL, nil
	case s.publicURL != "":
		return s.publicURL + "?" + d.RawQuery, nil
	case !s.verifier.SignsHost() || s.unpinned && len(s.publicHosts) == 0:
		return d.PublicURL, nil
	case len(s.publicHosts) == 0 && !slices.ContainsFunc(d.RouteHosts, tells):
		return "", &pipeline.Reject{Code: pipeline.Misconfigured, Err: errHostUntold}
	}
	told := slices.Contains(s.publicHosts, hostOf(d.PublicURL))
	if len(s.publicHosts) == 0 {
		told = slices.ContainsFunc(d.RouteHosts, func(listed string) bool { return tells(listed) && isUnder(d.PublicURL, listed) })
	}
	if told {
		return d.PublicURL, nil
	}
	s.counters.count("", ErrHost)
	return "", &pipeline.Reject{Code: pipeline.SignatureInvalid, Err: ErrHost}
}

// errHostUntold is a route of which nothing tells which URL its provider signs. Whether
// Kong's route lists hosts is not known before it has a request.
var errHostUntold = fmt.Errorf("verify.public_url: %w: the provider signs the URL that it calls, so set public_url to the URL that was entered at the provider, "+
	"or public_hosts, or hosts of Kong's route, to the hosts that it may call; the Host header is no proof of either", ErrConfig)

// tells reports whether a host of a route is one that only its owner has: with a wildcard
// as its last label anybody could own one.
func tells(host string) bool { return !strings.HasSuffix(host, ".*") }

// isUnder reports whether the host of a URL is one that a route lists. Kong compares them
// in the same way: with the port where the listed one has a port, and "*." stands for one
// label or more.
func isUnder(called, listed string) bool {
	want, host := url.URL{Host: strings.ToLower(listed)}, url.URL{Host: hostOf(called)}
	port := host.Port()
	if port == "" {
		port = map[bool]string{true: "443", false: "80"}[strings.HasPrefix(called, "https://")]
	}
	if want.Port() != "" && want.Port() != port {
		return false
	}
	domain, wild := strings.CutPrefix(want.Hostname(), "*")
	if wild {
		return len(host.Hostname()) > len(domain) && strings.HasSuffix(host.Hostname(), domain)
	}
	return domain != "" && host.Hostname() == domain
}

// hostOf returns the host and port of an absolute URL in lower case, "" of any other
// text.
func hostOf(text string) string {
	_, rest, ok := strings.Cut(text, "://")
	if !ok {
		return ""
	}
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		rest = rest[:end]
	}
	return strings.ToLower(rest)
}
