package provider_test

import (
	"errors"
	"testing"

	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/provider/spec"
)

func TestCompile_refusesRangeListsThatCannotBeRead(t *testing.T) {
	tests := map[string]struct {
		spoil func(*spec.RangeList)
		fine  bool
	}{
		"as it is":                       {spoil: func(*spec.RangeList) {}, fine: true},
		"a text document":                {spoil: func(l *spec.RangeList) { l.Format, l.Paths = spec.RangeText, nil }, fine: true},
		"a page for people":              {spoil: func(l *spec.RangeList) { *l = spec.RangeList{Name: l.Name, Docs: l.Docs} }, fine: true},
		"no name":                        {spoil: func(l *spec.RangeList) { l.Name = "" }},
		"a name that leaves its folder":  {spoil: func(l *spec.RangeList) { l.Name = "../list" }},
		"no page":                        {spoil: func(l *spec.RangeList) { l.Docs = "" }},
		"plain http":                     {spoil: func(l *spec.RangeList) { l.URL = "http://example.com/list.json" }},
		"a URL with credentials":         {spoil: func(l *spec.RangeList) { l.URL = "https://a:b@example.com/list.json" }},
		"a format without a URL":         {spoil: func(l *spec.RangeList) { l.URL = "" }},
		"an unknown format":              {spoil: func(l *spec.RangeList) { l.Format = "csv" }},
		"JSON without paths":             {spoil: func(l *spec.RangeList) { l.Paths = nil }},
		"text with paths":                {spoil: func(l *spec.RangeList) { l.Format = spec.RangeText }},
		"a condition that nothing meets": {spoil: func(l *spec.RangeList) { l.Where = []spec.RangeMatch{{Field: "service"}} }},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			p, _ := catalogue.Lookup("github")
			list := spec.RangeList{Name: "a-list", URL: "https://example.com/list.json", Docs: "https://example.com/", Format: spec.RangeJSON, Paths: []string{"hooks"}}
			tc.spoil(&list)
			p.Ranges = []spec.RangeList{list}
			if err := p.Compile(); errors.Is(err, provider.ErrRow) == tc.fine {
				t.Errorf("got %v", err)
			}
		})
	}
}
