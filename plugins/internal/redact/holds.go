package redact

import "webhookedge/plugins/internal/jsonscan"

// Holds reports whether a string of data spells text, or a number of it is written
// so. data is JSON that jsonscan.Scan took.
func Holds(data []byte, text string) bool {
	h := holder{cursor: jsonscan.NewCursor(data), text: text}
	return h.value(0)
}

type holder struct {
	cursor jsonscan.Cursor
	walk   walk // for its scratch
	text   string
}

func (h *holder) value(depth int) bool {
	switch kind := h.cursor.Kind(); kind {
	case '{', '[':
		if depth == jsonscan.MaxDepth {
			h.cursor.Raw()
			return false
		}
		h.cursor.Enter()
		for h.cursor.More() {
			if kind == '{' {
				h.cursor.Raw() // a name is no value
			}
			if h.value(depth + 1) {
				return true
			}
		}
		return false
	case '"':
		return string(h.walk.text(h.cursor.Raw())) == h.text
	default:
		return string(h.cursor.Raw()) == h.text
	}
}
