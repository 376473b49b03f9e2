package local

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"webhookedge/plugins/internal/ctl/delivery"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/provider/spec"
	"webhookedge/plugins/streams/read"
)

// What a delivery of the demo is besides the mutations of package delivery.
const (
	playSigned    = "signed"
	playAgain     = "again"
	playHandshake = "handshake"
	playBroken    = "broken"
	playFlood     = "flood"
)

type demo struct {
	stack    *stack
	client   *http.Client
	plays    []play
	events   []stored
	found    []string // what is wrong with the events
	observed atomic.Int64
}

// play is one answer and what it should have been.
type play struct {
	provider, event, what string
	want                  pipeline.Code
	got                   delivery.Answer
	body                  []byte // of a delivery that must be stored
}

// answer is what an answer says: how an event is stored, or why it is refused.
func (p *play) answer() string {
	if p.got.Ack != "" {
		return p.got.Ack
	}
	var refusal struct {
		Error string `json:"error"`
	}
	_ = json.Unmarshal([]byte(p.got.Body), &refusal) // a handshake's is none
	return refusal.Error
}

func (p *play) ok() bool {
	info := p.want.Info()
	switch {
	case p.got.Status != info.Status:
		return false
	case p.want == pipeline.Accepted:
		return p.got.Ack == "broker"
	case p.want == pipeline.Handshake:
		return p.got.Ack == ""
	}
	return p.answer() == info.Label
}

// pluginLine counts what the stage ipallow would have refused.
func (d *demo) pluginLine(_, line string) {
	if strings.Contains(line, "would be refused by its address") {
		d.observed.Add(1)
	}
}

// run sends every sample signed, one of each provider in every way that must fail, and
// more than the limit to the last.
func (d *demo) run(ctx context.Context, routes []demoRoute) error {
	var base delivery.Delivery
	for _, r := range routes {
		row, ok := catalogue.Lookup(r.provider)
		if !ok {
			return fmt.Errorf("no provider %q in the catalogue", r.provider)
		}
		base = delivery.Delivery{Row: row, Secret: r.secret, URL: "http://" + d.stack.server.Addr().String() + r.path}
		events := catalogue.SampleEvents(row)
		for _, event := range events {
			base.Event = event
			if err := d.good(ctx, base); err != nil {
				return err
			}
		}
		base.Event = events[0]
		if err := d.bad(ctx, base); err != nil {
			return err
		}
	}
	return d.flood(ctx, base)
}

// good sends a sample that must be stored, twice where it is an event, for a duplicate.
func (d *demo) good(ctx context.Context, base delivery.Delivery) error {
	switch {
	case slices.ContainsFunc(base.Row.Handshakes, func(h spec.Handshake) bool { return h.Is != "" && h.Is == base.Event }):
		return d.play(ctx, base, playHandshake, pipeline.Handshake)
	case base.Row.Name+"."+base.Event == refusedType:
		return d.play(ctx, base, playSigned, pipeline.PolicyDenied)
	}
	base.Mutate = delivery.MutateReplay
	if err := base.Complete(); err != nil {
		return err
	}
	answers, err := base.Send(ctx, d.client)
	if err != nil {
		return err
	}
	d.plays = append(d.plays,
		play{base.Row.Name, base.Event, playSigned, pipeline.Accepted, answers[0], base.Body},
		play{base.Row.Name, base.Event, playAgain, pipeline.Duplicate, answers[1], nil})
	return nil
}

// bad sends a delivery in every way that must fail, and one that is signed and broken.
func (d *demo) bad(ctx context.Context, base delivery.Delivery) error {
	for _, mutation := range []string{delivery.MutateForge, delivery.MutateTruncate, delivery.MutateDouble, delivery.MutateAge} {
		base.Mutate = mutation
		if mutation == delivery.MutateAge && base.Row.Schemes[0].ToleranceSeconds == 0 {
			continue // the scheme signs no time
		}
		if err := d.play(ctx, base, mutation, pipeline.SignatureInvalid); err != nil {
			return err
		}
	}
	base.Mutate, base.Body, base.ContentType = delivery.MutateNone, []byte(`{"broken":`), "application/json"
	return d.play(ctx, base, playBroken, pipeline.Malformed)
}

// flood sends forged deliveries until a limit refuses them.
func (d *demo) flood(ctx context.Context, base delivery.Delivery) error {
	base.Mutate = delivery.MutateForge
	for range flood {
		answers, err := base.Send(ctx, d.client)
		if err != nil {
			return err
		}
		last := play{base.Row.Name, base.Event, playFlood, pipeline.RateLimited, answers[0], nil}
		if last.got.Status != http.StatusUnauthorized {
			d.plays = append(d.plays, last)
			return nil
		}
	}
	d.found = append(d.found, fmt.Sprintf("%d deliveries at once came past the limit %s", flood, demoLimit))
	return nil
}

func (d *demo) play(ctx context.Context, base delivery.Delivery, what string, want pipeline.Code) error {
	answers, err := base.Send(ctx, d.client)
	if err != nil {
		return err
	}
	d.plays = append(d.plays, play{base.Row.Name, base.Event, what, want, answers[0], nil})
	return nil
}

// readBack holds what is stored against what was sent, and waits for the last log line.
func (d *demo) readBack(ctx context.Context) error {
	wanted := map[string]*play{}
	for i := range d.plays {
		if p := &d.plays[i]; p.body != nil {
			wanted[p.got.RequestID] = p
		}
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	for m, err := range read.All(ctx, d.stack.broker.js, stream, read.Range{}) {
		if err != nil {
			return err
		}
		s := storedAs(m)
		d.events = append(d.events, s)
		p, ok := wanted[s.requestID]
		if !ok {
			d.found = append(d.found, fmt.Sprintf("event %d (%s) was never sent, or is there twice", s.sequence, s.subject))
			continue
		}
		delete(wanted, s.requestID)
		if why := p.differs(&s); why != "" {
			d.found = append(d.found, fmt.Sprintf("event %d (%s): %s", s.sequence, s.subject, why))
		}
	}
	for _, p := range wanted {
		d.found = append(d.found, fmt.Sprintf("%s %s was answered %d and is not in the stream", p.provider, p.event, p.got.Status))
	}
	for d.observed.Load() == 0 && ctx.Err() == nil {
		time.Sleep(10 * time.Millisecond)
	}
	return nil
}

func (p *play) differs(s *stored) string {
	var event struct {
		SpecVersion string          `json:"specversion"`
		Provider    string          `json:"provider"`
		Data        json.RawMessage `json:"data"`
	}
	routed := p.provider+"."+p.event == routedType
	switch err := json.Unmarshal(s.data, &event); {
	case err != nil:
		return "it is not JSON"
	case event.SpecVersion != "1.0" || event.Provider != p.provider:
		return "it is not the provider's CloudEvent"
	case routed != (s.subject == routedSubject):
		return "the policy routes it elsewhere"
	case p.body[0] == '{' && !bytes.Equal(event.Data, bytes.TrimSpace(p.body)):
		return "its data are not the bytes that were sent"
	case len(event.Data) == 0 || event.Data[0] != '{':
		return "it has no data"
	}
	return ""
}
