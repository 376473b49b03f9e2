package local_test

import (
	"bytes"
	"net/http"
	"slices"
	"testing"

	"webhookedge/kong/local"
	"webhookedge/kong/local/host/hosttest"
)

// TestServer_handsRequestsOver sends bodies that stay in memory, that go to a file, and
// that are larger than what is asked for.
func TestServer_handsRequestsOver(t *testing.T) {
	const most = 64 << 10
	dir, url := hosttest.Stock(t), backend(t)
	for name, tt := range map[string]struct {
		capture, size, want int
	}{
		"nobody asks":       {0, 100, -1},
		"a small body":      {most, 100, 100},
		"one in a file":     {most, 40 << 10, 40 << 10},
		"one that is large": {most, 200 << 10, most},
	} {
		t.Run(name, func(t *testing.T) {
			seen := make(chan local.Delivery, 2)
			s, _ := start(t, local.Options{Config: []byte(kongYML(url)), PluginDir: dir, CaptureBytes: tt.capture, OnDelivery: func(d local.Delivery) { seen <- d }})
			body := bytes.Repeat([]byte("octo"), tt.size/4)
			post(t, s, "/exits?a=1&b=%20", string(body), map[string]string{"X-Octo": "one"})
			d := <-seen
			if tt.want < 0 {
				if d.Request != nil {
					t.Errorf("it is handed over: %+v", d.Request)
				}
				return
			}
			r := d.Request
			if !bytes.Equal(r.Body, body[:tt.want]) || r.Size != tt.size || r.Query != "a=1&b=%20" || r.Host != s.Addr().String() || d.Method != http.MethodPost || d.Path != "/exits" {
				t.Errorf("%d of %d bytes, query %q, host %q", len(r.Body), r.Size, r.Query, r.Host)
			}
			if !slices.Contains(r.Headers, [2]string{"x-octo", "one"}) {
				t.Errorf("headers %v", r.Headers)
			}
			post(t, s, "/no-such-route", "", nil)
			if d := <-seen; d.Request == nil || d.Route != "" || d.Status != http.StatusNotFound {
				t.Errorf("what no route takes: %+v", d)
			}
		})
	}
}
