package redact

import (
	"slices"
	"strings"
)

// Authorises reports whether a name of a header, a parameter or a member is like those
// whose values authorise somebody: too many are better than one too few.
func Authorises(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc(telling(), func(part string) bool { return strings.Contains(name, part) })
}

func telling() []string {
	return []string{
		"auth", "cookie", "token", "secret", "password", "passwd", "pwd", "api-key", "api_key", "apikey",
		"access-key", "access_key", "credential", "session", "private", "jwt", "client-cert", "client_cert",
	}
}
