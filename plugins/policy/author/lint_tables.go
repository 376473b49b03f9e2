package author

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gobwas/glob"

	"webhookedge/plugins/provider/catalogue"
)

// Tables are recognized by the schema that annotations give them.
const (
	routeSchema   = "policy/route.json"
	privacySchema = "policy/privacy.json"
	guardSchema   = "policy/guard.json"
	tenantSchema  = "policy/tenant.json"
)

// tablesOf calls fn with every table of a schema and its place in the data.
func (p *Project) tablesOf(schema string, fn func(location []string, table map[string]any)) {
	annotated := p.annotatedData()
	for _, ref := range slices.Sorted(maps.Keys(annotated)) {
		a := annotated[ref]
		value, _ := lookUp(p.source.Data, a.location)
		if table, ok := value.(map[string]any); ok && a.schema == schema {
			fn(a.location, table)
		}
	}
}

func (p *Project) inTable(location []string, message string) Finding {
	file, row := p.whereData(location)
	return Finding{File: file, Row: row, Code: "table", Message: message}
}

// shadowedRoutes finds branches that an earlier pattern always takes, and rows of a resource
// or tenant under a wide name that the row any of a narrower name takes.
func (p *Project) shadowedRoutes() Findings {
	var found Findings
	p.tablesOf(routeSchema, func(location []string, table map[string]any) {
		eachRow(table, func(at []string, row map[string]any) {
			found = append(found, p.shadowedBranches(slices.Concat(location, at), row)...)
		})
		for _, wide := range slices.Sorted(maps.Keys(table)) {
			for _, narrow := range slices.Sorted(maps.Keys(table)) {
				if !covers(wide, narrow) || hasAny(table[narrow]) == nil {
					continue
				}
				for _, scope := range []string{"resource", "tenant"} {
					rows, _ := lookUp(table[wide], []string{scope})
					for _, name := range sortedKeys(rows) {
						found = append(found, p.inTable(slices.Concat(location, []string{wide, scope, name}),
							fmt.Sprintf("the row for %s %s under %q never sees %s, whose row any goes first", scope, name, wide, narrow)))
					}
				}
			}
		}
	})
	return found
}

// covers reports whether narrow names a part of the events that wide names.
func covers(wide, narrow string) bool {
	return wide != narrow && (wide == "*" || strings.HasPrefix(narrow, wide+"."))
}

func hasAny(entry any) any {
	row, _ := lookUp(entry, []string{"any"})
	return row
}

// eachRow calls fn with every row of a table of routes, in order.
func eachRow(table map[string]any, fn func(at []string, row map[string]any)) {
	for _, name := range slices.Sorted(maps.Keys(table)) {
		if row, ok := hasAny(table[name]).(map[string]any); ok {
			fn([]string{name, "any"}, row)
		}
		for _, scope := range []string{"resource", "tenant"} {
			rows, _ := lookUp(table[name], []string{scope})
			for _, key := range sortedKeys(rows) {
				if row, ok := lookUp(rows, []string{key}); ok {
					if row, ok := row.(map[string]any); ok {
						fn([]string{name, scope, key}, row)
					}
				}
			}
		}
	}
}

func sortedKeys(object any) []string {
	m, _ := object.(map[string]any)
	return slices.Sorted(maps.Keys(m))
}

func (p *Project) shadowedBranches(at []string, row map[string]any) Findings {
	branches, _ := row["branches"].([]any)
	var found Findings
	var before []string
	for i, each := range branches {
		text, _ := lookUp(each, []string{"pattern"})
		pattern, ok := text.(string)
		if !ok {
			continue
		}
		for _, earlier := range before {
			if takesAll(earlier, pattern) {
				found = append(found, p.inTable(slices.Concat(at, []string{"branches", fmt.Sprint(i)}),
					fmt.Sprintf("the branches %q are always taken by %q before", pattern, earlier)))
				break
			}
		}
		before = append(before, pattern)
	}
	return found
}

// takesAll reports that earlier matches every branch of pattern. False can be wrong.
func takesAll(earlier, pattern string) bool {
	if earlier == pattern || earlier == "**" {
		return true
	}
	g, err := glob.Compile(earlier, '/')
	if err != nil {
		return false
	}
	// A * of the pattern is put to the test as one name, a ** as several.
	one := strings.ReplaceAll(strings.ReplaceAll(pattern, "**", "\x00"), "*", "x")
	return !strings.ContainsAny(pattern, "?[]{}!\\") && g.Match(strings.ReplaceAll(one, "\x00", "x")) &&
		g.Match(strings.ReplaceAll(one, "\x00", "x/y/z")) && g.Match(strings.ReplaceAll(one, "\x00", ""))
}

// unknownProviders finds event names in tables whose provider is not in the catalogue.
func (p *Project) unknownProviders() Findings {
	var found Findings
	providers := catalogue.Names()
	p.eachEventInTables(func(location []string, name string) {
		first, _, _ := strings.Cut(name, ".")
		// A likely typo is an error: see eventNames.
		if name != "*" && !slices.Contains(providers, first) && typo(first, providers) == "" {
			found = append(found, p.inTable(location, fmt.Sprintf("there is no provider %q", first)))
		}
	})
	return found
}
