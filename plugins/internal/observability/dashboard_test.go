package observability_test

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"
)

// dashboard is what is read of Grafana's JSON model of one.
type dashboard struct {
	Title, UID string
	Templating struct {
		List []struct {
			Name, Type string
			Query      json.RawMessage
		}
	}
	Panels []struct {
		ID          int
		Type, Title string
		Description string
		GridPos     struct{ H, W, X, Y int }
		Targets     []struct{ Expr, LegendFormat string }
	}
}

// TestDashboard_queriesWhatThereIs fills in the variables as Grafana does and parses every
// query.
func TestDashboard_queriesWhatThereIs(t *testing.T) {
	text, err := os.ReadFile(folder + "dashboard.json")
	if err != nil {
		t.Fatal(err)
	}
	var d dashboard
	if err := json.Unmarshal(text, &d); err != nil {
		t.Fatal(err)
	}
	have := everySeries(t)
	values := []string{"$__rate_interval", "5m"}
	for _, v := range d.Templating.List {
		values = append(values, "$"+v.Name, ".*")
		var query struct{ Query string }
		if json.Unmarshal(v.Query, &query) != nil || v.Type != "query" {
			continue
		}
		m := regexp.MustCompile(`^label_values\((\w+), (\w+)\)$`).FindStringSubmatch(query.Query)
		if m == nil {
			t.Fatalf("variable %s: %s", v.Name, query.Query)
		}
		if labels, ok := have[m[1]]; !ok || labels[m[2]] == nil && m[2] != "instance" {
			t.Errorf("variable %s: %s has no label %s", v.Name, m[1], m[2])
		}
	}
	fill := strings.NewReplacer(values...)
	ids, queries := map[int]bool{}, 0
	for _, p := range d.Panels {
		if ids[p.ID] || p.GridPos.X+p.GridPos.W > 24 || p.Title == "" || (p.Type != "row") != (p.Description != "" && len(p.Targets) > 0) {
			t.Errorf("panel %d %q: its id is there twice, it leaves the grid, or it tells nothing", p.ID, p.Title)
		}
		ids[p.ID] = true
		for _, target := range p.Targets {
			queries++
			query := fill.Replace(target.Expr)
			if strings.Contains(query, "$") {
				t.Errorf("%s: a variable that is not there: %s", p.Title, query)
			}
			if err := have.matchAll(query); err != nil {
				t.Errorf("%s: %v", p.Title, err)
			}
			for _, m := range regexp.MustCompile(`\{\{(\w+)\}\}`).FindAllStringSubmatch(target.LegendFormat, -1) {
				if m[1] != "instance" && !strings.Contains(query, m[1]) {
					t.Errorf("%s: the legend has %s, the query has not", p.Title, m[1])
				}
			}
		}
	}
	if d.UID == "" || queries < 20 {
		t.Errorf("dashboard %q has %d queries", d.UID, queries)
	}
}
