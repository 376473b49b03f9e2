package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"webhookedge/kong/local"
)

func TestIPAllow_unlistedAddressIsRefused(t *testing.T) {
	tests := map[string]struct {
		setting string
		status  int
	}{
		"on the allow list":                           {`{allow: ["127.0.0.0/8"]}`, 200},
		"on the deny list as well":                    {`{allow: ["127.0.0.0/8"], deny: ["127.0.0.1"]}`, 403},
		"on no list":                                  {`{allow: ["192.0.2.0/24"]}`, 403},
		"on no list, in observe mode":                 {`{mode: observe, allow: ["192.0.2.0/24"]}`, 200},
		"not on the published list":                   {`{provider_ranges: true, ranges: {refresh: false}}`, 403},
		"on one's own list and not on the provider's": {`{provider_ranges: true, allow: ["127.0.0.1"], ranges: {refresh: false}}`, 200},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			g := startGateway(t, one("github", "\n          ipallow: "+tc.setting), nil)
			_, r := g.deliver(senders()["github"], "by-address")
			if r.status != tc.status || tc.status == 403 && !strings.Contains(r.body, `"ip_denied"`) {
				t.Fatalf("%+v\n%s", r, g.logged())
			}
			switch {
			case tc.status == 403:
				eventually(t, "the log names the address", func() bool { return strings.Contains(g.logged(), `"client_ip":"127.0.0.1"`) })
			case strings.HasSuffix(name, "not on the provider's"):
				eventually(t, "somebody notices that the list misses a proved sender", func() bool { return strings.Contains(g.logged(), "may be stale") })
			}
		})
	}
}

func TestStageAlone_ipallowInFrontOfAService(t *testing.T) {
	b := startBackend(t)
	plugin := func(setting string) string {
		return `          - name: webhook-ipallow
            config: {provider: github, respond: continue, ` + setting + `}
`
	}
	g := startGateway(t, singles(b.URL, plugin(`allow: ["127.0.0.1"]`)), nil)
	if _, r := g.deliver(senders()["github"], "alone"); r.status != 202 || len(b.seen) != 1 {
		t.Fatalf("%+v\n%s", r, g.logged())
	}
	g = startGateway(t, singles(b.URL, plugin(`provider_ranges: true, ranges: {refresh: false}`)), nil)
	if _, r := g.deliver(senders()["github"], "alone"); r.status != 403 || len(b.seen) != 1 {
		t.Errorf("%+v, and the service saw %d requests", r, len(b.seen))
	}
}

