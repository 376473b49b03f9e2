package normalize_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/config"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/tojson"
	"webhookedge/plugins/normalize"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/provider/spec"
)

const push = `{ "action":"opened", "n":1.50,"organization":{"login":"octo-corp"},"repository":{"full_name":"octo-corp/hello"},"u":"\u00e9"}` + "\n"

func received() time.Time {
	return time.Date(2026, 3, 1, 12, 0, 0, 5_000_000, time.FixedZone("", 3600))
}

func row(t testing.TB, name string) *provider.Provider {
	t.Helper()
	p, ok := catalogue.Lookup(name)
	if !ok {
		t.Fatalf("no provider %s", name)
	}
	return p
}

// github is a verified delivery with body, and headers as name, value, ...
func github(body string, headers ...string) *pipeline.Delivery {
	d := &pipeline.Delivery{
		Method: "POST", Path: "/github", Body: []byte(body), RequestID: "r1", Route: "hooks", ReceivedAt: received(),
		Headers:      pipeline.Headers{{Name: "x-github-event", Value: "octo"}, {Name: "x-github-delivery", Value: "d1"}},
		Verification: &pipeline.Verification{Provider: "github", Scheme: "sha256", SecretID: "1", Covers: []string{"body"}},
	}
	for i := 0; i < len(headers); i += 2 {
		d.Headers = append(d.Headers, pipeline.Header{Name: headers[i], Value: headers[i+1]})
	}
	return d
}

func handle(t *testing.T, d *pipeline.Delivery, cfg normalize.Config) (*event.Event, error) {
	t.Helper()
	stage, err := normalize.New(row(t, "github"), cfg)
	if err != nil {
		t.Fatal(err)
	}
	err = stage.Handle(t.Context(), d)
	return d.Event(), err
}

