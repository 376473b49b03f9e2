package health

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/internal/ctl/inspector/api"
	"webhookedge/plugins/internal/ctl/inspector/site"
	"webhookedge/plugins/internal/ctl/topology"
	"webhookedge/plugins/streams"
)

const (
	askTimeout = 2 * time.Second
	maxStreams = 50 // that are asked for
	// nearlyFull and full are shares of a stream's limits: one refuses events at its limit.
	nearlyFull = 0.8
	full       = 0.95
)

// broker is what NATS answered.
type broker struct {
	js      jetstream.JetStream // nil where there is none
	account error
	streams map[string]asked
}

type asked struct {
	info *jetstream.StreamInfo
	err  error
}

// askBroker asks for JetStream and for each stream that the installation needs.
func askBroker(ctx context.Context, s *site.Site, f *files) (b broker) {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	js, err := s.JetStream(ctx)
	if err != nil {
		return b
	}
	b.js, b.streams = js, map[string]asked{}
	var mu sync.Mutex
	var wait sync.WaitGroup
	wait.Go(func() { _, b.account = js.AccountInfo(ctx) })
	for _, name := range expected(s, f) {
		var opts []jetstream.StreamInfoOpt
		if name == s.Kept.Stream && s.Kept.Prefix != "" {
			opts = append(opts, jetstream.WithSubjectFilter(s.Kept.Prefix+".>"))
		}
		wait.Go(func() {
			var one asked
			stream, err := js.Stream(ctx, name)
			if one.err = err; err == nil {
				one.info, one.err = stream.Info(ctx, opts...)
			}
			mu.Lock()
			defer mu.Unlock()
			b.streams[name] = one
		})
	}
	wait.Wait()
	return b
}

// expected are the streams of the installation, each once.
func expected(s *site.Site, f *files) []string {
	names := []string{s.Kept.Stream, s.Dead.Stream}
	if s.Streams != nil {
		names = append(names, s.Streams()...)
	}
	for name := range f.prefixes {
		names = append(names, name)
	}
	slices.Sort(names)
	names = slices.DeleteFunc(slices.Compact(names), func(name string) bool { return name == "" })
	return names[:min(len(names), maxStreams)]
}

func (b *broker) checks(s *site.Site, f *files) []api.Check {
	connection := api.Check{Area: areaBroker, Name: "connection", State: api.Good, Text: "NATS is connected."}
	if b.js == nil || s.Connected != nil && !s.Connected() {
		connection.State, connection.Text = api.Bad, "NATS is not connected; the page shows what was known before."
		connection.Do = "Start NATS, or look at its address and at the user's credentials."
		return []api.Check{connection}
	}
	all := []api.Check{connection, b.jetStream()}
	for _, name := range expected(s, f) {
		one, ok := b.streams[name]
		if !ok {
			continue
		}
		check := api.Check{Area: areaBroker, Name: name}
		switch {
		case errors.Is(one.err, jetstream.ErrStreamNotFound):
			missing(&check, s, f)
		case one.err != nil:
			check.State, check.Text = api.Unknown, "The stream is not known: "+topology.Why(one.err)+"."
			check.Do = "Let this user ask for $JS.API.STREAM.INFO." + name + "."
		default:
			filled(&check, one.info, f)
			if name == s.Kept.Stream {
				all = append(all, held(one.info))
			}
		}
		all = append(all, check)
	}
	return all
}

func (b *broker) jetStream() api.Check {
	c := api.Check{Area: areaBroker, Name: "JetStream", State: api.Good, Text: "JetStream answers."}
	switch {
	case errors.Is(b.account, jetstream.ErrJetStreamNotEnabled), errors.Is(b.account, jetstream.ErrJetStreamNotEnabledForAccount):
		c.State, c.Text, c.Do = api.Bad, "JetStream is off, so no event can be stored.", "Switch JetStream on for this server and this account."
	case b.account != nil:
		c.State, c.Text, c.Do = api.Unknown, "JetStream is not known: "+topology.Why(b.account)+".", "Let this user ask for $JS.API.INFO."
	}
	return c
}

// missing is a stream that is not there. That of the quarantine is made with the first
// delivery that is kept, that of letters by who has consumers.
func missing(c *api.Check, s *site.Site, f *files) {
	if f.ensured[c.Name] || f.prefixes[c.Name] == nil && (c.Name == s.Kept.Stream || c.Name == s.Dead.Stream) {
		c.State, c.Text = api.Good, "The stream is not there; nothing has needed it yet."
		return
	}
	c.State, c.Text, c.Do = api.Bad, "The stream is not there, so no event can be stored in it.", "webhookctl streams apply"
}

// filled says how much of its limits a stream has used, and whether it keeps what an
// answer of 200 promises.
func filled(c *api.Check, info *jetstream.StreamInfo, f *files) {
	var faults []error
	for _, prefix := range f.prefixes[c.Name] {
		faults = append(faults, streams.Check(&info.Config, prefix))
	}
	if err := errors.Join(faults...); err != nil {
		c.State, c.Do = api.Bad, "webhookctl streams apply, and webhookctl streams check"
		c.Text = "The stream does not fit: " + strings.Join(strings.Split(err.Error(), "\n"), "; ") + "."
		return
	}
	share, of := 0.0, ""
	if limit := info.Config.MaxBytes; limit > 0 {
		share, of = float64(info.State.Bytes)/float64(limit), bytesOf(float64(limit))
	}
	if limit := info.Config.MaxMsgs; limit > 0 && float64(info.State.Msgs)/float64(limit) > share {
		share, of = float64(info.State.Msgs)/float64(limit), count(float64(limit), "message", "messages")
	}
	c.State = api.Good
	c.Text = fmt.Sprintf("The stream has %s, %s.", count(float64(info.State.Msgs), "message", "messages"), bytesOf(float64(info.State.Bytes)))
	if of != "" {
		c.Text = strings.TrimSuffix(c.Text, ".") + fmt.Sprintf(", %.0f %% of %s.", 100*share, of)
	}
	switch err := streams.Risks(&info.Config); {
	case share >= full:
		c.State = api.Bad
	case share >= nearlyFull:
		c.State = api.Warn
	case err != nil:
		c.State, c.Text, c.Do = api.Warn, strings.TrimPrefix(err.Error(), streams.ErrAtRisk.Error()+": ")+".", "webhookctl streams apply"
	}
	if share >= nearlyFull {
		c.Do = "Raise its limits or shorten max_age in streams.yml; a full stream takes no events."
	}
}

// heldCode is the code of events whose sender was told 200.
const heldCode = "quarantined"

// held says what the quarantine has, by the codes that its subjects end with.
func held(info *jetstream.StreamInfo) api.Check {
	c := api.Check{Area: areaQuarantine, Name: info.Config.Name, State: api.Good, Text: "Nothing is kept."}
	var waiting uint64
	for subject, n := range info.State.Subjects {
		if strings.HasSuffix(subject, "."+heldCode) {
			waiting += n
		}
	}
	if n := info.State.Msgs; n > 0 {
		c.Text = count(float64(n), "message", "messages") + " of refused deliveries are kept."
	}
	if waiting > 0 {
		c.State = api.Warn
		c.Text = count(float64(waiting), "message", "messages") + " of events that were answered with 200 wait until somebody looks at them."
		c.Do = "webhookctl quarantine ls shows them, and webhookctl quarantine release publishes one."
	}
	return c
}
