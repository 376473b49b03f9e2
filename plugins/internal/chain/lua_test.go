package chain

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	lua "github.com/yuin/gopher-lua"

	"webhookedge/plugins/internal/pluginserver"
)

// run runs Lua in a state without any library: Konnect takes no schema that requires
// something.
func run(t *testing.T, chunk string) lua.LValue {
	t.Helper()
	state := lua.NewState(lua.Options{SkipOpenLibs: true})
	t.Cleanup(state.Close)
	if err := state.DoString(chunk); err != nil {
		t.Fatal(err)
	}
	return state.Get(-1)
}

// differences compares what Lua has with what JSON says. An empty table stands for an
// empty list and an empty object, in Kong as here.
func differences(path string, have lua.LValue, want any) []string {
	switch want := want.(type) {
	case map[string]any:
		table, ok := have.(*lua.LTable)
		if !ok || table.MaxN() != 0 || entries(table) != len(want) {
			return []string{path + " is another object"}
		}
		var found []string
		for key, value := range want {
			found = append(found, differences(path+"."+key, table.RawGetString(key), value)...)
		}
		return found
	case []any:
		table, ok := have.(*lua.LTable)
		if !ok || table.MaxN() != len(want) || entries(table) != len(want) {
			return []string{path + " is another list"}
		}
		var found []string
		for i, value := range want {
			found = append(found, differences(fmt.Sprintf("%s[%d]", path, i), table.RawGetInt(i+1), value)...)
		}
		return found
	}
	same := map[bool]lua.LValue{true: lua.LTrue, false: lua.LFalse}
	switch want := want.(type) {
	case string:
		if have != lua.LString(want) {
			return []string{fmt.Sprintf("%s is %v, want %q", path, have, want)}
		}
	case float64:
		if have != lua.LNumber(want) {
			return []string{fmt.Sprintf("%s is %v, want %v", path, have, want)}
		}
	case bool:
		if have != same[want] {
			return []string{fmt.Sprintf("%s is %v, want %v", path, have, want)}
		}
	default:
		return []string{fmt.Sprintf("%s is %T", path, want)}
	}
	return nil
}

func entries(table *lua.LTable) int {
	n := 0
	table.ForEach(func(lua.LValue, lua.LValue) { n++ })
	return n
}

func TestDumpLua_saysWhatDumpSays(t *testing.T) {
	for _, p := range Plugins() {
		t.Run(p.Name, func(t *testing.T) {
			var asJSON, asLua bytes.Buffer
			if err := pluginserver.Dump(&asJSON, "", p); err != nil {
				t.Fatal(err)
			}
			if err := pluginserver.DumpLua(&asLua, p); err != nil {
				t.Fatal(err)
			}
			var dump struct {
				Plugins []struct {
					Version  string
					Priority float64
					Schema   any
				}
			}
			if err := json.Unmarshal(asJSON.Bytes(), &dump); err != nil {
				t.Fatal(err)
			}
			want := dump.Plugins[0]
			for _, d := range differences("schema", run(t, asLua.String()), want.Schema) {
				t.Error(d)
			}
			handler := regexp.MustCompile(`(?m)^-- (return \{ PRIORITY.*)$`).FindStringSubmatch(asLua.String())
			if handler == nil {
				t.Fatalf("no handler.lua in\n%.300s", asLua.String())
			}
			for _, d := range differences("handler", run(t, handler[1]), map[string]any{"PRIORITY": want.Priority, "VERSION": want.Version}) {
				t.Error(d)
			}
			if strings.Contains(asLua.String(), "require(") {
				t.Error("it requires something")
			}
		})
	}
}

func TestDumpLua_quotesAnyText(t *testing.T) {
	type config struct {
		Mode string `json:"end" enum:"a\"b,c\\d,]],é" doc:"With \"quotes\", a line's\nend, a \\ and a NUL \u0000 in it."`
	}
	p := pluginserver.Plugin{Name: "odd", Config: config{}}
	var asJSON, asLua bytes.Buffer
	if err := pluginserver.Dump(&asJSON, "", p); err != nil {
		t.Fatal(err)
	}
	if err := pluginserver.DumpLua(&asLua, p); err != nil {
		t.Fatal(err)
	}
	var dump struct{ Plugins []struct{ Schema any } }
	if err := json.Unmarshal(asJSON.Bytes(), &dump); err != nil {
		t.Fatal(err)
	}
	for _, d := range differences("schema", run(t, asLua.String()), dump.Plugins[0].Schema) {
		t.Error(d)
	}
}
