package drift

import "strings"

// Elements of a path that are no names: no name is empty or begins with a NUL, which
// isData takes out.
const (
	stepEach = "\x00each" // an element of an array
	stepAny  = "\x00any"  // a member of an object whose names are data
)

// format writes a path as redactions are written: $.a['b c'].*.list[*].d.
func format(steps []string) string {
	var b strings.Builder
	b.WriteByte('$')
	for _, step := range steps {
		switch {
		case step == stepEach:
			b.WriteString("[*]")
		case step == stepAny:
			b.WriteString(".*")
		case strings.ContainsAny(step, " *]['\"\\@?().") || step == "":
			b.WriteString("['" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(step) + "']")
		default:
			b.WriteString("." + step)
		}
	}
	return b.String()
}

// parse is the inverse of format, and false for other texts.
func parse(path string) (steps []string, ok bool) {
	rest, ok := strings.CutPrefix(path, "$")
	for ok && rest != "" {
		var step string
		switch {
		case strings.HasPrefix(rest, "[*]"):
			step, rest = stepEach, rest[len("[*]"):]
		case strings.HasPrefix(rest, "['"):
			step, rest, ok = quoted(rest[len("['"):])
		case rest[0] == '.':
			end := strings.IndexAny(rest[1:], ".[") + 1
			if end == 0 {
				end = len(rest)
			}
			if step, rest = rest[1:end], rest[end:]; step == "*" {
				step = stepAny
			}
		default:
			return nil, false
		}
		steps = append(steps, step)
	}
	return steps, ok && format(steps) == path
}

// quoted reads a name up to the quote and the bracket behind it.
func quoted(text string) (name, rest string, ok bool) {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\\' && i+1 < len(text):
			i++
			b.WriteByte(text[i])
		case strings.HasPrefix(text[i:], "']"):
			return b.String(), text[i+len("']"):], true
		default:
			b.WriteByte(text[i])
		}
	}
	return "", "", false
}
