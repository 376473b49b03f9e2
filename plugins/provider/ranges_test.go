package provider_test

import (
	"errors"
	"testing"

	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/catalogue"
)

func TestCompileRefusesRangeListsThatCannotBeRead(t *testing.T) {
	tests := map[string]struct {
		spoil func(*provider.RangeList)
		fine  bool
	}{
		"as it is":                       {spoil: func(*provider.RangeList) {}, fine: true},
		"a text document":                {spoil: func(l *provider.RangeList) { l.Format, l.Paths = provider.RangeText, nil }, fine: true},
		"a page for people":              {spoil: func(l *provider.RangeList) { *l = provider.RangeList{Name: l.Name, Docs: l.Docs} }, fine: true},
		"no name":                        {spoil: func(l *provider.RangeList) { l.Name = "" }},
		"a name that leaves its folder":  {spoil: func(l *provider.RangeList) { l.Name = "../list" }},
		"no page":                        {spoil: func(l *provider.RangeList) { l.Docs = "" }},
		"plain http":                     {spoil: func(l *provider.RangeList) { l.URL = "http://example.com/list.json" }},
		"a URL with credentials":         {spoil: func(l *provider.RangeList) { l.URL = "https://a:b@example.com/list.json" }},
		"a format without a URL":         {spoil: func(l *provider.RangeList) { l.URL = "" }},
		"an unknown format":              {spoil: func(l *provider.RangeList) { l.Format = "csv" }},
		"JSON without paths":             {spoil: func(l *provider.RangeList) { l.Paths = nil }},
		"text with paths":                {spoil: func(l *provider.RangeList) { l.Format = provider.RangeText }},
		"a condition that nothing meets": {spoil: func(l *provider.RangeList) { l.Where = []provider.RangeMatch{{Field: "service"}} }},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			p, _ := catalogue.Lookup("github")
			list := provider.RangeList{Name: "a-list", URL: "https://example.com/list.json", Docs: "https://example.com/", Format: provider.RangeJSON, Paths: []string{"hooks"}}
			tc.spoil(&list)
			p.Ranges = []provider.RangeList{list}
			if err := p.Compile(); errors.Is(err, provider.ErrRow) == tc.fine {
				t.Errorf("got %v", err)
			}
		})
	}
}
