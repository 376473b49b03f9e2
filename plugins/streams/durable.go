package streams

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// maxVarz bounds the answer of a monitoring endpoint, in bytes.
const maxVarz = 1 << 20

// ErrMonitor is a monitoring endpoint that does not say when its server syncs.
var ErrMonitor = errors.New("the monitoring endpoint does not say when NATS syncs")

// Sync is when a server's disk has what the server acknowledged.
type Sync struct {
	Server   string        // its name
	Always   bool          // with the ack
	Interval time.Duration // otherwise at this interval
}

// CheckMonitor reports what is wrong with the URL of a monitoring endpoint. It never
// repeats it: what it objects to may be a password.
func CheckMonitor(text string) error {
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return errors.New("not a URL")
	case u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "":
		return errors.New("must be http://host:port or https://host:port")
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return errors.New("must have no credentials and nothing behind the path")
	}
	return nil
}

// ReadSync asks the monitoring endpoint of a server (nats-server, http_port) how it
// syncs. Its error is an ErrMonitor.
func ReadSync(ctx context.Context, client *http.Client, monitor string) (Sync, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(monitor, "/")+"/varz", nil)
	if err != nil {
		return Sync{}, fmt.Errorf("%w: %w", ErrMonitor, err)
	}
	resp, err := client.Do(req)
	if err != nil {
		return Sync{}, fmt.Errorf("%w: %w", ErrMonitor, err)
	}
	defer resp.Body.Close() //nolint:errcheck // only read
	if resp.StatusCode != http.StatusOK {
		return Sync{}, fmt.Errorf("%w: it answers with %s", ErrMonitor, resp.Status)
	}
	var varz struct {
		Name      string `json:"server_name"`
		JetStream struct {
			Config *jetStreamConfig `json:"config"`
		} `json:"jetstream"`
	}
	if err := json.NewDecoder(io.LimitReader(resp.Body, maxVarz)).Decode(&varz); err != nil {
		return Sync{}, fmt.Errorf("%w: %w", ErrMonitor, err)
	}
	if varz.JetStream.Config == nil {
		return Sync{}, fmt.Errorf("%w: its server has no JetStream", ErrMonitor)
	}
	return Sync{Server: varz.Name, Always: varz.JetStream.Config.SyncAlways, Interval: varz.JetStream.Config.SyncInterval}, nil
}

// jetStreamConfig is what a server says of its disk (nats-server, JetStreamConfig).
type jetStreamConfig struct {
	SyncAlways   bool          `json:"sync_always"`
	SyncInterval time.Duration `json:"sync_interval"`
}

// ReadSyncs asks the endpoints of several servers of a cluster, which are separated by
// commas.
func ReadSyncs(ctx context.Context, client *http.Client, monitors string) (syncs []Sync, err error) {
	var faults []error
	for monitor := range strings.SplitSeq(monitors, ",") {
		one, err := ReadSync(ctx, client, strings.TrimSpace(monitor))
		if err != nil {
			faults = append(faults, err)
			continue
		}
		syncs = append(syncs, one)
	}
	return syncs, errors.Join(faults...)
}

// Synced is nil when every server that keeps a copy of a stream syncs each message
// before it acknowledges it. Otherwise it is an ErrAtRisk: copies on several servers
// lose the same messages when the power fails for all of them, and also when one
// server loses what it had not synced while another lags behind. server is the name of
// the one that answers, for a stream without a cluster.
func Synced(info *jetstream.StreamInfo, server string, syncs []Sync) error {
	holders := []string{server}
	if c := info.Cluster; c != nil && c.Leader != "" {
		holders = []string{c.Leader}
		for _, peer := range c.Replicas {
			holders = append(holders, peer.Name)
		}
	}
	var faults []error
	for _, holder := range holders {
		known := false
		for _, one := range syncs {
			if one.Server != holder {
				continue
			}
			known = true
			if !one.Always {
				faults = append(faults, fmt.Errorf("%w: %s is on %s, which syncs what it acknowledged only every %s", ErrAtRisk, info.Config.Name, holder, one.Interval))
			}
		}
		if !known {
			faults = append(faults, fmt.Errorf("%w: %s is on %s, of which no monitoring endpoint says when it syncs", ErrAtRisk, info.Config.Name, holder))
		}
	}
	return errors.Join(faults...)
}

// Longest is the longest interval after which a server has synced what it
// acknowledged, 0 where all do so always.
func Longest(syncs []Sync) (longest time.Duration) {
	for _, one := range syncs {
		if !one.Always {
			longest = max(longest, one.Interval)
		}
	}
	return longest
}
