package local

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/netip"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/Kong/go-pdk/server/kong_plugin_protocol"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"

	"webhookedge/kong/local/declarative"
	"webhookedge/kong/local/host"
	"webhookedge/kong/local/process"
	"webhookedge/kong/local/schema"
)

// recordedSchema and recordedYML are what the recordings of a real Kong were
// made with.
const recordedSchema = `{"name":"all","fields":[{"config":{"type":"record","fields":[
	{"secret":{"type":"string","referenceable":true}},
	{"list":{"type":"array","elements":{"type":"string","referenceable":true},"default":["a"]}},
	{"num":{"type":"integer"}},{"mode":{"type":"string","default":"exit"}},
	{"map":{"type":"map","keys":{"type":"string"},"values":{"type":"string"}}},
	{"rec":{"type":"record","required":true,"fields":[{"a":{"type":"boolean","default":true}}]}}]}}]}`

const recordedYML = `_format_version: "3.0"
services:
  - name: legacy
    url: http://127.0.0.1:8001
    routes:
      - name: proxied
        paths: [/proxied]
        plugins:
          - {name: all, config: {secret: x, mode: continue}}
routes:
  - name: github
    paths: [/webhooks/github]
    plugins:
      - name: all
        config: {secret: "{vault://env/hook-secret}", list: ["{vault://env/hook-secret}", literal], num: 3, map: {a: b}}
  - name: unresolved
    paths: [/unresolved]
    plugins:
      - {name: all, config: {secret: "{vault://env/not-set}"}}
`

// recordedConfigs returns the configs of a recording's cmd_start_instance calls.
func recordedConfigs(t *testing.T, name string) map[string]any {
	t.Helper()
	f, err := os.Open("../testdata/kong-wire/" + name + ".jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var fr struct {
			B64 string `json:"frame_b64"`
		}
		var call kong_plugin_protocol.RpcCall
		if json.Unmarshal(lines.Bytes(), &fr) != nil {
			t.Fatal("not a recording")
		}
		b, _ := base64.StdEncoding.DecodeString(fr.B64)
		if proto.Unmarshal(b, &call) == nil && call.GetCmdStartInstance() != nil {
			var out map[string]any
			if err := json.Unmarshal(call.GetCmdStartInstance().Config, &out); err != nil {
				t.Fatal(err)
			}
			return out
		}
	}
	t.Fatalf("no instance is started in %s", name)
	return nil
}

func compiled(t *testing.T, env map[string]string) (*state, *compiler) {
	t.Helper()
	s, err := schema.Parse([]byte(recordedSchema))
	if err != nil {
		t.Fatal(err)
	}
	file, err := declarative.Parse("kong.yml", []byte(recordedYML))
	if err != nil {
		t.Fatal(err)
	}
	seq := 0
	c := &compiler{
		reg:      &registry{plugins: map[string]*external{"all": {schema: s, info: process.Info{Name: "all"}}}},
		nextSeq:  func() int { seq++; return seq },
		previous: map[string]host.Config{},
	}
	c.env.Lookup = func(name string) (string, bool) { v, ok := env[name]; return v, ok }
	st, err := c.compile(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	return st, c
}

// TestCompile_configsAreThoseOfKong compares configs decoded: the order of their
// keys is a Lua table's in Kong. __seq__ counts differently, and is left out.
func TestCompile_configsAreThoseOfKong(t *testing.T) {
	st, c := compiled(t, map[string]string{"HOOK_SECRET": "s3cret"})
	for i, name := range []string{"continue", "basic", "unresolved"} {
		t.Run(name, func(t *testing.T) {
			var got map[string]any
			if err := json.Unmarshal(st.routes[i].chain[0].config.JSON, &got); err != nil {
				t.Fatal(err)
			}
			want := recordedConfigs(t, name)
			if got["__seq__"] == nil {
				t.Error("no __seq__")
			}
			got["__seq__"] = want["__seq__"]
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("-Kong +got:\n%s", diff)
			}
		})
	}
	if len(c.warnings) != 1 || !strings.Contains(c.warnings[0].String(), "kong.yml:19:30: routes[1].plugins[0].config.secret: {vault://env/not-set} cannot be resolved") {
		t.Errorf("warnings %v", c.warnings)
	}
}