func TestHandle_makesAWholeEvent(t *testing.T) {
	trace := "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
	got, err := handle(t, github(push, "content-type", "application/json", "traceparent", trace), normalize.Config{})
	if err != nil {
		t.Fatal(err)
	}
	want := &event.Event{
		ID: "d1", Source: "/webhooks/github/octo-corp", Provider: "github", Type: "octo", Action: "opened",
		Subject: "octo-corp/hello", DataContentType: "application/json", Tenant: "octo-corp", RequestID: "r1",
		ReceivedAt: received().UTC(), Verification: "sha256", SecretID: "1", TraceParent: trace, Data: []byte(push),
		Unsigned: []string{"id", "type"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// typed is a row whose bodies have some forms.
func typed(t testing.TB, charset string, forms ...spec.Format) *provider.Provider {
	t.Helper()
	p := &provider.Provider{Provider: spec.Provider{
		Name: "typed", Forms: forms, Charset: charset, Facts: spec.Locators{Type: []string{"text:event"}, FormJSON: "payload"},
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256, Family: spec.Family{Signature: "header:x-signature"},
			Layout: spec.Single, Encoding: spec.Hex, Content: "{body}", Key: spec.KeyText, KeyMin: 16,
		}},
	}}
	if !p.HasForm(spec.FormatJSON) {
		p.Facts.FormJSON = ""
	}
	if err := p.Compile(); err != nil {
		t.Fatal(err)
	}
	return p
}

// contentTypes are what a header may claim of a body that has another form.
func contentTypes() []string {
	return []string{
		"", "application/json", "application/json; charset=gbk", "text/json", "application/x-json", "text/plain", "application/octet-stream",
		"application/x-www-form-urlencoded", "multipart/form-data; boundary=X", "application/xml; charset=utf-16", "application/x-ndjson", "application/jwt", "x\xff",
	}
}

const (
	part     = "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--B--\r\n"
	document = "--B\r\nContent-Disposition: form-data; name=\"payload\"\r\n\r\n{\"a\": 1}\r\n--B--\r\n"
)

func TestHandle_takesTheBodyAsItsBytesSay(t *testing.T) {
	const j, f, m, x, l, w, raw = spec.FormatJSON, spec.FormatForm, spec.FormatMultipart, spec.FormatXML, spec.FormatLines, spec.FormatJWT, spec.FormatBytes
	tests := map[string]struct {
		charset string
		forms   []spec.Format
		body    string
		data    string
		binary  string // the content type of what is carried as it is
	}{
		"JSON":                             {"", []spec.Format{j}, push, push, ""},
		"JSON among others":                {"", []spec.Format{j, f, m, x, l, w}, push, push, ""},
		"JSON behind a byte order mark":    {"", []spec.Format{j, f}, "\ufeff{\"a\":1}", `{"a":1}`, ""},
		"a scalar where only JSON is sent": {"", []spec.Format{j}, ` 1 `, ` 1 `, ""},
		"a form with one document":         {"", []spec.Format{j, f}, "payload=%7B%22a%22%3A+1.0%7D", `{"a": 1.0}`, ""},
		"a form":                           {"", []spec.Format{f}, "b=%22%0A&a=x+y&&c", `{"b":"\"\n","a":"x y","c":""}`, ""},
		"a form behind a byte order mark":  {"", []spec.Format{f}, "\ufeffa=1", `{"a":"1"}`, ""},
		"a form that is not UTF-8":         {"", []spec.Format{f}, "a=%FF", "a=%FF", "application/x-www-form-urlencoded"},
		"XML":                              {"", []spec.Format{j, x}, "<a>é</a>", `{"a":"é"}`, ""},
		"XML of another charset":           {"iso-8859-1", []spec.Format{x}, "<a>\xe9</a>", `{"a":"é"}`, ""},
		"XML with a charset of its own":    {"", []spec.Format{x}, `<?xml version="1.0" encoding="latin1"?><a>` + "\xe9</a>", `{"a":"é"}`, ""},
		"JSON of another charset":          {"iso-8859-1", []spec.Format{j}, "{\"a\": \"\xe9\"}", `{"a": "é"}`, ""},
		"lines of JSON":                    {"", []spec.Format{l}, "{\"a\":1.0}\n\n[2]\n", `[{"a":1.0},[2]]`, ""},
		"lines where documents come too":   {"", []spec.Format{j, l}, "{\"a\":1}\n{\"a\":2}\n", `[{"a":1},{"a":2}]`, ""},
		"a document on several lines":      {"", []spec.Format{j, l}, "{\n\"a\":1}\n", "{\n\"a\":1}\n", ""},
		"a signed token":                   {"", []spec.Format{j, w}, "e30.eyJhIjogMX0.c2ln", `{"a": 1}`, ""},
		"a multipart form":                 {"", []spec.Format{m}, part, `{"a":"1"}`, ""},
		"a multipart document alone":       {"", []spec.Format{j, m}, document, `{"a": 1}`, ""},
		"anything":                         {"", []spec.Format{raw}, "x\xff", "x\xff", "application/octet-stream"},
		"JSON at a sender of anything":     {"", []spec.Format{raw}, "{}", "{}", "application/octet-stream"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p := typed(t, tt.charset, tt.forms...)
			stage, err := normalize.New(p, normalize.Config{})
			if err != nil {
				t.Fatal(err)
			}
			for _, claimed := range contentTypes() {
				d := github(tt.body)
				if claimed != "" {
					d = github(tt.body, "content-type", claimed)
				}
				d.Verification.Provider = p.Name
				if err := stage.Handle(t.Context(), d); err != nil {
					t.Fatalf("%q: %v", claimed, err)
				}
				want := event.Event{Data: []byte(tt.data), DataContentType: either(tt.binary, "application/json"), Binary: tt.binary != ""}
				got := event.Event{Data: d.Event().Data, DataContentType: d.Event().DataContentType, Binary: d.Event().Binary}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%q (-want +got):\n%s", claimed, diff)
				}
			}
		})
	}
}

