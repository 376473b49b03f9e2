package redact_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"webhookedge/plugins/internal/redact"
)

const key = "a key of the tests"

func hashed(text string) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(text))
	return `"hmac-sha256:` + hex.EncodeToString(mac.Sum(nil)) + `"`
}

func compile(t testing.TB, rules ...redact.Rule) *redact.Redactor {
	t.Helper()
	r, err := redact.Compile(rules, []byte(key))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

type applyCase struct {
	data  string
	rules []redact.Rule
	want  string
	hit   []bool
}

func drops() map[string]applyCase {
	drop := func(path string) []redact.Rule { return []redact.Rule{{Path: path, Action: redact.Drop}} }
	hit := []bool{true}
	return map[string]applyCase{
		"the only member":                   {"{ \"a\" : 1 }\n", drop("$.a"), "{  }\n", hit},
		"the first member":                  {`{ "a":1 , "b":2}`, drop("$.a"), `{ "b":2}`, hit},
		"a member in the middle":            {`{"a":1, "b":2, "c":3}`, drop("$.b"), `{"a":1, "c":3}`, hit},
		"the last member":                   {`{"a":1, "b":2 }`, drop("$.b"), `{"a":1 }`, hit},
		"all of several members":            {`{"a":1,"b":2}`, drop("$.*"), `{}`, hit},
		"the first two of three":            {`{"a":1,"b":2,"c":3}`, append(drop("$.a"), drop("$.b")...), `{"c":3}`, []bool{true, true}},
		"the last two of three":             {`{"a":1,"b":2,"c":3}`, append(drop("$.b"), drop("$.c")...), `{"a":1}`, []bool{true, true}},
		"the first and the last":            {`{"a":1,"b":2,"c":3}`, append(drop("$.a"), drop("$.c")...), `{"b":2}`, []bool{true, true}},
		"one between two that are redacted": {`{"a":1,"b":2,"c":3}`, []redact.Rule{{Path: "$.a", Action: redact.Mask}, {Path: "$.b", Action: redact.Drop}, {Path: "$.c", Action: redact.Mask}}, `{"a":"[redacted]","c":"[redacted]"}`, []bool{true, true, true}},
		"the first before one that is not":  {`{"a":1,"b":{"x":2}}`, append(drop("$.a"), drop("$.b.x")...), `{"b":{}}`, []bool{true, true}},
		"an element":                        {`[1, 2, 3]`, drop("$[1]"), `[1, 3]`, hit},
		"the first element":                 {`[ 1, 2]`, drop("$[0]"), `[ 2]`, hit},
		"all elements":                      {`[1,[2],{}]`, drop("$[*]"), `[]`, hit},
		"a member of each element":          {`[{"e":1,"n":2},{"n":3,"e":4},5]`, drop("$[*].e"), `[{"n":2},{"n":3},5]`, hit},
		"an object with all that is in it":  {`{"a":{"b":[{}]},"c":1}`, drop("$.a"), `{"c":1}`, hit},
		"a name that is there twice":        {`{"a":1,"b":2,"a":3}`, drop("$.a"), `{"b":2}`, hit},
		"a name in another spelling":        {`{"\u0061":1,"b":2}`, drop("$.a"), `{"b":2}`, hit},
		"a name of other letters":           {`{"e mail":1,"b":2}`, drop("$['e mail']"), `{"b":2}`, hit},
		"a name with quotes and dots":       {`{"a.'\"\\":1,"b":2}`, drop(`$["a.'\"\\"]`), `{"b":2}`, hit},
		"a name at any depth":               {`{"email":1,"a":[{"email":{"email":2}},{"x":{"email":3}}]}`, drop("$..email"), `{"a":[{},{"x":{}}]}`, hit},
		"a path below any depth":            {`{"a":{"u":{"e":1}},"u":{"e":2,"f":3},"e":4}`, drop("$..u.e"), `{"a":{"u":{}},"u":{"f":3},"e":4}`, hit},
		"a position at any depth":           {`[[1,2],[3]]`, drop("$..[1]"), `[[1]]`, hit},
		"any member of any object":          {`{"a":{"x":{"y":1}}}`, drop("$.*.*.y"), `{"a":{"x":{}}}`, hit},
	}
}

func others() map[string]applyCase {
	rules := func(action redact.Action, paths ...string) []redact.Rule {
		var all []redact.Rule
		for _, path := range paths {
			all = append(all, redact.Rule{Path: path, Action: action})
		}
		return all
	}
	return map[string]applyCase{
		"no rules":                             {` {"a": 1.0} `, nil, ` {"a": 1.0} `, []bool{}},
		"nothing is hit":                       {` {"a": 1.0} `, rules(redact.Drop, "$.b", "$.a.b", "$[0]"), ` {"a": 1.0} `, []bool{false, false, false}},
		"a scalar at the top":                  {`1`, rules(redact.Drop, "$.a", "$..a"), `1`, []bool{false, false}},
		"a name is no position":                {`{"0":1}`, rules(redact.Drop, "$[0]"), `{"0":1}`, []bool{false}},
		"a position is no name":                {`[1]`, rules(redact.Drop, "$['0']"), `[1]`, []bool{false}},
		"masks of every kind":                  {`{"a":"x","b":1,"c":null,"d":[1],"e":{"f":2}}`, rules(redact.Mask, "$.*"), `{"a":"[redacted]","b":"[redacted]","c":"[redacted]","d":"[redacted]","e":"[redacted]"}`, []bool{true}},
		"a hash of a string is that of text":   {`["\u0061b","ab"]`, rules(redact.Hash, "$[*]"), "[" + hashed("ab") + "," + hashed("ab") + "]", []bool{true}},
		"a hash of a number and of a word":     {`[1.50, null]`, rules(redact.Hash, "$[*]"), "[" + hashed("1.50") + ", " + hashed("null") + "]", []bool{true}},
		"a hash of an object has no blanks":    {`[{"a": [1, "x y"] }]`, rules(redact.Hash, "$[0]"), "[" + hashed(`{"a":[1,"x y"]}`) + "]", []bool{true}},
		"bytes around it stay":                 {"{ \"n\": 1.50e+3,\t\"s\":\"\\u00e9\\ud83d\",\r\n\"x\" : \"y\" , \"z\":[ ] }", rules(redact.Mask, "$.x"), "{ \"n\": 1.50e+3,\t\"s\":\"\\u00e9\\ud83d\",\r\n\"x\" : \"[redacted]\" , \"z\":[ ] }", []bool{true}},
		"the first of two rules on a value":    {`{"a":1}`, []redact.Rule{{Path: "$.a", Action: redact.Mask}, {Path: "$.*", Action: redact.Drop}}, `{"a":"[redacted]"}`, []bool{true, true}},
		"in each item of a list":               {`[{"a":1,"b":2},{"a":3}]`, []redact.Rule{{Path: "$.a", Action: redact.Drop, Each: true}}, `[{"b":2},{}]`, []bool{true}},
		"in each item, and no list":            {`{"a":1}`, []redact.Rule{{Path: "$.a", Action: redact.Drop, Each: true}}, `{"a":1}`, []bool{false}},
		"a rule below a value that is gone":    {`{"a":{"b":1}}`, []redact.Rule{{Path: "$.a.b", Action: redact.Mask}, {Path: "$.a", Action: redact.Drop}}, `{}`, []bool{false, true}},
		"two rules that share their beginning": {`{"a":{"b":1,"c":2}}`, rules(redact.Mask, "$.a.b", "$.a.c"), `{"a":{"b":"[redacted]","c":"[redacted]"}}`, []bool{true, true}},
	}
}

func TestApply_changesOnlyWhatRulesName(t *testing.T) {
	for group, cases := range map[string]map[string]applyCase{"drop": drops(), "others": others()} {
		for name, tc := range cases {
			t.Run(group+" "+name, func(t *testing.T) {
				data := []byte(tc.data)
				out, hit, err := compile(t, tc.rules...).Apply(data)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(tc.want, string(out)); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
				if diff := cmp.Diff(tc.hit, hit); diff != "" {
					t.Errorf("hits (-want +got):\n%s", diff)
				}
				if string(data) != tc.data {
					t.Errorf("the data became %s", data)
				}
			})
		}
	}
}

func TestApply_refusesWhatIsNoJSON(t *testing.T) {
	r := compile(t, redact.Rule{Path: "$.a.b", Action: redact.Hash}, redact.Rule{Path: "$[0]", Action: redact.Mask})
	for name, data := range map[string]string{
		"nothing": "", "a cut object": `{"a":{"b":`, "a cut value": `{"a":{"b":"s3cret`, "two values": `{}{}`, "text": `s3cret`,
		"a cut list": `[1`, "a wrong bracket": `[1}`, "a name that is no string": `{a:1}`,
	} {
		t.Run(name, func(t *testing.T) {
			out, hit, err := r.Apply([]byte(data))
			if !errors.Is(err, redact.ErrData) || out != nil || hit != nil {
				t.Errorf("got %s, %v, %v", out, hit, err)
			}
			if err != nil && strings.Contains(err.Error(), "s3cret") {
				t.Errorf("the error quotes the data: %v", err)
			}
		})
	}
}

func TestTouches_paths(t *testing.T) {
	place := []string{"a", "0", "b"}
	for path, want := range map[string]bool{
		"$.a": true, "$.a[0].b": true, "$.a[5]": true, "$.a[*].b": true, "$.*[*].*": true, "$..b": true, "$.a..b": true, "$.*": true, "$..[3]": true, "$['0']": false,
		"$.b": false, "$.a.b": false, "$.a[0].c": false, "$.a[0].b.c": false, "$.a[0].b..c": false, "$..c": false, "$.a..c": false, "$[0]": false,
	} {
		if got := compile(t, redact.Rule{Path: path, Action: redact.Drop}).Touches(place); got[0] != want {
			t.Errorf("%s: %v, want %v", path, got[0], want)
		}
	}
}

func TestCompile_refuses(t *testing.T) {
	for name, path := range map[string]string{
		"nothing": "", "the whole text": "$", "no root": "a.b", "an empty name": "$.a..", "a dot at the end": "$.a.", "a name behind a bracket": "$[0]a",
		"a position below zero": "$[-1]", "a position with a sign": "$[+1]", "a position with zeros": "$[01]", "a range": "$[0:2]", "a filter": "$[?(@.a)]", "a quote that does not end": "$['a]",
		"a bracket that does not end": "$[1", "an escape of no use": `$['\n']`, "an escape at the end": `$['\`, "a name that must be quoted": "$.a b", "an empty bracket": "$[]",
		"a path too long": "$." + strings.Repeat("a", 1023), "steps too many": "$" + strings.Repeat(".a", 65), "text behind a name in quotes": "$['a'b]",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := redact.Compile([]redact.Rule{{Path: "$.fine", Action: redact.Mask}, {Path: path, Action: redact.Mask}}, nil)
			if !errors.Is(err, redact.ErrPath) || !strings.HasPrefix(err.Error(), "[1].path: ") {
				t.Errorf("got %v, want ErrPath of [1].path", err)
			}
		})
	}
	if _, err := redact.Compile([]redact.Rule{{Path: "$.a", Action: "encrypt"}}, nil); !errors.Is(err, redact.ErrAction) {
		t.Errorf("an unknown action: %v, want ErrAction", err)
	}
	if _, err := redact.Compile([]redact.Rule{{Path: "$.a", Action: redact.Hash}}, []byte("fifteen bytes..")); !errors.Is(err, redact.ErrKey) {
		t.Errorf("a short key: %v, want ErrKey", err)
	}
	if _, err := redact.Compile(make([]redact.Rule, redact.MaxRules+1), nil); !errors.Is(err, redact.ErrRules) {
		t.Errorf("many rules: %v, want ErrRules", err)
	}
	_, err := redact.Compile([]redact.Rule{{Path: "a", Action: "b"}}, nil)
	if !errors.Is(err, redact.ErrPath) || !errors.Is(err, redact.ErrAction) {
		t.Errorf("two faults: %v, want both", err)
	}
}

func TestApply_concurrently(t *testing.T) {
	r := compile(t, redact.Rule{Path: "$..e", Action: redact.Hash})
	want := `{"a":{"e":` + hashed("x") + `}}`
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 100 {
				if out, _, err := r.Apply([]byte(`{"a":{"e":"x"}}`)); err != nil || string(out) != want {
					t.Errorf("got %s, %v", out, err)
					return
				}
			}
		})
	}
	wg.Wait()
}

func TestConcerns_rulesAroundAtAndBelow(t *testing.T) {
	paths := []string{"$.a.b", "$..c", "$.list[0].d", "$.*.e.f"}
	rules := make([]redact.Rule, len(paths))
	for i, path := range paths {
		rules[i] = redact.Rule{Path: path, Action: redact.Mask}
	}
	r, err := redact.Compile(rules, nil)
	if err != nil {
		t.Fatal(err)
	}
	for place, want := range map[string][]bool{
		"a":        {true, false, false, true},
		"a b":      {true, false, false, false},
		"a b x":    {true, false, false, false},
		"a x c":    {false, true, false, false},
		"list 0 d": {false, false, true, false},
		"list 0":   {false, false, true, false},
		"* b":      {true, false, false, false},
		"x e":      {false, false, false, true},
		"other":    {false, false, false, true},
	} {
		if diff := cmp.Diff(want, r.Concerns(strings.Fields(place))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", place, diff)
		}
	}
}
