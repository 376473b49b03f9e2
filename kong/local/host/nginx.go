package host

import (
	"os"
	"strconv"
	"strings"
	"time"

	"webhookedge/kong/local/uri"
	"webhookedge/kong/wire"
)

func nginxFunctions() map[string]function {
	nothing := func(_ *Context, _, dst []byte) ([]byte, error) { return dst, nil }
	return map[string]function{
		"kong.nginx.get_var": byName(func(x *Context, name string, dst []byte) ([]byte, error) {
			return wire.AppendString(dst, variable(x, name)), nil
		}),
		// There is no TLS here, so there is no version of it.
		"kong.nginx.get_tls1_version_str": nothing,
		"kong.nginx.get_subsystem":        text(func(*Context) string { return "http" }),
		"kong.nginx.req_start_time": func(x *Context, _, dst []byte) ([]byte, error) {
			return wire.AppendNumber(dst, float64(x.Request.Start.UnixMilli())/1e3), nil
		},
		"kong.node.get_id":           text(func(x *Context) string { return x.Request.NodeID }),
		"kong.node.get_memory_stats": memoryStats,
	}
}

// memoryStats answers with one worker and no memory of it: there is no Lua.
func memoryStats(_ *Context, _, dst []byte) ([]byte, error) {
	return wire.AppendBytes(dst, 2, wire.AppendVarint(nil, 2, uint64(os.Getpid()))), nil
}

// variable returns an nginx variable, "" for one that is empty or not known.
func variable(x *Context, name string) string {
	r := x.Request
	switch name {
	case "request_id":
		return r.NginxID
	case "kong_request_id":
		return r.ID
	case "remote_addr":
		return addr(r.Client)
	case "remote_port":
		return strconv.Itoa(int(r.Client.Port()))
	case "realip_remote_addr":
		return addr(r.Peer)
	case "realip_remote_port":
		return strconv.Itoa(int(r.Peer.Port()))
	case "request_method":
		return x.method
	case "request_uri":
		return r.Target
	case "args", "query_string":
		return x.query
	case "server_port":
		return strconv.Itoa(r.ServerPort)
	case "scheme":
		return r.Scheme
	case "host":
		return host(x.headers)
	}
	return derivedVariable(x, name)
}

func derivedVariable(x *Context, name string) string {
	r := x.Request
	switch name {
	case "uri", "document_uri":
		return uri.Normalize(r.Path())
	case "request":
		return r.Method + " " + r.Target + " " + protocol(r.Version)
	case "server_protocol":
		return protocol(r.Version)
	case "is_args":
		if x.query != "" {
			return "?"
		}
		return ""
	case "https":
		if r.Scheme == "https" {
			return "on"
		}
		return ""
	case "hostname":
		name, _ := os.Hostname()
		return name
	case "pid":
		return strconv.Itoa(os.Getpid())
	case "msec":
		return strconv.FormatFloat(float64(time.Now().UnixMilli())/1e3, 'f', 3, 64)
	case "time_iso8601":
		return time.Now().Format("2006-01-02T15:04:05-07:00")
	case "content_type", "content_length":
		v, _ := header(x.headers, name)
		return v
	}
	if rest, ok := strings.CutPrefix(name, "http_"); ok {
		return strings.Join(Values(x.headers, rest), ", ")
	}
	if rest, ok := strings.CutPrefix(name, "arg_"); ok {
		return rawArg(x.query, rest)
	}
	return os.Expand(r.Variables[name], func(name string) string { return variable(x, name) })
}

func protocol(version float64) string {
	return "HTTP/" + strconv.FormatFloat(version, 'f', 1, 64)
}

// rawArg is nginx's $arg_name: the first value, still escaped.
func rawArg(query, name string) string {
	for part := range strings.SplitSeq(query, "&") {
		if k, v, ok := strings.Cut(part, "="); ok && strings.EqualFold(k, name) {
			return v
		}
	}
	return ""
}
