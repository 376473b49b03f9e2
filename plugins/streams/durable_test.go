package streams_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/streams"
)

// TestSynced_asksEveryServerThatHasACopy reads the words of three, of which one
// is missing, and then does not sync.
func TestSynced_asksEveryServerThatHasACopy(t *testing.T) {
	syncs := []streams.Sync{{Server: "a", Always: true}, {Server: "b", Always: true}, {Server: "c", Always: true}}
	info := &jetstream.StreamInfo{Cluster: &jetstream.ClusterInfo{Leader: "b", Replicas: []*jetstream.PeerInfo{{Name: "a"}, {Name: "c"}}}}
	if err := streams.Synced(info, "a", syncs); err != nil {
		t.Errorf("all of them sync: %v", err)
	}
	if err := streams.Synced(info, "a", syncs[:2]); !errors.Is(err, streams.ErrAtRisk) {
		t.Errorf("one is not known: %v", err)
	}
	syncs[2] = streams.Sync{Server: "c", Interval: 2 * time.Minute}
	if err := streams.Synced(info, "a", syncs); !errors.Is(err, streams.ErrAtRisk) || !strings.Contains(err.Error(), "on c, which syncs") {
		t.Errorf("one does not: %v", err)
	}
	if err := streams.Synced(&jetstream.StreamInfo{}, "a", syncs); err != nil {
		t.Errorf("a stream of one server that syncs: %v", err)
	}
	if longest := streams.Longest(syncs); longest != 2*time.Minute {
		t.Errorf("the longest interval is %s", longest)
	}
}

// TestReadSync_takesNothingForAYes has endpoints that say other things.
func TestReadSync_takesNothingForAYes(t *testing.T) {
	tests := map[string]struct {
		status int
		body   string
		want   *streams.Sync // nil for an ErrMonitor
	}{
		"always":       {200, `{"server_name":"a","jetstream":{"config":{"sync_always":true,"sync_interval":120000000000}}}`, &streams.Sync{Server: "a", Always: true, Interval: 2 * time.Minute}},
		"now and then": {200, `{"server_name":"a","jetstream":{"config":{"sync_interval":60000000000}}}`, &streams.Sync{Server: "a", Interval: time.Minute}},
		"no JetStream": {200, `{"server_name":"a","jetstream":{}}`, nil},
		"no JSON":      {200, `<html>`, nil},
		"an error":     {500, `{"server_name":"a","jetstream":{"config":{"sync_always":true}}}`, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path != "/varz" {
					t.Errorf("asked for %s", r.URL.Path)
				}
				w.WriteHeader(tt.status)
				_, _ = w.Write([]byte(tt.body))
			}))
			defer s.Close()
			got, err := streams.ReadSync(t.Context(), s.Client(), s.URL+"/")
			if tt.want == nil {
				if !errors.Is(err, streams.ErrMonitor) {
					t.Errorf("ReadSync() = %v, %v", got, err)
				}
				return
			}
			if diff := cmp.Diff(*tt.want, got); err != nil || diff != "" {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestCheckMonitor_repeatsNoPassword(t *testing.T) {
	for _, text := range []string{"nats:8222", "ftp://nats:8222", "http://", "http://user:hunter2@nats:8222", "http://nats:8222/?token=hunter2", "\x00hunter2"} {
		if err := streams.CheckMonitor(text); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("CheckMonitor(%q) = %v", text, err)
		}
	}
	if err := streams.CheckMonitor("http://nats:8222"); err != nil {
		t.Error(err)
	}
}
