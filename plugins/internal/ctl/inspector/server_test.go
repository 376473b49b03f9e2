package inspector_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"webhookedge/plugins/internal/ctl/inspector"
	"webhookedge/plugins/internal/ctl/inspector/api"
	"webhookedge/plugins/internal/ctl/inspector/list"
	"webhookedge/plugins/internal/ctl/inspector/site"
)

// desk does nothing, and takes note of what it is asked.
type desk struct{ orders []api.Order }

func (*desk) Preview(context.Context, api.Order) (*api.Plan, error) {
	return &api.Plan{Key: "k", Title: "t"}, nil
}

func (d *desk) Run(_ context.Context, o api.Order) (*api.Done, error) {
	if o.Key == "" {
		return nil, errors.New("look at the preview first")
	}
	d.orders = append(d.orders, o)
	return &api.Done{OK: true}, nil
}

func (*desk) Undo(context.Context, api.Undo) (*api.Done, error) { return nil, site.ErrUnknown }
func (*desk) Letters(context.Context) (*api.DeadLetters, error) { return nil, context.DeadlineExceeded }
func (*desk) Senders() []api.Sender                             { return []api.Sender{{Route: "hub"}} }
func (*desk) Close()                                            {}
func (*desk) Detail(_ context.Context, n uint64) (*api.Detail, error) {
	if n != 1 {
		return nil, fmt.Errorf("delivery %d: %w", n, site.ErrUnknown)
	}
	return &api.Detail{}, nil
}

type kit struct {
	*inspector.Server
	list *list.List
	desk *desk
}

func serve(t *testing.T) kit {
	t.Helper()
	k := kit{list: list.New(0, time.Now), desk: &desk{}}
	var err error
	k.Server, err = inspector.Listen("127.0.0.1:0", inspector.Config{
		Site: &site.Site{Mode: site.Local, Changes: true, Connected: func() bool { return true }, Streams: func() []string { return []string{"WEBHOOKS"} }},
		List: k.list, Parts: inspector.Parts{Desk: k.desk, Detail: k.desk}, Version: "1.2.3", Records: "trace.>", Notes: func() []string { return []string{"a note"} },
		Assets: fstest.MapFS{"index.html": {Data: []byte("<!doctype html>page")}, "app.js": {Data: []byte("1")}, "vendor/LICENSE": {Data: []byte("BSD")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = k.Close() })
	return k
}

// ask sends a request, and returns the answer with its body read.
func ask(t *testing.T, method, target, body string, change func(*http.Request)) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, target, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(r)
	}
	a, err := (&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	text, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	return a, string(text)
}

func header(pairs ...string) func(*http.Request) {
	return func(r *http.Request) {
		for n := 0; n < len(pairs); n += 2 {
			r.Header.Add(pairs[n], pairs[n+1])
		}
	}
}

// TestServer_strangersGetNothing asks without the token, with another one, and by a name
// that leads here from elsewhere.
func TestServer_strangersGetNothing(t *testing.T) {
	k := serve(t)
	u, err := url.Parse(k.URL())
	if err != nil {
		t.Fatal(err)
	}
	origin, token := "http://"+u.Host, strings.Trim(u.Path, "/")
	host := func(name string) func(*http.Request) { return func(r *http.Request) { r.Host = name } }
	for name, tt := range map[string]struct {
		target string
		change func(*http.Request)
	}{
		"no path":                       {origin + "/", nil},
		"an asset without the token":    {origin + "/app.js", nil},
		"an answer without the token":   {origin + "/api/session", nil},
		"an empty token":                {origin + "//api/session", nil},
		"another token":                 {origin + "/" + strings.Repeat("A", len(token)) + "/api/session", nil},
		"the beginning of the token":    {origin + "/" + token[:20] + "/api/session", nil},
		"the token alone":               {origin + "/" + token, nil},
		"the token and more":            {origin + "/" + token + "x/api/session", nil},
		"the token at another place":    {origin + "/api/" + token + "/", nil},
		"the token as a parameter":      {origin + "/?token=" + token, nil},
		"a name that leads here":        {k.URL(), host("evil.example:" + u.Port())},
		"the address without its port":  {k.URL(), host("127.0.0.1")},
		"the address with another port": {k.URL(), host("127.0.0.1:1")},
		"another address of loopback":   {k.URL(), host("127.0.0.2:" + u.Port())},
		"a file that is not there":      {k.URL() + "x.js", nil},
		"a folder":                      {k.URL() + "vendor", nil},
		"a folder, with a slash":        {k.URL() + "vendor/", nil},
		"a way out":                     {k.URL() + "%2e%2e/%2e%2e/etc/passwd", nil},
	} {
		t.Run(name, func(t *testing.T) {
			for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodPost} {
				a, body := ask(t, method, tt.target, "", tt.change)
				inside := strings.HasPrefix(tt.target, k.URL()) && tt.change == nil
				if inside && method != http.MethodGet { // the guard let it in: it is no stranger's
					continue
				}
				if a.StatusCode != http.StatusNotFound || body != "" || a.Header.Get("Access-Control-Allow-Origin") != "" {
					t.Errorf("%s: %d %q", method, a.StatusCode, body)
				}
			}
		})
	}
	for _, name := range []string{"127.0.0.1:", "localhost:", "LOCALHOST:", "[::1]:"} {
		if a, _ := ask(t, http.MethodGet, k.URL(), "", host(name+u.Port())); a.StatusCode != http.StatusOK {
			t.Errorf("%s%s: %d", name, u.Port(), a.StatusCode)
		}
	}
}

