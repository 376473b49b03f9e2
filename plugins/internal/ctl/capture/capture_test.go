package capture_test

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"webhookedge/plugins/internal/ctl/capture"
	"webhookedge/plugins/provider"
)

const curl = `* Connected to hooks.octo-corp.example (203.0.113.7) port 443
* ALPN: server accepted http/1.1
> POST /in?a=1 HTTP/1.1
> Host: hooks.octo-corp.example
> X-Acme-Sign: aa, bb
> Content-Length: 7
>
{"a":1}
* upload completely sent off: 7 bytes
< HTTP/1.1 200 OK
< Server: x
`

func TestReadHTTP_readsWhatWasSent(t *testing.T) {
	headers := provider.HeaderList{{Name: "host", Value: "hooks.octo-corp.example"}, {Name: "x-acme-sign", Value: "aa, bb"}, {Name: "content-length", Value: "7"}}
	want := capture.Delivery{Request: provider.Request{Method: "POST", URL: "https://hooks.octo-corp.example/in?a=1", Headers: headers, Body: []byte(`{"a":1}`)}}
	raw := "POST /in?a=1 HTTP/1.1\r\nHost: hooks.octo-corp.example\r\nX-Acme-Sign: aa, bb\r\nContent-Length: 7\r\n\r\n{\"a\":1}"
	plain := want
	plain.Request.URL = "http://hooks.octo-corp.example/in?a=1"
	other := want
	other.Request.URL = "https://public.octo-corp.example/in"
	for name, tc := range map[string]struct {
		text  string
		given capture.Given
		want  capture.Delivery
	}{
		"curl -v":                       {curl, capture.Given{}, want},
		"curl -v and a file":            {strings.Replace(curl, "{\"a\":1}\n", "", 1), capture.Given{Body: []byte(`{"a":1}`)}, want},
		"curl -v without TLS":           {strings.NewReplacer("port 443", "port 80", "* ALPN: server accepted http/1.1\n", "").Replace(curl), capture.Given{}, plain},
		"curl -v with lines of Windows": {strings.ReplaceAll(curl, "\n", "\r\n"), capture.Given{}, want},
		"a request as it came":          {raw, capture.Given{}, want},
		"a file with a line end":        {raw + "\n", capture.Given{}, want},
		"an absolute target":            {strings.Replace(raw, "/in?a=1", "https://hooks.octo-corp.example/in?a=1", 1), capture.Given{}, want},
		"a URL that is given":           {raw, capture.Given{URL: "https://public.octo-corp.example/in"}, other},
		"HTTP/2":                        {strings.Replace(curl, "HTTP/1.1\n> Host", "HTTP/2\n> Host", 1), capture.Given{}, want},
	} {
		got, err := capture.ReadHTTP([]byte(tc.text), tc.given)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestReadHTTP_refusesWhatIsNotWhatWasSent(t *testing.T) {
	raw := "POST /in HTTP/1.1\nHost: a.example\nContent-Length: 7\n\n{\"a\":1}"
	with := func(was, is string) string { return strings.Replace(raw, was, is, 1) }
	for name, tc := range map[string]struct {
		text  string
		given capture.Given
		want  string
	}{
		"nothing":                     {"", capture.Given{}, "request line"},
		"an answer":                   {"HTTP/1.1 200 OK\n\n", capture.Given{}, "request line"},
		"no body":                     {with("{\"a\":1}", ""), capture.Given{}, "--body"},
		"a body that is cut":          {with("1}", ""), capture.Given{}, "Content-Length says 7"},
		"a body that is longer":       {raw + "x", capture.Given{}, "Content-Length says 7"},
		"two bodies":                  {raw, capture.Given{Body: []byte(`{"a":1}`)}, "another by --body"},
		"two lengths":                 {with("\n\n", "\nContent-Length: 8\n\n"), capture.Given{}, "Content-Length"},
		"a length that is none":       {with("7", "-7"), capture.Given{}, "Content-Length"},
		"chunks":                      {with("Content-Length: 7", "Transfer-Encoding: chunked"), capture.Given{}, "chunked"},
		"no host":                     {with("Host: a.example\n", ""), capture.Given{}, "--url"},
		"two hosts":                   {with("Host", "Host: b.example\nHost"), capture.Given{}, "--url"},
		"a folded header":             {with("Content", " folded\nContent"), capture.Given{}, "Name: value"},
		"a blank in a header's name":  {with("Content-Length", "Content Length"), capture.Given{}, "Name: value"},
		"two requests":                {curl + curl, capture.Given{}, "more than one request"},
		"a URL that is none":          {raw, capture.Given{URL: "in"}, "absolute"},
		"headers without an end":      {"POST /in HTTP/1.1\nHost: a.example\n" + strings.Repeat("A: b\n", 300), capture.Given{}, "256 headers"},
		"a line without an end":       {strings.Repeat("x", 1<<20), capture.Given{}, "a line has more"},
		"a capture that is too large": {strings.Repeat("\n", capture.MaxBytes+1), capture.Given{}, "MiB"},
	} {
		if _, err := capture.ReadHTTP([]byte(tc.text), tc.given); !errors.Is(err, capture.ErrCapture) || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestReadHAR_readsEntries(t *testing.T) {
	text, err := os.ReadFile("testdata/delivery.har")
	if err != nil {
		t.Fatal(err)
	}
	got, err := capture.ReadHAR(text)
	if err != nil {
		t.Fatal(err)
	}
	want := []capture.Delivery{{
		At: time.Date(2025, 6, 12, 10, 0, 0, 250_000_000, time.UTC),
		Request: provider.Request{
			Method: "POST", URL: "https://hooks.octo-corp.example/in?a=1", Body: []byte(`{"a":1}`),
			Headers: provider.HeaderList{{Name: "content-type", Value: "application/json"}, {Name: "x-acme-sign", Value: "aa"}},
		},
	}, {
		Request: provider.Request{Method: "POST", URL: "https://hooks.octo-corp.example/in", Headers: provider.HeaderList(nil), Body: []byte{0xff, 0xfe}},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestReadHAR_refusesWhatIsNotWhatWasSent(t *testing.T) {
	entry := func(request string) string { return `{"log":{"entries":[{"request":` + request + `}]}}` }
	const url = `"method":"POST","url":"https://a.example/in"`
	for name, tc := range map[string][2]string{
		"no JSON":                    {`{"log":`, "no HAR"},
		"a name twice":               {`{"log":{},"log":{}}`, "no HAR"},
		"no entries":                 {`{"log":{"entries":[]}}`, "no entries"},
		"many entries":               {`{"log":{"entries":[` + strings.Repeat("{},", 16) + `{}]}}`, "17 entries"},
		"no URL":                     {entry(`{"method":"POST","url":"/in"}`), "absolute"},
		"no method":                  {entry(`{"method":"","url":"https://a.example/in"}`), "method"},
		"parameters alone":           {entry(`{` + url + `,"postData":{"params":[{"name":"a","value":"1"}]}}`), "parameters"},
		"another size":               {entry(`{` + url + `,"bodySize":3,"postData":{"text":"{}"}}`), "bodySize says 3"},
		"an unknown encoding":        {entry(`{` + url + `,"postData":{"text":"{}","encoding":"gzip"}}`), "unknown encoding"},
		"broken base64":              {entry(`{` + url + `,"postData":{"text":"{}","encoding":"base64"}}`), "no base64"},
		"a header of two lines":      {entry(`{` + url + `,"headers":[{"name":"a","value":"b\r\nc: d"}]}`), "more than one line"},
		"a header that is none":      {entry(`{` + url + `,"headers":[{"name":"a b","value":"c"}]}`), "Name: value"},
		"a time that is none":        {`{"log":{"entries":[{"startedDateTime":"now","request":{` + url + `}}]}}`, "no time"},
		"an archive of another form": {`{"log":{"entries":{"a":1}}}`, "no HAR"},
	} {
		if _, err := capture.ReadHAR([]byte(tc[0])); !errors.Is(err, capture.ErrCapture) || !strings.Contains(err.Error(), tc[1]) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCheckNames_hintsAtTheNearest(t *testing.T) {
	known := []string{"body", "headers", "url"}
	for name, tc := range map[string][2]string{
		"all known":      {`{"body":"","headers":{"any":1},"url":""}`, ""},
		"a misspelt one": {`{"header":{}}`, `unknown key "header"; did you mean "headers"?`},
		"one twice":      {`{"url":"","url":""}`, "twice"},
		"a list":         {`[]`, "not a JSON object"},
		"half an object": {`{"url":`, "not JSON"},
		"a long one":     {`{"` + strings.Repeat("x", 10_000) + `":1}`, "unknown key"},
	} {
		err := capture.CheckNames([]byte(tc[0]), known)
		if tc[1] == "" && err != nil || tc[1] != "" && (err == nil || !strings.Contains(err.Error(), tc[1]) || len(err.Error()) > 300) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFormOf_tellsByTheFirstName(t *testing.T) {
	for text, want := range map[string]capture.Form{
		"": capture.HTTP, curl: capture.HTTP, `{"log":{}}`: capture.HAR, "\ufeff{\n \"log\" : {}}": capture.HAR, `{"method":"POST"}`: capture.Lines, "{}": capture.Lines,
	} {
		if got := capture.FormOf([]byte(text)); got != want {
			t.Errorf("%.20q: %s, want %s", text, got, want)
		}
	}
}

// FuzzRead holds that no text makes a reader panic, and that what is read has a method,
// an absolute URL and names that are names.
func FuzzRead(f *testing.F) {
	f.Add([]byte(curl))
	f.Add([]byte("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx"))
	f.Add([]byte(`{"log":{"entries":[{"request":{"method":"POST","url":"https://a.example/in","postData":{"text":"x"}}}]}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var all []capture.Delivery
		if d, err := capture.ReadHTTP(text, capture.Given{}); err == nil {
			all = append(all, d)
		}
		if more, err := capture.ReadHAR(text); err == nil {
			all = append(all, more...)
		}
		for _, d := range all {
			list, _ := d.Request.Headers.(provider.HeaderList)
			if d.Request.Method == "" || !strings.Contains(d.Request.URL, "://") || len(list) > 256 {
				t.Errorf("%+v", d.Request)
			}
			for _, h := range list {
				if h.Name != strings.ToLower(h.Name) || strings.ContainsAny(h.Name+h.Value, "\r\n") {
					t.Errorf("%q: %q", h.Name, h.Value)
				}
			}
		}
	})
}
