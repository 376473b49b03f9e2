package router

import "strings"

// UpstreamPath is the path of a request towards a service: base is the
// service's path, "/" if it has none, path the request's normalised path, and
// matched the part of it that the route matched. With strip that part is cut
// off.
func UpstreamPath(base, path, matched string, strip bool) string {
	if base == "" {
		base = "/"
	}
	if !strip {
		switch {
		case strings.HasSuffix(base, "/"):
			return base + strings.TrimPrefix(path, "/")
		case path == "/":
			return base
		}
		return base + path
	}
	rest := strings.TrimPrefix(path, "/")
	if matched != "" {
		rest = path[len(matched):]
	}
	return stripped(base, path, safeRest(rest))
}

func stripped(base, path, rest string) string {
	if strings.HasSuffix(base, "/") {
		switch {
		case rest == "" && (base == "/" || strings.HasSuffix(path, "/")):
			return base
		case rest == "":
			return strings.TrimSuffix(base, "/")
		}
		return base + strings.TrimPrefix(rest, "/")
	}
	switch {
	case rest == "" && len(path) > 1 && strings.HasSuffix(path, "/"):
		return base + "/"
	case rest == "":
		return base
	case strings.HasPrefix(rest, "/"):
		return base + rest
	}
	return base + "/" + rest
}

// safeRest takes dot segments off, which cutting a prefix can uncover.
func safeRest(rest string) string {
	switch {
	case rest == "." || rest == "..":
		return ""
	case strings.HasPrefix(rest, "./"):
		return rest[2:]
	case strings.HasPrefix(rest, "../"):
		return rest[3:]
	}
	return rest
}
