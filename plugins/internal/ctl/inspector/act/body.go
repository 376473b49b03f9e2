package act

import (
	"encoding/hex"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"webhookedge/plugins/internal/ctl/inspector/api"
)

// maxShown bounds the text of a body in bytes.
const maxShown = 256 << 10

// bodyOf returns a body for people.
func bodyOf(body []byte) api.Body {
	b := api.Body{Kind: "text", Size: len(body)}
	switch {
	case !utf8.Valid(body):
		b.Kind = "binary"
		b.Cut = len(body) > maxShown/2
		b.Text = hex.EncodeToString(body[:min(len(body), maxShown/2)])
		return b
	case json.Valid(body):
		b.Kind = "json"
	}
	b.Cut = len(body) > maxShown
	b.Text = strings.ToValidUTF8(string(body[:min(len(body), maxShown)]), "")
	return b
}
