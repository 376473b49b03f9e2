package engine

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/open-policy-agent/opa/v1/util"
)

// TestParseJSON_readsWhatOPAReads holds the reader of data.json against OPA's own.
func TestParseJSON_readsWhatOPAReads(t *testing.T) {
	for _, text := range []string{
		`{}`, ` { "a" : [ ] , "b" : { } } `, `{"a":[1,-0,1.50,1e400,123456789012345678901234567890,true,false,null,"x"]}`,
		`{"a":"\u00e9\ud83d\ude00\n\/","\u0061b":{"c":[[{"d":1}]]}}`, `{"a":1,"a":{"b":2}}`, `{"a":{"b":1},"a":2}`,
		"{\"a\":\"\xff\"}", `{"a":"\ud800"}`, "\ufeff{}",
		``, `{`, `{"a"`, `{"a":}`, `{"a":1,}`, `{"a":[1,]}`, `{"a":01}`, `{"a":1} {}`, `{"a":1}}`, `{"a":1} x`, `{a:1}`, `{"a":NaN}`, "{\"a\":\"\n\"}",
		`[1]`, `"x"`, `null`, `1`, // documents, and no objects
		strings.Repeat(`{"a":`, 9_000) + `1` + strings.Repeat(`}`, 9_000),
		strings.Repeat(`{"a":`, 20_000) + `1` + strings.Repeat(`}`, 20_000),
	} {
		var want map[string]any
		err := util.UnmarshalJSON([]byte(text), &want)
		got, gotErr := parseJSON([]byte(text))
		shown := text[:min(len(text), 40)]
		if (err != nil || want == nil) != (gotErr != nil) {
			t.Errorf("%s: got error %v, OPA %v", shown, gotErr, err)
		} else if gotErr == nil && cmp.Diff(want, got) != "" {
			t.Errorf("%s (-OPA +got):\n%s", shown, cmp.Diff(want, got))
		}
	}
}

// BenchmarkParseJSON reads a table of 10 MB, beside OPA's reader.
func BenchmarkParseJSON(b *testing.B) {
	var text bytes.Buffer
	text.WriteString(`{"table":{`)
	for n := 0; text.Len() < 10<<20; n++ {
		if n > 0 {
			text.WriteByte(',')
		}
		fmt.Fprintf(&text, `"customer-%07d":{"tenant":"tenant-%d","plan":"pro"}`, n, n%997)
	}
	text.WriteString(`}}`)
	b.Run("tokens", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := parseJSON(text.Bytes()); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("OPA", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var doc map[string]any
			if err := util.UnmarshalJSON(text.Bytes(), &doc); err != nil {
				b.Fatal(err)
			}
		}
	})
}
