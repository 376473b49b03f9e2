package provider_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/spec"
)

// batcher is a row of its own that sends lists.
func batcher(change func(*provider.Provider)) *provider.Provider {
	row := &provider.Provider{Provider: spec.Provider{
		Name: "batcher",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256, Family: spec.Family{Signature: "header:x-signature"},
			Layout: spec.Single, Encoding: spec.Hex, Content: "{body}", Key: spec.KeyText, KeyMin: 16,
		}},
		ContentTypes: []string{"application/json"},
		Facts:        spec.Locators{Tenant: []string{"header:x-account"}, ID: []string{"header:x-delivery"}},
		Batch: &spec.Batch{Facts: spec.Locators{
			Type: []string{"json:event"}, Action: []string{"json:action"}, ID: []string{"json:id"}, Tenant: []string{"json:account"}, Subject: []string{"json:email"},
			Time: []spec.TimeAt{{At: "json:timestamp", Unit: spec.Seconds}},
		}},
	}}
	change(row)
	return row
}

func TestDescribeItem_readsTheFacts(t *testing.T) {
	delivery := provider.Facts{Type: "batch", Action: "sent", ID: "d1", Tenant: "octo", Subject: "list", Time: time.Unix(9, 0).UTC()}
	tests := map[string]struct {
		item string
		want provider.Facts
	}{
		"everything of its own": {
			`{"event":"open","action":"first","id":7,"account":"a","email":"e","timestamp":1}`,
			provider.Facts{Type: "open", Action: "first", ID: "7", Tenant: "a", Subject: "e", Time: time.Unix(1, 0).UTC()},
		},
		"nothing of its own":                         {`{}`, provider.Facts{Type: "batch", Action: "sent", Tenant: "octo", Subject: "list", Time: time.Unix(9, 0).UTC()}},
		"a type does not take the delivery's action": {`{"event":"open"}`, provider.Facts{Type: "open", Tenant: "octo", Subject: "list", Time: time.Unix(9, 0).UTC()}},
		"an item that is no object":                  {`"x"`, provider.Facts{Type: "batch", Action: "sent", Tenant: "octo", Subject: "list", Time: time.Unix(9, 0).UTC()}},
	}
	row := batcher(func(*provider.Provider) {})
	if err := row.Compile(); err != nil {
		t.Fatal(err)
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := row.DescribeItem(request("", ""), []byte(tc.item), delivery)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("facts (-want +got):\n%s", diff)
			}
		})
	}
	if _, err := row.DescribeItem(request("", ""), []byte(`{"a":1,"a":2}`), delivery); !errors.Is(err, provider.ErrBody) {
		t.Errorf("an item with a name twice: %v, want ErrBody", err)
	}
}

func TestBatch_impossibleIsRefused(t *testing.T) {
	for name, spoil := range map[string]func(*provider.Provider){
		"a path that is none":       func(p *provider.Provider) { p.Batch.At = "a..b" },
		"a form field in an item":   func(p *provider.Provider) { p.Batch.Facts.ID = []string{"form:id"} },
		"a joined field in an item": func(p *provider.Provider) { p.Batch.Facts.ID = []string{"json:id + form:id"} },
		"a mark that is no header":  func(p *provider.Provider) { p.Batch.Unless = "json:id" },
		"an id of five places":      func(p *provider.Provider) { p.Facts.ID = []string{"json:a + json:b + json:c + json:d + json:e"} },
		"a signed time with a fraction": func(p *provider.Provider) {
			p.Schemes[0].TimeUnit = spec.Fraction
			p.Schemes[0].ToleranceSeconds = 5
			p.Schemes[0].Timestamp = "header:x-time"
		},
		"an empty place in an item":     func(p *provider.Provider) { p.Batch.Facts.ID = []string{""} },
		"a format that nobody can read": func(p *provider.Provider) { p.Forms = []spec.Format{"yaml"} },
	} {
		t.Run(name, func(t *testing.T) {
			if err := batcher(spoil).Compile(); err == nil {
				t.Errorf("got %v, want a fault", err)
			}
		})
	}
}

func TestFormat_isThatOfTheBytesNotOfTheContentType(t *testing.T) {
	row := batcher(func(p *provider.Provider) {
		p.Forms = []spec.Format{spec.FormatJSON}
		p.Facts.Type = []string{"json:type"}
	})
	if err := row.Compile(); err != nil {
		t.Fatal(err)
	}
	got, err := row.Describe(request("text/plain", `{"type":"a"}`))
	if err != nil || got.Type != "a" {
		t.Errorf("got %+v, %v", got, err)
	}
	if _, err := row.Describe(request("text/plain", `hello`)); !errors.Is(err, provider.ErrBody) {
		t.Errorf("a body that is no JSON: %v, want ErrBody", err)
	}
}
