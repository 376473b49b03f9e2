package archive

import (
	"bytes"
	"crypto/hmac"
	"encoding/base64"
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"webhookedge/plugins/internal/jsonscan"
	"webhookedge/plugins/internal/redact"
)

// Restore puts those of secrets back that were removed from r, where keys hold
// the key that r was sealed with. What was removed and is none of secrets stays
// removed, so that a verifier refuses it. Removed names what of the body and the query
// is still not there.
func (r *Record) Restore(keys *Keys, secrets []string) {
	for _, t := range r.Tokens {
		for _, secret := range secrets {
			sum := keys.tokenSum(r.Key, r.ID, secret)
			if secret != "" && sum != nil && hmac.Equal(sum, t.Sum) {
				r.put(t, secret)
				break
			}
		}
	}
	whole := r.restoreBody(keys.tokenKey(r.Key, r.ID), secrets)
	r.Removed = slices.DeleteFunc(r.Removed, func(at string) bool {
		switch kind, name, _ := strings.Cut(at, ":"); kind {
		case "query":
			return !lacksField(string(r.Query), name)
		case "form":
			return !r.Cut && !lacksField(string(r.Body), name)
		case "body":
			return whole
		}
		return false
	})
}

// LacksPayload reports whether something is not there that is a part of the event's
// payload: of the body or, where there is none, of the query.
func (r *Record) LacksPayload() bool {
	return slices.ContainsFunc(r.Removed, func(at string) bool {
		return strings.HasPrefix(at, "body:") || strings.HasPrefix(at, "form:") || len(r.Body) == 0 && strings.HasPrefix(at, "query:")
	})
}

// put writes secret to the place of t.
func (r *Record) put(t Token, secret string) {
	kind, name, _ := strings.Cut(t.At, ":")
	if t.Basic {
		secret = base64.StdEncoding.EncodeToString([]byte(secret))
	}
	secret = string(t.Prefix) + secret
	switch kind {
	case "query":
		r.Query = []byte(putField(string(r.Query), name, t.Index, secret))
		if head, query, ok := strings.Cut(string(r.PublicURL), "?"); ok {
			r.PublicURL = []byte(head + "?" + putField(query, name, t.Index, secret))
		}
	case "form":
		before := len(r.Body)
		r.Body = []byte(putField(string(r.Body), name, t.Index, secret))
		r.Size += len(r.Body) - before
	default:
		index := t.Index
		for i := range r.Headers {
			if r.Headers[i].Name != name {
				continue
			}
			if index == 0 {
				r.Headers[i].Value = []byte(secret)
			}
			index--
		}
	}
}

// lacksField reports whether the value of a field of a name is removed from a query or a
// form.
func lacksField(raw, name string) bool {
	for part := range strings.SplitSeq(raw, "&") {
		if key, value, _ := strings.Cut(part, "="); value == Removed && fieldName(key) == name {
			return true
		}
	}
	return false
}

// fieldName is the name of a field as it is written in a query or a form.
func fieldName(key string) string {
	if plain, err := url.QueryUnescape(key); err == nil {
		return plain
	}
	return key
}

// putField writes secret as the value of the index-th field of a name in a query or a
// form, where that was removed.
func putField(raw, name string, index int, secret string) string {
	parts := strings.Split(raw, "&")
	for i, part := range parts {
		key, value, ok := strings.Cut(part, "=")
		if !ok || fieldName(key) != name {
			continue
		}
		if index == 0 && value == Removed {
			parts[i] = key + "=" + url.QueryEscape(secret)
		}
		index--
	}
	return strings.Join(parts, "&")
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

// restoreBody puts those of secrets back whose hashes under key stand in the body, and
// reports whether all is there then: whether hiding it again gives what was kept.
func (r *Record) restoreBody(key []byte, secrets []string) (whole bool) {
	var paths []string
	for _, at := range r.Removed {
		if path, ok := strings.CutPrefix(at, "body:"); ok {
			paths = append(paths, path)
		}
	}
	if len(paths) == 0 || r.Cut || key == nil {
		return false
	}
	kept := r.Body
	for _, secret := range secrets {
		if secret != "" {
			r.restoreWord(key, secret)
		}
	}
	again, err := redacted(r.Body, paths, key)
	return err == nil && bytes.Equal(again, kept)
}

// restoreWord puts secret back where its hash under key stands.
func (r *Record) restoreWord(key []byte, secret string) {
	plain, err := jsontext.AppendQuote(nil, secret) // escapes no more than it must, as senders do
	if err != nil {
		return
	}
	hash, err := redacted(bytes.Join([][]byte{[]byte("["), plain, []byte("]")}, nil), []string{"$[0]"}, key)
	if err != nil {
		return
	}
	r.Body = bytes.ReplaceAll(r.Body, hash[1:len(hash)-1], plain)
	r.Size = len(r.Body)
}

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
