package drift

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// lab plays payloads of one event through tallies of several gateways.
type lab struct {
	t        *testing.T
	m        *Model
	gateways []*Tally
	every    int // deliveries between two merges
	n        int
}

func newLab(t *testing.T, gateways, every int) *lab {
	l := &lab{t: t, m: NewModel("github", "push", time.Unix(0, 0)), every: every}
	for range gateways {
		l.gateways = append(l.gateways, &Tally{})
	}
	return l
}

// play observes payloads, and returns the changes that they are taken for.
func (l *lab) play(n int, payload func(i int) string) (found []string) {
	l.t.Helper()
	for i := range n {
		g := l.gateways[l.n%len(l.gateways)]
		g.Observe([]byte(payload(i)))
		if l.n++; l.n%l.every == 0 {
			found = append(found, l.merge()...)
		}
	}
	return append(found, l.merge()...)
}

// merge goes through what the bucket holds, as the edge does.
func (l *lab) merge() (found []string) {
	l.t.Helper()
	for _, g := range l.gateways {
		for _, c := range l.m.Merge(g, time.Unix(1, 0)) {
			found = append(found, strings.TrimSpace(fmt.Sprintf("%s %s %v %v", c.Kind, c.Path, c.Before.Names(), c.After.Names())))
		}
		text, err := json.Marshal(l.m)
		if err != nil {
			l.t.Fatal(err)
		}
		l.m = &Model{}
		if err := json.Unmarshal(text, l.m); err != nil {
			l.t.Fatal(err)
		}
		g.Merged(l.m)
	}
	return found
}

func always(payload string) func(int) string { return func(int) string { return payload } }

func TestMerge_findsEveryChange(t *testing.T) {
	const base = `{"id":1,"price":2,"name":"x","at":null,"tags":[],"meta":{},"user":{"login":"a","site":true},"list":[{"sha":"1","n":1},{"sha":"2","n":2}]}`
	for name, tc := range map[string]struct {
		before, after string
		want          []string
	}{
		"nothing":                              {base, base, nil},
		"another order":                        {base, `{"user":{"site":true,"login":"a"},"name":"x","price":2,"at":null,"id":1,"list":[{"n":1,"sha":"1"}],"meta":{},"tags":[]}`, nil},
		"a member that appears":                {base, strings.Replace(base, `"id":1`, `"id":1,"new":"v"`, 1), []string{"appeared $.new [] [string]"}},
		"a member with members":                {base, strings.Replace(base, `"id":1`, `"id":1,"new":{"a":{"b":1}}`, 1), []string{"appeared $.new [] [object]"}},
		"a member that vanishes":               {base, strings.Replace(base, `"id":1,`, ``, 1), []string{"vanished $.id [integer] []"}},
		"another type":                         {base, strings.Replace(base, `"id":1`, `"id":"1"`, 1), []string{"retyped $.id [integer] [string]"}},
		"a fraction where integers were":       {base, strings.Replace(base, `"price":2`, `"price":2.5`, 1), []string{"retyped $.price [integer] [number]"}},
		"null where something was":             {base, strings.Replace(base, `"name":"x"`, `"name":null`, 1), []string{"retyped $.name [string] [null]"}},
		"something where only null was":        {base, strings.Replace(base, `"at":null`, `"at":"now"`, 1), nil},
		"elements where none ever were":        {base, strings.Replace(base, `"tags":[]`, `"tags":["a"]`, 1), nil},
		"members where none ever were":         {base, strings.Replace(base, `"meta":{}`, `"meta":{"order":1}`, 1), nil},
		"an array that is empty":               {base, strings.Replace(base, `[{"sha":"1","n":1},{"sha":"2","n":2}]`, `[]`, 1), nil},
		"a nested member that appears":         {base, strings.Replace(base, `"login":"a"`, `"login":"a","new":1`, 1), []string{"appeared $.user.new [] [integer]"}},
		"a nested member that vanishes":        {base, strings.Replace(base, `,"site":true`, ``, 1), []string{"vanished $.user.site [boolean] []"}},
		"an object in place of a text":         {base, strings.Replace(base, `"name":"x"`, `"name":{"x":1}`, 1), []string{"retyped $.name [string] [object]"}},
		"a member of elements that appears":    {base, strings.Replace(base, `"sha":"1"`, `"sha":"1","new":1`, 1), []string{"appeared $.list[*].new [] [integer]"}},
		"a member of elements that vanishes":   {base, strings.ReplaceAll(strings.ReplaceAll(base, `,"n":1}`, `}`), `,"n":2}`, `}`), []string{"vanished $.list[*].n [integer] []"}},
		"another type in elements":             {base, strings.Replace(base, `"n":2`, `"n":"2"`, 1), []string{"retyped $.list[*].n [integer] [integer string]"}},
		"an integer where fractions were":      {`{"a":1.5}`, `{"a":1}`, nil},
		"elements of a list that is the whole": {`[{"a":1}]`, `[{"a":1,"b":2}]`, []string{"appeared $[*].b [] [integer]"}},
		"a name with a dot":                    {base, strings.Replace(base, `"id":1`, `"id":1,"a.b's":1`, 1), []string{`appeared $['a.b\'s'] [] [integer]`}},
		"all members":                          {`{"a":1,"b":2}`, `{}`, []string{"vanished $.a [integer] []", "vanished $.b [integer] []"}},
		"a text":                               {`"a"`, `1`, []string{"retyped $ [string] [integer]"}},
	} {
		for _, every := range []int{1, 7, 1000} {
			l := newLab(t, 1, every)
			if found := l.play(2*LearnObjects, always(tc.before)); found != nil || l.m.Learning() && every < 100 {
				t.Errorf("%s, merged every %d: while it is learnt: %v", name, every, found)
			}
			if l.m.Learning() { // one merge has no last quiet half
				l.play(LearnObjects, always(tc.before))
				l.m.Accept("")
			}
			if diff := cmp.Diff(tc.want, l.play(20, always(tc.after))); diff != "" {
				t.Errorf("%s, merged every %d (-want +got):\n%s", name, every, diff)
			}
			if found := l.play(100, always(tc.after)); found != nil {
				t.Errorf("%s: told again: %v", name, found)
			}
		}
	}
}

