package structured_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"webhookedge/plugins/provider/internal/structured"
)

func TestDictionary_readsWhatASerializerWrites(t *testing.T) {
	text := `sig1=("@method" "x-a";key="b\"c");created=1618884473;keyid="k\\1";flag, sig2=:aGk=:,n=-17, tok=*a/b:c;q=?0, bare;p=1`
	got, err := structured.Dictionary(text)
	if err != nil {
		t.Fatal(err)
	}
	type item = structured.Item
	type param = structured.Param
	value := func(k structured.Kind, text string) structured.Value { return structured.Value{Kind: k, Text: text} }
	want := []structured.Member{
		{Name: "sig1", IsList: true, Item: item{Raw: `("@method" "x-a";key="b\"c");created=1618884473;keyid="k\\1";flag`, Params: []param{
			{"created", value(structured.Integer, "1618884473")}, {"keyid", value(structured.String, `k\1`)}, {"flag", value(structured.Boolean, "1")},
		}}, Items: []item{
			{Value: value(structured.String, "@method"), Raw: `"@method"`},
			{Value: value(structured.String, "x-a"), Raw: `"x-a";key="b\"c"`, Params: []param{{"key", value(structured.String, `b"c`)}}},
		}},
		{Name: "sig2", Item: item{Value: value(structured.Bytes, "aGk="), Raw: ":aGk=:"}},
		{Name: "n", Item: item{Value: value(structured.Integer, "-17"), Raw: "-17"}},
		{Name: "tok", Item: item{Value: value(structured.Token, "*a/b:c"), Raw: "*a/b:c;q=?0", Params: []param{{"q", value(structured.Boolean, "0")}}}},
		{Name: "bare", Item: item{Value: value(structured.Boolean, "1"), Params: []param{{"p", value(structured.Integer, "1")}}}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("members (-want +got):\n%s", diff)
	}
}

func TestDictionary_refusesEveryOtherSpelling(t *testing.T) {
	tests := map[string]string{
		"nothing":                         "",
		"a blank in front":                " a=1",
		"a blank behind":                  "a=1 ",
		"a comma behind":                  "a=1,",
		"two blanks behind a comma":       "a=1,  b=2",
		"a tab behind a comma":            "a=1,\tb=2",
		"a blank before a comma":          "a=1 , b=2",
		"a blank around the sign":         "a = 1",
		"a name in capitals":              "A=1",
		"a name that is a number":         "1a=1",
		"no name":                         "=1",
		"no value":                        "a=",
		"a name twice":                    "a=1, a=2",
		"a parameter twice":               "a;p=1;p=2",
		"a blank before a parameter":      "a=1; p=2",
		"a list that is open":             `a=("x"`,
		"a list with two blanks":          `a=("x"  "y")`,
		"a list with a blank in front":    `a=( "x")`,
		"a list with a blank behind":      `a=("x" )`,
		"a list with nothing between":     `a=("x""y")`,
		"a list in a list":                `a=(("x"))`,
		"a string that is open":           `a="x`,
		"a string with another escape":    `a="\x"`,
		"a string that ends in an escape": `a="x\`,
		"a string with a line end":        "a=\"x\ny\"",
		"a string that is not ASCII":      `a="ü"`,
		"a number with a zero in front":   "a=01",
		"a minus zero":                    "a=-0",
		"two signs":                       "a=--1",
		"a plus":                          "a=+1",
		"sixteen digits":                  "a=1234567890123456",
		"a decimal":                       "a=1.0",
		"bytes that are open":             "a=:aGk=",
		"bytes in another alphabet":       "a=:a*k=:",
		"bytes with a blank":              "a=:aG k=:",
		"true with a value":               "a=?1",
		"a boolean of another kind":       "a=?2",
		"a date":                          "a=@1618884473",
		"a display string":                `a=%"x"`,
		"seventeen members":               "a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q",
		"too many parameters":             "a" + strings.Repeat(";p", 17),
		"too many items":                  "a=(" + strings.TrimSpace(strings.Repeat("1 ", 33)) + ")",
	}
	for name, text := range tests {
		if got, err := structured.Dictionary(text); err == nil {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// FuzzDictionary has the parts of what is taken make up the whole again: nothing of a
// field is read and not told, or told and not there.
func FuzzDictionary(f *testing.F) {
	f.Add(`sig1=("@method" "@path";x);created=1;keyid="a\"b", sig2=:aGk=:;q,c`)
	f.Add("a=1,b")
	f.Fuzz(func(t *testing.T, text string) {
		all, err := structured.Dictionary(text)
		if err != nil {
			return
		}
		var parts []string
		for _, m := range all {
			part := m.Name
			if m.Raw != "" {
				part += "=" + m.Raw
			} else if len(m.Params) > 0 {
				return // a bare member's parameters have no text of their own
			}
			parts = append(parts, part)
		}
		if strings.Join(parts, ",") != strings.ReplaceAll(text, ", ", ",") && !strings.Contains(text, `"`) {
			t.Errorf("%q is %q", text, parts)
		}
	})
}
