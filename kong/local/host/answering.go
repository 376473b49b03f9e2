package host

import (
	"maps"
	"slices"
	"strconv"

	"webhookedge/kong/wire"
)

// Kong's bounds of a response status.
const (
	minStatus = 100
	maxStatus = 599
)

func responseFunctions() map[string]function {
	return map[string]function{
		"kong.response.set_status": byNumber(func(x *Context, status int, dst []byte) ([]byte, error) {
			if err := checkStatus(status); err != nil {
				return nil, err
			}
			x.Status = status
			return dst, nil
		}),
		"kong.response.set_header": byHeader((*Context).setResponseHeader),
		"kong.response.add_header": byHeader(func(x *Context, name string, values []string) {
			name = responseName(name)
			x.Response[name] = append(x.Response[name], values...)
		}),
		"kong.response.clear_header": byName(func(x *Context, name string, dst []byte) ([]byte, error) {
			x.SetResponseHeader(name)
			return dst, nil
		}),
		"kong.response.set_headers": byTable(setHeaders),
		"kong.response.exit":        exit,
	}
}

func checkStatus(status int) error {
	if status < minStatus || status > maxStatus {
		return raise("code must be a number between %d and %d", minStatus, maxStatus)
	}
	return nil
}

// byHeader makes a function from a header's name and value to no reply.
func byHeader(set func(x *Context, name string, values []string)) function {
	return byKV(func(x *Context, name string, value any) error {
		values, err := headerValues(name, value)
		if err == nil {
			set(x, name, values)
		}
		return err
	})
}

// setResponseHeader leaves out what frames the answer, as Kong does.
func (x *Context) setResponseHeader(name string, values []string) {
	if foldName(name) != "transfer-encoding" {
		x.SetResponseHeader(name, values...)
	}
}

// headerValues checks a header as Kong does. An empty value becomes a space,
// because nginx would drop the header.
func headerValues(name string, value any) ([]string, error) {
	switch v := value.(type) {
	case string:
		return []string{spaced(v)}, nil
	case float64:
		return []string{LuaNumber(v)}, nil
	case bool:
		return []string{strconv.FormatBool(v)}, nil
	case []any:
		out := make([]string, 0, len(v))
		for _, e := range v {
			s, ok := e.(string)
			if !ok {
				return nil, raise("invalid header value in array %q: expected string", name)
			}
			out = append(out, spaced(s))
		}
		return out, nil
	case map[string]any:
		// A record without a list part is an empty list to Lua's ipairs.
		return nil, nil
	}
	return nil, raise("invalid header value for %q: expected array of string, string, number or boolean", name)
}

func spaced(v string) string {
	if v == "" {
		return " "
	}
	return v
}

// LuaNumber formats a number as LuaJIT's tostring does, which is C's %.14g.
func LuaNumber(v float64) string { return strconv.FormatFloat(v, 'g', 14, 64) }

func setHeaders(x *Context, table map[string]any) error {
	return eachHeader(table, func(name string, values []string) { x.setResponseHeader(name, values) })
}

// eachHeader calls set for every header of table in the order of their names,
// once all of them are found to be possible.
func eachHeader(table map[string]any, set func(name string, values []string)) error {
	checked := map[string][]string{}
	for name, value := range table {
		values, err := headerValues(name, value)
		if err != nil {
			return err
		}
		checked[name] = values
	}
	for _, name := range slices.Sorted(maps.Keys(checked)) {
		set(name, checked[name])
	}
	return nil
}

func exit(x *Context, arg, _ []byte) ([]byte, error) {
	e, err := wire.DecodeExit(arg)
	if err != nil {
		return nil, &Raised{err}
	}
	if err := checkStatus(e.Status); err != nil {
		return nil, err
	}
	if err := setHeaders(x, e.Headers); err != nil {
		return nil, err
	}
	x.Exit = &e
	return nil, errExit
}
