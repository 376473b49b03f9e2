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

// ErrHost means that a request was sent to a host that public_hosts does not list.
var ErrHost = errors.New("host is none of public_hosts")

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

// checkSigned reports whether something tells which URL v's provider signs. The Host
// header does not: who sends a delivery on, signed for an endpoint of the same secret
// elsewhere, writes that endpoint's host there.
func (c *Config) checkSigned(v *provider.Verifier) error {
	told := c.PublicURL != "" || len(c.PublicHosts) > 0
	switch {
	case v.SignsHost() && !told:
		return fmt.Errorf("public_url: %w: the provider signs the URL that it calls, so set public_url to the URL that was entered at the provider, "+
			"or public_hosts to the hosts that it may call; the Host header is no proof of either", ErrConfig)
	case !v.SignsHost() && len(c.PublicHosts) > 0:
		return fmt.Errorf("public_hosts: %w: the provider signs no host, so nothing is compared with it; Kong's route has hosts", ErrConfig)
	}
	return nil
}

// url returns the URL that the sender called. It is ErrHost for a host that does not
// count.
func (s *Stage) url(d *pipeline.Delivery) (string, error) {
	switch {
	case s.publicURL == "" && len(s.publicHosts) > 0 && !slices.Contains(s.publicHosts, hostOf(d.PublicURL)):
		return "", ErrHost
	case s.publicURL == "":
		return d.PublicURL, nil
	case d.RawQuery == "":
		return s.publicURL, nil
	}
	return s.publicURL + "?" + d.RawQuery, nil
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
