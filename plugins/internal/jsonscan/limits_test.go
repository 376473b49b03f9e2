package jsonscan_test

import (
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"webhookedge/plugins/internal/jsonscan"
)

// object is an object of n names, each as shape spells its number.
func object(n int, shape string) string {
	var b strings.Builder
	b.Grow(n * (len(shape) + 8))
	b.WriteByte('{')
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, shape, i)
	}
	b.WriteByte('}')
	return b.String()
}

// list is a list of n times item.
func list(n int, item string) string {
	return "[" + strings.TrimSuffix(strings.Repeat(item+",", n), ",") + "]"
}

func nested(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }

func TestLimits_boundABody(t *testing.T) {
	few := jsonscan.Limits{Bytes: 100, Names: 4, ObjectNames: 3, Depth: 5}
	tests := map[string]struct {
		limits jsonscan.Limits
		body   string
		want   error
	}{
		"as many bytes as may be":                    {few, `"` + strings.Repeat("x", 98) + `"`, nil},
		"a byte too many":                            {few, `"` + strings.Repeat("x", 99) + `"`, jsonscan.ErrLimit},
		"as many names as may be":                    {few, `[{"a":{"b":{}}},{"a":{"b":{}}}]`, nil},
		"a name too many":                            {few, `[{"a":{"b":{}}},{"a":{"b":{"c":0}}}]`, jsonscan.ErrLimit},
		"as many names of an object as may be":       {few, `{"a":0,"b":0,"c":0}`, nil},
		"a name of an object too many":               {few, `{"a":0,"b":0,"c":0,"d":0}`, jsonscan.ErrLimit},
		"an object whose members are objects":        {few, `{"a":{"x":0},"b":{"x":0}}`, nil},
		"as deep as may be":                          {few, nested(5), nil},
		"too deep":                                   {few, nested(6), jsonscan.ErrDepth},
		"a depth is a limit, too":                    {few, nested(6), jsonscan.ErrLimit},
		"no limit is deeper than the deepest":        {jsonscan.Limits{Depth: 1000}, nested(jsonscan.MaxDepth + 1), jsonscan.ErrDepth},
		"an object for a proved sender":              {jsonscan.Limits{}, object(jsonscan.MaxObjectNames, `"%d":0`), nil},
		"one that is too large for a proved sender":  {jsonscan.Limits{}, object(jsonscan.MaxObjectNames+1, `"%d":0`), jsonscan.ErrLimit},
		"one that was allowed":                       {jsonscan.Limits{ObjectNames: 60_000}, object(60_000, `"%d":0`), nil},
		"names of a proved sender":                   {jsonscan.Limits{}, list(jsonscan.MaxNames/2, `{"a":0,"b":0}`), nil},
		"too many names of a proved sender":          {jsonscan.Limits{}, list(jsonscan.MaxNames/2+1, `{"a":0,"b":0}`), jsonscan.ErrLimit},
		"a body of no proved sender":                 {jsonscan.Unproved(), `"` + strings.Repeat("x", jsonscan.UnprovedBytes-2) + `"`, nil},
		"too many bytes of no proved sender":         {jsonscan.Unproved(), `"` + strings.Repeat("x", jsonscan.UnprovedBytes-1) + `"`, jsonscan.ErrLimit},
		"too many names of no proved sender":         {jsonscan.Unproved(), list(jsonscan.UnprovedNames/2+1, `{"a":0,"b":0}`), jsonscan.ErrLimit},
		"too large an object of no proved sender":    {jsonscan.Unproved(), object(jsonscan.UnprovedObjectNames+1, `"%d":0`), jsonscan.ErrLimit},
		"the deepest body of no proved sender":       {jsonscan.Unproved(), nested(jsonscan.UnprovedDepth), nil},
		"too deep a body of no proved sender":        {jsonscan.Unproved(), nested(jsonscan.UnprovedDepth + 1), jsonscan.ErrDepth},
		"a name twice is told before one too many":   {few, `{"a":{"x":0,"x":0},"b":0,"c":0}`, jsonscan.ErrDuplicate},
		"a body that is too large is not looked at":  {few, strings.Repeat("\xff", 101), jsonscan.ErrLimit},
		"an empty body is within each limit, but no": {few, "", jsonscan.ErrTruncated},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if _, err := tc.limits.Scan([]byte(tc.body), nil); !errors.Is(err, tc.want) {
				t.Errorf("Scan: %v, want %v", err, tc.want)
			}
			if _, err := tc.limits.Last([]byte(tc.body)); !errors.Is(err, tc.want) && !errors.Is(tc.want, jsonscan.ErrDuplicate) {
				t.Errorf("Last: %v, want %v", err, tc.want)
			}
		})
	}
	if _, err := jsonscan.ScanUnproved([]byte(nested(jsonscan.UnprovedDepth+1)), nil); !errors.Is(err, jsonscan.ErrDepth) {
		t.Errorf("ScanUnproved: %v, want ErrDepth", err)
	}
}

