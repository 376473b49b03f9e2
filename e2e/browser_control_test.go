//go:build browser

package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
)

// startControl serves what the tests in the browser cannot do themselves: GET /feed?count=N&second=R
// publishes N records, R a second, and answers when NATS has them.
func startControl(t *testing.T, s *inspected) string {
	t.Helper()
	nc := s.connect(t)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /feed", func(w http.ResponseWriter, r *http.Request) {
		count, err := strconv.Atoi(r.FormValue("count"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		second, err := strconv.Atoi(r.FormValue("second"))
		if err != nil || second < 100 {
			http.Error(w, "second", http.StatusBadRequest)
			return
		}
		if err := feed(r, nc, count, second); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

// feed publishes records in steps of 20 ms.
func feed(r *http.Request, nc *nats.Conn, count, second int) error {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for sent := 0; sent < count; {
		for range min(second/50, count-sent) {
			sent++
			if err := nc.Publish(feedSubject, fedRecord(sent)); err != nil {
				return err
			}
		}
		select {
		case <-r.Context().Done():
			return r.Context().Err()
		case <-tick.C:
		}
	}
	return nc.Flush()
}

// fedRecord is what the edge writes of a delivery, one of ten refused.
func fedRecord(n int) []byte {
	provider := []string{"github", "stripe", "shopify", "slack"}[n%4]
	code, status, end := "accepted", 200, `"ack":"broker","stream":"WEBHOOKS","sequence":`+strconv.Itoa(n)
	if n%10 == 0 {
		code, status, end = "signature_invalid", 401, `"stage":"verify","reason":"the signature is wrong"`
	}
	return fmt.Appendf(nil, `{"v":1,"at":%q,"request_id":"feed-%d","route":%q,"provider":%q,"bytes":812,"status":%d,"code":%q,"took_us":%d,`+
		`"steps":[{"stage":"ipallow","us":3},{"stage":"verify","us":41},{"stage":"normalize","us":66},{"stage":"publish","us":812}],`+
		`"events":[{"id":"e-%d","type":"%s.thing.happened","tenant":"tenant-%d","subject":"webhooks.%s.t.thing.happened"}],%s}`,
		time.Now().UTC().Format(time.RFC3339Nano), n, provider, provider, status, code, 900+n%400, n, provider, n%97, provider, end)
}
