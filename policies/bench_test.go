package policies_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"webhookedge/plugins/event"
	"webhookedge/plugins/policy/engine"
)

// compile is the library with other tables and options.
func compile(t testing.TB, tables map[string]any, o engine.Options) *engine.Policy {
	t.Helper()
	s, err := engine.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	top := s.Data["webhook"].(map[string]any)
	for name, table := range tables {
		for key, value := range table.(map[string]any) {
			top[name].(map[string]any)[key] = value
		}
	}
	p, err := engine.Compile(s, o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// routes are n rows under names that no event has, and one for pushes.
func routes(n int) map[string]any {
	row := map[string]any{"any": map[string]any{"then": map[string]any{"allow": true, "rule": "pushes", "subject": []any{"pushes"}}}}
	table := map[string]any{"github.push": row}
	for i := range n - 1 {
		table[fmt.Sprintf("github.event_%d", i)] = row
	}
	return map[string]any{"route": map[string]any{"routes": table}}
}

// largePush is a push of about 8 KB.
func largePush(t testing.TB) engine.Input {
	t.Helper()
	var commits []map[string]any
	for i := range 12 {
		commits = append(commits, map[string]any{
			"id": strings.Repeat(fmt.Sprint(i%10), 40), "message": strings.Repeat("a change ", 20), "timestamp": "2026-03-01T12:00:00Z", "distinct": true,
			"author": map[string]any{"name": "Mona", "email": "mona@octo-corp.example", "username": "mona"}, "added": []string{"a/b/c.go"}, "removed": []string{}, "modified": []string{"README.md", "go.mod"},
		})
	}
	repository := map[string]any{"id": 900100, "name": "hello", "full_name": "octo-corp/hello", "private": true, "topics": []string{}}
	for i := range 40 {
		repository[fmt.Sprintf("attribute_%02d_url", i)] = "https://api.github.com/repos/octo-corp/hello/something"
	}
	data, err := json.Marshal(map[string]any{"ref": "refs/heads/main", "commits": commits, "repository": repository})
	if err != nil || len(data) < 7<<10 || len(data) > 9<<10 {
		t.Fatalf("%d bytes, %v", len(data), err)
	}
	return engine.Input{Event: &event.Event{
		ID: "1", Source: "/webhooks/github/octo-corp", Provider: "github", Type: "push", Subject: "octo-corp/hello", Tenant: "octo-corp", Data: data,
	}}
}

// measure asks p about in again and again, with the decisions that it remembers
// or without.
func measure(b *testing.B, p *engine.Policy, in engine.Input, remember bool) {
	b.Helper()
	now := time.Now()
	ask := func() (*engine.Decision, error) { return p.Eval(b.Context(), in, now) }
	if !remember {
		ask = func() (*engine.Decision, error) { return p.EvalDocument(b.Context(), p.Document(in), now) }
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ask(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkDecision decides an 8 KB push, for the routing alone and for
// everything: projected, with what the policy reads; whole, with all of the
// payload, as the baseline of the projection; and remembered, as the edge answers
// when it decided on equal parts before. The first two are evaluated each time.
func BenchmarkDecision(b *testing.B) {
	in := largePush(b)
	for _, decision := range []string{"webhook/route/decision", "webhook/main/decision"} {
		name := strings.Split(decision, "/")[1]
		for _, way := range []struct {
			name            string
			whole, remember bool
		}{{"projected", false, false}, {"whole", true, false}, {"remembered", false, true}} {
			b.Run(name+"/"+way.name, func(b *testing.B) {
				measure(b, compile(b, routes(10), engine.Options{Decision: decision, WholeInput: way.whole}), in, way.remember)
			})
		}
	}
}

// BenchmarkRoutes shows that the number of routes does not matter. Nothing is
// remembered.
func BenchmarkRoutes(b *testing.B) {
	in := largePush(b)
	for _, n := range []int{10, 1000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			measure(b, compile(b, routes(n), engine.Options{Decision: "webhook/route/decision"}), in, false)
		})
	}
}

// BenchmarkLoad reads and compiles the library with 100 further files, as a
// change of one of them makes the edge do.
func BenchmarkLoad(b *testing.B) {
	dir := b.TempDir()
	if err := os.CopyFS(dir, os.DirFS(".")); err != nil {
		b.Fatal(err)
	}
	for i := range 100 {
		folder := filepath.Join(dir, "webhook", fmt.Sprintf("more%d", i))
		text := fmt.Sprintf("package webhook.more%d\n\ndefault decision := {\"allow\": false, \"reason\": \"no\"}\n\ndecision := {\"allow\": true, \"tenant\": t} if {\n\tinput.event.provider == \"github\"\n\tt := data.webhook.tenant.decision.tenant\n}\n", i)
		if err := os.MkdirAll(folder, 0o755); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, "more.rego"), []byte(text), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		s, err := engine.ReadDir(dir)
		if err == nil {
			_, err = engine.Compile(s, engine.Options{})
		}
		if err != nil {
			b.Fatal(err)
		}
	}
}
