package jsonscan_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"webhookedge/plugins/internal/jsonscan"
)

func TestListPath_find(t *testing.T) {
	type found struct {
		Head, Tail string
		Items      []string
	}
	tests := map[string]struct {
		path, body string
		want       *found
	}{
		"the document":               {"", " [ {\"a\":1} , 2 ]\n", &found{" [ ", " ]\n", []string{`{"a":1}`, "2"}}},
		"an empty document":          {"", "[]", &found{"[", "]", nil}},
		"a document that is none":    {"", "{}", nil},
		"a member":                   {"a", `{"x":{"a":[9]},"a":[1,[2]],"b":3}`, &found{`{"x":{"a":[9]},"a":[`, `],"b":3}`, []string{"1", "[2]"}}},
		"a member of a member":       {"a.b", `{"a":{"b":["x"]}}`, &found{`{"a":{"b":[`, "]}}", []string{`"x"`}}},
		"a member of an element":     {"1.b", `[{"b":[1]},{"b":[2]}]`, &found{`[{"b":[1]},{"b":[`, "]}]", []string{"2"}}},
		"a name in another spelling": {"a", `{"\u0061":[1]}`, &found{`{"\u0061":[`, "]}", []string{"1"}}},
		"a member that is missing":   {"a", `{"b":[1]}`, nil},
		"a member that is no list":   {"a", `{"a":{"0":1}}`, nil},
		"a path through a scalar":    {"a.b", `{"a":1}`, nil},
		"an element that is missing": {"3", `[[1]]`, nil},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			p, err := jsonscan.CompileList(tc.path)
			if err != nil {
				t.Fatal(err)
			}
			l, ok, err := p.Find([]byte(tc.body), 2)
			if err != nil {
				t.Fatal(err)
			}
			var got *found
			if ok {
				got = &found{Head: string(l.Head), Tail: string(l.Tail)}
				for _, item := range l.Items {
					got.Items = append(got.Items, string(item))
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestListPath_faults(t *testing.T) {
	p, err := jsonscan.CompileList("")
	if err != nil {
		t.Fatal(err)
	}
	if _, ok, err := p.Find([]byte("[1,2,3]"), 2); !errors.Is(err, jsonscan.ErrItems) || ok {
		t.Errorf("an item too many: %v, %v, want ErrItems", ok, err)
	}
	// Bodies that Scan refuses may give anything, and always come to an end.
	for _, path := range []string{"", "a", "0.a", "a.b"} {
		p, err := jsonscan.CompileList(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, body := range []string{"", "[", "[1", `{"a":`, `{"x":}`, `{"a"`, `[{"a":[`, "]", `{"a":{"b":["`, `["\`} {
			if _, _, err := p.Find([]byte(body), 2); err != nil && !errors.Is(err, jsonscan.ErrItems) {
				t.Errorf("%s in %s: %v", path, body, err)
			}
		}
	}
	if _, err := jsonscan.CompileList("a..b"); !errors.Is(err, jsonscan.ErrPath) {
		t.Errorf("a path that is none: %v, want ErrPath", err)
	}
}