func TestCompile_unchangedConfigKeepsItsNumber(t *testing.T) {
	before, c := compiled(t, map[string]string{"HOOK_SECRET": "old"})
	file, err := declarative.Parse("kong.yml", []byte(recordedYML))
	if err != nil {
		t.Fatal(err)
	}
	c.previous = before.configs()
	c.env.Lookup = func(name string) (string, bool) { return "new", name == "HOOK_SECRET" }
	after, err := c.compile(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	var kept []bool
	for i := range before.routes {
		kept = append(kept, before.routes[i].chain[0].config.Seq == after.routes[i].chain[0].config.Seq)
	}
	if !slices.Equal(kept, []bool{true, false, true}) {
		t.Errorf("kept %v, want all but the one whose secret changed", kept)
	}
}

func TestCompile_chainOrder(t *testing.T) {
	s := &declarative.Service{ID: "s"}
	r := &declarative.Route{ID: "r", Service: s}
	other := &declarative.Route{ID: "o"}
	p := func(name string, priority int, route *declarative.Route, service *declarative.Service) *configured {
		return &configured{name: name, priority: priority, decl: &declarative.Plugin{Route: route, Service: service, ID: name + ":" + bound(route, service)}}
	}
	all := []*configured{
		p("a", 1, nil, nil), p("a", 1, nil, s), p("a", 1, r, nil), p("b", 900, nil, nil), p("c", 1, nil, nil), p("d", 5, other, nil), p("b", 900, nil, s),
	}
	var got []string
	for _, c := range chain(all, r) {
		got = append(got, c.decl.ID)
	}
	if want := []string{"b:s", "c:", "a:r"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func bound(r *declarative.Route, s *declarative.Service) string {
	if r != nil {
		return r.ID
	}
	if s != nil {
		return s.ID
	}
	return ""
}

func TestClientIP_realIP(t *testing.T) {
	trusted, err := parseTrusted([]string{"10.0.0.0/8", "192.0.2.1"})
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string]struct {
		header, value, peer string
		recursive           bool
		want                string
	}{
		"a stranger's header":         {"X-Real-IP", "1.2.3.4", "203.0.113.9:1", false, "203.0.113.9:1"},
		"a trusted peer's":            {"X-Real-IP", "1.2.3.4", "10.1.1.1:1", false, "1.2.3.4:0"},
		"a single trusted address":    {"X-Real-IP", "1.2.3.4:99", "192.0.2.1:1", false, "1.2.3.4:99"},
		"nonsense":                    {"X-Real-IP", "nobody", "10.1.1.1:1", false, "10.1.1.1:1"},
		"nothing":                     {"X-Real-IP", "", "10.1.1.1:1", false, "10.1.1.1:1"},
		"the last of a list":          {"X-Forwarded-For", "6.6.6.6, 1.2.3.4", "10.1.1.1:1", false, "1.2.3.4:0"},
		"past trusted ones":           {"X-Forwarded-For", "6.6.6.6, 1.2.3.4, 10.2.2.2", "10.1.1.1:1", true, "1.2.3.4:0"},
		"not past them if not asked":  {"X-Forwarded-For", "1.2.3.4, 10.2.2.2", "10.1.1.1:1", false, "10.2.2.2:0"},
		"nonsense ends the list":      {"X-Forwarded-For", "1.2.3.4, x, 10.2.2.2", "10.1.1.1:1", true, "10.2.2.2:0"},
		"an IPv6 address in brackets": {"X-Real-IP", "[2001:db8::1]", "10.1.1.1:1", false, "[2001:db8::1]:0"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			h := http.Header{}
			if tc.value != "" {
				h.Set(tc.header, tc.value)
			}
			got := realIP{trusted, tc.header, tc.recursive}.client(netip.MustParseAddrPort(tc.peer), h)
			if got.String() != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}

func TestTermination_refusesTriggerThatNamesNothing(t *testing.T) {
	if _, err := newTermination(map[string]any{"trigger": "x stop"}); err == nil || err.Error() != "invalid value of trigger: x stop" {
		t.Errorf("got %v", err)
	}
}

func TestTermination(t *testing.T) {
	s, err := schema.Parse([]byte(terminationSchema))
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string]struct {
		config map[string]any
		header string
		status int // 0 means that it goes on
		body   string
	}{
		"by default":                  {nil, "", 503, `{"message":"Service unavailable"}`},
		"a status without a text":     {map[string]any{"status_code": int64(200)}, "", 200, ""},
		"a message":                   {map[string]any{"message": "<a/b>"}, "", 503, `{"message":"<a\/b>"}`},
		"a body":                      {map[string]any{"body": "hi", "content_type": "text/plain"}, "", 503, "hi"},
		"a trigger that is not there": {map[string]any{"trigger": "x-stop"}, "", 0, ""},
		"a trigger by header":         {map[string]any{"trigger": "x-stop"}, "x-stop", 503, `{"message":"Service unavailable"}`},
		"a trigger by argument":       {map[string]any{"trigger": "stop"}, "", 503, `{"message":"Service unavailable"}`},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			config, faults := s.Check(any(orEmpty(tc.config)))
			if len(faults) > 0 {
				t.Fatal(faults)
			}
			loaded, _ := s.Load(config, func(string) (string, error) { return "", errors.New("none") })
			term, err := newTermination(loaded)
			if err != nil {
				t.Fatal(err)
			}
			x := host.NewContext(&host.Request{Target: "/?stop=1", Headers: []host.Header{{Name: tc.header, Value: "1"}}}, nil)
			term.access(x)
			switch {
			case tc.status == 0:
				if x.Exit != nil {
					t.Errorf("answered %d", x.Exit.Status)
				}
			case x.Exit == nil:
				t.Error("did not answer")
			case x.Exit.Status != tc.status || string(x.Exit.Body) != tc.body:
				t.Errorf("got %d %q", x.Exit.Status, x.Exit.Body)
			}
		})
	}
}

func TestTermination_refusesWhatKongChecksInCode(t *testing.T) {
	for want, config := range map[string]map[string]any{
		"message cannot be used with content_type or body": {"message": "x", "body": "y"},
		"content_type requires a body":                     {"content_type": "text/plain"},
	} {
		if _, err := newTermination(config); err == nil || err.Error() != want {
			t.Errorf("%v: got %v, want %q", config, err, want)
		}
	}
}

func orEmpty(m map[string]any) map[string]any {
	if m == nil {
		return map[string]any{}
	}
	return m
}

func TestErrorTemplate_followsAccept(t *testing.T) {
	for accept, want := range map[string]string{
		"": jsonType, "*/*": jsonType, "text/html": "text/html; charset=utf-8", "application/xml;q=0.5, text/plain": "text/plain; charset=utf-8",
		"text/html;q=0.1, application/json;q=0.2": jsonType, "nonsense": jsonType,
	} {
		if got, _ := errorTemplate(http.Header{"Accept": {accept}}); got != want {
			t.Errorf("%q gave %q, want %q", accept, got, want)
		}
	}
}
