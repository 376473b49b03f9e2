package host

import (
	"bytes"
	"slices"
	"strings"

	"webhookedge/kong/local/uri"
	"webhookedge/kong/wire"
)

func entityFunctions() map[string]function {
	return map[string]function{
		"kong.router.get_route": func(x *Context, _, dst []byte) ([]byte, error) {
			if x.Request.Route == nil {
				return dst, nil
			}
			return wire.AppendRoute(dst, x.Request.Route), nil
		},
		"kong.router.get_service": func(x *Context, _, dst []byte) ([]byte, error) {
			if x.Request.Service == nil {
				return dst, nil
			}
			return wire.AppendService(dst, x.Request.Service), nil
		},
		// There are no upstream entities here, so none is ever found; Kong
		// then answers with no value.
		"kong.service.set_upstream": byName(func(_ *Context, _ string, dst []byte) ([]byte, error) { return dst, nil }),
		"kong.service.set_target":   setTarget,
	}
}

func setTarget(x *Context, arg, dst []byte) ([]byte, error) {
	var host string
	var port int
	if err := wire.Decode(arg, wire.Fields{1: &host, 2: &port}); err != nil {
		return nil, &Raised{err}
	}
	if port < 0 || port > 65535 {
		return nil, raise("port must be an integer between 0 and 65535: given %d", port)
	}
	x.Upstream.Host, x.Upstream.Port = host, port
	return dst, nil
}

func upstreamFunctions() map[string]function {
	return map[string]function{
		"kong.service.request.set_scheme": byName(setScheme),
		"kong.service.request.set_path":   byName(setPath),
		"kong.service.request.set_method": byName(setMethod),
		"kong.service.request.set_raw_query": byName(func(x *Context, query string, dst []byte) ([]byte, error) {
			x.query = query
			return dst, nil
		}),
		"kong.service.request.set_query":  byTable(setQuery),
		"kong.service.request.set_header": byHeader((*Context).setRequestHeader),
		"kong.service.request.add_header": byHeader((*Context).addRequestHeader),
		"kong.service.request.clear_header": byName(func(x *Context, name string, dst []byte) ([]byte, error) {
			x.clearRequestHeader(name)
			return dst, nil
		}),
		"kong.service.request.set_headers": byTable(func(x *Context, table map[string]any) error {
			return eachHeader(table, func(name string, values []string) { x.setRequestHeader(name, values) })
		}),
		"kong.service.request.set_raw_body": func(x *Context, arg, dst []byte) ([]byte, error) {
			body, err := wire.DecodeString(arg)
			if err != nil {
				return nil, &Raised{err}
			}
			x.body, x.bodyFile = bytes.Clone(body), ""
			return dst, nil
		},
	}
}

func setScheme(x *Context, scheme string, dst []byte) ([]byte, error) {
	if scheme != "http" && scheme != "https" {
		return nil, raise("invalid scheme: %s", scheme)
	}
	x.Upstream.Scheme = scheme
	return dst, nil
}

func setPath(x *Context, path string, dst []byte) ([]byte, error) {
	if !strings.HasPrefix(path, "/") {
		return nil, raise("path must start with /")
	}
	x.Upstream.Path = uri.Escape(path)
	return dst, nil
}

func setMethod(x *Context, method string, dst []byte) ([]byte, error) {
	switch method {
	case "GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS", "MKCOL", "COPY", "MOVE",
		"PROPFIND", "PROPPATCH", "LOCK", "UNLOCK", "PATCH", "TRACE":
		x.method = method
		return dst, nil
	}
	return nil, raise("invalid method: %s", method)
}

// setQuery encodes a table by sorted arguments, as Kong does.
func setQuery(x *Context, table map[string]any) error {
	var args []string
	for name, value := range table {
		list, ok := value.([]any)
		if !ok {
			list = []any{value}
		}
		var parts []string
		for _, v := range list {
			part, err := queryArg(name, v)
			if err != nil {
				return err
			}
			parts = append(parts, part)
		}
		args = append(args, strings.Join(parts, "&"))
	}
	slices.Sort(args)
	x.query = strings.Join(args, "&")
	return nil
}

func queryArg(name string, v any) (string, error) {
	switch v := v.(type) {
	case bool:
		return uri.EscapeArg(name), nil
	case string:
		return uri.EscapeArg(name) + "=" + uri.EscapeArg(v), nil
	case float64:
		return uri.EscapeArg(name) + "=" + uri.EscapeArg(LuaNumber(v)), nil
	}
	return "", raise("bad argument #1: expecting string, number or boolean value for %q", name)
}
