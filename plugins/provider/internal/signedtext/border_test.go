package signedtext

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"webhookedge/plugins/provider/internal/place"
	"webhookedge/plugins/provider/spec"
)

// words are all texts over an alphabet of up to n letters.
func words(alphabet string, n int) []string {
	all := []string{""}
	for from := 0; n > 0; n-- {
		to := len(all)
		for _, word := range all[from:to] {
			for _, letter := range alphabet {
				all = append(all, word+string(letter))
			}
		}
		from = to
	}
	return all
}

// slot is a part of a template with the values that a delivery may have there.
type slot struct {
	text   string
	values []string
	set    func(v *Input, h *place.HeaderList, value string)
}

func slots() []slot {
	header := func(name string) func(*Input, *place.HeaderList, string) {
		return func(_ *Input, h *place.HeaderList, value string) {
			*h = append(*h, spec.Header{Name: name, Value: value})
		}
	}
	names := words("a.", 2)
	return []slot{
		{"{id}", names[1:], func(v *Input, _ *place.HeaderList, value string) { v.Stamp.ID = value }},
		{"{timestamp}", []string{"1700000000", "1700000001"}, func(v *Input, _ *place.HeaderList, value string) { v.Stamp.Timestamp = value }},
		{"{method}", []string{"GET", "POST"}, func(v *Input, _ *place.HeaderList, value string) { v.Request.Method = value }},
		{"{url}", []string{"https://h/", "https://h/a", "https://h/.", "https://h/a.a", "https://h/?a.", "https://h/?.a", "https://h/.https://h/"}, func(v *Input, _ *place.HeaderList, value string) { v.Request.URL = value }},
		{"{header:a}", names, header("a")},
		{"{header:b}", names, header("b")},
		{"{header:f|free}", words("a.\n", 2), header("f")},
		{"{header:a|sha256|hex}", []string{"a", "."}, header("a")},
		{"{body}", append(words("a.\n", 3), "a.https://h/", "1700000000", "POST", "https://h/?a.", ".1700000000.a"), func(v *Input, _ *place.HeaderList, value string) { v.Request.Body = []byte(value) }},
	}
}

// randomTemplate is a template of some slots and literals, and whether a slot stands
// in brackets.
func randomTemplate(random *rand.Rand, all []slot) (text string, used []slot, optional bool) {
	literals := []string{".", "\n", ".a", "..", "x"}
	random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	for range 2 + random.IntN(5) {
		if random.IntN(2) == 0 || len(used) == 3 {
			text += literals[random.IntN(len(literals))]
			continue
		}
		next := all[len(used)]
		if slices.ContainsFunc(used, func(s slot) bool {
			return strings.HasPrefix(s.text, "{header:a") && strings.HasPrefix(next.text, "{header:a")
		}) {
			continue
		}
		used = append(used, next)
		if next.text == "{header:b}" && random.IntN(2) == 0 {
			text, optional = text+"["+literals[random.IntN(len(literals))]+next.text+[]string{"", ";"}[random.IntN(2)]+"]", true
			continue
		}
		text += next.text
	}
	return text, used, optional
}

// TestBorders_whereNothingIsSaidToMove writes texts of templates that are taken for
// safe, with every value that a verifier accepts, and looks for two deliveries of
// one text.
func TestBorders_whereNothingIsSaidToMove(t *testing.T) {
	random := rand.New(rand.NewPCG(12, 1))
	all := slots()
	safe, moving := 0, 0
	for range 4000 {
		text, used, optional := randomTemplate(random, all)
		if len(used) < 2 {
			continue
		}
		c, err := Compile(text, &place.Paths{})
		if err != nil {
			continue
		}
		if c.parser(spec.Seconds, []string{"GET", "POST"}).moves() != nil {
			moving++
			continue
		}
		safe++
		if one, other, same := twoOfOneText(&c, used, optional); same {
			t.Fatalf("%q: %q and %q are one text", text, one, other)
		}
	}
	if safe < 300 || moving < 300 {
		t.Errorf("%d templates are safe and %d are not: too few were looked at", safe, moving)
	}
}

