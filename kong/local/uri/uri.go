// Package uri holds Kong's own notions of a request path: how it is normalised
// before routing and before a plugin sees it, and how it is escaped again on
// its way to a service. They differ from net/url's on purpose, because the
// router's matches and a plugin's kong.request.get_path depend on them.
//
// Source of the rules: RFC 3986 sections 5.2.4 and 6.2.2 as Kong 3.9 reads them.
package uri

import (
	"fmt"
	"strconv"
	"strings"
)

const reserved = "!*'();:@&=+$,/?%#[]"

// Normalize decodes percent-encoded bytes that are not reserved, removes dot
// segments and merges slashes.
func Normalize(path string) string {
	if path == "" || path == "/" {
		return path
	}
	if strings.Contains(path, "%") {
		path = decode(path)
	}
	if !strings.Contains(path, ".") && !strings.Contains(path, "//") {
		return path
	}
	return resolve(path)
}

func decode(path string) string {
	out := make([]byte, 0, len(path))
	for i := 0; i < len(path); i++ {
		c, ok := escaped(path, i)
		switch {
		case !ok:
			out = append(out, path[i])
			continue
		case strings.IndexByte(reserved, c) >= 0:
			out = append(out, strings.ToUpper(path[i:i+3])...)
		default:
			out = append(out, c)
		}
		i += 2
	}
	return string(out)
}

// escaped reads the percent-encoded byte at s[i:].
func escaped(s string, i int) (byte, bool) {
	if s[i] != '%' || i+2 >= len(s) {
		return 0, false
	}
	c, err := strconv.ParseUint(s[i+1:i+3], 16, 8)
	return byte(c), err == nil
}

// resolve walks the path segment by segment; a segment keeps the slash before
// it, so that "a//b" and "a/./b" end up as "a/b".
func resolve(path string) string {
	var out []string
	pop := func() {
		if len(out) > 0 {
			out = out[:len(out)-1]
		}
	}
	for path != "" {
		switch {
		case path == "/.":
			path = "/"
		case path == "/..":
			path = "/"
			pop()
		case path == ".", path == "..":
			path = ""
		case strings.HasPrefix(path, "../"):
			path = path[3:]
		case strings.HasPrefix(path, "./"), strings.HasPrefix(path, "/./"):
			path = path[2:]
		case strings.HasPrefix(path, "/../"):
			path = path[3:]
			pop()
		case strings.HasPrefix(path, "//"):
			path = path[1:]
		default:
			end := strings.IndexByte(path[1:], '/') + 1
			if end == 0 {
				end = len(path)
			}
			out = append(out, path[:end])
			path = path[end:]
		}
	}
	return strings.Join(out, "")
}

// Escape percent-encodes what may not stand in a path as it is; reserved and
// already encoded characters stay.
func Escape(path string) string { return escape(path, "!#$&'()*+,/:;=?@[]-._~%") }

// EscapeArg escapes a name or a value for a query string.
func EscapeArg(s string) string { return escape(s, "-._~") }

// escape percent-encodes all but letters, digits and what is in keep.
func escape(s, keep string) string {
	out := make([]byte, 0, len(s))
	for i := range len(s) {
		c := s[i]
		if c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || strings.IndexByte(keep, c) >= 0 {
			out = append(out, c)
		} else {
			out = fmt.Appendf(out, "%%%02X", c)
		}
	}
	return string(out)
}

// Split cuts a request target into path and query, both as sent.
func Split(target string) (path, query string) {
	path, query, _ = strings.Cut(target, "?")
	return path, query
}

// Arg is one argument of a query string, unescaped. A name without "=" has
// Bare set.
type Arg struct {
	Name, Value string
	Bare        bool
}

// Args reads at most limit arguments (all where limit is 0) the way nginx's Lua
// does: "+" is a space, a broken escape stays as it is, an empty name is
// dropped.
func Args(query string, limit int) []Arg {
	var out []Arg
	for part := range strings.SplitSeq(query, "&") {
		if limit > 0 && len(out) == limit {
			break
		}
		name, value, found := strings.Cut(part, "=")
		if name == "" {
			continue
		}
		out = append(out, Arg{Name: unescape(name), Value: unescape(value), Bare: !found})
	}
	return out
}

func unescape(s string) string {
	if !strings.ContainsAny(s, "%+") {
		return s
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if c, ok := escaped(s, i); ok {
			out = append(out, c)
			i += 2
		} else if s[i] == '+' {
			out = append(out, ' ')
		} else {
			out = append(out, s[i])
		}
	}
	return string(out)
}
