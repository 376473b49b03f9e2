package signedtext

import "strings"

// quoted writes text as a string of JSON, with no more escapes than JSON.stringify has
// (ECMA-262, QuoteJSONString). Bytes that are not UTF-8 stay as they are, so that no two
// texts are written alike.
func quoted(text string) string {
	const hexLower = "0123456789abcdef"
	size := len(text) + 2
	for i := range len(text) {
		switch c := text[i]; {
		case strings.IndexByte("\b\f\n\r\t\"\\", c) >= 0:
			size++
		case c < ' ':
			size += len(`u0000`)
		}
	}
	var b strings.Builder
	b.Grow(size) // once: a body may be long
	b.WriteByte('"')
	from := 0
	for i := range len(text) {
		c := text[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		b.WriteString(text[from:i])
		from = i + 1
		b.WriteByte('\\')
		switch at := strings.IndexByte("\b\f\n\r\t\"\\", c); {
		case at >= 0:
			b.WriteByte(`bfnrt"\`[at])
		default:
			b.WriteString("u00")
			b.WriteByte(hexLower[c>>4])
			b.WriteByte(hexLower[c&15])
		}
	}
	b.WriteString(text[from:])
	b.WriteByte('"')
	return b.String()
}