func TestServer_actsAreForItsOwnPage(t *testing.T) {
	k := serve(t)
	run, origin := k.URL()+"api/acts/run", k.URL()[:strings.Index(k.URL()[7:], "/")+7]
	const order = `{"act":"send","key":"k"}`
	for name, tt := range map[string]struct {
		method, body string
		change       func(*http.Request)
		status       int
	}{
		"as the page does":                 {http.MethodPost, order, header("Content-Type", "application/json", "Origin", origin, "Sec-Fetch-Site", "same-origin"), 200},
		"as curl does":                     {http.MethodPost, order, header("Content-Type", "application/json; charset=utf-8"), 200},
		"a link":                           {http.MethodGet, "", nil, 404},
		"a form":                           {http.MethodPost, order, header("Content-Type", "application/x-www-form-urlencoded"), 403},
		"text, which needs no question":    {http.MethodPost, order, header("Content-Type", "text/plain"), 403},
		"no type":                          {http.MethodPost, order, nil, 403},
		"another origin":                   {http.MethodPost, order, header("Content-Type", "application/json", "Origin", "https://evil.example"), 403},
		"no origin at all":                 {http.MethodPost, order, header("Content-Type", "application/json", "Origin", "null"), 403},
		"this origin by another name":      {http.MethodPost, order, header("Content-Type", "application/json", "Origin", strings.Replace(origin, "127.0.0.1", "localhost", 1)), 403},
		"two origins":                      {http.MethodPost, order, header("Content-Type", "application/json", "Origin", origin, "Origin", "https://evil.example"), 403},
		"another site":                     {http.MethodPost, order, header("Content-Type", "application/json", "Sec-Fetch-Site", "cross-site"), 403},
		"another port of this machine":     {http.MethodPost, order, header("Content-Type", "application/json", "Sec-Fetch-Site", "same-site"), 403},
		"the question of another origin":   {http.MethodOptions, "", header("Origin", "https://evil.example", "Access-Control-Request-Method", "POST"), 403},
		"another method":                   {http.MethodPut, order, header("Content-Type", "application/json"), 405},
		"no JSON":                          {http.MethodPost, "act=send", header("Content-Type", "application/json"), 400},
		"two values":                       {http.MethodPost, order + order, header("Content-Type", "application/json"), 400},
		"a member that nobody knows":       {http.MethodPost, `{"act":"send","key":"k","all":true}`, header("Content-Type", "application/json"), 400},
		"a body that is too large":         {http.MethodPost, `{"act":"` + strings.Repeat("x", 33<<20) + `"}`, header("Content-Type", "application/json"), 413},
		"what the desk will not do":        {http.MethodPost, `{"act":"send"}`, header("Content-Type", "application/json"), 422},
		"reading from a page of elsewhere": {http.MethodGet, "", header("Sec-Fetch-Site", "cross-site"), 403},
	} {
		t.Run(name, func(t *testing.T) {
			k.desk.orders = nil
			a, body := ask(t, tt.method, run, tt.body, tt.change)
			if a.StatusCode != tt.status || (len(k.desk.orders) > 0) != (tt.status == 200) {
				t.Errorf("%d %s, %d orders", a.StatusCode, body, len(k.desk.orders))
			}
			for name := range a.Header {
				if strings.HasPrefix(name, "Access-Control-") {
					t.Errorf("it allows another origin: %s", name)
				}
			}
		})
	}
}

func TestServer_headersHoldThePageIn(t *testing.T) {
	k := serve(t)
	for path, kind := range map[string]string{
		"": "text/html; charset=utf-8", "index.html": "text/html; charset=utf-8", "app.js": "text/javascript; charset=utf-8",
		"api/session": "application/json", "vendor/LICENSE": "text/plain; charset=utf-8",
	} {
		a, body := ask(t, http.MethodGet, k.URL()+path, "", nil)
		h := a.Header
		policy := h.Get("Content-Security-Policy")
		if a.StatusCode != http.StatusOK || body == "" || h.Get("Content-Type") != kind || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "no-referrer" ||
			h.Get("Cache-Control") != "no-store" || h.Get("Cross-Origin-Resource-Policy") != "same-origin" || h.Get("Cross-Origin-Opener-Policy") != "same-origin" {
			t.Errorf("%q: %d %v", path, a.StatusCode, h)
		}
		for _, want := range []string{"default-src 'none'", "script-src 'self';", "style-src 'self';", "frame-ancestors 'none'", "form-action 'none'", "base-uri 'none'", "require-trusted-types-for 'script'"} {
			if !strings.Contains(policy, want) || strings.Contains(policy, "unsafe") {
				t.Errorf("%q: %s", path, policy)
			}
		}
	}
}

