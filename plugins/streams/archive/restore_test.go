package archive

import (
	"slices"
	"testing"
)

// TestRestore_saysWhatIsStillGone hides words and puts some back: a payload lacks
// something only while a word is still not there.
func TestRestore_saysWhatIsStillGone(t *testing.T) {
	const path = "$.value[*].word"
	ours, two := `{"value":[{"word":"octo-word"}]}`, `{"value":[{"word":"octo-word"},{"word":"mona-word"}]}`
	field := func(at string) func(*Record, *Keys) {
		return func(r *Record, k *Keys) {
			r.NoteRemoved(Token{At: at}, "octo-word", "", k)
			if at == "query:word" {
				r.Query = []byte("word=" + Removed)
			} else {
				r.Body = []byte("w%6Frd=" + Removed + "&a=1")
			}
		}
	}
	inBody := func(r *Record, k *Keys) { r.HideInBody([]string{path}, k) }
	tests := map[string]struct {
		body    string
		hide    func(*Record, *Keys)
		keys    []string // at the time of the release; none were there before where it has none
		secrets []string
		lacks   bool
		left    []string
	}{
		"a word in a body":                      {ours, inBody, []string{"k1"}, []string{"octo-word"}, false, nil},
		"a word that nobody knows any more":     {ours, inBody, []string{"k1"}, []string{"mona-word"}, true, []string{"body:" + path}},
		"one of two words":                      {two, inBody, []string{"k1"}, []string{"octo-word"}, true, []string{"body:" + path}},
		"both words":                            {two, inBody, []string{"k1"}, []string{"octo-word", "mona-word"}, false, nil},
		"a body without the word":               {`{"a":1}`, inBody, []string{"k1"}, nil, false, nil},
		"a key that is not there any more":      {ours, inBody, []string{"k2"}, []string{"octo-word"}, true, []string{"body:" + path}},
		"a mask, since there was no key":        {ours, inBody, nil, []string{"octo-word"}, true, []string{"body:" + path}},
		"a field of a form":                     {"x", field("form:word"), []string{"k1"}, []string{"octo-word"}, false, nil},
		"a field of a form that nobody knows":   {"x", field("form:word"), []string{"k1"}, []string{"mona-word"}, true, []string{"form:word"}},
		"a parameter that is the whole payload": {"", field("query:word"), []string{"k1"}, []string{"octo-word"}, false, nil},
		"a parameter that nobody knows":         {"", field("query:word"), []string{"k1"}, nil, true, []string{"query:word"}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			r := &Record{ID: "r1", Body: []byte(tc.body)}
			then, now := ring(t), ring(t, tc.keys...)
			if len(tc.keys) > 0 {
				r.Key, then = "k1", ring(t, "k1")
			}
			tc.hide(r, then)
			hidden := slices.Clone(r.Removed)
			r.Restore(now, tc.secrets)
			if r.LacksPayload() != tc.lacks || !slices.Equal(r.Removed, tc.left) {
				t.Errorf("of %q is left %q, lacks %t: %s?%s", hidden, r.Removed, r.LacksPayload(), r.Body, r.Query)
			}
			if !tc.lacks && len(tc.secrets) > 0 && string(r.Body) != tc.body && string(r.Body) != "w%6Frd=octo-word&a=1" {
				t.Errorf("the body is %s", r.Body)
			}
		})
	}
}
