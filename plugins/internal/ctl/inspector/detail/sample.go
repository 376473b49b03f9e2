package detail

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"
	"unicode"

	"github.com/go-json-experiment/json/jsontext"

	"webhookedge/plugins/internal/redact"
)

// sampleOf is a JSON payload with every value that may be somebody's replaced by one of the
// same form; "" where it is no JSON. Words of the sender's own, such as types and states,
// stay.
func sampleOf(payload []byte) string {
	if len(payload) == 0 || len(payload) > maxText {
		return ""
	}
	dec := jsontext.NewDecoder(bytes.NewReader(payload))
	var out bytes.Buffer
	enc := jsontext.NewEncoder(&out, jsontext.WithIndent("  "))
	names := []string{""} // of the member in each value around the next; that of a list counts for its elements
	for {
		token, err := dec.ReadToken()
		if err != nil {
			break
		}
		switch top := len(names) - 1; token.Kind() {
		case '{':
			names = append(names, "")
		case '[':
			names = append(names, names[top])
		case '}', ']':
			names = names[:top]
		case '"':
			if isName(dec) {
				names[top] = token.String()
				if enc.WriteToken(jsontext.String(replacedName(token.String()))) != nil {
					return ""
				}
				continue
			}
			token = jsontext.String(replaced(names[top], token.String()))
		case '0':
			number := token.Clone()
			if enc.WriteValue(jsontext.Value(replacedNumber(number.String()))) != nil {
				return ""
			}
			continue
		}
		if enc.WriteToken(token) != nil {
			return ""
		}
	}
	if dec.StackDepth() != 0 || out.Len() == 0 {
		return ""
	}
	return strings.TrimSpace(out.String()) + "\n"
}

// isName reports whether the string that was read last is the name of a member.
func isName(dec *jsontext.Decoder) bool {
	kind, length := dec.StackIndex(dec.StackDepth())
	return kind == '{' && length%2 == 1
}

// replacedName keeps names, but for those that are data: ids and addresses as keys.
func replacedName(name string) string {
	if strings.ContainsAny(name, "@/ ") || digits(name) > 4 {
		return disguised(name)
	}
	return name
}

// words are members whose values are the sender's own words.
func words(name string) bool {
	switch strings.ToLower(name) {
	case "type", "action", "event", "event_type", "eventtype", "object", "status", "state", "kind", "topic", "version", "api_version", "currency", "mode", "result", "category", "level", "severity":
		return true
	}
	return false
}

// replaced is a text in place of another, of the same form.
func replaced(name, text string) string {
	switch {
	case text == "" || text == redact.Masked:
		return text
	case words(name) && len(text) <= 64 && !strings.ContainsAny(text, "@ /") && digits(text) < 4:
		return text
	case isTime(text):
		return "2026-01-31T12:00:00Z"
	case strings.Contains(text, "://"):
		return "https://example.com/"
	case strings.Contains(text, "@") && !strings.Contains(text, " "):
		return "somebody@example.com"
	case strings.HasPrefix(text, "{") || strings.HasPrefix(text, "["):
		if json.Valid([]byte(text)) {
			return "{}"
		}
	}
	return disguised(text)
}

func isTime(text string) bool {
	_, err := time.Parse(time.RFC3339Nano, text)
	return err == nil
}

// disguised has an x for each letter and a 1 for each digit, so that ids keep their form; a
// long text is short.
func disguised(text string) string {
	const most = 40
	n := 0
	return strings.Map(func(r rune) rune {
		if n++; n > most {
			return -1
		}
		switch {
		case unicode.IsDigit(r):
			return '1'
		case unicode.IsUpper(r):
			return 'X'
		case unicode.IsLetter(r), unicode.IsMark(r):
			return 'x'
		case r == '-', r == '_', r == '.', r == ':', r == '/', r == ' ':
			return r
		}
		return 'x'
	}, text)
}

func digits(text string) int {
	return strings.Count(strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return '0'
		}
		return -1
	}, text), "0")
}

// replacedNumber has as many digits as another.
func replacedNumber(number string) string {
	if len(number) == 1 {
		return number
	}
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return '1'
		}
		return r
	}, number)
}
