package publish

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/sony/gobreaker/v2"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/spool"
)

// assumedPayload is what a broker is taken to accept that nobody has reached yet:
// the default of NATS, in bytes.
const assumedPayload = 1 << 20

// SpoolConfig is the place for events that the broker does not take in time.
type SpoolConfig struct {
	Directory     string `json:"directory" doc:"Absolute path of a directory on a local disk for events that the broker does not take in time; they are answered with 200 and published later. Empty is off. One directory is for one broker and user." minlen:"0" maxlen:"1024" referenceable:"true"`
	MaxBytes      int64  `json:"max_bytes" doc:"Bytes that the events of a process may take; when they are used up the sender gets 503." default:"1073741824" min:"1048576" max:"1099511627776"`
	MaxAgeSeconds int    `json:"max_age_seconds" doc:"Age of the oldest event, in seconds, at which new ones get 503: an engineer has to look. None is ever dropped." default:"86400" min:"60" max:"2592000"`
	BrokerPercent int    `json:"broker_percent" doc:"Part of ack_timeout_ms, in percent, that the broker has before the spool takes over." default:"60" min:"10" max:"90"`
}

func (c *SpoolConfig) on() bool { return c.Directory != "" }

func (c *SpoolConfig) validate() error {
	if c.on() && !filepath.IsAbs(c.Directory) {
		return errors.New("spool.directory: must be an absolute path")
	}
	return nil
}

func (c *SpoolConfig) limits() spool.Limits {
	return spool.Limits{MaxBytes: c.MaxBytes, MaxAge: time.Duration(c.MaxAgeSeconds) * time.Second}
}

// share is the broker's part of the time where there is a spool behind it.
func (s *Stage) share(ctx context.Context) (context.Context, context.CancelFunc) {
	if s.depot == nil {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, s.timeout*time.Duration(s.cfg.Spool.BrokerPercent)/100)
}

// spoolable reports whether the broker may take the event another time: it did not
// answer, or has no room. What is wrong with the event itself goes back to the
// sender.
func spoolable(err error) bool {
	var api *jetstream.APIError
	switch {
	case errors.Is(err, gobreaker.ErrOpenState), errors.Is(err, gobreaker.ErrTooManyRequests):
		return true
	case errors.As(err, &api):
		return api.Code == codeUnavailable || inProcess(err)
	default:
		return transient(err)
	}
}

// errBehind keeps an event that has an order behind those in the spool.
var errBehind = fmt.Errorf("%w: events wait in the spool before it", ErrDisconnected)

// behind reports whether an event has to wait for those in the spool. When the
// disk fails, the broker goes on without them.
func (s *Stage) behind(m *message) bool {
	d := s.depot
	return m.key != "" && d != nil && d.isFor(s.conn) && d.own.Part() != "" && d.depth() > 0
}

// spool keeps p on disk because of why. The refusal that it returns names both
// reasons.
func (s *Stage) spool(ctx context.Context, p *parcel, m *message, why error) (pipeline.Ack, error) {
	r := &spool.Record{Subject: p.msg.Subject, Header: p.msg.Header, Data: p.msg.Data, Key: m.key, Tried: p.maybe}
	if p.cargo != nil {
		r.Object, r.Bucket, r.Name = p.cargo.data, p.cargo.bucket, p.cargo.name
	}
	if err := s.depot.put(ctx, s.conn, r); err != nil {
		reject := s.reject(why, m)
		reject.Err = fmt.Errorf("%w; %w", reject.Err, err)
		return pipeline.Ack{}, reject
	}
	return pipeline.Ack{By: pipeline.AckSpool}, nil
}

// cargoOf is what a record's message refers to, nil for nothing.
func cargoOf(r *spool.Record) *cargo {
	if r.Object == nil {
		return nil
	}
	return &cargo{bucket: r.Bucket, name: r.Name, data: r.Object}
}

// messageOf is the message of a record.
func messageOf(r *spool.Record) *nats.Msg {
	return &nats.Msg{Subject: r.Subject, Header: r.Header, Data: r.Data}
}
