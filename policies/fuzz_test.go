package policies_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"webhookedge/plugins/event"
	"webhookedge/plugins/policy/engine"
	"webhookedge/plugins/provider/catalogue"
)

// busy are tables in which every part of the library has something to say.
func busy() map[string]any {
	then := func(rule string) map[string]any { return map[string]any{"allow": true, "rule": rule} }
	return map[string]any{
		"guard": map[string]any{"lists": map[string]any{
			"accounts": map[string]any{"github": map[string]any{"closed": "closed"}}, "branches": map[string]any{"dependabot/**": "robots"},
			"events": map[string]any{"github.star": "stars"}, "modes": map[string]any{"stripe": "live", "adyen": "test"},
			"repositories": map[string]any{"octo-corp/archive": "archived"},
		}},
		"route": map[string]any{"routes": map[string]any{
			"github.push": map[string]any{"any": map[string]any{
				"branches": []any{map[string]any{"pattern": "main", "then": then("main")}, map[string]any{"pattern": "release/*", "then": then("release")}}, "then": then("push"),
			}},
			"*": map[string]any{"any": map[string]any{"then": then("any")}},
		}},
		"privacy": map[string]any{"redactions": map[string]any{"*": []any{map[string]any{"path": "$..email"}}}},
	}
}

// FuzzProjection compares decisions on the parts of a
// payload that the library reads with those on all of it.
func FuzzProjection(f *testing.F) {
	for _, row := range catalogue.All() {
		for _, name := range catalogue.SampleEvents(row) {
			if body, _, ok := catalogue.Sample(row, name); ok {
				f.Add(row.Name, name, "", body)
			}
		}
	}
	for _, data := range []string{
		`{"ref":"refs/heads/release/1"}`, `{"ref":"refs/heads/dependabot/x","repository":{"full_name":"octo-corp/archive"}}`, `{"ref":"x","ref_type":"branch"}`,
		`{"push":{"changes":[{"new":{"type":"branch","name":"main"},"old":null},{}]}}`, `{"resource":{"refUpdates":[{"name":"refs/heads/main"}]}}`,
		`{"livemode":false}`, `{"live":"true"}`, `{"meta":{"test_mode":1}}`, `[]`, `null`, `{"ref":{"a":1},"repository":[1]}`, `{"r\u0065f":"refs/heads/main"}`,
	} {
		f.Add("github", "push", "opened", []byte(data))
		f.Add("stripe", "charge", "", []byte(data))
	}
	decisions := []string{"webhook/main/decision", "webhook/guard/decision", "webhook/route/decision", "webhook/tenant/decision", "webhook/privacy/decision"}
	pairs := map[string][2]*engine.Policy{}
	for _, d := range decisions {
		pairs[d] = [2]*engine.Policy{compile(f, busy(), engine.Options{Decision: d}), compile(f, busy(), engine.Options{Decision: d, WholeInput: true})}
	}
	f.Fuzz(func(t *testing.T, providerName, name, action string, data []byte) {
		if !json.Valid(data) || repeats(data) {
			return // normalize refuses it
		}
		e := &event.Event{ID: "1", Source: "/s", Provider: providerName, Type: name, Action: action, Data: data}
		for d, pair := range pairs {
			var said [2]string
			for i, p := range pair {
				decision, err := p.Eval(t.Context(), engine.Input{Event: e}, fixed())
				if said[i] = "error"; err == nil {
					said[i] = decision.Value().String()
				}
			}
			if diff := cmp.Diff(said[1], said[0]); diff != "" {
				t.Errorf("%s of %s (-whole +projected):\n%s", d, data, diff)
			}
		}
	})
}

// repeats reports whether an object of data has a name twice, after which two
// readers may disagree.
func repeats(data []byte) bool {
	dec := json.NewDecoder(bytes.NewReader(data))
	var names []map[string]bool // of the objects that are open, nil for an array
	key := false
	for {
		token, err := dec.Token()
		if err != nil {
			return false
		}
		switch v := token.(type) {
		case json.Delim:
			switch v {
			case '{':
				names, key = append(names, map[string]bool{}), true
				continue
			case '[':
				names = append(names, nil)
			default:
				names = names[:len(names)-1]
			}
		case string:
			if key {
				if names[len(names)-1][v] {
					return true
				}
				names[len(names)-1][v] = true
				key = false
				continue
			}
		}
		key = len(names) > 0 && names[len(names)-1] != nil
	}
}