func TestServer_answers(t *testing.T) {
	k := serve(t)
	for n := range 3 {
		k.list.Put(&list.Fact{Source: list.Record, RequestID: fmt.Sprint("r", n), At: time.Now(), State: api.StateStored, Provider: "github", Status: 200})
	}
	for path, tt := range map[string]struct {
		status int
		want   string
	}{
		"api/session": {200, `"version":"1.2.3"`},
		"api/deliveries?provider=github,stripe&count=2": {200, `"matched":3`},
		"api/deliveries?until=1":                        {200, `"matched":1`},
		"api/deliveries?offset=-1":                      {400, `"error":`},
		"api/deliveries?count=x":                        {400, `"error":`},
		"api/deliveries?q=" + strings.Repeat("x", 300):  {400, `"error":`},
		"api/deliveries?until=18446744073709551616":     {400, `"error":`},
		"api/facets":         {200, `"provider":[{"value":"github","rows":3}]`},
		"api/deliveries/1":   {200, `"copies"`},
		"api/deliveries/2":   {404, `"error":"delivery 2: `},
		"api/deliveries/two": {404, `"error":`},
		"api/routing":        {501, `"error":`},
		"api/health":         {501, `"error":`},
		"api/dead-letters":   {503, `"error":`},
	} {
		if a, body := ask(t, http.MethodGet, k.URL()+path, "", nil); a.StatusCode != tt.status || !strings.Contains(body, tt.want) || !json.Valid([]byte(body)) {
			t.Errorf("%s: %d %s", path, a.StatusCode, body)
		}
	}
	if a, body := ask(t, http.MethodPost, k.URL()+"api/acts/undo", `{"key":"k"}`, header("Content-Type", "application/json")); a.StatusCode != http.StatusNotFound {
		t.Errorf("undo: %d %s", a.StatusCode, body)
	}
}

func TestServer_listensOnLoopbackAlone(t *testing.T) {
	for _, address := range []string{"0.0.0.0:0", ":0", "[::]:0", "192.0.2.1:80", "example.com:80", "127.0.0.1", "", "169.254.1.1:0"} {
		if s, err := inspector.Listen(address, inspector.Config{}); !errors.Is(err, inspector.ErrAddress) {
			t.Errorf("%q: %v", address, err)
			_ = s.Close()
		}
	}
	s, err := inspector.Listen("localhost:0", inspector.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(s.URL(), "http://127.0.0.1:") {
		t.Error(s.URL())
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// updates opens a stream of ticks.
func updates(t *testing.T, k kit) (next func() (api.Tick, error), answer *http.Response) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, k.URL()+"api/updates", nil)
	if err != nil {
		t.Fatal(err)
	}
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Body.Close() })
	lines := bufio.NewReader(a.Body)
	return func() (tick api.Tick, err error) {
		for {
			line, err := lines.ReadString('\n')
			if err != nil {
				return tick, err
			}
			if text, ok := strings.CutPrefix(line, "data: "); ok {
				return tick, json.Unmarshal([]byte(text), &tick)
			}
		}
	}, a
}

// TestUpdates_areCoalesced puts thousands of rows while a page looks on.
func TestUpdates_areCoalesced(t *testing.T) {
	k := serve(t)
	next, a := updates(t, k)
	if first, err := next(); err != nil || first.Last != 0 || !first.Broker || a.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("%+v %v", first, err)
	}
	start, ticks := time.Now(), 0
	for n := range 20_000 {
		k.list.Put(&list.Fact{Source: list.Record, RequestID: fmt.Sprint(n), At: time.Now()})
	}
	for {
		tick, err := next()
		if err != nil {
			t.Fatal(err)
		}
		if ticks++; tick.Last == 20_000 {
			break
		}
	}
	if most := int(time.Since(start)/(200*time.Millisecond)) + 2; ticks > most {
		t.Errorf("%d ticks in %s", ticks, time.Since(start))
	}
}

func TestUpdates_areBoundedAndEndWithTheServer(t *testing.T) {
	k := serve(t)
	var pages []func() (api.Tick, error)
	for range 16 {
		next, a := updates(t, k)
		if a.StatusCode != http.StatusOK {
			t.Fatal(a.StatusCode)
		}
		pages = append(pages, next)
	}
	if a, body := ask(t, http.MethodGet, k.URL()+"api/updates", "", nil); a.StatusCode != http.StatusServiceUnavailable || !strings.Contains(body, "too many pages") {
		t.Errorf("%d %s", a.StatusCode, body)
	}
	start := time.Now()
	if err := k.Close(); err != nil {
		t.Errorf("%v", err)
	}
	for _, next := range pages {
		for {
			if _, err := next(); err != nil {
				break
			}
		}
	}
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("it took %s", took)
	}
}
