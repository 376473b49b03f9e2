package provider_test

import (
	"slices"
	"strings"
	"testing"

	"webhookedge/plugins/internal/jsonscan"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/provider/spec"
)

// factsOf are the names of the facts that there are.
func factsOf(f provider.Facts) []string {
	var names []string
	for name, there := range map[string]bool{
		"type": f.Type != "", "action": f.Action != "", "id": f.ID != "", "tenant": f.Tenant != "", "subject": f.Subject != "", "time": !f.Time.IsZero(),
	} {
		if there {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// TestOrigins_tellWhereEachFactOfTheCatalogueIsRead holds Origins to Describe, with every
// sample: each fact has one place, which the signature covers where the fact counts as signed.
func TestOrigins_tellWhereEachFactOfTheCatalogueIsRead(t *testing.T) {
	cases(t, func(t *testing.T, c *scheme) {
		for _, event := range catalogue.SampleEvents(c.row) {
			body, contentType, _ := catalogue.Sample(c.row, event)
			r := c.signSample(t, event, body, contentType, at(), c.pair.Private)
			coverage, err := c.row.Coverage(c.s.Name)
			if err != nil {
				t.Fatal(err)
			}
			if r.Covers = coverage.Covers; r.Covers == nil {
				r.Covers = []string{}
			}
			facts, err := c.row.Describe(r)
			if err != nil {
				continue // encrypted
			}
			origins, err := c.row.Origins(r)
			if err != nil {
				t.Fatal(err)
			}
			var found, unsigned []string
			for _, o := range origins {
				found = append(found, o.Fact)
				if !o.Signed {
					unsigned = append(unsigned, o.Fact)
				}
			}
			slices.Sort(found)
			slices.Sort(unsigned)
			if !slices.Equal(found, factsOf(facts)) || !slices.Equal(unsigned, facts.Unsigned) {
				t.Errorf("%s: %v, of which unsigned %v; want %v and %v", event, found, unsigned, factsOf(facts), facts.Unsigned)
			}
		}
	})
}

func TestOrigins_namePlacesAndPaths(t *testing.T) {
	r := request("application/json", `{"action":"opened","repository":{"full_name":"octo/x"}}`, spec.Header{Name: "x-github-event", Value: "issues"})
	r.Covers = []string{provider.CoversBody}
	origins, err := lookup(t, "github").Origins(r)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]provider.Origin{}
	for _, o := range origins {
		got[o.Fact] = o
	}
	if o := got["type"]; o.Signed || strings.Join(o.Places, " ") != "header:x-github-event" || o.Paths[0] != "" {
		t.Errorf("type: %+v", o)
	}
	o := got["subject"]
	if !o.Signed || strings.Join(o.Places, " ") != "json:repository.full_name" {
		t.Errorf("subject: %+v", o)
	}
	if start, end, ok := jsonscan.Locate(r.Body, o.Paths[0]); !ok || string(r.Body[start:end]) != `"octo/x"` {
		t.Errorf("subject: %q", r.Body[start:end])
	}
}
