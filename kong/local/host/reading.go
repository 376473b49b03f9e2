package host

import (
	"strconv"
	"strings"

	"webhookedge/kong/local/uri"
	"webhookedge/kong/local/wire"
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
		"kong.request.get_headers":      requestHeaders,
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
		if v, ok := header(x.headers, "x-forwarded-port"); ok {
			if port, err := strconv.Atoi(v); err == nil && port >= 1 && port <= 65535 {
				return port
			}
		}
		if v, ok := header(x.headers, "x-forwarded-host"); ok {
			if _, p, found := strings.Cut(afterUser(v), ":"); found {
				if port, err := strconv.Atoi(p); err == nil && port >= 1 && port <= 65535 {
					return port
				}
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
func requestHeaders(x *Context, arg, dst []byte) ([]byte, error) {
	n, err := wire.DecodeInt(arg)
	if err != nil {
		return nil, &Raised{err}
	}
	if n < minItems || n > maxItems {
		return nil, raise("max_headers must be between %d and %d", minItems, maxItems)
	}
	list := x.headers[:min(n, len(x.headers))]
	table := make(wire.Table, 0, len(list))
	for i, h := range list {
		if seen(list[:i], h.Name) {
			continue
		}
		if rest := repeated(list[i:], h.Name); rest != nil {
			table = append(table, wire.Entry{Key: h.Name, Value: rest})
		} else {
			table = append(table, wire.Entry{Key: h.Name, Value: h.Value})
		}
	}
	return wire.AppendTable(dst, table), nil
}

func seen(list []Header, name string) bool {
	for _, h := range list {
		if h.Name == name {
			return true
		}
	}
	return false
}

// repeated returns the values of a header that stands there more than once.
func repeated(list []Header, name string) []string {
	var out []string
	for _, h := range list[1:] {
		if h.Name == name {
			if out == nil {
				out = []string{list[0].Value}
			}
			out = append(out, h.Value)
		}
	}
	return out
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
		"kong.request.get_query": func(x *Context, arg, dst []byte) ([]byte, error) {
			n, err := wire.DecodeInt(arg)
			if err != nil {
				return nil, &Raised{err}
			}
			if n < minItems || n > maxItems {
				return nil, raise("max_args must be between %d and %d", minItems, maxItems)
			}
			return wire.AppendTable(dst, queryTable(uri.Args(x.query, n))), nil
		},
	}
}

func queryTable(args []uri.Arg) wire.Table {
	var table wire.Table
	at := map[string]int{}
	for _, a := range args {
		var v any = a.Value
		if a.Bare {
			v = true
		}
		i, known := at[a.Name]
		if !known {
			at[a.Name] = len(table)
			table = append(table, wire.Entry{Key: a.Name, Value: v})
			continue
		}
		if list, ok := table[i].Value.([]any); ok {
			table[i].Value = append(list, v)
		} else {
			table[i].Value = []any{table[i].Value, v}
		}
	}
	return table
}
