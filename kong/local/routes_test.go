package local

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"webhookedge/kong/local/declarative"
)

const routesSchema = `{"fields":[{"config":{"type":"record","fields":[
	{"who":{"type":"string","required":true,"referenceable":true}},{"level":{"type":"integer","default":3}}]}}]}`

const routesYML = `
_format_version: "3.0"
plugins:
  - {name: ours, config: {who: everybody}}
  - {name: theirs, config: {x: 1}}
services:
  - name: legacy
    url: http://127.0.0.1:9
    plugins: [{name: ours, config: {who: of the service}}]
    routes: [{name: behind, paths: [/behind]}]
routes:
  - {name: plain, paths: [/plain]}
  - name: special
    paths: [/special]
    plugins: [{name: ours, config: {who: "{vault://env/who}", level: 9}}]
  - name: off
    paths: [/off]
    plugins: [{name: ours, enabled: false, config: {who: nobody}}]
`

func TestRoutes_configsAreThoseOfEachRoute(t *testing.T) {
	schemas := map[string][]byte{"ours": []byte(routesSchema)}
	for name, tc := range map[string]struct {
		env        map[string]string
		special    string
		unresolved int
	}{
		"references resolved": {map[string]string{"WHO": "resolved"}, "resolved", 0},
		"one that is not":     {nil, "", 1},
	} {
		t.Run(name, func(t *testing.T) {
			routes, err := Routes("kong.yml", []byte(routesYML), schemas, func(name string) (string, bool) { v, ok := tc.env[name]; return v, ok })
			if err != nil {
				t.Fatal(err)
			}
			got, unresolved := map[string]string{}, 0
			for _, r := range routes {
				var c struct {
					Who   string
					Level int
				}
				if err := json.Unmarshal(r.Plugins["ours"], &c); err != nil || len(r.Plugins) != 1 || !r.Is(r.Name) || !r.Is(r.ID) || r.Is("") {
					t.Fatalf("%+v: %v", r, err)
				}
				if wantLevel := map[bool]int{true: 9, false: 3}[r.Name == "special"]; c.Level != wantLevel {
					t.Errorf("%s has level %d", r.Name, c.Level)
				}
				got[r.Name] = c.Who
				unresolved += len(r.Unresolved)
			}
			want := map[string]string{"behind": "of the service", "plain": "everybody", "special": tc.special, "off": "everybody"}
			if diff := cmp.Diff(want, got); diff != "" || unresolved != tc.unresolved {
				t.Errorf("%d unresolved, configs (-want +got):\n%s", unresolved, diff)
			}
		})
	}
}

func TestRoutes_faults(t *testing.T) {
	schemas := map[string][]byte{"ours": []byte(routesSchema)}
	var problems *declarative.Error
	if _, err := Routes("kong.yml", []byte("plugins: [{name: ours, config: {level: x}}]\n_format_version: \"3.0\""), schemas, nil); !errors.As(err, &problems) {
		t.Errorf("got %v", err)
	}
	if _, err := Routes("kong.yml", []byte("routes: 1"), schemas, nil); !errors.As(err, &problems) {
		t.Errorf("got %v", err)
	}
	if _, err := Routes("kong.yml", []byte(routesYML), map[string][]byte{"ours": []byte("{")}, nil); err == nil {
		t.Error("took a broken schema")
	}
}
