package streams

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// ErrUnfit is a stream that does not keep what an answer of 200 promises.
var ErrUnfit = errors.New("stream is not fit")

// ErrAtRisk is a stream that takes events, and can lose them in a fault that
// another one of its kind survives.
var ErrAtRisk = errors.New("stream is at risk")

// levels is how many tokens every subject has behind the prefix: provider,
// tenant and event; others may follow.
const levels = 3

// Check reports everything about a stream that breaks the promise, each as an
// ErrUnfit. It must take every subject of prefix.
func Check(have *jetstream.StreamConfig, prefix string) error {
	faults := faults{name: have.Name}
	switch {
	case have.Mirror != nil:
		faults.add("is a mirror and takes no events of its own")
	case !slices.ContainsFunc(have.Subjects, func(pattern string) bool { return covers(pattern, prefix) }):
		faults.add("takes %s, not %s.>; add that subject to it", strings.Join(have.Subjects, " "), prefix)
	}
	faults.keeping(have)
	if have.Duplicates <= 0 {
		faults.add("has no duplicate window, so that retries are stored twice")
	}
	if have.Retention == jetstream.InterestPolicy {
		faults.add("forgets events for which no consumer is there; retention must be limits or workqueue")
	}
	if have.MaxMsgsPerSubject > 0 {
		faults.add("keeps only %d events of a subject; max_msgs_per_subject must be unlimited", have.MaxMsgsPerSubject)
	}
	return errors.Join(faults.all...)
}

// CheckBucket reports everything about the stream of a bucket (OfBucket) that loses
// payloads, each as an ErrUnfit.
func CheckBucket(have *jetstream.StreamConfig) error {
	faults := faults{name: have.Name}
	if have.Mirror != nil {
		faults.add("is a mirror and takes no payloads of its own")
	}
	faults.keeping(have)
	return errors.Join(faults.all...)
}

// faults are what is wrong with a stream.
type faults struct {
	name string
	all  []error
}

func (f *faults) add(format string, args ...any) {
	f.all = append(f.all, fmt.Errorf("%w: %s %s", ErrUnfit, f.name, fmt.Sprintf(format, args...)))
}

// keeping adds what is wrong with how a stream keeps what it takes.
func (f *faults) keeping(have *jetstream.StreamConfig) {
	if have.Storage != jetstream.FileStorage {
		f.add("keeps events in memory; storage must be file")
	}
	if have.PersistMode == jetstream.AsyncPersistMode {
		f.add("acknowledges events before they are on disk; persist_mode must be default")
	}
	if have.NoAck {
		f.add("acknowledges nothing; no_ack must be off")
	}
	if have.Sealed {
		f.add("is sealed and takes no more events")
	}
	if have.Discard == jetstream.DiscardOld && (have.MaxBytes > 0 || have.MaxMsgs > 0) {
		f.add("drops its oldest events when it is full; discard must be new")
	}
}

// OfBucket is the stream that a bucket of the object store is kept in (nats.go,
// jetstream/object.go, objNameTmpl).
func OfBucket(bucket string) string { return bucketPrefix + bucket }

const bucketPrefix = "OBJ_"

// IsOfBucket reports whether a stream is that of a bucket.
func IsOfBucket(stream string) bool { return strings.HasPrefix(stream, bucketPrefix) }

// Risks reports what can cost a stream its events although Check finds no fault,
// each as an ErrAtRisk.
//
// nats-server goes on writing a block that it has compressed when a crash took the
// block behind it. At the next start it cannot read that block and removes the
// stream's files (seen with 2.15.2; TestCompression_costsAStreamEverything).
func Risks(have *jetstream.StreamConfig) error {
	if have.Compression == jetstream.NoCompression {
		return nil
	}
	return fmt.Errorf("%w: %s is compressed (%s), and a crash can cost it all of its events; set its compression to none", ErrAtRisk, have.Name, have.Compression)
}

// covers reports whether pattern takes every subject of prefix.
func covers(pattern, prefix string) bool {
	begin := strings.Split(prefix, ".")
	for i, token := range strings.Split(pattern, ".") {
		switch {
		case token == ">":
			return i < len(begin)+levels
		case i < len(begin) && (token == "*" || token == begin[i]):
		case i < len(begin) || token != "*":
			return false
		}
	}
	return false // without ">" it takes subjects of one length only
}

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
			Config *struct { // nats-server, JetStreamConfig
				SyncAlways   bool          `json:"sync_always"`
				SyncInterval time.Duration `json:"sync_interval"`
			} `json:"config"`
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