// TestIPAllow_whoseAddressCounts allows 192.0.2.0/24 and sends from 127.0.0.1, with what
// clients and load balancers write into the headers.
func TestIPAllow_whoseAddressCounts(t *testing.T) {
	config := one("github", "\n          ipallow: {allow: [192.0.2.0/24]}")
	stranger := startGateway(t, config, nil)
	balancer := startGatewayWith(t, config, nil, func(o *local.Options) {
		o.TrustedIPs, o.RealIPHeader, o.RealIPRecursive = []string{"127.0.0.0/8"}, "X-Forwarded-For", true
	})
	tests := map[string]struct {
		from   *gateway
		header map[string]string
		client string // who is refused, "" for nobody
	}{
		"a stranger that claims an address":            {stranger, map[string]string{"X-Forwarded-For": "192.0.2.7"}, "127.0.0.1"},
		"a stranger with every header there is":        {stranger, map[string]string{"X-Forwarded-For": "192.0.2.7", "X-Real-IP": "192.0.2.7", "Forwarded": "for=192.0.2.7", "Client-IP": "192.0.2.7", "True-Client-IP": "192.0.2.7"}, "127.0.0.1"},
		"a balancer that names a client on the list":   {balancer, map[string]string{"X-Forwarded-For": "192.0.2.7"}, ""},
		"a balancer that names a client off the list":  {balancer, map[string]string{"X-Forwarded-For": "203.0.113.9"}, "203.0.113.9"},
		"a client that wrote an address in front":      {balancer, map[string]string{"X-Forwarded-For": "192.0.2.7, 203.0.113.9"}, "203.0.113.9"},
		"another balancer between, which is trusted":   {balancer, map[string]string{"X-Forwarded-For": "192.0.2.7, 127.0.0.9"}, ""},
		"a balancer that names nobody":                 {balancer, nil, "127.0.0.1"},
		"a balancer that passes on what is no address": {balancer, map[string]string{"X-Forwarded-For": "192.0.2.7, unknown"}, "127.0.0.1"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			s := senders()["github"]
			body := s.body(name)
			h := s.sign(s.secret, name, body, time.Now())
			for k, v := range tc.header {
				h.Set(k, v)
			}
			r := tc.from.post(s, h, body)
			if tc.client == "" {
				if r.status != http.StatusOK {
					t.Errorf("%+v\n%s", r, tc.from.logged())
				}
				return
			}
			var refusal struct {
				ID string `json:"request_id"`
			}
			if err := json.Unmarshal([]byte(r.body), &refusal); err != nil || r.status != http.StatusForbidden {
				t.Fatalf("%+v, %v\n%s", r, err, tc.from.logged())
			}
			eventually(t, "the log names the address of the refused delivery", func() bool {
				return slices.ContainsFunc(strings.Split(tc.from.logged(), "\n"), func(line string) bool {
					return strings.Contains(line, refusal.ID) && strings.Contains(line, `"client_ip":"`+tc.client+`"`)
				})
			})
		})
	}
}

func TestRateLimit_headerMakesNoNewSender(t *testing.T) {
	g := startGateway(t, one("github", "\n          ratelimit: {limits: [{rate: 2-M, by: client_ip}]}"), nil)
	s := senders()["github"]
	var got []int
	for i := range 3 {
		id := fmt.Sprint("of-many-", i)
		body := s.body(id)
		h := s.sign(s.secret, id, body, time.Now())
		h.Set("X-Forwarded-For", fmt.Sprintf("192.0.2.%d", i))
		got = append(got, g.post(s, h, body).status)
	}
	if fmt.Sprint(got) != fmt.Sprint([]int{http.StatusOK, http.StatusOK, http.StatusTooManyRequests}) {
		t.Errorf("got %v\n%s", got, g.logged())
	}
}

// TestIPAllow_publishedListIsFetchedAndKept fetches a list from a mirror, and restarts
// without the mirror.
func TestIPAllow_publishedListIsFetchedAndKept(t *testing.T) {
	mirror := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/lists/okta" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("ETag", `"1"`)
		fmt.Fprint(w, `{"us_cell_1":{"ip_ranges":["3.14.44.0/27"]}}`)
	}))
	defer mirror.Close()
	b, dir := startBackend(t), t.TempDir()
	config := singles(b.URL, `          - name: webhook-ipallow
            config: {provider: okta, respond: continue, provider_ranges: true, ranges: {mirror: "`+mirror.URL+`/lists", dir: `+dir+`}}
`)
	start := func() func(addr string) int {
		g := startGatewayWith(t, config, nil, func(o *local.Options) { o.TrustedIPs, o.RealIPHeader = []string{"127.0.0.0/8"}, "X-Forwarded-For" })
		return func(addr string) int {
			return g.do(http.MethodPost, "/webhooks/github", http.Header{"X-Forwarded-For": {addr}}, "{}").status
		}
	}
	from := start()
	eventually(t, "who is on the list is let in", func() bool { return from("3.14.44.5") == http.StatusAccepted })
	if got := from("3.14.44.33"); got != http.StatusForbidden {
		t.Errorf("an address that is not on the list: %d", got)
	}
	eventually(t, "the list is kept", func() bool { _, err := os.Stat(filepath.Join(dir, "okta.txt")); return err == nil })
	mirror.Close()
	from = start()
	if got := from("3.14.44.5"); got != http.StatusAccepted {
		t.Errorf("after a restart without the mirror: %d", got)
	}
}