func either(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func TestHandle_refuses(t *testing.T) {
	const j, f, m, x, l, w = spec.FormatJSON, spec.FormatForm, spec.FormatMultipart, spec.FormatXML, spec.FormatLines, spec.FormatJWT
	some := func(forms ...spec.Format) []spec.Format { return forms }
	tests := map[string]struct {
		forms  []spec.Format
		body   string
		reason error
	}{
		"JSON that is cut":                     {some(j), push[:20], provider.ErrBody},
		"two JSON values":                      {some(j), `{}{}`, provider.ErrBody},
		"a name twice":                         {some(j), `{"a":1,"a":2}`, provider.ErrBody},
		"nothing":                              {some(j), "", normalize.ErrForm},
		"nothing but a byte order mark":        {some(j, f), "\ufeff", normalize.ErrForm},
		"text":                                 {some(j), "hello", provider.ErrBody},
		"a form where JSON is sent":            {some(j), "a=1", provider.ErrBody},
		"JSON where a form is sent":            {some(f), `{"a":1}`, normalize.ErrForm},
		"XML where a form is sent":             {some(f, j), `<a/>`, normalize.ErrForm},
		"a token where JSON and forms are":     {some(j), "e30.eyJhIjogMX0.c2ln", provider.ErrBody},
		"a document that is no JSON":           {some(j, f), "payload=%7B", tojson.ErrForm},
		"a document beside a field":            {some(j, f), "payload=%7B%7D&x=1", provider.ErrBesideDocument},
		"a document that is there twice":       {some(j, f), "payload=%7B%7D&payload=%7B%7D", tojson.ErrForm},
		"a form without its document":          {some(j, f), "x=1", provider.ErrBody},
		"a broken form":                        {some(f), "a=%G", tojson.ErrForm},
		"a form of separators":                 {some(f), strings.Repeat("&", 10_000), tojson.ErrForm},
		"XML that is none":                     {some(x), "<", tojson.ErrXML},
		"XML deeper than JSON may be":          {some(x), strings.Repeat("<a><b/>", 64) + strings.Repeat("</a>", 64), tojson.ErrXML},
		"a line that is no JSON":               {some(l), "{}\n{", tojson.ErrLines},
		"lines with a name twice":              {some(l), `{"a":1,"a":2}`, provider.ErrBody},
		"a line that ends the list":            {some(l), "[1],[2]", tojson.ErrLines},
		"a token with other claims":            {some(w), "e30.Zm9v.c2ln", provider.ErrBody},
		"a file in a multipart form":           {some(m), "--B\r\nContent-Disposition: form-data; name=\"a\"; filename=\"b\"\r\n\r\n1\r\n--B--\r\n", tojson.ErrFiles},
		"a multipart document that is no JSON": {some(j, m), strings.Replace(document, "}", "", 1), tojson.ErrMultipart},
		"a multipart document beside a part":   {some(j, m), "--B\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n1\r\n--B\r\nContent-Disposition: form-data; name=\"payload\"\r\n\r\n1},\"tenant\":\"evil\",\"z\":{\"b\":2\r\n--B--\r\n", tojson.ErrMultipart},
		"bytes that are not UTF-8":             {some(j), "{\"a\":\"\xe9\"}", tojson.ErrCharset},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p := typed(t, "", tt.forms...)
			stage, err := normalize.New(p, normalize.Config{})
			if err != nil {
				t.Fatal(err)
			}
			for _, claimed := range contentTypes() {
				d := github(tt.body, "content-type", claimed)
				d.Verification.Provider = p.Name
				var reject *pipeline.Reject
				if err := stage.Handle(t.Context(), d); !errors.As(err, &reject) || reject.Code != pipeline.Malformed || !errors.Is(err, tt.reason) || d.Items != nil {
					t.Errorf("%q: got %v, %d items, want malformed because %q", claimed, err, len(d.Items), tt.reason)
				}
			}
		})
	}
}

