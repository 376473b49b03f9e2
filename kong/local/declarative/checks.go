package declarative

import (
	"regexp"
	"strings"

	"webhookedge/kong/local/router"
	"webhookedge/kong/local/uri"
)

// The checks return what Kong's schema would say, or "".

var (
	tagText    = regexp.MustCompile(`^[^,/\x00-\x1f\x7f]+$`)
	methodText = regexp.MustCompile(`^[A-Z]+$`)
	pathText   = regexp.MustCompile(`^/[A-Za-z0-9._~/%:@!$&'()*+,;=-]*$`)
	badPercent = regexp.MustCompile(`%(?:[^0-9A-Fa-f].?|[0-9A-Fa-f][^0-9A-Fa-f]|.?$)`)
	hostText   = regexp.MustCompile(`^(?:\*\.)?[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*\.?(?:\.\*)?(?::\d{1,5})?$|^\[[0-9a-fA-F:.]+\](?::\d{1,5})?$`)
)

func checkTag(v string) string {
	if !tagText.MatchString(v) {
		return "invalid tag: printable characters except ',' and '/'"
	}
	return ""
}

func checkMethod(v string) string {
	if !methodText.MatchString(v) {
		return "invalid value: " + v + " (a method is in capitals)"
	}
	return ""
}

func checkProtocol(v string) string {
	switch v {
	case "http", "https":
		return ""
	case "grpc", "grpcs", "tcp", "tls", "udp", "tls_passthrough":
		return v + " is not run here, only http and https"
	}
	return "expected one of: http, https"
}

func checkHost(v string) string {
	if strings.Count(v, "*") > 1 {
		return "invalid wildcard: must have at most one wildcard"
	}
	if strings.Contains(v, "*") && !strings.HasPrefix(v, "*.") && !strings.HasSuffix(v, ".*") && !strings.Contains(v, ".*:") {
		return "invalid wildcard: must be placed at leftmost or rightmost label"
	}
	if !hostText.MatchString(strings.Replace(v, ".*", ".x", 1)) && !hostText.MatchString(v) {
		return "invalid hostname: " + v
	}
	return ""
}

// checkPath checks a service's path.
func checkPath(v string) string {
	switch {
	case !strings.HasPrefix(v, "/"):
		return "should start with: /"
	case strings.Contains(v, "//"):
		return "must not have empty segments"
	case !pathText.MatchString(v):
		return "invalid path: '" + v + "' (characters outside of the reserved list of RFC 3986 found)"
	case badPercent.MatchString(v):
		return "invalid url-encoded value in '" + v + "'"
	}
	return ""
}

// checkRoutePath checks a prefix, or a regular expression behind "~".
func checkRoutePath(v string) string {
	text, isRegex := strings.CutPrefix(v, "~")
	switch {
	case !strings.HasPrefix(text, "/"):
		return "should start with: / (fixed path) or ~/ (regex path)"
	case strings.Contains(v, "//"):
		return "must not have empty segments"
	case isRegex:
		if _, err := router.Compile(text); err != nil {
			return "invalid regex: " + err.Error()
		}
		return ""
	}
	if badPercent.MatchString(v) {
		return "invalid url-encoded value in '" + v + "'"
	}
	if n := uri.Normalize(v); n != v {
		return "non-normalized path, consider use '" + n + "' instead"
	}
	return ""
}
