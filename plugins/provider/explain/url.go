package explain

import (
	"net"
	"net/url"
	"slices"
	"strings"

	"webhookedge/plugins/provider/spec"
)

// urlTrials are the ways in which a proxy makes the URL another one than the
// provider called.
func (e *examiner) urlTrials(s *spec.Scheme) []trial {
	if !s.SignsURL() {
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
	const proxy = " Set public_url to the URL that the provider calls, or, with public_hosts, let Kong trust the proxy's forwarded headers."
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
	for _, query := range orders(u.RawQuery) {
		add("The parameters of the URL's query arrived in another order than the provider called."+proxy, func(u *url.URL) { u.RawQuery = query })
	}
	for _, query := range spellings(u.RawQuery) {
		add("The URL's query was decoded and encoded anew on its way, with other escapes."+proxy, func(u *url.URL) { u.RawQuery = query })
	}
	add("The provider called the URL with a slash at its end.", func(u *url.URL) { u.Path += "/" })
	add("The provider called the URL without a slash at its end.", func(u *url.URL) { u.Path = strings.TrimSuffix(u.Path, "/") })
	if prefix, n := e.c.Request.Headers.Get("x-forwarded-prefix"); n == 1 {
		add("The provider called the URL with the path prefix that a proxy strips."+proxy, func(u *url.URL) { u.Path = strings.TrimSuffix(prefix, "/") + u.Path })
	}
	return trials
}

// maxOrdered is the most parameters of which every order is tried: 4! are 24.
const maxOrdered = 4

// orders returns the parameters of a query in other orders: in every one of a few,
// else sorted and reversed.
func orders(query string) []string {
	all := strings.Split(query, "&")
	if len(all) < 2 {
		return nil
	}
	if len(all) > maxOrdered {
		sorted := slices.Sorted(slices.Values(all))
		slices.Reverse(all)
		return []string{strings.Join(sorted, "&"), strings.Join(all, "&")}
	}
	var found []string
	var permute func(n int)
	permute = func(n int) {
		if n == len(all) {
			found = append(found, strings.Join(all, "&"))
			return
		}
		for i := n; i < len(all); i++ {
			all[n], all[i] = all[i], all[n]
			permute(n + 1)
			all[n], all[i] = all[i], all[n]
		}
	}
	permute(0)
	return found
}

// spellings returns a query with other escapes that mean the same.
func spellings(query string) []string {
	plain, err := url.QueryUnescape(query)
	if err != nil || query == "" {
		return nil
	}
	found := []string{plain, strings.ReplaceAll(query, "%20", "+"), strings.ReplaceAll(query, "+", "%20")}
	var pairs []string
	for pair := range strings.SplitSeq(query, "&") {
		name, value, ok := strings.Cut(pair, "=")
		if name, err = url.QueryUnescape(name); err != nil {
			return found
		}
		if value, err = url.QueryUnescape(value); err != nil {
			return found
		}
		pair = url.QueryEscape(name)
		if ok {
			pair += "=" + url.QueryEscape(value)
		}
		pairs = append(pairs, pair)
	}
	return append(found, strings.Join(pairs, "&"))
}

// ports returns host with and without the ports that are usual.
func ports(host string) []string {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = host
	}
	return []string{host, name, name + ":443", name + ":80", name + ":8443", name + ":8000"}
}
