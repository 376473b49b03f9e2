package infer

import (
	"encoding/base64"
	"encoding/hex"
	"strings"

	"webhookedge/plugins/provider/spec"
)

// key is a reading of the secret's text.
type key struct {
	bytes  []byte
	form   spec.KeyForm
	prefix string // in front of the encoded secret
	derive string
	secret string // in the form that a row takes
	note   string
}

// longestPrefix bounds a prefix such as whsec_ or polar_whs_.
const longestPrefix = 12

// keysOf returns the readings of a shared secret, the usual first and each key once.
func keysOf(text string) (all []key) {
	seen := map[string]bool{}
	add := func(k key) {
		if id := string(k.bytes); id != "" && !seen[id] {
			seen[id] = true
			all = append(all, k)
		}
	}
	add(key{bytes: []byte(text), form: spec.KeyText, secret: text})
	if i := strings.LastIndexByte(text[:min(len(text), longestPrefix)], '_'); i > 0 {
		rest, prefix := text[i+1:], text[:i+1]
		for _, k := range encoded(rest, prefix) {
			add(k)
		}
		add(key{bytes: []byte(rest), form: spec.KeyText, prefix: prefix, secret: text})
	}
	for _, k := range encoded(text, "") {
		add(k)
	}
	for _, derive := range []string{"sha1", "sha256", "sha512", "sha256|hex", "sha1|hex", "hex", "base64"} {
		add(key{bytes: derived(text, derive), form: spec.KeyText, derive: derive, secret: text})
	}
	return all
}

func derived(text, chain string) []byte {
	for _, name := range spec.SplitNames(chain) {
		switch name {
		case "hex":
			text = hex.EncodeToString([]byte(text))
		case "base64":
			text = base64.StdEncoding.EncodeToString([]byte(text))
		default:
			text = spec.Hash(name).Sum(text)
		}
	}
	return []byte(text)
}

// encoded returns what rest, the secret behind a prefix, stands for.
func encoded(rest, prefix string) (all []key) {
	if b, err := hex.DecodeString(rest); err == nil {
		all = append(all, key{bytes: b, form: spec.KeyHex, prefix: prefix, secret: prefix + rest})
	}
	if b, err := base64.StdEncoding.Strict().DecodeString(rest); err == nil {
		return append(all, key{bytes: b, form: spec.KeyBase64, prefix: prefix, secret: prefix + rest})
	}
	bare := strings.TrimRight(rest, "=")
	if b, err := base64.RawURLEncoding.Strict().DecodeString(bare); err == nil {
		return append(all, key{bytes: b, form: spec.KeyBase64URL, prefix: prefix, secret: prefix + rest})
	}
	if b, err := base64.RawStdEncoding.Strict().DecodeString(bare); err == nil {
		return append(all, key{
			bytes: b, form: spec.KeyBase64, prefix: prefix, secret: prefix + base64.StdEncoding.EncodeToString(b),
			note: "The secret is base64 without its padding: the row takes it with the = signs at its end.",
		})
	}
	return all
}