// worst are bodies of about n bytes that cost much where nothing is bounded.
func worst(n int) map[string]string {
	half := n / 2
	return map[string]string{
		"one object of unique names":      object(n/13, `"%08x":0`),
		"one object of escaped names":     object(n/18, `"\u0061%08x":0`),
		"objects of as many as may be":    list(n/600_000, object(jsonscan.MaxObjectNames-1, `"%07d":0`)),
		"objects in objects":              strings.Repeat(`{"a":`, 60) + object(n/13, `"%08x":0`) + strings.Repeat("}", 60),
		"small objects":                   list(n/7, `{"":0}`),
		"two long names of one length":    `{"` + strings.Repeat("x", half) + `":0,"` + strings.Repeat("x", half-1) + `y":0}`,
		"two long names of escapes":       `{"` + strings.Repeat(`\n`, half/2) + `":0,"` + strings.Repeat(`\n`, half/2-1) + `x":0}`,
		"one name again and again":        object(n/8, `"a":%.0d0`),
		"open brackets":                   strings.Repeat("[", n),
		"open braces":                     strings.Repeat(`{"a":`, n/5),
		"empty arrays":                    list(n/3, "[]"),
		"numbers":                         list(n/2, "0"),
		"one number":                      strings.Repeat("9", n),
		"one string of escapes":           `"` + strings.Repeat(`\u0000`, n/6) + `"`,
		"one string of backslashes":       `"` + strings.Repeat(`\\`, half) + `"`,
		"blanks":                          strings.Repeat(" ", n),
		"ten long names without an equal": object(10, `"%d`+strings.Repeat("x", n/10)+`":0`),
	}
}

// TestScan_worst holds that no body makes Scan take more memory than limits say.
func TestScan_worst(t *testing.T) {
	const size = 8 << 20
	allowed := map[string]uint64{"two long names of escapes": 3 * size / 2} // the texts of the two, and of one again
	for name, body := range worst(size) {
		t.Run(name, func(t *testing.T) {
			for _, limits := range []jsonscan.Limits{{}, jsonscan.Unproved()} {
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				_, err := limits.Scan([]byte(body), nil)
				runtime.ReadMemStats(&after)
				most := max(allowed[name], 48*uint64(jsonscan.MaxNames))
				if limits != (jsonscan.Limits{}) {
					most = 48 * jsonscan.UnprovedNames
				}
				if got := after.TotalAlloc - before.TotalAlloc - uint64(len(body)); got > most {
					t.Errorf("%+v: %d bytes, more than %d (%v)", limits, got, most, err)
				}
			}
		})
	}
}

// BenchmarkScanWorst has what a stranger can send: an object of unique names, within
// the limits of a proved sender, of any other, and without.
func BenchmarkScanWorst(b *testing.B) {
	const size = 21 << 20
	all := jsonscan.Limits{Names: size, ObjectNames: size}
	body := []byte(object(size/13, `"%08x":0`))
	for name, limits := range map[string]jsonscan.Limits{"proved": {}, "unproved": jsonscan.Unproved(), "unbounded": all} {
		b.Run(name+"/"+strconv.Itoa(len(body)>>20)+"MB", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := limits.Scan(body, nil); (err == nil) != (limits == all) {
					b.Fatal(err)
				}
			}
		})
	}
}

func TestWhole(t *testing.T) {
	for name, tc := range map[string]struct {
		body string
		want error
	}{
		"one value":         {` {"a":[1]} `, nil},
		"a name twice":      {`{"a":1,"a":2}`, nil},
		"an end too many":   {`{"a":1},"b":2}`, jsonscan.ErrTrailing},
		"no end":            {`{"a":1`, jsonscan.ErrTruncated},
		"no UTF-8":          {"\"\xff\"", jsonscan.ErrUTF8},
		"too deep":          {nested(jsonscan.MaxDepth + 1), jsonscan.ErrDepth},
		"too many names":    {list(jsonscan.MaxNames+1, `{"":0}`), jsonscan.ErrLimit},
		"many equal names":  {object(100_000, `"a":%.0d0`), nil},
		"nothing":           {"", jsonscan.ErrTruncated},
		"two values":        {"1 2", jsonscan.ErrTrailing},
		"a byte order mark": {"\ufeff1", jsonscan.ErrSyntax},
	} {
		t.Run(name, func(t *testing.T) {
			body := []byte(tc.body)
			if err := jsonscan.Whole(body); !errors.Is(err, tc.want) {
				t.Errorf("got %v, want %v", err, tc.want)
			}
			if tc.want != nil {
				return
			}
			if n := testing.AllocsPerRun(10, func() { _ = jsonscan.Whole(body) }); n > 0 {
				t.Errorf("%v allocations", n)
			}
		})
	}
}
