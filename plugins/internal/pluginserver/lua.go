package pluginserver

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strings"

	"webhookedge/plugins/internal/config"
)

// DumpLua writes schema.lua of a plugin, in the form of Kong's own plugins: a control
// plane that has no plugin server checks configs by it. It says the same as Dump, since
// both come from one schema.
func DumpLua(w io.Writer, p Plugin) error {
	schema, err := config.KongSchema(p.Name, p.Config)
	if err != nil {
		return fmt.Errorf("%s: %w", p.Name, err)
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, "-- schema.lua of the plugin %s, by webhook-edge %s -dump-lua.\n", p.Name, Version())
	fmt.Fprintf(&out, "-- A control plane of your own needs handler.lua beside it:\n")
	fmt.Fprintf(&out, "-- return { PRIORITY = %d, VERSION = %q }\nreturn ", p.Priority, Version())
	dec := json.NewDecoder(bytes.NewReader(schema))
	dec.UseNumber()
	if err := luaValue(&out, dec, 0); err != nil {
		return fmt.Errorf("%s: %w", p.Name, err)
	}
	out.WriteByte('\n')
	_, err = w.Write(out.Bytes())
	return err
}

// luaValue turns the next JSON value into a Lua expression. Keys keep their order.
func luaValue(out *bytes.Buffer, dec *json.Decoder, depth int) error {
	token, err := dec.Token()
	if err != nil {
		return err
	}
	switch v := token.(type) {
	case json.Delim:
		return luaTable(out, dec, v == '{', depth)
	case string:
		out.WriteString(luaString(v))
	case nil:
		// A nil in a table is no entry at all, in Kong's dump it is cjson.null.
		return fmt.Errorf("a schema has no null")
	default: // a number or a boolean
		fmt.Fprint(out, v)
	}
	return nil
}

func luaTable(out *bytes.Buffer, dec *json.Decoder, object bool, depth int) error {
	if !dec.More() {
		out.WriteString("{}")
		_, err := dec.Token()
		return err
	}
	indent := strings.Repeat("  ", depth)
	out.WriteString("{\n")
	for dec.More() {
		out.WriteString(indent + "  ")
		if object {
			key, err := dec.Token()
			if err != nil {
				return err
			}
			out.WriteString(luaKey(key.(string)) + " = ")
		}
		if err := luaValue(out, dec, depth+1); err != nil {
			return err
		}
		out.WriteString(",\n")
	}
	out.WriteString(indent + "}")
	_, err := dec.Token()
	return err
}

var luaName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// luaKey returns a key of a table constructor. The words that Lua reserves (manual of
// Lua 5.1, section 2.1, and goto of LuaJIT) are no names.
func luaKey(key string) string {
	switch key {
	case "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if", "in",
		"local", "nil", "not", "or", "repeat", "return", "then", "true", "until", "while":
	default:
		if luaName.MatchString(key) {
			return key
		}
	}
	return "[" + luaString(key) + "]"
}

// luaString quotes s. Lua 5.1 has decimal escapes only, and takes any other byte as it
// is.
func luaString(s string) string {
	var out strings.Builder
	out.WriteByte('"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			out.WriteByte('\\')
			out.WriteByte(c)
		case c < ' ' || c == 0x7f:
			fmt.Fprintf(&out, "\\%03d", c)
		default:
			out.WriteByte(c)
		}
	}
	out.WriteByte('"')
	return out.String()
}
