package config_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"webhookedge/plugins/internal/config"
)

const least = `"verify":{"provider":"red","secrets":[{"id":"new","value":"topsecret"}]}`

func wanted(change func(*settings)) settings {
	s := settings{
		Timing: Timing{DeadlineMs: 2000, Ratio: 1}, Mode: "exit",
		Verify: verify{Provider: "red", Secrets: []key{{ID: "new", Value: config.NewSecret("topsecret")}}},
		URLs:   []string{"nats://127.0.0.1:4222"}, MaxBytes: 26214400, Strict: true,
	}
	if change != nil {
		change(&s)
	}
	return s
}

func TestDecode_fillsTheStruct(t *testing.T) {
	tests := map[string]struct {
		data string
		want settings
	}{
		"the least, and defaults for the rest": {`{` + least + `}`, wanted(nil)},
		"null means not set":                   {`{` + least + `,"mode":null,"tls":null,"urls":null,"deadline_ms":null,"labels":null}`, wanted(nil)},
		"Kong's own keys": {
			`{"__seq__":23,"__plugin_id":"p","__key__":"k","__ws_id":"w","ws_id":"w","route_id":"r","service_id":"s","consumer_id":"c",` +
				`"$refs":{"token":"{vault:\/\/env\/token}"},"token":"resolved","verify":{"provider":"red","$refs":{},"secrets":[{"id":"new","value":"topsecret",` +
				`"$refs":{"value":"{vault://env/a}"}}]}}`,
			wanted(func(s *settings) { s.Token = config.NewSecret("resolved") }),
		},
		"an empty array as Lua writes it": {`{` + least + `,"urls":{},"ports":{}}`, wanted(func(s *settings) { s.URLs, s.Ports = []string{}, []int32{} })},
		"integers as Lua writes them":     {`{` + least + `,"deadline_ms":5.0,"max_bytes":1e3}`, wanted(func(s *settings) { s.DeadlineMs, s.MaxBytes = 5, 1000 })},
		"an optional record": {`{` + least + `,"tls":{"cert":"c","key":"k"}}`, wanted(func(s *settings) {
			s.TLS = &tls{Cert: config.NewSecret("c"), Key: config.NewSecret("k")}
		})},
		"a map and an array": {`{` + least + `,"labels":{"a":"b"},"ports":[1,65535]}`, wanted(func(s *settings) {
			s.Labels, s.Ports = map[string]string{"a": "b"}, []int32{1, 65535}
		})},
		"an empty string where it is allowed": {strings.Replace(`{`+least+`}`, `"provider"`, `"note":"","provider"`, 1), wanted(nil)},
		"every reference resolved in a list": {
			`{` + least + `,"urls":["nats://a"],"$refs":{"urls":["{vault://env/a}"]}}`, wanted(func(s *settings) { s.URLs = []string{"nats://a"} }),
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			var got settings
			if err := config.Decode([]byte(tc.data), &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

var faults = map[string]struct {
	data string
	want []string
}{
	"nothing given": {`{}`, []string{"verify.provider: is required", "verify.secrets: is required"}},
	"no object":     {`[]`, []string{"config: must be an object, not an array"}},
	"no JSON":       {`{"mode":`, []string{"config: malformed JSON at byte 8"}},
	"nothing":       {``, []string{"config: malformed JSON at byte 0"}},
	"text behind":   {`{} {}`, []string{"config: malformed JSON: text behind the value, at byte 4"}},
	"a key twice":   {`{"mode":"exit","mode":"exit"}`, []string{"config: malformed JSON: a key is given twice, at byte 15"}},
	"too deep": {strings.Repeat(`{"a":`, 40) + "1" + strings.Repeat("}", 40),
		[]string{"config: malformed JSON: more than 32 levels, at byte 164"}},
	"unknown keys with the nearest": {`{` + least + `,"mod":"exit","zzzzzz":1,"tls":{"crt":"x"}}`, []string{
		"mod: is an unknown key; did you mean mode?", "zzzzzz: is an unknown key",
		"tls.crt: is an unknown key; did you mean cert?",
	}},
	"Kong's own keys below the top": {`{` + least + `,"tls":{"route_id":"x"}}`, []string{"tls.route_id: is an unknown key"}},
	"wrong types": {`{"mode":1,"strict":"yes","urls":"a","labels":[],"tls":"x","token":5,"ratio":"1","deadline_ms":"1","ports":["x",null],"verify":7}`, []string{
		"deadline_ms: must be an integer, not a string", "ratio: must be an integer, not a string",
		"mode: must be a string, not a number", "verify: must be an object, not a number",
		"urls: must be an array, not a string", "labels: must be an object, not an array",
		"ports[0]: must be an integer, not a string", "ports[1]: must not be null",
		"strict: must be a boolean, not a string", "tls: must be an object, not a string", "token: must be a string, not a number",
	}},
	"out of bounds": {`{` + least + `,"deadline_ms":0,"ratio":10,"ports":[0,65536,70000.5,1e300],"max_bytes":9007199254740993,"labels":{"a":"1","b":"2","c":"3"}}`, []string{
		"deadline_ms: must be 1 to 60000", "ratio: must be 0 to 9", "labels: must have at most 2 entries, has 3",
		"ports[0]: must be 1 to 65535", "ports[1]: must be 1 to 65535",
		"ports[2]: must be an integer within 2^53", "ports[3]: must be an integer within 2^53",
		"max_bytes: must be an integer within 53 bits",
	}},
	"an integer of more than 32 bits": {`{` + least + `,"ports":[4294967296]}`, []string{"ports[0]: must be an integer within 32 bits"}},
	"an unknown choice":               {`{"verify":{"provider":"gren","secrets":[{"id":"a","value":"long"}]},"mode":"exits"}`, []string{"mode: must be one of exit, continue; did you mean exit?", "verify.provider: must be one of red, green, blue; did you mean green?"}},
	"empty strings":                   {`{` + least + `,"user":"","urls":[""]}`, []string{"urls[0]: must not be empty", "user: must not be empty"}},
	"secrets": {`{"verify":{"provider":"red","secrets":[{"id":"a","value":""},{"id":"b","value":"","$refs":{"value":"{vault://env/b}"}},` +
		`{"id":"c","value":"{vault://env/c}"},{"value":"abc"},{"id":"e"}]},"token":"","$refs":{"token":"{vault://env/t}"},"user":"{vault://env/u}"}`, []string{
		"verify.secrets: must have at most 4 elements, has 5",
		"verify.secrets[0].value: must not be empty",
		"verify.secrets[1].value: the vault reference {vault://env/b} did not resolve",
		"verify.secrets[2].value: still holds the text of a vault reference: nothing resolved it",
		"verify.secrets[3].id: is required", "verify.secrets[3].value: must have at least 4 bytes, has 3",
		"verify.secrets[4].value: is required",
		"token: the vault reference {vault://env/t} did not resolve",
		"user: holds a vault reference, which Kong does not resolve in this field",
	}},
	"references in lists": {`{` + least + `,"urls":["nats://a",""],"$refs":{"urls":{"2":"{vault://env/u}"}}}`, []string{
		"urls[1]: the vault reference {vault://env/u} did not resolve",
	}},
	"references in lists with holes": {`{` + least + `,"urls":["nats://a",""],"$refs":{"urls":[null,"{vault://env/u}"]}}`, []string{
		"urls[1]: the vault reference {vault://env/u} did not resolve",
	}},
	"references in maps": {`{` + least + `,"labels":{"a":""},"$refs":{"labels":{"a":"{vault://env/l}"}}}`, []string{
		"labels.a: the vault reference {vault://env/l} did not resolve",
	}},
	"an empty key": {`{` + least + `,"labels":{"":"a"}}`, []string{"labels: must not have an empty key"}},
	"entity checks": {`{` + least + `,"tls":{"cert":"c"},"user":"u","token":"t"}`, []string{
		"tls: all or none must be set of cert, key", "config: at most one may be set of token, user, file",
	}},
	"a rule of the struct itself": {`{"verify":{"provider":"red","secrets":[{"id":"a","value":"long"},{"id":"a","value":"other"}]}}`, []string{
		"verify.secrets: two have the same id",
	}},
}

func TestDecode_namesEveryFault(t *testing.T) {
	for name, tc := range faults {
		t.Run(name, func(t *testing.T) {
			got := settings{Mode: "untouched"}
			err := config.Decode([]byte(tc.data), &got)
			if err == nil {
				t.Fatal("accepted")
			}
			if diff := cmp.Diff(tc.want, strings.Split(err.Error(), "\n")); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
			if !errors.Is(err, config.ErrInvalid) {
				t.Error("no ErrInvalid")
			}
			if diff := cmp.Diff(settings{Mode: "untouched"}, got); diff != "" {
				t.Errorf("the struct was changed:\n%s", diff)
			}
		})
	}
}

func TestDecode_wrapsTheErrorOfValidate(t *testing.T) {
	data := `{"verify":{"provider":"red","secrets":[{"id":"a","value":"long"},{"id":"a","value":"other"}]}}`
	if err := config.Decode([]byte(data), new(settings)); !errors.Is(err, errSameID) {
		t.Errorf("got %v", err)
	}
}

func TestDecode_boundsTheInput(t *testing.T) {
	big := `{"user":"` + strings.Repeat("a", config.MaxBytes) + `"}`
	if err := config.Decode([]byte(big), new(settings)); !errors.Is(err, config.ErrSyntax) {
		t.Errorf("got %v", err)
	}
}

func TestDecode_needsAPointerToAStruct(t *testing.T) {
	var none *settings
	for name, into := range map[string]any{"a struct": settings{}, "a nil pointer": none, "nil": nil, "a pointer to a number": new(int)} {
		t.Run(name, func(t *testing.T) {
			if err := config.Decode([]byte(`{}`), into); !errors.Is(err, config.ErrModel) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestDecode_boundsTheNumberOfFaults(t *testing.T) {
	err := config.Decode([]byte(`{`+least+`,"ports":[`+strings.Repeat(`0,`, 149)+`0]}`), new(settings))
	if err == nil {
		t.Fatal("accepted")
	}
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != 101 || lines[100] != "config: 50 more faults" {
		t.Errorf("%d lines, the last is %q", len(lines), lines[len(lines)-1])
	}
}
