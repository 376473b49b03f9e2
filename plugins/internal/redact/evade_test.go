package redact_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"webhookedge/plugins/internal/jsonscan"
	"webhookedge/plugins/internal/redact"
)

// secret stands in every value that must go; it has no other spelling.
const secret = "4111111111111111"

func TestApply_cannotBeEvadedBySpelling(t *testing.T) {
	deep := func(levels int) string {
		return strings.Repeat(`{"a":[`, levels/2) + `{"card":"` + secret + `"}` + strings.Repeat(`]}`, levels/2)
	}
	tests := map[string]struct {
		data string
		err  error // nil: it must be taken out
	}{
		"an escaped letter":                    {data: `{"ca\u0072d":"` + secret + `"}`},
		"all letters escaped, in capitals":     {data: `{"\u0063\u0061\u0072\u0064":"` + secret + `","x":"\u004A"}`},
		"twice":                                {data: `{"card":"` + secret + `","card":"` + secret + `"}`},
		"twice, the first escaped":             {data: `{"c\u0061rd":"` + secret + `","card":"0"}`},
		"twice, the last escaped":              {data: `{"card":"0","c\u0061rd":"` + secret + `"}`},
		"three times around another":           {data: `{"card":1,"n":2,"card":` + secret + `,"card":{"card":"` + secret + `"}}`},
		"inside of a name that is there twice": {data: `{"a":{"card":"` + secret + `"},"a":{"card":"` + secret + `"}}`},
		"a number":                             {data: `{"card":` + secret + `}`},
		"a number with an exponent":            {data: `{"card":` + secret + `e0}`},
		"a number beyond float64":              {data: `{"card":` + secret + `e999999999}`},
		"a negative number":                    {data: `{"card":-` + secret + `.00}`},
		"an object":                            {data: `{"card":{"n":"` + secret + `"}}`},
		"an array":                             {data: `{"card":["` + secret + `",[` + secret + `]]}`},
		"white space everywhere":               {data: " {\r\n\t\"card\" \n:\t\"" + secret + "\" } "},
		"brackets and quotes in a text before": {data: `{"x":"}],\"card\":{\\","card":"` + secret + `"}`},
		"a backslash at the end of a text":     {data: `{"x":"\\","card":"` + secret + `","y":"\\\""}`},
		"the last level":                       {data: deep(jsonscan.MaxDepth - 1)},
		"below the last level":                 {data: deep(jsonscan.MaxDepth + 2), err: redact.ErrData},
		"a byte order mark":                    {data: "\ufeff" + `{"card":"` + secret + `"}`, err: redact.ErrData},
		"a NUL before it":                      {data: "\x00" + `{"card":"` + secret + `"}`, err: redact.ErrData},
		"a second value":                       {data: `{} {"card":"` + secret + `"}`, err: redact.ErrData},
		"lines of JSON":                        {data: "{\"card\":\"" + secret + "\"}\n{\"card\":\"" + secret + "\"}", err: redact.ErrData},
		"a name without quotes":                {data: `{card:"` + secret + `"}`, err: redact.ErrData},
		"a comment":                            {data: `{/**/"card":"` + secret + `"}`, err: redact.ErrData},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			for _, action := range []redact.Action{redact.Drop, redact.Mask, redact.Hash} {
				out, hit, err := compile(t, redact.Rule{Path: "$..card", Action: action}).Apply([]byte(tt.data))
				switch {
				case !errors.Is(err, tt.err) || err != nil && out != nil:
					t.Errorf("%s: %s, %v, want %v", action, out, err, tt.err)
				case err == nil && (bytes.Contains(out, []byte(secret)) || !hit[0]):
					t.Errorf("%s: left in %s", action, out)
				case err == nil && !json.Valid(out):
					t.Errorf("%s: no JSON: %s", action, out)
				}
			}
		})
	}
}

func TestApply_leavesOtherNames(t *testing.T) {
	for _, name := range []string{"Card", "card ", "ca\\u0000rd", "card\\ud800", "ｃard", "c\\u0430rd", "$.card", "['card']"} {
		data := fmt.Sprintf(`{"%s":"%s"}`, name, secret)
		if out, hit, err := compile(t, redact.Rule{Path: "$.card", Action: redact.Drop}).Apply([]byte(data)); err != nil || hit[0] || string(out) != data {
			t.Errorf("%s became %s, %v", data, out, err)
		}
	}
}

