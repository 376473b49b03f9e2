package quarantine

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"webhookedge/plugins/internal/jsonscan"
	"webhookedge/plugins/internal/redact"
)

// bodyTokens are the places in which a provider puts the secret itself into its
// bodies. Such a body is not signed, so that it can be changed and changed back.
type bodyTokens struct {
	paths  []string // of JSON bodies
	fields []string // of form-encoded bodies
}

// add takes the places out of signature that are in a body, those of JSON inside each
// element of a list of it.
func (b *bodyTokens) add(each string, signature []string) {
	for _, at := range signature {
		switch kind, name, _ := strings.Cut(at, ":"); kind {
		case "json":
			if each != "" {
				name = each + "[*]." + name
			}
			b.paths = append(b.paths, "$."+name)
		case "form":
			b.fields = append(b.fields, name)
		}
	}
}

// hide puts something else in place of tokens: their keyed hashes, by which a release
// finds the right one, or a mask where there is no key. A body that cannot be searched
// is not kept.
func (b *bodyTokens) hide(s *scrubber, r *Record, keys *Keys) {
	if r.Size == 0 {
		return
	}
	if len(b.fields) > 0 {
		b.hideFields(s, r, keys)
	}
	if len(b.paths) == 0 {
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

func (b *bodyTokens) hideFields(s *scrubber, r *Record, keys *Keys) {
	if media := strings.TrimSpace(r.header("content-type")); strings.HasPrefix(strings.ToLower(media), "multipart/") {
		r.Body, r.Cut = nil, true
		return
	}
	before := len(r.Body)
	secret := func(name string) bool { return slices.Contains(b.fields, name) }
	r.Body = []byte(s.fields(r, "form:", string(r.Body), secret, keys))
	r.Size += len(r.Body) - before
}

// header returns the first value of a header, "" where there is none.
func (r *Record) header(name string) string {
	for _, line := range r.Headers {
		if line.Name == name {
			return string(line.Value)
		}
	}
	return ""
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
