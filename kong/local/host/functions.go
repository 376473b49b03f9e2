package host

import (
	"maps"

	"webhookedge/kong/wire"
)

// functions is the table of all PDK functions that go-pdk's service "Kong"
// names, by the names that Kong derives from it.
func functions() map[string]function {
	all := map[string]function{}
	for _, group := range []map[string]function{
		clientFunctions(), contextFunctions(), logFunctions(), nginxFunctions(), requestFunctions(),
		queryFunctions(), responseFunctions(), entityFunctions(), upstreamFunctions(), laterFunctions(),
	} {
		maps.Copy(all, group)
	}
	return all
}

// laterFunctions are those that Kong refuses in the access phase.
func laterFunctions() map[string]function {
	out := map[string]function{}
	for _, name := range []string{
		"kong.log.serialize",
		"kong.response.get_status", "kong.response.get_header", "kong.response.get_headers", "kong.response.get_source",
		"kong.service.response.get_status", "kong.service.response.get_header",
		"kong.service.response.get_headers", "kong.service.response.get_raw_body",
	} {
		out[name] = func(*Context, []byte, []byte) ([]byte, error) {
			return nil, raise("function cannot be called in access phase: %s", name)
		}
	}
	return out
}

// text makes a function without an argument that returns a string.
func text(get func(*Context) string) function {
	return func(x *Context, _, dst []byte) ([]byte, error) { return wire.AppendString(dst, get(x)), nil }
}

// number makes a function without an argument that returns an Int.
func number(get func(*Context) int) function {
	return func(x *Context, _, dst []byte) ([]byte, error) { return wire.AppendInt(dst, get(x)), nil }
}

// byName makes a function from a string to a reply.
func byName(fn func(x *Context, name string, dst []byte) ([]byte, error)) function {
	return func(x *Context, arg, dst []byte) ([]byte, error) {
		name, err := wire.DecodeString(arg)
		if err != nil {
			return nil, &Raised{err}
		}
		return fn(x, string(name), dst)
	}
}

// byNumber makes a function from a number to a reply.
func byNumber(fn func(x *Context, n int, dst []byte) ([]byte, error)) function {
	return func(x *Context, arg, dst []byte) ([]byte, error) {
		var n int
		if err := wire.Decode(arg, wire.Fields{1: &n}); err != nil {
			return nil, &Raised{err}
		}
		return fn(x, n, dst)
	}
}

// byKV makes a function from a key and a value to no reply.
func byKV(fn func(x *Context, key string, value any) error) function {
	return func(x *Context, arg, dst []byte) ([]byte, error) {
		key, value, err := wire.DecodeKV(arg)
		if err != nil {
			return nil, &Raised{err}
		}
		return dst, fn(x, key, value)
	}
}

// byTable makes a function from a record to no reply.
func byTable(fn func(x *Context, table map[string]any) error) function {
	return func(x *Context, arg, dst []byte) ([]byte, error) {
		table, err := wire.DecodeStruct(arg)
		if err != nil {
			return nil, &Raised{err}
		}
		return dst, fn(x, table)
	}
}