func TestMerge_optionalFieldsMayStayAway(t *testing.T) {
	for share := 1; share < 100; share += 7 {
		l := newLab(t, 2, 11)
		rng := rand.New(rand.NewPCG(1, uint64(share)))
		found := l.play(1000, func(int) string {
			if rng.IntN(100) < share {
				return `{"a":1,"b":2,"c":[{"d":1},{}],"e":null}`
			}
			return `{"a":1,"c":[],"e":"x"}`
		})
		if found != nil {
			t.Errorf("in %d of 100: %v", share, found)
		}
	}
}

// TestMerge_burstsAreNoChange plays tenants that deliver one behind the other, and of which
// each has fields of its own.
func TestMerge_burstsAreNoChange(t *testing.T) {
	l := newLab(t, 2, 9)
	if found := l.play(2000, func(i int) string { return fmt.Sprintf(`{"a":1,"of%c":2}`, 'a'+rune(i/20%3)) }); found != nil {
		t.Error(found)
	}
}

func TestMerge_namesThatAreData(t *testing.T) {
	for name, of := range map[string]func(rng *rand.Rand) string{
		"numbers":          func(rng *rand.Rand) string { return fmt.Sprint(rng.IntN(9)) },
		"ids":              func(rng *rand.Rand) string { return fmt.Sprintf("cus_%010d", rng.Int64N(1e10)) },
		"e-mail addresses": func(rng *rand.Rand) string { return fmt.Sprintf("%c@b.example", 'a'+rune(rng.IntN(9))) },
		"words": func(rng *rand.Rand) string {
			return strings.Repeat("ab", 1+rng.IntN(5)) + string(rune('a'+rng.IntN(26)))
		},
		"hashes": func(rng *rand.Rand) string { return fmt.Sprintf("%016x", rng.Uint64()) },
	} {
		l := newLab(t, 2, 5)
		rng := rand.New(rand.NewPCG(2, 2))
		found := l.play(1500, func(int) string {
			return fmt.Sprintf(`{"id":1,"by":{%q:{"n":1},%q:{"n":2}}}`, of(rng), of(rng)+"x")
		})
		if found != nil {
			t.Errorf("%s: %v", name, found)
		}
		by := l.m.Root.Members["by"]
		if len(by.Members) > crowd || by.Any == nil && name != "words" {
			t.Errorf("%s: %d names are kept", name, len(by.Members))
		}
	}
}

func TestTally_hostilePayloadsAreBounded(t *testing.T) {
	many := func(n int, value string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, `,"k%c%c%c%c":%s`, 'a'+i%26, 'a'+i/26%26, 'a'+i/676%26, 'a'+i/17576%26, value)
		}
		return "{" + b.String()[1:] + "}"
	}
	deep := strings.Repeat(`{"a":[`, 32) + strings.Repeat(`]}`, 32)
	wide := many(200, many(200, "1"))
	for name, payload := range map[string]string{
		"10,000 names": many(10_000, "1"), "deep": deep, "wide": wide, "a long name": `{"` + strings.Repeat("a", 1<<16) + `":1}`,
		"names that come again": many(255, "{}"),
	} {
		l := newLab(t, 1, 2)
		l.play(100, always(`{"a":1}`))
		l.m.Accept("")
		l.play(10, always(payload))
		text, err := json.Marshal(l.m)
		if err != nil || len(text) > MaxBytes {
			t.Errorf("%s: a model of %d bytes, %v", name, len(text), err)
		}
		if size := l.m.Root.size(); size > maxNodes || len(l.m.Open) > maxOpen || l.gateways[0].root.size() > maxTallied {
			t.Errorf("%s: %d fields, %d changes", name, size, len(l.m.Open))
		}
	}
}