// twoOfOneText returns two deliveries that differ in a value and have one text.
func twoOfOneText(c *Template, used []slot, optional bool) (one, other []string, same bool) {
	seen := map[string][]string{}
	var walk func(chosen []string) bool
	walk = func(chosen []string) bool {
		if len(chosen) < len(used) {
			values := used[len(chosen)].values
			if optional && used[len(chosen)].text == "{header:b}" {
				values = append([]string{"absent"}, values...)
			}
			return slices.ContainsFunc(values, func(value string) bool { return walk(append(slices.Clone(chosen), value)) })
		}
		v := Input{Values: place.Values{Request: &place.Request{Method: "POST", URL: "https://h/"}}, Stamp: &Stamp{}}
		var headers place.HeaderList
		for i, value := range chosen {
			if value != "absent" {
				used[i].set(&v, &headers, value)
			}
		}
		v.Request.Headers = headers
		text, err := c.Text(&v)
		if err != nil || !c.Separates(v.Stamp.ID, PartID) || !c.Separates(v.Stamp.Timestamp, PartTimestamp) {
			return false
		}
		for i := range chosen { // an empty one in brackets counts as absent
			if optional && used[i].text == "{header:b}" && chosen[i] == "" {
				chosen[i] = "absent"
			}
		}
		if before, there := seen[text]; there && !slices.Equal(before, chosen) {
			one, other = before, chosen
			return true
		}
		seen[text] = chosen
		return false
	}
	same = walk(nil)
	return one, other, same
}

func TestBorders_ofTemplates(t *testing.T) {
	for text, moves := range map[string]string{
		"{body}":                                      "",
		"{timestamp}{body}":                           "",
		"{body}{timestamp}":                           "",
		"{timestamp}.{body}":                          "",
		"{id}.{timestamp}.{body}":                     "",
		"{timestamp}.{method}.{url}.{body}":           "",
		"{method}{url}":                               "",
		"{method}{body}":                              "",
		"{method}\n{target}\n{body}":                  "",
		"{key}{body}":                                 "",
		"{body}{key}":                                 "",
		"{setting:s}{body}{setting:s}":                "",
		"{header:a}.{header:b}":                       "",
		"{body}.{header:a}.{timestamp}":               "",
		"{body}.{id}":                                 "",
		"{body|sha256|hex}{header:a}":                 "",
		"{body|sha256}{url|sha256|base64}{header:a}":  "",
		"{body}\n{url}":                               "",
		"{header:a|lower}.{body}":                     "",
		"[id:{query:id};][request:{header:r};]{body}": `"id:"`,
		"{header:a}[.{header:b}]":                     "",
		"{json:a|free}\n{json:b}\n{json:c}\n":         "",
		"{id}{timestamp}":                             "",
		"{timestamp}{id}{body}":                       "{id}",
		"{id}{timestamp}{body}":                       "{id}",
		"{id}{body}":                                  "{id}",
		"{header:a}{header:b}":                        "{header:a}",
		"{url}{body}":                                 "{url}",
		"{body}{url}":                                 "{body}",
		"{body}.{url}":                                "{body}",
		"{body}{header:a}":                            "{body}",
		"{header:a|hex}{header:b}":                    "{header:a|hex}",
		"{header:a|base64}.{header:b}.":               "",
		"{header:a}..{body}":                          "{header:a}",
		"{header:a}.{body}..":                         "",
		"{header:a}\nX\n{body}":                       "",
		"{body}.a.{header:a}":                         "{body}",
		"{header:a|lower}x{body}":                     "{header:a|lower}",
		"{body}[.{header:b}]":                         "{body}",
		"{header:a}[.{header:b}][.{header:c}]":        "{header:a}",
		"[{header:a}]{body}":                          "{header:a}",
		"{form-only:x}{header:a}":                     "{form-only:x}",
	} {
		c, err := Compile(text, &place.Paths{})
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		got := ""
		if p := c.parser(spec.Seconds, []string{"POST", "PUT"}).moves(); p != nil {
			got = p.String()
		}
		if got != moves {
			t.Errorf("%s: %q has no end, want %q", text, got, moves)
		}
	}
	for unit, closed := range map[spec.Unit]bool{spec.Seconds: true, spec.Milliseconds: true, spec.RFC3339: true, spec.HTTPDate: true, spec.RFC3339UTC: false, spec.EitherUnit: false} {
		for _, text := range []string{"{timestamp}{body}", "{body}{timestamp}"} {
			c, err := Compile(text, &place.Paths{})
			if err != nil {
				t.Fatal(err)
			}
			if got := c.parser(unit, nil).moves() == nil; got != closed {
				t.Errorf("%s in %s: %t", text, unit, got)
			}
		}
	}
	c, err := Compile("{method}{body}", &place.Paths{})
	if err != nil {
		t.Fatal(err)
	}
	if c.parser("", []string{"GET", "GETALL"}).moves() == nil {
		t.Error("one method begins another, and nothing moves")
	}
}
