package detail

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"webhookedge/plugins/internal/ctl/inspector/api"
	"webhookedge/plugins/internal/redact"
)

// Bounds of what is shown of a file.
const (
	linesBefore = 4
	linesAfter  = 6
	maxLine     = 400 // characters
)

// masked stands for a value in a line of a file.
const masked = "[masked]"

// around returns the lines of the file around one, without the values of secrets. Of a file
// that is no YAML there are none: nothing says what in it is secret.
func (k *kong) around(line int) []api.Line {
	text := strings.ReplaceAll(string(k.text), "\r\n", "\n")
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		return nil
	}
	lines := strings.Split(text, "\n")
	hide(lines, &doc)
	var out []api.Line
	for n := max(1, line-linesBefore); n <= min(len(lines), line+linesAfter); n++ {
		out = append(out, api.Line{Number: n, Text: string(cut([]byte(lines[n-1]), maxLine))})
	}
	for len(out) > 0 && strings.TrimSpace(out[len(out)-1].Text) == "" {
		out = out[:len(out)-1]
	}
	return out
}

// value is a scalar of a file that must not be shown.
type value struct {
	node *yaml.Node
	next int // the line on which the next scalar begins, 0 for the last one
}

// hide masks the values of secrets in the lines of a document.
func hide(lines []string, doc *yaml.Node) {
	var all []*yaml.Node
	secret := map[*yaml.Node]bool{}
	walk(doc, false, func(n *yaml.Node, hidden bool) {
		if _, known := secret[n]; !known {
			all = append(all, n)
		}
		secret[n] = secret[n] || hidden
	})
	slices.SortFunc(all, func(a, b *yaml.Node) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return b.Column - a.Column // the last of a line first, so that columns stay right
	})
	for i, n := range all {
		if !secret[n] {
			continue
		}
		v := value{node: n}
		if j := slices.IndexFunc(all[i:], func(other *yaml.Node) bool { return other.Line > n.Line }); j >= 0 {
			v.next = all[i+j].Line
		}
		v.mask(lines)
	}
	for i := range lines {
		lines[i] = userinfo.ReplaceAllString(comment(lines[i]), "${1}"+masked+"@")
	}
}

// userinfo is a user or a password in a URL.
var userinfo = regexp.MustCompile(`([A-Za-z][A-Za-z0-9+.-]*://)[^/@\s"']+@`)

// assigned is a secret in a comment, such as a setting that was commented out.
var assigned = regexp.MustCompile(`(?i)((?:secret|token|password|value|key|seed)["']?\s*[:=]\s*).+`)

// comment masks what a comment may tell.
func comment(line string) string {
	at := strings.IndexByte(line, '#')
	if at < 0 || at > 0 && line[at-1] != ' ' && line[at-1] != '\t' {
		return line
	}
	rest := line[at:]
	if m := assigned.FindStringSubmatch(rest); m != nil && !strings.Contains(m[0], "{vault://") {
		rest = assigned.ReplaceAllString(rest, "${1}"+masked)
	}
	return line[:at] + rest
}

// walk calls fn with every scalar value, and with whether its key or one around it says
// that it is a secret.
func walk(n *yaml.Node, hidden bool, fn func(n *yaml.Node, hidden bool)) {
	switch n.Kind {
	case yaml.ScalarNode:
		fn(n, hidden && !isReference(n.Value) && n.Tag != "!!bool" && n.Tag != "!!null")
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			key, value := n.Content[i], n.Content[i+1]
			fn(key, false)
			walk(value, isSecretKey(key.Value, value), fn)
		}
	case yaml.AliasNode:
		if hidden { // its anchor may stand at a key that says nothing
			walk(n.Alias, true, fn)
		}
	case yaml.SequenceNode, yaml.DocumentNode:
		for _, one := range n.Content {
			walk(one, hidden, fn)
		}
	}
}

// isSecretKey reports whether what stands at a key of a kong.yml may be a secret: too many
// are better than one too few.
func isSecretKey(key string, at *yaml.Node) bool {
	key = strings.ToLower(key)
	switch key {
	case "value", "key", "keys", "seed", "nkey_seed", "redact_key", "url":
		return at.Kind != yaml.MappingNode
	}
	return at.Kind != yaml.MappingNode && redact.Authorises(key)
}

// isReference reports whether a value is nothing but a vault reference.
func isReference(text string) bool {
	return strings.HasPrefix(text, "{vault://") && strings.HasSuffix(text, "}") && strings.Count(text, "{") == 1
}

// mask puts a mask in the place of the value: of one line, where that is plain to see, and
// else of all lines up to the next value.
func (v *value) mask(lines []string) {
	n := v.node
	if n.Line < 1 || n.Line > len(lines) {
		return
	}
	line := lines[n.Line-1]
	at := min(n.Column-1, len(line))
	// Columns count characters.
	for i, c := 0, 1; i < len(line) && c < n.Column; c++ {
		_, size := utf8.DecodeRuneInString(line[i:])
		i += size
		at = i
	}
	if n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) == 0 {
		if end := ending(line[at:], n); end > 0 {
			lines[n.Line-1] = line[:at] + masked + line[at+end:]
			return
		}
	}
	lines[n.Line-1] = line[:at] + masked
	last := len(lines)
	if v.next > 0 {
		last = v.next - 1
	}
	for i := n.Line; i < last; i++ {
		if strings.TrimSpace(lines[i]) != "" {
			lines[i] = masked
		}
	}
}

// ending is how long the value is that text begins with, 0 where it does not end in its line.
func ending(text string, n *yaml.Node) int {
	if tag := strings.IndexAny(text, " "); (strings.HasPrefix(text, "&") || strings.HasPrefix(text, "!")) && tag >= 0 {
		return 0 // all of the line
	}
	switch {
	case n.Style&yaml.SingleQuotedStyle != 0 && strings.HasPrefix(text, "'"):
		for i := 1; i < len(text); i++ {
			if text[i] != '\'' {
				continue
			}
			if i+1 < len(text) && text[i+1] == '\'' {
				i++
				continue
			}
			return i + 1
		}
	case n.Style&yaml.DoubleQuotedStyle != 0 && strings.HasPrefix(text, `"`):
		for i := 1; i < len(text); i++ {
			switch text[i] {
			case '\\':
				i++
			case '"':
				return i + 1
			}
		}
	case n.Value != "" && strings.HasPrefix(text, n.Value):
		return len(n.Value)
	}
	return 0
}
