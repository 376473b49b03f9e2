package policy

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/policy/engine"
)

// Bounds of what waits for the candidate.
const (
	maxCandidates     = 256
	maxCandidateBytes = 256 << 10 // of one payload; larger ones are not asked about
	maxKinds          = 1024      // types of events that are counted, and sent in a minute
)

// The values of the label result of candidates.
const (
	candidateSame      = "same"
	candidateDifferent = "different"
	candidateLost      = "lost"
)

// Difference is an event that the candidate decides differently, as published.
type Difference struct {
	At        time.Time       `json:"at"`
	Provider  string          `json:"provider"`
	Type      string          `json:"type"`
	EventID   string          `json:"event_id"`
	RequestID string          `json:"request_id,omitempty"`
	Live      json.RawMessage `json:"live,omitempty"` // the decision, absent where there was none
	Candidate json.RawMessage `json:"candidate,omitempty"`
	Error     string          `json:"error,omitempty"` // of the candidate
	// Count is how many such events of this type the process has seen, published or not.
	Count uint64 `json:"count"`
}

// candidate is a policy asked beside the live one, without effect on the delivery.
type candidate struct {
	stage    *Stage
	lease    *lease // of the other policy
	counters map[string]prometheus.Counter
	jobs     chan question
	stop     context.CancelFunc
	done     sync.WaitGroup

	minute time.Time // in which the samples below were sent
	sent   map[string]int
	differ map[string]uint64 // events by type, whether they were sent or not
}

type question struct {
	in       engine.Input
	decision *engine.Decision
	at       time.Time
}

func (s *Stage) openCandidate(provider string) error {
	cfg := s.cfg
	cfg.Directory, cfg.OPAConfig = s.cfg.Candidate.Directory, ""
	lease, err := s.pool.acquire(&cfg, nil)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(context.Background())
	c := &candidate{
		stage: s, lease: lease, counters: s.pool.metrics.candidate(provider), jobs: make(chan question, maxCandidates), stop: stop,
		sent: map[string]int{}, differ: map[string]uint64{},
	}
	c.done.Go(func() { c.run(ctx) })
	s.candidate = c
	return nil
}

func (c *candidate) close() {
	if c == nil {
		return
	}
	c.stop()
	c.done.Wait()
	c.lease.release()
}

// ask queues a question without waiting. The payload is copied, since its memory is reused.
func (c *candidate) ask(in engine.Input, d *engine.Decision, at time.Time) {
	if c == nil {
		return
	}
	if len(in.Event.Data) > maxCandidateBytes || len(c.jobs) == cap(c.jobs) {
		c.counters[candidateLost].Inc()
		return
	}
	e := *in.Event
	e.Data = bytes.Clone(e.Data)
	r := in.Request
	request := &pipeline.Delivery{
		Method: r.Method, Path: r.Path, Headers: r.Headers, ClientIP: r.ClientIP, RequestID: r.RequestID, Route: r.Route, ReceivedAt: r.ReceivedAt,
		Verification: r.Verification,
	}
	select {
	case c.jobs <- question{engine.Input{Event: &e, Request: request}, d, at}:
	default:
		c.counters[candidateLost].Inc()
	}
}

func (c *candidate) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case q := <-c.jobs:
			c.compare(ctx, q)
		}
	}
}

func (c *candidate) compare(ctx context.Context, q question) {
	current := c.lease.Value().current.Load()
	if current == nil {
		c.counters[candidateLost].Inc()
		return
	}
	limit, cancel := context.WithTimeout(ctx, c.stage.timeout)
	defer cancel()
	decision, err := current.policy.Eval(limit, q.in, q.at)
	switch {
	case err != nil:
		c.counters[engine.Failed].Inc()
	case engine.SameEffect(q.decision, decision):
		c.counters[candidateSame].Inc()
		return
	default:
		c.counters[candidateDifferent].Inc()
	}
	c.publish(ctx, q, decision, err)
}

// publish sends a difference, some a minute for each type of event.
func (c *candidate) publish(ctx context.Context, q question, decision *engine.Decision, failed error) {
	e := q.in.Event
	if _, ok := c.differ[e.FullType()]; ok || len(c.differ) < maxKinds {
		c.differ[e.FullType()]++
	}
	if minute := c.stage.pool.now().Truncate(time.Minute); !minute.Equal(c.minute) {
		c.minute = minute
		clear(c.sent)
	}
	if c.stage.broker == nil || c.stage.cfg.Candidate.Subject == "" || c.sent[e.FullType()] >= c.stage.cfg.Candidate.SamplesPerMinute || len(c.sent) >= maxKinds {
		return
	}
	c.sent[e.FullType()]++
	d := Difference{At: q.at.UTC(), Provider: e.Provider, Type: e.FullType(), EventID: e.ID, RequestID: e.RequestID, Count: c.differ[e.FullType()], Live: q.decision.JSON(), Candidate: decision.JSON()}
	if failed != nil {
		d.Error = failed.Error()
	}
	text, err := json.Marshal(d)
	if err == nil {
		err = c.stage.broker.publish(ctx, c.stage.cfg.Candidate.Subject, text)
	}
	if err != nil {
		c.stage.pool.log.Warn("difference of a candidate policy was not published", slog.String("stage", name), slog.String("err", err.Error()))
	}
}
