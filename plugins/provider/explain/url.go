package explain

import (
	"net"
	"net/url"
	"strings"

	"webhookedge/plugins/provider"
)

// urlTrials are the ways in which a proxy makes the URL another one than the
// provider called.
func (e *examiner) urlTrials(s *provider.Scheme) []trial {
	if !strings.Contains(s.Content+s.FormContent, "{url") && !strings.Contains(s.Content, "{target") {
		return nil
	}
	u, err := url.Parse(e.c.Request.URL)
	if err != nil || u.Host == "" {
		return nil
	}
	var trials []trial
	seen := map[string]bool{e.c.Request.URL: true}
	add := func(text string, change func(*url.URL)) {
		changed := *u
		change(&changed)
		if full := changed.String(); !seen[full] {
			seen[full] = true
			trials = append(trials, trial{PublicURL, text, func(a *attempt) bool { a.request.URL = full; return true }})
		}
	}
	const proxy = " Set public_url, or let Kong trust the proxy's forwarded headers."
	schemes := []string{"https", "http"}
	hosts := []string{u.Host}
	for _, name := range []string{"x-forwarded-host", "host"} {
		if host, n := e.c.Request.Headers.Get(name); n == 1 && host != "" {
			hosts = append(hosts, host)
		}
	}
	for _, scheme := range schemes {
		add("The provider called the URL with "+scheme+", and a proxy in front makes it another scheme."+proxy, func(u *url.URL) { u.Scheme = scheme })
	}
	for _, scheme := range schemes {
		for _, host := range hosts {
			for _, h := range ports(host) {
				add("The provider called the URL with another host, or with or without its port."+proxy, func(u *url.URL) { u.Scheme, u.Host = scheme, h })
			}
		}
	}
	add("The provider signed the URL without its query.", func(u *url.URL) { u.RawQuery = "" })
	add("The provider called the URL with a slash at its end.", func(u *url.URL) { u.Path += "/" })
	add("The provider called the URL without a slash at its end.", func(u *url.URL) { u.Path = strings.TrimSuffix(u.Path, "/") })
	if prefix, n := e.c.Request.Headers.Get("x-forwarded-prefix"); n == 1 {
		add("The provider called the URL with the path prefix that a proxy strips."+proxy, func(u *url.URL) { u.Path = strings.TrimSuffix(prefix, "/") + u.Path })
	}
	return trials
}

// ports returns host with and without the ports that are usual.
func ports(host string) []string {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = host
	}
	return []string{host, name, name + ":443", name + ":80", name + ":8443", name + ":8000"}
}