func TestHandle_refusesContentEncodings(t *testing.T) {
	for name, headers := range map[string][]string{
		"of nobody":     {"content-encoding", "br"},
		"that is a lie": {"content-encoding", "gzip"},
		"that is twice": {"content-encoding", "gzip", "content-encoding", "gzip"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := handle(t, github("{}", headers...), normalize.Config{})
			var reject *pipeline.Reject
			if !errors.As(err, &reject) || reject.Code != pipeline.Malformed || !errors.Is(err, tojson.ErrEncoding) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestHandle_needsAVerificationOfItsProvider(t *testing.T) {
	other := &pipeline.Verification{Provider: "stripe", Scheme: "v1", SecretID: "9", ID: "stolen"}
	for name, verification := range map[string]*pipeline.Verification{"none": nil, "another provider's": other} {
		t.Run(name, func(t *testing.T) {
			d := github(push)
			d.Verification = verification
			var reject *pipeline.Reject
			if _, err := handle(t, d, normalize.Config{}); !errors.As(err, &reject) || reject.Code != pipeline.Unverified {
				t.Errorf("got %v, want unverified", err)
			}
			stage, err := normalize.New(row(t, "github"), normalize.Config{}, normalize.WithUnverified())
			if err != nil {
				t.Fatal(err)
			}
			if err := stage.Handle(t.Context(), d); err != nil {
				t.Fatal(err)
			}
			if e := d.Event(); e.ID != "d1" || e.Verification != "" || e.SecretID != "" {
				t.Errorf("the event claims a proof that there is not: %+v", e)
			}
		})
	}
}

func TestID(t *testing.T) {
	long := strings.Repeat("x", 257)
	tests := map[string]struct {
		change func(*pipeline.Delivery)
		want   string
	}{
		"the provider's":                {func(*pipeline.Delivery) {}, "d1"},
		"the signed one before another": {func(d *pipeline.Delivery) { d.Verification.ID = "signed" }, "signed"},
		"none":                          {func(d *pipeline.Delivery) { d.Headers = d.Headers[:1] }, event.FallbackID(nil, "github", "hooks", "content:"+provider.DigestOf([]byte(push)).String()+":octo:opened")},
		"a long one":                    {func(d *pipeline.Delivery) { d.Verification.ID = long }, event.FallbackID(nil, long)},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			d := github(push)
			tt.change(d)
			e, err := handle(t, d, normalize.Config{})
			if err != nil {
				t.Fatal(err)
			}
			if e.ID != tt.want {
				t.Errorf("id %q, want %q", e.ID, tt.want)
			}
		})
	}
}

func TestHandle_refusesADeliveryWithoutTheHeaderOfItsType(t *testing.T) {
	for name, headers := range map[string]pipeline.Headers{
		"none":       {{Name: "x-github-delivery", Value: "d1"}},
		"an empty":   {{Name: "x-github-delivery", Value: "d1"}, {Name: "x-github-event", Value: ""}},
		"two of two": {{Name: "x-github-delivery", Value: "d1"}, {Name: "x-github-event", Value: "push"}, {Name: "x-github-event", Value: "issues"}},
	} {
		t.Run(name, func(t *testing.T) {
			d := github(push)
			d.Headers = headers
			var reject *pipeline.Reject
			if _, err := handle(t, d, normalize.Config{}); !errors.As(err, &reject) || reject.Code != pipeline.Malformed || !errors.Is(err, provider.ErrUnnamed) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestTenant(t *testing.T) {
	tests := map[string]struct {
		cfg                    normalize.Config
		body                   string
		wantTenant, wantSource string
	}{
		"the payload's":                 {normalize.Config{}, push, "octo-corp", "/webhooks/github/octo-corp"},
		"the route's before it":         {normalize.Config{Tenant: "eu"}, push, "eu", "/webhooks/github/eu"},
		"none":                          {normalize.Config{}, `{}`, "", "/webhooks/github"},
		"one that would change the way": {normalize.Config{}, `{"organization":{"login":"../a?b"}}`, "../a?b", "/webhooks/github/%2E%2E%2Fa%3Fb"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			e, err := handle(t, github(tt.body), tt.cfg)
			if err != nil {
				t.Fatal(err)
			}
			if e.Tenant != tt.wantTenant || e.Source != tt.wantSource {
				t.Errorf("tenant %q source %q, want %q %q", e.Tenant, e.Source, tt.wantTenant, tt.wantSource)
			}
		})
	}
}

func TestTraceParent(t *testing.T) {
	good := "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
	tests := map[string]struct {
		headers []string
		want    string
	}{
		"good":             {[]string{"traceparent", good}, good},
		"none":             {nil, ""},
		"twice":            {[]string{"traceparent", good, "traceparent", good}, ""},
		"upper case":       {[]string{"traceparent", strings.ToUpper(good)}, ""},
		"a later version":  {[]string{"traceparent", "01" + good[2:]}, ""},
		"too long":         {[]string{"traceparent", good + "-x"}, ""},
		"too short":        {[]string{"traceparent", good[:54]}, ""},
		"no trace":         {[]string{"traceparent", "00-" + strings.Repeat("0", 32) + good[35:]}, ""},
		"no parent":        {[]string{"traceparent", good[:36] + strings.Repeat("0", 16) + good[52:]}, ""},
		"other separators": {[]string{"traceparent", strings.ReplaceAll(good, "-", "_")}, ""},
		"no hex":           {[]string{"traceparent", good[:54] + "g"}, ""},
		"line breaks":      {[]string{"traceparent", good[:54] + "\n"}, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			e, err := handle(t, github(push, tt.headers...), normalize.Config{})
			if err != nil {
				t.Fatal(err)
			}
			if e.TraceParent != tt.want {
				t.Errorf("got %q, want %q", e.TraceParent, tt.want)
			}
		})
	}
}

func TestTraceParent_ofTheDeliveryComesFirst(t *testing.T) {
	const ours = "00-4bf92f3577b34da6a3ce929d0e0e4736-b7ad6b7169203331-01"
	d := github(push, "traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
	d.TraceParent = ours
	if e, err := handle(t, d, normalize.Config{}); err != nil || e.TraceParent != ours {
		t.Errorf("got %+v, %v", e, err)
	}
}

func TestConfig_isAConfig(t *testing.T) {
	if _, err := config.JSONSchema("", "", normalize.Config{}); err != nil {
		t.Error(err)
	}
	if _, err := normalize.New(nil, normalize.Config{}); !errors.Is(err, normalize.ErrConfig) {
		t.Errorf("without a row: %v, want ErrConfig", err)
	}
}
