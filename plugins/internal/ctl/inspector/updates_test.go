package inspector_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"webhookedge/plugins/internal/ctl/inspector/api"
	"webhookedge/plugins/internal/ctl/inspector/list"
)

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
