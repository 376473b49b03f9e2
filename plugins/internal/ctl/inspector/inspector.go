// Package inspector serves the page on which deliveries are watched, from the socket to
// the stream, and what the page asks for: on a loopback address, below a path that only
// who started it knows.
package inspector

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"webhookedge/plugins/internal/ctl/inspector/feed"
	"webhookedge/plugins/internal/ctl/inspector/list"
	"webhookedge/plugins/internal/ctl/inspector/site"
	"webhookedge/plugins/internal/ctl/inspector/web"
)

// DefaultBackfill is how many of the newest messages of each stream are read at the start,
// MaxBackfill how many may be.
const (
	DefaultBackfill = 10_000
	MaxBackfill     = list.Max
)

// Setup says what is looked at, and where the page is served.
type Setup struct {
	// Site is the installation, without its deliveries.
	Site site.Site
	// Records is the subject of the edge's records, or a pattern of several.
	Records string
	// Backfill is how many of the newest messages of each stream are read at the start.
	Backfill int
	// Listen is a loopback address; port 0 takes a free one.
	Listen string
	// Address is that of NATS as the page shows it, without user and password.
	Address string
	// Version is that of webhookctl.
	Version string
	// Notes are what the page cannot show, and why.
	Notes []string
}

// Inspector is a page that is served.
type Inspector struct {
	server *Server
	feed   *feed.Feed
	parts  Parts
	stop   context.CancelFunc
	ended  chan struct{}
}

// Start serves the page until [Inspector.Close].
func Start(s Setup) (*Inspector, error) {
	rows := list.New(0, time.Now)
	f := feed.New(feed.Config{
		JetStream: s.Site.JetStream, Streams: s.Site.Streams, Kept: s.Site.Kept, Records: s.Records, Backfill: s.Backfill,
	}, rows)
	s.Site.Deliveries = f
	parts := partsOf(&s.Site)
	server, err := Listen(s.Listen, Config{
		Site: &s.Site, List: rows, Parts: parts, Assets: web.FS(), Records: s.Records, Address: s.Address, Version: s.Version,
		Notes: func() []string { return append(f.Notes(), s.Notes...) },
	})
	if err != nil {
		return nil, errors.Join(err, parts.close())
	}
	ctx, stop := context.WithCancel(context.Background())
	i := &Inspector{server: server, feed: f, parts: parts, stop: stop, ended: make(chan struct{})}
	go func() {
		defer close(i.ended)
		f.Run(ctx)
	}()
	go i.watch(ctx, s.Site.Config)
	return i, nil
}

// URL is the address of the page. Whoever knows it may use it.
func (i *Inspector) URL() string { return i.server.URL() }

// Request takes a request that our own gateway has answered. r is not to be changed any
// more.
func (i *Inspector) Request(id, route string, took time.Duration, r *site.Request) {
	i.feed.Request(id, route, took, r)
}

// Close ends the page at once.
func (i *Inspector) Close() error {
	i.stop()
	err := i.server.Close()
	<-i.ended
	return errors.Join(err, i.parts.close())
}

// watchInterval is how often it is looked whether the kong.yml has changed.
const watchInterval = 2 * time.Second

// watch tells pages of a kong.yml that has changed.
func (i *Inspector) watch(ctx context.Context, config string) {
	if config == "" {
		return
	}
	look := func() string {
		info, err := os.Stat(config)
		if err != nil {
			return ""
		}
		return fmt.Sprint(info.ModTime(), info.Size())
	}
	tick := time.NewTicker(watchInterval)
	defer tick.Stop()
	for last := look(); ; {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if now := look(); now != "" && now != last {
			last = now
			i.server.reloads.Add(1)
		}
	}
}
