package host

import (
	"math"
	"strconv"
	"strings"

	"webhookedge/kong/local/uri"
	"webhookedge/kong/wire"
)

// Kong's bounds of max_headers and max_args.
const (
	minItems = 1
	maxItems = 1000
)

func requestFunctions() map[string]function {
	return map[string]function{
		"kong.request.get_scheme":           text(func(x *Context) string { return x.Request.Scheme }),
		"kong.request.get_host":             text(func(x *Context) string { return host(x.headers) }),
		"kong.request.get_port":             number(func(x *Context) int { return x.Request.ServerPort }),
		"kong.request.get_forwarded_scheme": text(forwardedScheme),
		"kong.request.get_forwarded_host":   text(forwardedHost),
		"kong.request.get_forwarded_port":   number(forwardedPort),
		"kong.request.get_method":           text(func(x *Context) string { return x.method }),
		"kong.request.get_path":             text(func(x *Context) string { return uri.Normalize(x.Request.Path()) }),
		"kong.request.get_path_with_query":  text(func(x *Context) string { return x.Request.Target }),
		"kong.request.get_raw_query":        text(func(x *Context) string { return x.query }),
		"kong.request.get_http_version": func(x *Context, _, dst []byte) ([]byte, error) {
			return wire.AppendNumber(dst, x.Request.Version), nil
		},
		"kong.request.get_header": byName(func(x *Context, name string, dst []byte) ([]byte, error) {
			v, _ := header(x.headers, name)
			return wire.AppendString(dst, v), nil
		}),
		"kong.request.get_headers":      byNumber(requestHeaders),
		"kong.request.get_raw_body":     rawBody,
		"kong.request.get_uri_captures": uriCaptures,
	}
}

func forwardedScheme(x *Context) string {
	if x.Request.TrustedPeer {
		if v, ok := header(x.headers, "x-forwarded-proto"); ok {
			return strings.ToLower(v)
		}
	}
	return x.Request.Scheme
}

func forwardedHost(x *Context) string {
	if x.Request.TrustedPeer {
		if v, ok := header(x.headers, "x-forwarded-host"); ok {
			v = afterUser(v)
			name, _, _ := strings.Cut(v, ":")
			return strings.ToLower(name)
		}
	}
	return host(x.headers)
}

func forwardedPort(x *Context) int {
	if x.Request.TrustedPeer {
		forwarded, _ := header(x.headers, "x-forwarded-port")
		host, _ := header(x.headers, "x-forwarded-host")
		_, ofHost, _ := strings.Cut(afterUser(host), ":")
		for _, text := range []string{forwarded, ofHost} {
			if port, err := strconv.Atoi(text); err == nil && port >= 1 && port <= math.MaxUint16 {
				return port
			}
		}
	}
	return x.Request.ServerPort
}

func afterUser(host string) string {
	if _, rest, found := strings.Cut(host, "@"); found {
		return rest
	}
	return host
}

// requestHeaders answers with at most n header lines, and says nothing about
// those that it leaves out.
func requestHeaders(x *Context, n int, dst []byte) ([]byte, error) {
	if n < minItems || n > maxItems {
		return nil, raise("max_headers must be between %d and %d", minItems, maxItems)
	}
	var g grouped
	for _, h := range x.headers[:min(n, len(x.headers))] {
		g.add(h.Name, h.Value)
	}
	return wire.AppendTable(dst, g.table), nil
}

// grouped is a table in which the values of a name that comes again are a list.
type grouped struct {
	table wire.Table
	at    map[string]int
}

func (g *grouped) add(name string, value any) {
	i, known := g.at[name]
	if !known {
		if g.at == nil {
			g.at = map[string]int{}
		}
		g.at[name] = len(g.table)
		g.table = append(g.table, wire.Entry{Key: name, Value: value})
		return
	}
	list, ok := g.table[i].Value.([]any)
	if !ok {
		list = []any{g.table[i].Value}
	}
	g.table[i].Value = append(list, value)
}

func rawBody(x *Context, _, dst []byte) ([]byte, error) {
	if x.bodyFile != "" {
		return wire.AppendBodyFile(dst, x.bodyFile), nil
	}
	return wire.AppendBodyContent(dst, x.body), nil
}

func uriCaptures(x *Context, _, dst []byte) ([]byte, error) {
	named := make(wire.Table, 0, len(x.Request.Named))
	for _, n := range x.Request.Named {
		named = append(named, wire.Entry{Key: n.Name, Value: n.Value})
	}
	return wire.AppendCaptures(dst, x.Request.Captures, named), nil
}

func queryFunctions() map[string]function {
	return map[string]function{
		"kong.request.get_query_arg": byName(func(x *Context, name string, dst []byte) ([]byte, error) {
			for _, a := range uri.Args(x.query, 100) {
				if a.Name != name {
					continue
				}
				if a.Bare {
					// Lua has true here, and true is no string.
					return nil, raise("string expected for field 'v', got boolean")
				}
				return wire.AppendString(dst, a.Value), nil
			}
			return dst, nil
		}),
		"kong.request.get_query": byNumber(func(x *Context, n int, dst []byte) ([]byte, error) {
			if n < minItems || n > maxItems {
				return nil, raise("max_args must be between %d and %d", minItems, maxItems)
			}
			var g grouped
			for _, a := range uri.Args(x.query, n) {
				if a.Bare {
					g.add(a.Name, true)
				} else {
					g.add(a.Name, a.Value)
				}
			}
			return wire.AppendTable(dst, g.table), nil
		}),
	}
}