func TestTally_onePayloadGivesNoNames(t *testing.T) {
	l := newLab(t, 1, 1)
	l.play(1, always(`{"sk_live_secret":1,"ok":{"alice":2}}`))
	l.play(1, always(`{"ok":{"bob":2}}`))
	if text, _ := json.Marshal(l.m); strings.Contains(string(text), "alice") || strings.Contains(string(text), "secret") || strings.Contains(string(text), "bob") {
		t.Errorf("%s", text)
	}
	l.play(2, always(`{"ok":{}}`))
	if text, _ := json.Marshal(l.m); !strings.Contains(string(text), `"ok"`) {
		t.Errorf("%s", text)
	}
}

func TestIsData_byForm(t *testing.T) {
	for name, want := range map[string]bool{
		"id": false, "full_name": false, "URL": false, "+1": false, "@type": false, "#text": false, "xml:lang": false, "soap:Envelope": false, "sha256": false,
		"line1": false, "First name": false, "Größe": false, "threeDSRequestorChallengeInd": false, "recurring.recurringDetailReference": false,
		"item_name1": false, "oauth2_token": false, "add-on": false, "x-github-event": false, "": true, "1": true, "a@b.c": true, "2024-01-01": true, "10.0.0.1": true,
		"f47ac10b-58cc-4372-a567-0e02b2c3d479": true, "da39a3ee5e6b4b0d3255": true, "customfield_10010": true, "en-US": true, "pt_BR": true, "https://x.y/z": true,
		"/etc": true, "example.com": true, "ghp_AbC1dEf2GhI3jKl4": true, "sk_live_AbCdEfGhIjKlMnOp": true, "xkqjwvbnmzprtwqdfgh": true, "+4915112345": true,
		"a\x00b": true, strings.Repeat("a", 65): true, "\xff": true, "fe80::1": true,
	} {
		if got := isData(name); got != want {
			t.Errorf("%q: %v", name, got)
		}
	}
}

func TestAccept_takesWhatIsKnown(t *testing.T) {
	l := newLab(t, 1, 1)
	l.play(3, always(`{"a":{"b":1},"c":1}`))
	if !l.m.Learning() {
		t.Error("three deliveries are enough")
	}
	l.m.Accept("")
	if l.m.Learning() {
		t.Error("it is not known")
	}
	want := []string{"appeared $.a.x [] [integer]", "retyped $.a.b [integer] [string]", "vanished $.c [integer] []"}
	if diff := cmp.Diff(want, l.play(20, always(`{"a":{"b":"1","x":1}}`))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := l.m.Accept("$.a"); len(got) != 2 || len(l.m.Open) != 1 {
		t.Errorf("%v accepted, %v left", got, l.m.Open)
	}
	if l.play(3, always(`{"a":{"b":"1","x":1},"c":1}`)); len(l.m.Open) != 0 {
		t.Errorf("what came back is still open: %v", l.m.Open)
	}
}

func TestAccept_forgetsWhatVanished(t *testing.T) {
	for name, path := range map[string]string{"by its path": "$.c", "with all": ""} {
		l := newLab(t, 1, 1)
		l.play(150, always(`{"a":1,"c":{"d":1}}`))
		l.play(20, always(`{"a":1}`))
		if got := l.m.Accept("$.cc"); got != nil {
			t.Errorf("%s: %v is accepted by another path", name, got)
		}
		if got := l.m.Accept(path); len(got) != 1 || l.m.Root.Members["c"] != nil {
			t.Errorf("%s: %v accepted", name, got)
		}
		if diff := cmp.Diff([]string{"appeared $.c [] [object]"}, l.play(3, always(`{"a":1,"c":{"d":1}}`))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("$.a['b c'].*[*].d")
	f.Add(`$['a\'b']['\\']`)
	f.Fuzz(func(t *testing.T, path string) {
		if steps, ok := parse(path); ok && format(steps) != path {
			t.Errorf("%q becomes %q", path, format(steps))
		}
		if steps, ok := parse(format([]string{path, stepEach, path, stepAny})); !isData(path) && (!ok || len(steps) != 4 || steps[0] != path) {
			t.Errorf("%q: %q", path, steps)
		}
	})
}

func FuzzObserve(f *testing.F) {
	f.Add(`{"a":[{"b":1},null]}`, `{"a":1}`)
	f.Fuzz(func(t *testing.T, a, b string) {
		if !json.Valid([]byte(a)) || !json.Valid([]byte(b)) {
			return
		}
		l := newLab(t, 2, 1)
		for range 5 {
			l.play(1, always(a))
			l.play(2, always(b))
			l.m.Accept("")
		}
	})
}
