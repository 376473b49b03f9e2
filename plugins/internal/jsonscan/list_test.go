package jsonscan_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"webhookedge/plugins/internal/jsonscan"
)

func TestFindList(t *testing.T) {
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

func TestFindListRefuses(t *testing.T) {
	tests := map[string]struct {
		path, body string
		want       error
	}{
		"an item too many":         {"", "[1,2,3]", jsonscan.ErrItems},
		"a list that does not end": {"", "[1", jsonscan.ErrSyntax},
		"an object that is broken": {"a", `{"x":}`, jsonscan.ErrSyntax},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			p, err := jsonscan.CompileList(tc.path)
			if err != nil {
				t.Fatal(err)
			}
			if _, ok, err := p.Find([]byte(tc.body), 2); !errors.Is(err, tc.want) || ok {
				t.Errorf("got %v, %v, want %v", ok, err, tc.want)
			}
		})
	}
	if _, err := jsonscan.CompileList("a..b"); !errors.Is(err, jsonscan.ErrPath) {
		t.Errorf("a path that is none: %v, want ErrPath", err)
	}
}
