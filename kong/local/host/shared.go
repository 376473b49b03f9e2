package host

import (
	"context"
	"fmt"
	"log/slog"
	"strings"

	"webhookedge/kong/wire"
)

func contextFunctions() map[string]function {
	return map[string]function{
		"kong.ctx.shared.set": byKV(func(x *Context, key string, value any) error {
			put(&x.shared, key, value)
			return nil
		}),
		"kong.ctx.shared.get": byName(func(x *Context, key string, dst []byte) ([]byte, error) {
			return wire.AppendValue(dst, x.shared[key]), nil
		}),
		"kong.nginx.set_ctx": byKV(func(x *Context, key string, value any) error {
			put(&x.values, key, value)
			return nil
		}),
		"kong.nginx.get_ctx": byName(func(x *Context, key string, dst []byte) ([]byte, error) {
			return wire.AppendValue(dst, x.values[key]), nil
		}),
	}
}

// put assigns as Lua does: nil removes.
func put(m *map[string]any, key string, value any) {
	if value == nil {
		delete(*m, key)
		return
	}
	if *m == nil {
		*m = map[string]any{}
	}
	(*m)[key] = value
}

// Shared returns what plugins have stored under key in kong.ctx.shared.
func (x *Context) Shared(key string) any { return x.shared[key] }

func logFunctions() map[string]function {
	out := map[string]function{
		"kong.log.set_serialize_value": byKV(func(*Context, string, any) error { return nil }),
	}
	for name, level := range map[string]slog.Level{
		"alert": slog.LevelError, "crit": slog.LevelError, "err": slog.LevelError,
		"warn": slog.LevelWarn, "notice": slog.LevelInfo, "info": slog.LevelInfo, "debug": slog.LevelDebug,
	} {
		out["kong.log."+name] = func(x *Context, arg, dst []byte) ([]byte, error) {
			list, err := wire.DecodeList(arg)
			if err != nil {
				return nil, &Raised{err}
			}
			x.logLine(level, list)
			return dst, nil
		}
	}
	return out
}

func (x *Context) logLine(level slog.Level, list []any) {
	if !x.log.Enabled(context.Background(), level) {
		return
	}
	var text strings.Builder
	for _, v := range list {
		if v == nil {
			v = "nil"
		}
		fmt.Fprint(&text, v)
	}
	x.log.Log(context.Background(), level, text.String(), "plugin", x.plugin, "request_id", x.Request.ID)
}
