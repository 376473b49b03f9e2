package provider_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/provider/spec"
)

// TestID_partsStayApart puts texts with the joint in them, and with what it is escaped
// by, in all places of the ids that are made of several: where two deliveries tell
// something else they have two ids, also where a row has ids of one place, two and three.
func TestID_partsStayApart(t *testing.T) {
	rows := 0
	for _, p := range catalogue.All() {
		lists := map[string][]string{"a delivery": p.Facts.ID}
		if p.Batch != nil {
			lists["an item"] = p.Batch.Facts.ID
		}
		for what, ids := range lists {
			if !strings.Contains(strings.Join(ids, ""), " + ") {
				continue
			}
			rows++
			told := map[string]string{} // what the delivery with an id told
			for _, id := range ids {
				places := strings.Split(id, " + ")
				for _, texts := range tuples(len(places)) {
					got, said := idOf(t, p, what == "an item", places, texts), fmt.Sprintf("%q", texts)
					if before, ok := told[got]; got == "" || ok && before != said {
						t.Fatalf("%s: %s of %s and one of %s have the id %q", p.Name, what, before, said, got)
					}
					told[got] = said
				}
			}
		}
	}
	if rows < 15 {
		t.Errorf("%d rows have ids of several places", rows)
	}
}

// tuples are all of so many texts, each of which may be taken for the end of another.
func tuples(n int) [][]string {
	if n == 0 {
		return [][]string{nil}
	}
	var all [][]string
	for _, rest := range tuples(n - 1) {
		for _, text := range []string{"a", "a:b", "b", ":", "%", "%3A", "a%3Ab"} {
			all = append(all, append([]string{text}, rest...))
		}
	}
	return all
}

// idOf is the id of a delivery, or of an item of one, that has the texts at places and
// nothing else.
func idOf(t *testing.T, p *provider.Provider, item bool, places, texts []string) string {
	t.Helper()
	r := provider.Request{Method: "POST"}
	var headers provider.HeaderList
	var document any = map[string]any{}
	form, query := url.Values{}, url.Values{}
	for i, at := range places {
		switch kind, name, _ := strings.Cut(at, ":"); kind {
		case "header":
			headers = append(headers, spec.Header{Name: name, Value: texts[i]})
		case "query":
			query.Set(name, texts[i])
		case "form":
			form.Set(name, texts[i])
		case "json":
			document = withMember(document, strings.Split(name, "."), texts[i])
		default:
			t.Fatalf("%s: no text can be put at %s", p.Name, at)
		}
	}
	r.Headers, r.Query = headers, query.Encode()
	body, err := json.Marshal(document)
	if err != nil {
		t.Fatal(err)
	}
	var facts provider.Facts
	switch {
	case item:
		facts, err = p.DescribeItem(r, body, provider.Facts{})
	case len(form) > 0:
		facts, err = p.DescribeForm(r, []byte(form.Encode()))
	default:
		facts = p.DescribeAgain(r, body)
	}
	if err != nil {
		t.Fatal(err)
	}
	return facts.ID
}

// withMember returns document with text at path, and with what leads there.
func withMember(document any, path []string, text string) any {
	if len(path) == 0 {
		return text
	}
	if path[0] == "0" {
		list, _ := document.([]any)
		if list == nil {
			list = []any{nil}
		}
		list[0] = withMember(list[0], path[1:], text)
		return list
	}
	object, _ := document.(map[string]any)
	if object == nil {
		object = map[string]any{}
	}
	object[path[0]] = withMember(object[path[0]], path[1:], text)
	return object
}
