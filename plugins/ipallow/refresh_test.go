package ipallow_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"webhookedge/plugins/ipallow"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/spec"
)

// publisher answers in memory, so that a test can let days pass.
type publisher struct {
	mu       sync.Mutex
	document string
	etag     string
	down     bool
	asked    []time.Time
	tags     []string // that were sent
}

func (p *publisher) publish(document, etag string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.document, p.etag = document, etag
}

func (p *publisher) RoundTrip(r *http.Request) (*http.Response, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked, p.tags = append(p.asked, time.Now()), append(p.tags, r.Header.Get("If-None-Match"))
	if p.down {
		return nil, errors.New("no route to host")
	}
	resp := &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Request: r, Body: io.NopCloser(strings.NewReader(p.document))}
	if p.etag != "" {
		resp.Header.Set("ETag", p.etag)
		if r.Header.Get("If-None-Match") == p.etag {
			resp.StatusCode, resp.Body = http.StatusNotModified, http.NoBody
		}
	}
	return resp, nil
}

func (p *publisher) times() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.asked)
}

// hooks is a document of n networks.
func hooks(first, n int) string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf(`"9.%d.0.0/16"`, first+i))
	}
	return `{"hooks":[` + strings.Join(all, ",") + `]}`
}

// watched runs f in a bubble of time with a stage on a list of pub.
func watched(t *testing.T, pub *publisher, f func(*testing.T, *kit, *ipallow.Stage)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		k := newKit(t)
		k.lists.FetchThrough(pub)
		s := k.stage(t, watchedRow(t), refreshed(t))
		synctest.Wait()
		f(t, k, s)
		k.lists.Close()
	})
}

// watchedRow is a provider with one list.
func watchedRow(t *testing.T) *provider.Provider {
	t.Helper()
	p := row(t, "github")
	p.Ranges = []spec.RangeList{{Name: "a-list", URL: "https://publisher.example/", Format: spec.RangeJSON, Paths: []string{"hooks"}}}
	return p
}

func pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func TestRefresh_onceADay(t *testing.T) {
	pub := &publisher{document: hooks(0, 4), etag: `"1"`}
	watched(t, pub, func(t *testing.T, k *kit, s *ipallow.Stage) {
		if err := handle(t, s, "9.3.0.1"); err != nil {
			t.Error(err)
		}
		pass(20 * time.Hour)
		if pub.times() != 1 {
			t.Errorf("asked %d times in the first 20 hours", pub.times())
		}
		pub.publish(hooks(2, 4), `"2"`) // two gone, two new
		pass(8 * time.Hour)
		if handle(t, s, "9.5.0.1") != nil || handle(t, s, "9.0.0.1") == nil {
			t.Error("the new list is not in use after 28 hours")
		}
		pass(10 * 24 * time.Hour)
		if n := pub.times(); n < 10 || n > 14 {
			t.Errorf("asked %d times in eleven days", n)
		}
		if updated, unchanged := k.count(t, "refreshes_total other updated"), k.count(t, "refreshes_total other unchanged"); updated != 2 || unchanged < 8 {
			t.Errorf("updated %v times, unchanged %v times", updated, unchanged)
		}
		if got := pub.tags[len(pub.tags)-1]; got != `"2"` {
			t.Errorf("asked with tag %q", got)
		}
		if age := k.count(t, "list_age_seconds other"); age > 27*3600 {
			t.Errorf("an unchanged list is %v s old", age)
		}
	})
}

func TestRefresh_badListLeavesTheLastGoodOne(t *testing.T) {
	for name, document := range map[string]string{
		"lost more than half": hooks(0, 1),
		"all others":          hooks(100, 4),
		"empty":               hooks(0, 0),
		"malformed":           "{",
		"a private network":   `{"hooks":["9.0.0.0/16","9.1.0.0/16","9.2.0.0/16","9.3.0.0/16","192.168.0.0/16"]}`,
		"everybody":           `{"hooks":["9.0.0.0/16","9.1.0.0/16","9.2.0.0/16","9.3.0.0/16","0.0.0.0/0"]}`,
	} {
		t.Run(name, func(t *testing.T) {
			pub := &publisher{document: hooks(0, 4)}
			watched(t, pub, func(t *testing.T, k *kit, s *ipallow.Stage) {
				pub.publish(document, "")
				pass(27 * time.Hour)
				if k.count(t, "refreshes_total other refused") == 0 {
					t.Error("not counted as refused")
				}
				if !strings.Contains(k.log.String(), `"level":"ERROR"`) {
					t.Errorf("no alarm in\n%s", k.log)
				}
				for _, addr := range []string{"9.0.0.1", "9.3.0.1"} {
					if err := handle(t, s, addr); err != nil {
						t.Errorf("%s: %v", addr, err)
					}
				}
				for _, addr := range []string{"9.100.0.1", "192.168.0.1", "8.8.8.8"} {
					if handle(t, s, addr) == nil {
						t.Errorf("%s passed", addr)
					}
				}
				pub.publish(hooks(0, 5), "")
				pass(25 * time.Hour)
				if err := handle(t, s, "9.4.0.1"); err != nil {
					t.Errorf("the next good list is not taken: %v", err)
				}
			})
		})
	}
}

func TestRefresh_mergedNetworksAreNotLost(t *testing.T) {
	pub := &publisher{document: hooks(0, 4)}
	watched(t, pub, func(t *testing.T, _ *kit, s *ipallow.Stage) {
		pub.publish(`{"hooks":["9.0.0.0/12"]}`, "")
		pass(27 * time.Hour)
		if err := handle(t, s, "9.9.0.1"); err != nil {
			t.Error(err)
		}
	})
}

func TestRefresh_failuresBackOff(t *testing.T) {
	pub := &publisher{document: hooks(0, 4), down: true}
	watched(t, pub, func(t *testing.T, k *kit, s *ipallow.Stage) {
		pass(time.Hour)
		if n := pub.times(); n < 5 || n > 20 {
			t.Errorf("asked %d times in the first hour", n)
		}
		before := pub.times()
		pass(24 * time.Hour)
		if n := pub.times() - before; n < 2 || n > 30 {
			t.Errorf("asked %d times in the next day", n)
		}
		if handle(t, s, "9.0.0.1") == nil || k.lists.Ready(t.Context()) == nil {
			t.Error("passes or is ready without ever having had a list")
		}
		pub.mu.Lock()
		pub.down = false
		pub.mu.Unlock()
		pass(48 * time.Hour)
		if err := handle(t, s, "9.0.0.1"); err != nil {
			t.Errorf("not fetched when the publisher is back: %v", err)
		}
	})
}

func TestUnused_listIsRefreshedForADay(t *testing.T) {
	pub := &publisher{document: hooks(0, 4)}
	watched(t, pub, func(t *testing.T, k *kit, s *ipallow.Stage) {
		s.Close()
		pass(100 * 24 * time.Hour)
		if n := pub.times(); n > 2 {
			t.Errorf("asked %d times for a list that nobody uses", n)
		}
		cfg := refreshed(t)
		cfg.Ranges.EveryHours = 6
		k.stage(t, watchedRow(t), cfg).Close()
		pub.publish(hooks(2, 4), `"2"`)
		pass(20 * time.Hour)
		again := k.stage(t, watchedRow(t), cfg) // for the route's next delivery
		if handle(t, again, "9.5.0.1") != nil {
			t.Error("the list is as old as the route's last delivery")
		}
	})
}
