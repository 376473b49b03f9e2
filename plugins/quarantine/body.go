package quarantine

import (
	"bytes"
	"encoding/json"
	"errors"

	"webhookedge/plugins/internal/jsonscan"
	"webhookedge/plugins/internal/redact"
)

// bodyTokens are the paths under which a provider puts the secret itself into its
// JSON bodies. Such a body is not signed, so that it can be changed and changed back.
type bodyTokens struct{ paths []string }

// add takes a path inside a body, or inside each element of a list of it.
func (b *bodyTokens) add(each, path string) {
	if each != "" {
		path = each + "[*]." + path
	}
	b.paths = append(b.paths, "$."+path)
}

// hide puts something else in place of tokens: their keyed hashes, by which a release
// finds the right one, or a mask where there is no key. A body that cannot be searched
// is not kept.
func (b *bodyTokens) hide(r *Record, keys *Keys) {
	if len(b.paths) == 0 || r.Size == 0 {
		return
	}
	for _, path := range b.paths {
		r.Removed = append(r.Removed, "body:"+path)
	}
	body, err := redacted(r.Body, b.paths, keys.tokenKey(keys.Use(), r.ID))
	if err != nil {
		r.Body, r.Cut = nil, true
		return
	}
	r.Body, r.Size = body, len(body)
}

func redacted(body []byte, paths []string, key []byte) ([]byte, error) {
	action := redact.Hash
	if key == nil {
		action = redact.Mask
	}
	var rules []redact.Rule
	for _, path := range paths {
		rules = append(rules, redact.Rule{Path: path, Action: action})
	}
	r, rerr := redact.Compile(rules, key)
	_, serr := jsonscan.Scan(body, nil)
	if err := errors.Join(rerr, serr); err != nil {
		return nil, err
	}
	out, _, err := r.Apply(body)
	return out, err
}

// restoreBody puts secret back where its hash under key stands.
func (r *Record) restoreBody(key []byte, secret string) {
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false) // no sender does
	if err := enc.Encode(secret); err != nil {
		return
	}
	plain := bytes.TrimSuffix(text.Bytes(), []byte("\n"))
	hash, err := redacted(bytes.Join([][]byte{[]byte("["), plain, []byte("]")}, nil), []string{"$[0]"}, key)
	if err != nil {
		return
	}
	r.Body = bytes.ReplaceAll(r.Body, hash[1:len(hash)-1], plain)
	r.Size = len(r.Body)
}
