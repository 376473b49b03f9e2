package config

import (
	"fmt"
	"math"
	"strings"
)

// Table returns a Markdown table of all fields for a README, nested ones by their
// dotted path, and below it the entity checks. v is the config struct or a pointer
// to it; for one that is no config it returns the text of the error.
func Table(v any) string {
	model, err := modelOf(v)
	if err != nil {
		return err.Error()
	}
	var t table
	t.WriteString("| Field | Type | Default | Description |\n|---|---|---|---|\n")
	t.rows("", model)
	if len(t.rules) > 0 {
		t.WriteString("\n" + strings.Join(t.rules, ""))
	}
	return t.String()
}

type table struct {
	strings.Builder
	rules []string
}

func (t *table) rows(path string, r *record) {
	for _, f := range r.fields {
		at := join(path, f.name)
		_, _ = fmt.Fprintf(t, "| `%s` | %s | %s | %s |\n", at, cell(typeName(f.shape)), cell(defaultText(f)), cell(f.doc+rulesText(f.shape)))
		for s := f.shape; s != nil; s = s.elem {
			switch s.kind {
			case kindArray:
				at += "[]"
			case kindMap:
				at += ".*"
			case kindRecord:
				t.rows(at, s.record)
			}
		}
	}
	for i := range r.checks {
		t.rules = append(t.rules, ruleLine(path, &r.checks[i]))
	}
}

func cell(text string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ").Replace(text)
}

func typeName(s *shape) string {
	switch s.kind {
	case kindSecret:
		return "secret"
	case kindArray:
		return "list of " + plural(typeName(s.elem))
	case kindMap:
		return "map of " + plural(typeName(s.elem))
	default:
		return kongType(s)
	}
}

func plural(word string) string {
	switch word {
	case "boolean", "integer", "record", "secret", "string":
		return word + "s"
	default: // a list or a map of something
		return strings.Replace(word, " of", "s of", 1)
	}
}

func defaultText(f *field) string {
	switch {
	case f.mustBeGiven():
		return "required"
	case f.def == nil:
		return ""
	case f.shape.kind == kindString && f.def.text != "":
		return "`" + f.def.text + "`"
	default:
		text, err := encode(f.shape.literal(f.def))
		if err != nil { // decoded JSON always encodes
			return err.Error()
		}
		return "`" + string(text) + "`"
	}
}

// rulesText says in words what the values of a field may be.
func rulesText(s *shape) string {
	var b strings.Builder
	if v := s.scalar(); len(v.enum) > 0 {
		b.WriteString(" One of `" + strings.Join(v.enum, "`, `") + "`.")
	} else if v.min != nil && *v.min != math.MinInt32 { // the range of the Go type says nothing to a reader
		b.WriteString(" " + upper(v.bounds()) + ".")
	}
	switch {
	case s.minLen != nil && s.maxLen != nil:
		fmt.Fprintf(&b, " %d to %s.", *s.minLen, s.count(*s.maxLen))
	case s.minLen != nil && *s.minLen > 0:
		fmt.Fprintf(&b, " At least %s.", s.count(*s.minLen))
	case s.maxLen != nil:
		fmt.Fprintf(&b, " At most %s.", s.count(*s.maxLen))
	}
	if v := s.scalar(); v.referenceable {
		b.WriteString(" May be a vault reference.")
	}
	return b.String()
}

func (s *shape) count(n int) string {
	switch {
	case s.elem != nil && n == 1:
		return "1 entry"
	case s.elem != nil:
		return fmt.Sprintf("%d entries", n)
	case n == 1:
		return "1 character"
	default:
		return fmt.Sprintf("%d characters", n)
	}
}

func ruleLine(path string, c *EntityCheck) string {
	where := ""
	if path != "" {
		where = "In `" + path + "`: "
	}
	names, _, _, text := c.counted()
	line := text + " `" + strings.Join(names, "`, `") + "`.\n"
	if where == "" {
		line = upper(line)
	}
	return "- " + where + line
}

func upper(text string) string { return strings.ToUpper(text[:1]) + text[1:] }
