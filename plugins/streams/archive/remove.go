package archive

import (
	"encoding/base64"
	"strings"
)

// Removed stands in the place of a value that is not kept.
const Removed = "[removed]"

// NoteRemoved notes that a value was removed from the place of t and, where there is a
// key, the sum of what may be a secret in it.
func (r *Record) NoteRemoved(t Token, value, mark string, keys *Keys) {
	r.Removed = append(r.Removed, t.At)
	key := keys.Use()
	if key == "" || value == "" {
		return
	}
	secret := value
	if rest, ok := strings.CutPrefix(value, mark); ok && mark != "" {
		t.Prefix, secret = []byte(mark), rest
	} else if kind, rest, ok := strings.Cut(value, " "); ok && strings.HasPrefix(t.At, "header:") && len(kind) <= 16 {
		t.Prefix, secret = []byte(kind+" "), rest
	}
	if kind, _, ok := strings.Cut(string(t.Prefix), " "); ok && strings.EqualFold(kind, "basic") {
		if decoded, err := base64.StdEncoding.DecodeString(secret); err == nil {
			t.Basic, secret = true, string(decoded)
		}
	}
	t.Sum = keys.tokenSum(key, r.ID, secret)
	r.Tokens = append(r.Tokens, t)
}

// HideInBody puts something else in place of the secrets at paths of a JSON body: their
// keyed hashes, by which Restore finds the right one, or a mask where there is no key. A
// body that cannot be searched is not kept.
func (r *Record) HideInBody(paths []string, keys *Keys) {
	for _, path := range paths {
		r.Removed = append(r.Removed, "body:"+path)
	}
	body, err := redacted(r.Body, paths, keys.tokenKey(keys.Use(), r.ID))
	if err != nil {
		r.Body, r.Cut = nil, true
		return
	}
	r.Body, r.Size = body, len(body)
}
