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
)

const push = `{ "action":"opened", "n":1.50,"organization":{"login":"octo-corp"},"repository":{"full_name":"octo-corp/hello"},"u":"\u00e9"}` + "\n"

func received() time.Time {
	return time.Date(2026, 3, 1, 12, 0, 0, 5_000_000, time.FixedZone("", 3600))
}

func row(t testing.TB, name string) *provider.Provider {
	t.Helper()
	p, ok := provider.Lookup(name)
	if !ok {
		t.Fatalf("no provider %s", name)
	}
	return p
}

// github is a verified delivery with body, and headers as name, value, ...
func github(body string, headers ...string) *pipeline.Delivery {
	d := &pipeline.Delivery{
		Method: "POST", Path: "/github", Body: []byte(body), RequestID: "r1", Route: "hooks", ReceivedAt: received(),
		Headers:      pipeline.Headers{{Name: "x-github-event", Value: "issues"}, {Name: "x-github-delivery", Value: "d1"}},
		Verification: &pipeline.Verification{Provider: "github", Scheme: "sha256", SecretID: "1"},
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

func TestHandleMakesAWholeEvent(t *testing.T) {
	trace := "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
	got, err := handle(t, github(push, "content-type", "application/json", "traceparent", trace), normalize.Config{})
	if err != nil {
		t.Fatal(err)
	}
	want := &event.Event{
		ID: "d1", Source: "/webhooks/github/octo-corp", Provider: "github", Type: "issues", Action: "opened",
		Subject: "octo-corp/hello", DataContentType: "application/json", Tenant: "octo-corp", RequestID: "r1",
		ReceivedAt: received().UTC(), Verification: "sha256", SecretID: "1", TraceParent: trace, Data: []byte(push),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestHandleTakesTheBodyAsItsContentTypeSays(t *testing.T) {
	tests := map[string]struct {
		contentType, body string
		wantType          string
		wantData          string
		wantBinary        bool
	}{
		"JSON":                          {"application/json; charset=utf-8", push, "application/json", push, false},
		"JSON of another name":          {"Application/CloudEvents+JSON", ` 1 `, "application/json", ` 1 `, false},
		"a form with one document":      {"application/x-www-form-urlencoded", "payload=%7B%22a%22%3A+1.0%7D", "application/json", `{"a": 1.0}`, false},
		"a document beside fields":      {"application/x-www-form-urlencoded", "x=1&payload=%5B1%5D&x=2&y=", "application/json", `{"x":["1","2"],"payload":[1],"y":""}`, false},
		"a charset of nobody on UTF-8":  {"application/json; charset=x-nobody", `{"a":1}`, "application/json", `{"a":1}`, false},
		"a byte order mark before JSON": {"application/json", "\ufeff{\"a\":1}", "application/json", `{"a":1}`, false},
		"a form":                        {"application/x-www-form-urlencoded", "b=%22%0A&a=x+y&&c", "application/json", `{"b":"\"\n","a":"x y","c":""}`, false},
		"an empty form":                 {"application/x-www-form-urlencoded", "", "application/json", `{}`, false},
		"a form that is not UTF-8":      {"application/x-www-form-urlencoded", "a=%FF", "application/x-www-form-urlencoded", "a=%FF", true},
		"XML":                           {"text/xml; charset=latin1", "<a>\xe9</a>", "application/json", `{"a":"é"}`, false},
		"XML with a charset of its own": {"application/xml", `<?xml version="1.0" encoding="latin1"?><a>` + "\xe9</a>", "application/json", `{"a":"é"}`, false},
		"XML of another name":           {"application/soap+xml", `<a b="1"/>`, "application/json", `{"a":{"@b":"1"}}`, false},
		"JSON of another charset":       {"application/json; charset=iso-8859-1", "{\"a\": \"\xe9\"}", "application/json", `{"a": "é"}`, false},
		"JSON that is called ASCII":     {"application/json; charset=us-ascii", "{\"a\":\"é\"}", "application/json", `{"a":"é"}`, false},
		"JSON with odd parameters":      {"application/json; charset", push, "application/json", push, false},
		"JSON in UTF-16":                {"application/json; charset=UTF-16LE", "{\x00}\x00", "application/json", `{}`, false},
		"lines of JSON":                 {"application/x-ndjson", "{\"a\":1.0}\n\n[2]\n", "application/json", `[{"a":1.0},[2]]`, false},
		"a signed token":                {"application/jwt", "e30.eyJhIjogMX0.c2ln", "application/json", `{"a": 1}`, false},
		"a token of another name":       {"application/secevent+jwt", "e30.eyJhIjogMX0.c2ln", "application/json", `{"a": 1}`, false},
		"a multipart form":              {"multipart/form-data; boundary=B", "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--B--\r\n", "application/json", `{"a":"1"}`, false},
		"a multipart document alone":    {"multipart/form-data; boundary=B", "--B\r\nContent-Disposition: form-data; name=\"payload\"\r\n\r\n{\"a\": 1}\r\n--B--\r\n", "application/json", `{"a": 1}`, false},
		"nothing":                       {"text/plain", "", "", "", true},
		"a type that cannot be copied":  {"text/\xff", "x", "application/octet-stream", "x", true},
		"a type without end":            {strings.Repeat("x", 257), "x", "application/octet-stream", "x", true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := handle(t, github(tt.body, "content-type", tt.contentType), normalize.Config{})
			if err != nil {
				t.Fatal(err)
			}
			if got.DataContentType != tt.wantType || string(got.Data) != tt.wantData || got.Binary != tt.wantBinary {
				t.Errorf("got %q %q binary %v, want %q %q %v", got.DataContentType, got.Data, got.Binary, tt.wantType, tt.wantData, tt.wantBinary)
			}
		})
	}
}

func TestHandleTakesTheRowsTypeForOneThatIsMissing(t *testing.T) {
	got, err := handle(t, github(push), normalize.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if got.DataContentType != "application/json" || got.Binary || got.Action != "opened" {
		t.Errorf("got %+v", got)
	}
}

func TestHandleRefuses(t *testing.T) {
	tests := map[string]struct {
		delivery *pipeline.Delivery
		code     pipeline.Code
		reason   error
	}{
		"JSON that is cut":                     {github(push[:20], "content-type", "application/json"), pipeline.Malformed, provider.ErrBody},
		"two JSON values":                      {github(`{}{}`, "content-type", "application/json"), pipeline.Malformed, provider.ErrBody},
		"a name twice":                         {github(`{"a":1,"a":2}`, "content-type", "application/json"), pipeline.Malformed, provider.ErrBody},
		"JSON that is empty":                   {github("", "content-type", "application/json"), pipeline.Malformed, provider.ErrBody},
		"no type and no JSON":                  {github("hello"), pipeline.Malformed, provider.ErrBody},
		"no type and no body":                  {github(""), pipeline.Malformed, provider.ErrBody},
		"JSON of another name":                 {github("x", "content-type", "application/hal+json"), pipeline.Malformed, provider.ErrBody},
		"documents that are two":               {github("payload=1&payload=2", "content-type", "application/x-www-form-urlencoded"), pipeline.Malformed, tojson.ErrTwoDocuments},
		"a document that is no JSON":           {github("payload=%7B", "content-type", "application/x-www-form-urlencoded"), pipeline.Malformed, tojson.ErrDocument},
		"a broken form":                        {github("a=%G", "content-type", "application/x-www-form-urlencoded"), pipeline.Malformed, tojson.ErrForm},
		"a form of separators":                 {github(strings.Repeat("&", 10_000), "content-type", "application/x-www-form-urlencoded"), pipeline.Malformed, tojson.ErrForm},
		"XML that is none":                     {github("{}", "content-type", "text/xml"), pipeline.Malformed, tojson.ErrXML},
		"XML deeper than JSON may be":          {github(strings.Repeat("<a><b/>", 64)+strings.Repeat("</a>", 64), "content-type", "text/xml"), pipeline.Malformed, tojson.ErrXML},
		"a line that is no JSON":               {github("{}\n{", "content-type", "application/x-ndjson"), pipeline.Malformed, tojson.ErrLines},
		"lines with a name twice":              {github(`{"a":1,"a":2}`, "content-type", "application/x-ndjson"), pipeline.Malformed, provider.ErrBody},
		"a line that ends the list":            {github("1],[2", "content-type", "application/x-ndjson"), pipeline.Malformed, tojson.ErrLines},
		"a token that is none":                 {github("{}", "content-type", "application/jwt"), pipeline.Malformed, tojson.ErrToken},
		"a token with other claims":            {github("e30.Zm9v.c2ln", "content-type", "application/jwt"), pipeline.Malformed, provider.ErrBody},
		"a file in a multipart form":           {github("--B\r\nContent-Disposition: form-data; name=\"a\"; filename=\"b\"\r\n\r\n1\r\n--B--\r\n", "content-type", "multipart/form-data; boundary=B"), pipeline.Malformed, tojson.ErrFiles},
		"a multipart document that is no JSON": {github("--B\r\nContent-Disposition: form-data; name=\"payload\"\r\n\r\n{\r\n--B--\r\n", "content-type", "multipart/form-data; boundary=B"), pipeline.Malformed, tojson.ErrDocument},
		"a multipart document that goes on as attributes of the event": {github("--B\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n1\r\n--B\r\nContent-Disposition: form-data; name=\"payload\"\r\n\r\n1},\"tenant\":\"evil\",\"z\":{\"b\":2\r\n--B--\r\n", "content-type", "multipart/form-data; boundary=B"), pipeline.Malformed, tojson.ErrDocument},
		"a form's document that goes on as attributes of the event":    {github("x=1&payload=1},%22tenant%22:%22evil%22,%22z%22:{%22b%22:2", "content-type", "application/x-www-form-urlencoded"), pipeline.Malformed, tojson.ErrDocument},
		"a charset of nobody":       {github("\"\xe9\"", "content-type", "application/json; charset=x-nobody"), pipeline.Malformed, tojson.ErrCharset},
		"two byte order marks":      {github("\ufeff\ufeff{}", "content-type", "application/json"), pipeline.Malformed, provider.ErrBody},
		"an encoding of nobody":     {github("{}", "content-encoding", "br"), pipeline.Malformed, tojson.ErrEncoding},
		"an encoding that is a lie": {github("{}", "content-encoding", "gzip"), pipeline.Malformed, tojson.ErrEncoding},
		"two encodings":             {github("{}", "content-encoding", "gzip", "content-encoding", "gzip"), pipeline.Malformed, normalize.ErrContentEncoding},
		"two content types":         {github("{}", "content-type", "application/json", "content-type", "text/plain"), pipeline.Malformed, normalize.ErrContentType},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			e, err := handle(t, tt.delivery, normalize.Config{})
			var reject *pipeline.Reject
			if !errors.As(err, &reject) || reject.Code != tt.code || !errors.Is(err, tt.reason) || e != nil {
				t.Errorf("got %v, event %v, want %s because %q", err, e, tt.code, tt.reason)
			}
		})
	}
}

func TestHandleNeedsAVerificationOfItsProvider(t *testing.T) {
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
		"none":                          {func(d *pipeline.Delivery) { d.Headers = d.Headers[:1] }, event.FallbackID("github", "hooks", []byte(push))},
		"a long one":                    {func(d *pipeline.Delivery) { d.Verification.ID = long }, event.FallbackID("github", "", []byte(long))},
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

func TestATypeThatTheProviderDoesNotNameIsUnknown(t *testing.T) {
	d := github(push)
	d.Headers = d.Headers[1:]
	e, err := handle(t, d, normalize.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if e.FullType() != "github.unknown" {
		t.Errorf("type %s, want github.unknown", e.FullType())
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

func TestTheSpanOfTheDeliveryIsBeforeThatOfTheRequest(t *testing.T) {
	const ours = "00-4bf92f3577b34da6a3ce929d0e0e4736-b7ad6b7169203331-01"
	d := github(push, "traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
	d.TraceParent = ours
	if e, err := handle(t, d, normalize.Config{}); err != nil || e.TraceParent != ours {
		t.Errorf("got %+v, %v", e, err)
	}
}

func TestConfigIsAModel(t *testing.T) {
	if err := config.Check(normalize.Config{}); err != nil {
		t.Error(err)
	}
	if _, err := normalize.New(nil, normalize.Config{}); !errors.Is(err, normalize.ErrConfig) {
		t.Errorf("without a row: %v, want ErrConfig", err)
	}
}
