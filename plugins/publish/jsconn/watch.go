package jsconn

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/streams"
)

// watch looks at the stream again. Nobody is told of a broker that does not answer
// just now.
func (c *Conn) watch() error {
	if c.Settings.Stream.Ensure == EnsureOff {
		return nil
	}
	ctx, cancel := context.WithTimeout(c.ctx, AskTimeout)
	defer cancel()
	err := c.look(ctx)
	if err == nil || errors.Is(err, ErrUnfit) {
		c.note(err)
	}
	return err
}

// look checks the stream, what it holds, and how durable its acks are. It belongs to the
// run goroutine.
func (c *Conn) look(ctx context.Context) error {
	highest := c.highest.Load() // before the question: a later ack is no part of its answer
	info, err := c.check(ctx, c.js)
	if err != nil {
		return err
	}
	c.checkLost(info, highest)
	c.checkSyncs(ctx, info)
	return nil
}

// NoteAck takes in an ack of the connection's own stream.
func (c *Conn) NoteAck(ack *jetstream.PubAck) {
	if ack.Stream == c.Settings.Stream.Name {
		raise(&c.highest, ack.Sequence)
	}
}

// checkLost raises the alarm when the stream ends before what it acknowledged, and does
// so a second later too: a new leader may say that for a moment. A broker lost events
// in a power cut, or somebody removed the stream. Where there is a journal they are
// published again.
func (c *Conn) checkLost(info *jetstream.StreamInfo, highest uint64) {
	before := c.short
	c.short = info.State.LastSeq < highest
	if !before || !c.short || !c.highest.CompareAndSwap(highest, info.State.LastSeq) {
		return
	}
	c.short = false
	c.WentBack.Add(1)
	c.Log.Error("the stream ends before what it acknowledged: events are lost, unless a journal has them",
		"acknowledged", highest, "last", info.State.LastSeq)
}

const (
	// monitorInterval is how often the monitoring endpoints are asked.
	monitorInterval = 30 * time.Second
	monitorTimeout  = 2 * time.Second
)

// Durability is what is known of the broker's acks.
type Durability struct {
	AtRisk   error // why a power cut can take what is acknowledged, nil where it cannot
	Mismatch error // how the settings contradict the broker, nil where they do not
}

// assumedDurability is what the settings say, before or without the word of the broker.
func (c *Settings) assumedDurability() *Durability {
	switch {
	case c.MonitorURL != "":
		return &Durability{AtRisk: fmt.Errorf("%w: nobody has asked yet", streams.ErrMonitor)}
	case c.BrokerSync == SyncAlways:
		return &Durability{}
	default:
		return &Durability{AtRisk: fmt.Errorf("%w: NATS syncs what it acknowledged only every %d s (broker_sync: interval)", streams.ErrAtRisk, c.BrokerSyncIntervalSeconds)}
	}
}

// checkSyncs asks the monitoring endpoints, where there are any, when the disks of the
// stream's servers have what they acknowledge.
func (c *Conn) checkSyncs(ctx context.Context, info *jetstream.StreamInfo) {
	nc := c.nc.Load()
	process := nc.ConnectedServerId()
	if c.Settings.MonitorURL == "" || time.Since(c.syncsAt) < monitorInterval && process == c.syncsOf {
		return
	}
	c.syncsAt, c.syncsOf = time.Now(), process
	ctx, cancel := context.WithTimeout(ctx, monitorTimeout)
	defer cancel()
	syncs, err := streams.ReadSyncs(ctx, http.DefaultClient, c.Settings.MonitorURL)
	now := &Durability{AtRisk: streams.Synced(info, nc.ConnectedServerName(), syncs)}
	if now.AtRisk != nil {
		now.AtRisk = errors.Join(now.AtRisk, err)
	}
	switch longest := streams.Longest(syncs); {
	case c.Settings.BrokerSync == SyncAlways && now.AtRisk != nil:
		now.Mismatch = fmt.Errorf("broker_sync is always: %w", now.AtRisk)
	case c.Settings.BrokerSync == SyncInterval && 2*longest > c.Settings.Hold():
		now.Mismatch = fmt.Errorf("%w: NATS syncs every %s, and broker_sync_interval_seconds is %d: events leave the journal too early", streams.ErrAtRisk, longest, c.Settings.BrokerSyncIntervalSeconds)
	}
	c.durability.Store(now)
}
