package doctor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"reflect"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/internal/ctl/natsflags"
	"webhookedge/plugins/publish"
	"webhookedge/plugins/streams"
)

// maxSkew is how far clocks may be apart: senders' tolerances are minutes, and part of
// one is theirs.
const maxSkew = 5 * time.Second

// maxAnswer bounds /readyz, in bytes.
const maxAnswer = 1 << 20

// nats asks every broker of the routes for the streams once.
func (d *doctor) nats(ctx context.Context, sites []site) {
	var seen []*publish.Config
	defer func() {
		if len(seen) == 0 {
			d.add(Open, "nats", "no route says where NATS is, in settings that can be read", "")
		}
	}()
	for i := range sites {
		c := &sites[i].Publish
		if len(c.Servers) == 0 || containsEqual(seen, c) {
			continue
		}
		seen = append(seen, c)
		s := natsflags.Settings{
			Servers: strings.Join(c.Servers, ","),
			Credentials: natsflags.Credentials{
				User: c.Username, Password: c.Password.Reveal(), Token: c.Token.Reveal(), Seed: c.NKeySeed.Reveal(), Creds: c.CredsFile,
			},
			CA: c.TLS.CAFile, Cert: c.TLS.CertFile, Key: c.TLS.KeyFile, Domain: c.JetStreamDomain,
		}
		err := s.With(func(js jetstream.JetStream) error {
			d.add(Fine, "nats", fmt.Sprintf("%s takes the edge's user", js.Conn().ConnectedAddr()), "")
			d.stream(ctx, js, c)
			return nil
		})
		d.fault("nats", err, "start NATS, or mend publish.servers and its credentials; meanwhile events go to the journal")
	}
}

func containsEqual(seen []*publish.Config, c *publish.Config) bool {
	for _, other := range seen {
		if reflect.DeepEqual(other, c) {
			return true
		}
	}
	return false
}

func (d *doctor) stream(ctx context.Context, js jetstream.JetStream, c *publish.Config) {
	name := c.Stream.Name
	before := time.Now()
	stream, err := js.Stream(ctx, name)
	took := time.Since(before)
	switch {
	case errors.Is(err, jetstream.ErrStreamNotFound) && c.Stream.Ensure == "create":
		d.add(Fine, "streams", name+" is made with the first delivery", "")
		return
	case errors.Is(err, jetstream.ErrStreamNotFound):
		d.add(Change, "streams", "there is no stream "+name, "webhookctl streams apply")
		return
	case err != nil:
		d.add(Open, "streams", oneLine(err), "let the edge's user ask for $JS.API.STREAM.INFO."+name)
		return
	}
	info := stream.CachedInfo()
	bad := d.fault("streams", errors.Join(streams.Risks(&info.Config), streams.Check(&info.Config, c.SubjectPrefix)), "webhookctl streams apply, and webhookctl streams check")
	if c.MonitorURL != "" {
		syncs, err := streams.ReadSyncs(ctx, http.DefaultClient, c.MonitorURL)
		if err == nil && c.Journal.Directory == "" {
			err = streams.Synced(info, js.Conn().ConnectedServerName(), syncs)
		}
		bad = d.fault("nats", err, "set a journal, or sync_interval: always at NATS") || bad
	}
	if !bad {
		d.add(Fine, "streams", name+" keeps what an answer of 200 promises", "")
	}
	d.clock("NATS", info.TimeStamp, before.Add(took/2))
}

// clock compares the time that another machine says with the one here.
func (d *doctor) clock(of string, there, here time.Time) {
	if there.IsZero() {
		return
	}
	if skew := there.Sub(here).Abs(); skew > maxSkew {
		d.add(Change, "clock", fmt.Sprintf("it differs by %s from that of %s: deliveries are taken for old or for new", skew.Round(time.Second), of), "run chrony or systemd-timesyncd on both machines")
		return
	}
	d.add(Fine, "clock", "it agrees with that of "+of, "")
}

// redis asks every Redis of the routes for its time.
func (d *doctor) redis(ctx context.Context, sites []site) {
	asked := map[string]bool{}
	for i := range sites {
		c := &sites[i].RateLimit
		key := fmt.Sprint(c.Redis.URL.Reveal(), c.Redis.Addresses, c.Redis.SentinelMaster)
		if c.Store != "redis" || len(c.Limits) == 0 || asked[key] {
			continue
		}
		asked[key] = true
		ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
		before := time.Now()
		at, err := c.Redis.Time(ctx)
		cancel()
		if d.fault("redis", err, "start Redis, or mend ratelimit.redis; meanwhile "+c.OnStoreError+" applies") {
			continue
		}
		d.add(Fine, "redis", "answers the limits of route "+sites[i].route, "")
		d.clock("Redis", at, before)
	}
}

// readyz asks the plugin process what it says of itself.
func (d *doctor) readyz(ctx context.Context) {
	address := d.telemetry
	if address == "" {
		address = d.startFlag("-telemetry-address")
	}
	if address == "" {
		d.add(Change, "readyz", "the plugin process has no address for /readyz and metrics", "-telemetry-address 127.0.0.1:9542 in the start command of kong.conf")
		return
	}
	if host, port, err := net.SplitHostPort(address); err == nil && (host == "" || net.ParseIP(host).IsUnspecified()) {
		address = net.JoinHostPort("127.0.0.1", port)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/readyz", http.NoBody)
	if d.fault("readyz", err, "name it with --telemetry host:port") {
		return
	}
	resp, err := (&http.Client{Timeout: 5 * time.Second}).Do(req)
	if d.fault("readyz", err, "start Kong, or look into its error log: no plugin process answers") {
		return
	}
	defer resp.Body.Close() //nolint:errcheck // only read
	var state struct {
		Checks []struct {
			Name     string `json:"name"`
			OK       bool   `json:"ok"`
			Degraded bool   `json:"degraded"`
			Why      string `json:"why"`
		} `json:"checks"`
	}
	if json.NewDecoder(io.LimitReader(resp.Body, maxAnswer)).Decode(&state) != nil {
		d.add(Change, "readyz", address+" is not that of the plugins", "name it with --telemetry host:port")
		return
	}
	before := len(d.found)
	for _, c := range state.Checks {
		if !c.OK || c.Degraded {
			d.add(Change, "readyz", c.Name+": "+c.Why, "see the other findings, and the plugins' log")
		}
	}
	if len(d.found) == before {
		d.add(Fine, "readyz", fmt.Sprintf("%s says %d, with %d checks", address, resp.StatusCode, len(state.Checks)), "")
	}
	if at, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
		d.clock("the plugin process", at, time.Now())
	}
}
