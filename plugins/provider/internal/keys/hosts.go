package keys

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// MaxURL bounds the address of a key in bytes.
const MaxURL = 2048

// HostPattern compiles a host in which * stands for one label that is the name of a
// region, eu-central-1 or us-gov-west-1. Any label would be too much: where
// sns.s3.amazonaws.com and sns.s3-us-west-2.amazonaws.com are somebody's files, a
// key could be anybody's.
func HostPattern(host string) *regexp.Regexp {
	pattern := strings.ReplaceAll(regexp.QuoteMeta(host), `\*`, `[a-z]{2,4}(-[a-z]{1,20}){1,3}-[0-9]{1,2}`)
	return regexp.MustCompile("^" + pattern + "$") // quoted, so it compiles
}

// AllowedHost reports whether u is plain https to one of hosts.
func AllowedHost(u *url.URL, hosts []*regexp.Regexp) bool {
	return u.Scheme == "https" && u.User == nil && u.Port() == "" && u.Opaque == "" && u.Fragment == "" &&
		slices.ContainsFunc(hosts, func(h *regexp.Regexp) bool { return h.MatchString(u.Host) })
}
