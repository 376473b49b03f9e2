package provider_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/catalogue"
)

// factHeaders are the headers that a row reads facts from.
func factHeaders(p *provider.Provider) (names []string) {
	places := slices.Concat(p.Facts.Type, p.Facts.Action, p.Facts.ID, p.Facts.Tenant, p.Facts.Subject)
	for _, at := range p.Facts.Time {
		places = append(places, at.At)
	}
	for _, text := range places {
		for at := range strings.SplitSeq(text, " + ") {
			if name, ok := strings.CutPrefix(at, "header:"); ok && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// TestDoubledHeaders_ofFacts has each header of a fact twice, as some proxies send it
// on: one value is one value, and two are none.
func TestDoubledHeaders_ofFacts(t *testing.T) {
	doubled := 0
	for _, p := range catalogue.All() {
		c := newScheme(t, p, p.Schemes[0])
		if len(factHeaders(p)) == 0 {
			continue
		}
		t.Run(p.Name, func(t *testing.T) {
			good := c.sign(t, at(), c.pair.Private)
			want, err := p.Describe(good)
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range factHeaders(p) {
				if _, n := good.Headers.Get(name); n != 1 {
					continue
				}
				doubled++
				r := good
				r.Headers = changed(good, name, func(v string) []string { return []string{v, v, v} })
				if got, err := p.Describe(r); err != nil {
					t.Errorf("%s: %v", name, err)
				} else if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s three times (-want +got):\n%s", name, diff)
				}
				for _, values := range [][]string{{"GOOD", "octo-other"}, {"octo-other", "GOOD"}, {"GOOD", "GOOD", "octo-other"}} {
					r.Headers = changed(good, name, func(v string) []string { return filled(values, v) })
					single := changed(good, name, func(string) []string { return nil })
					absent, aerr := p.Describe(provider.Request{Method: r.Method, URL: r.URL, Query: r.Query, Headers: single, Body: r.Body})
					got, err := p.Describe(r)
					if diff := cmp.Diff(absent, got); diff != "" || (err == nil) != (aerr == nil) {
						t.Errorf("%s twice with two values is not as if absent (-absent +got): %v\n%s", name, err, diff)
					}
				}
			}
		})
	}
	if doubled < 50 {
		t.Errorf("only %d headers were doubled", doubled)
	}
}