// TestApply_everySpellingIsRedacted puts secrets under names that a rule leads to,
// spelled and doubled in every way, into documents that are made at random, and
// looks for them with a reader of another make in what is left.
func TestApply_everySpellingIsRedacted(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 1))
	rules := map[string]*redact.Redactor{}
	for _, action := range []redact.Action{redact.Drop, redact.Mask, redact.Hash} {
		rules[string(action)] = compile(t, redact.Rule{Path: "$..card", Action: action}, redact.Rule{Path: "$.top['a.b'][*].é", Action: action})
	}
	for range 1000 {
		data := `{"top":{"a.b":[` + hidden(r, "é") + `,` + hidden(r, "é") + `]},` + strings.TrimPrefix(document(r, 3), "{")
		for action, redactor := range rules {
			out, _, err := redactor.Apply([]byte(data))
			if err != nil {
				t.Fatalf("%v: %s", err, data)
			}
			var left any
			if err := json.Unmarshal(out, &left); err != nil || bytes.Contains(out, []byte(secret)) || strings.Contains(fmt.Sprintf("%q", left), secret) {
				t.Fatalf("%s: %v: %s became %s", action, err, data, out)
			}
		}
	}
}

// hidden is an object with a secret under a name, once or more often.
func hidden(r *rand.Rand, name string) string {
	members := []string{fmt.Sprintf(`"x":%d`, r.IntN(9))}
	for range 1 + r.IntN(3) {
		values := []string{`"` + secret + `"`, secret, secret + "e5", "-" + secret + ".0", `["` + secret + `"]`, `{"y":` + secret + `}`, `{"card":"` + secret + `"}`}
		members = append(members, blank(r)+spelled(r, name)+blank(r)+":"+blank(r)+values[r.IntN(len(values))]+blank(r))
	}
	r.Shuffle(len(members), func(i, j int) { members[i], members[j] = members[j], members[i] })
	return "{" + strings.Join(members, ",") + "}"
}

func document(r *rand.Rand, depth int) string {
	if depth == 0 {
		return hidden(r, "card")
	}
	members := []string{}
	for range 1 + r.IntN(3) {
		name := spelled(r, []string{"a", "b", `"`, `\`, "a/b", "😀"}[r.IntN(6)])
		value := document(r, depth-1)
		if r.IntN(3) == 0 {
			value = "[" + blank(r) + value + ",null,\"}]\\\\\"," + document(r, depth-1) + "]"
		}
		members = append(members, name+blank(r)+":"+value)
	}
	return "{" + strings.Join(members, ",") + "}"
}

func blank(r *rand.Rand) string { return []string{"", "", " ", "\r\n\t"}[r.IntN(4)] }

// spelled writes a name with some of its letters escaped.
func spelled(r *rand.Rand, name string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range name {
		switch {
		case c >= 0x10000 && r.IntN(2) == 0:
			fmt.Fprintf(&b, `\u%04x\u%04X`, 0xd800+(c-0x10000)>>10, 0xdc00+(c-0x10000)&0x3ff)
		case c == '/' && r.IntN(2) == 0:
			b.WriteString(`\/`)
		case c < 0x10000 && (r.IntN(3) == 0 || c == '"' || c == '\\'):
			fmt.Fprintf(&b, []string{`\u%04x`, `\u%04X`}[r.IntN(2)], c)
		default:
			b.WriteRune(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

func TestTexts_yieldsEveryValue(t *testing.T) {
	const data = ` {"name":"a\u0062", "n":[1.0, -0, {"x":null,"n":"\ud83d\ude00"}], "n":true, "o":{}} `
	var got []string
	for text := range redact.Texts([]byte(data)) {
		got = append(got, string(text))
	}
	if want := "ab 1.0 -0 null 😀 true"; strings.Join(got, " ") != want {
		t.Errorf("texts %q, want %q", got, want)
	}
	for range redact.Texts([]byte(data)) {
		break // a reader may stop
	}
	for text, want := range map[string]bool{"ab": true, "1.0": true, "1": false, "name": false, "true": true, "": false} {
		if redact.Holds([]byte(data), []byte(text)) != want {
			t.Errorf("%q is held: %v, want %v", text, !want, want)
		}
	}
}
