package typegen

import (
	"strconv"
	"strings"
)

// names are those of types, or of the members of one type: each is given once.
type names map[string]bool

// give returns a name of letters and digits of ASCII for a text, with a number behind it
// where it is taken.
func (n names) give(text string) string {
	name := pascal(text)
	for i := 2; n[name]; i++ {
		name = pascal(text) + strconv.Itoa(i)
		if last := name[len(pascal(text))-1]; last >= '0' && last <= '9' {
			name = pascal(text) + "_" + strconv.Itoa(i)
		}
	}
	n[name] = true
	return name
}

// pascal writes a text as PascalCase: whatever is no letter or digit of ASCII ends a word.
func pascal(text string) string {
	words := strings.FieldsFunc(text, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9')
	})
	var b strings.Builder
	for _, word := range words {
		switch strings.ToLower(word) {
		case "id", "url", "html", "api", "json", "ip":
			b.WriteString(strings.ToUpper(word))
		default:
			b.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
	}
	name := b.String()
	if name == "" || name[0] <= '9' {
		return "X" + name
	}
	return name[:min(len(name), 120)]
}

// refName is the text that the type of a reference is named after: that of its document,
// and the last token of the pointer.
func refName(ref string) string {
	tokens := strings.Split(strings.TrimPrefix(ref, defs), "/")
	if len(tokens) == 1 {
		return tokens[0]
	}
	return tokens[0] + " " + tokens[len(tokens)-1]
}
