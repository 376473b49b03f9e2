package local

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/kong/local"
	"webhookedge/plugins/internal/ctl/inspector"
	"webhookedge/plugins/internal/ctl/inspector/site"
	"webhookedge/plugins/internal/ctl/kongyml"
	"webhookedge/plugins/internal/pluginserver"
	"webhookedge/plugins/streams/archive"
)

const (
	// inspectOff is the value of --inspect that serves no page.
	inspectOff = "off"
	// recordSubject is where plugins write records of deliveries, for routes that name no
	// subject of their own.
	recordSubject = "webhooks-trace.deliveries"
	// allRecords are those of routes with a subject of their own, too.
	allRecords = "webhooks-trace.>"
	// maxCaptured bounds a body that the page can show and send again, in bytes.
	maxCaptured = 25 << 20
	// streamsTimeout bounds the question which streams there are.
	streamsTimeout = time.Second
)

// inspected prepares o for a page: records of all routes, their requests, and the metrics
// of the plugins at the address that it returns.
func inspected(o *local.Options) (metrics string, err error) {
	o.CaptureBytes = maxCaptured
	// The plugins take the port once it is free again, and try until they have it.
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	metrics = free.Addr().String()
	o.PluginArgs = append(o.PluginArgs, "-observe-subject", recordSubject, "-telemetry-address", metrics, "-metrics-by-route")
	return metrics, free.Close()
}

// inspect serves the page.
func (s *stack) inspect(listen, metrics string) error {
	kept, keys := s.quarantine()
	page, err := inspector.Start(inspector.Setup{
		Site: site.Site{
			Mode:      site.Local,
			JetStream: func(context.Context) (jetstream.JetStream, error) { return s.broker.js, nil },
			Connected: s.broker.conn.IsConnected,
			Config:    s.config, Env: s.env, Gateway: "http://" + s.server.Addr().String(),
			Kept: kept, Dead: site.Place{Stream: deadLetters, Prefix: "webhooks-dead"}, Keys: keys,
			Streams: s.eventStreams, Metrics: []string{"http://" + metrics + "/metrics"}, Changes: true,
		},
		Records: allRecords, Backfill: inspector.DefaultBackfill, Listen: listen, Address: s.broker.url(), Version: pluginserver.Version(),
	})
	if err != nil {
		return err
	}
	s.page.Store(page)
	return nil
}

// eventStreams are those that events may be in: a policy may send them to any.
func (s *stack) eventStreams() (names []string) {
	ctx, cancel := context.WithTimeout(context.Background(), streamsTimeout)
	defer cancel()
	refused := s.view.Load().refused
	for name := range s.broker.js.StreamNames(ctx).Name() {
		bucket := strings.HasPrefix(name, "OBJ_") || strings.HasPrefix(name, "KV_")
		if !bucket && name != deadLetters && name != "WEBHOOKS_EDGE" && !refused[name] {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// quarantine returns where the first route with a quarantine keeps deliveries, and the
// keys of all that have a value.
func (s *stack) quarantine() (site.Place, *archive.Keys) {
	place, keys := site.Place{}, &archive.Keys{}
	routes, err := kongyml.RoutesWith(s.config, s.env)
	if err != nil {
		return place, keys
	}
	for _, r := range routes {
		for _, text := range r.Plugins {
			var config struct {
				Quarantine struct {
					Stream string
					Prefix string `json:"subject_prefix"`
					Keys   []struct{ ID, Value string }
				}
			}
			if json.Unmarshal(text, &config) != nil {
				continue
			}
			q := &config.Quarantine
			if place.Stream == "" {
				place = site.Place{Stream: q.Stream, Prefix: q.Prefix}
			}
			for _, k := range q.Keys {
				if key, err := base64.StdEncoding.DecodeString(k.Value); err == nil {
					_ = keys.Add(k.ID, key) // routes share keys, of which one is enough
				}
			}
		}
	}
	return place, keys
}

// seen hands a request of the gateway over to the page.
func (s *stack) seen(d local.Delivery) {
	page := s.page.Load()
	if page == nil || d.Request == nil {
		return
	}
	r := &site.Request{
		Method: d.Method, Host: d.Request.Host, Path: d.Path, Query: d.Request.Query, Client: d.ClientIP, Headers: d.Request.Headers,
		Body: d.Request.Body, Size: d.Request.Size, At: time.Now().Add(-d.Took), Status: d.Status,
	}
	for _, name := range slices.Sorted(maps.Keys(d.Headers)) {
		for _, value := range d.Headers[name] {
			r.Answer = append(r.Answer, [2]string{name, value})
		}
	}
	page.Request(d.RequestID, d.Route, d.Took, r)
}
