package chain

import (
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"webhookedge/plugins/internal/config"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/pluginserver"
	"webhookedge/plugins/ipallow"
	"webhookedge/plugins/normalize"
	"webhookedge/plugins/policy"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/provider/spec"
	"webhookedge/plugins/publish"
	"webhookedge/plugins/quarantine"
	"webhookedge/plugins/ratelimit"
	"webhookedge/plugins/verify"
)

// Variant is what differs between a live delivery and one that was kept and is
// released. The zero value is a live one.
type Variant struct {
	// Now is what verify takes for now; nil is the process's clock.
	Now func() time.Time
	// Skip leaves stages out, with their second halves.
	Skip []string
	// Offline looks at the settings alone of what connects to something, and leaves
	// those stages out: for a tool that says what is wrong with a config.
	Offline bool
	// Replace gives the stages that stand where one stood, in order; nil keeps it.
	Replace func(stage string, s pipeline.Stage) []pipeline.Stage
}

// Instance is the chain of one config, with what it holds.
type Instance struct {
	Spec
	Variant
	Provider *provider.Provider
	// Stages are those of the chain, in order.
	Stages []pipeline.Stage

	process *Process
	closers []func()
	faults  []error
	// What the rows made; nil where the chain has no such stage.
	ipallow   *ipallow.Stage
	ratelimit *ratelimit.Stage
	verify    *verify.Stage
	normalize *normalize.Stage
	policy    *policy.Stage
	keeper    *quarantine.Keeper
	// publish is there after policy and the keeper, which store with it later.
	publish atomic.Pointer[publish.Stage]
}

// Instance builds the chain of s by [Rows]. Its error joins every fault, each after
// its path in the plugin's config.
func (p *Process) Instance(s Spec, v Variant) (*Instance, error) {
	i := &Instance{Spec: s, Variant: v, process: p}
	if i.Now == nil {
		i.Now = p.env.Now
	}
	var err error
	if i.Provider, err = i.Row(); err != nil && !v.Offline {
		return nil, err
	} else if err != nil {
		i.withoutRow(err)
	}
	for n, row := range Rows() {
		if !row.runs(i.alone) || slices.Contains(i.Skip, row.Stage) {
			continue
		}
		stage, err := p.makers[n](i)
		if err != nil {
			i.fault(row.Stage, err)
		} else if stage != nil {
			i.Stages = append(i.Stages, i.replaced(row.Stage, stage)...)
		}
	}
	i.fault("quarantine", i.holdable())
	i.fault("observe", i.Observe.Check(i.Publish.SubjectPrefix, i.Quarantine.SubjectPrefix))
	if byDefault := i.Observe.Or(p.env.ObserveSubject); i.publish.Load() != nil && byDefault.Check(i.Publish.SubjectPrefix, i.Quarantine.SubjectPrefix) == nil {
		i.Observe = byDefault // which is no fault of the config where it cannot be
	}
	if err := errors.Join(i.faults...); err != nil {
		i.Close()
		return nil, err
	}
	return i, nil
}

// withoutRow takes note of a sender that cannot be made of its settings. What needs none
// is looked at all the same, with another one in its place.
func (i *Instance) withoutRow(err error) {
	i.faults = append(i.faults, err)
	i.Provider, _ = catalogue.Lookup("standard-webhooks")
	i.Skip = append(slices.Clone(i.Skip), "ipallow", "verify", "normalize")
}

func (i *Instance) replaced(name string, s pipeline.Stage) []pipeline.Stage {
	if i.Replace == nil {
		return []pipeline.Stage{s}
	}
	return i.Replace(name, s)
}

// onClose calls f when the instance ends, after what was handed over earlier: what
// stores goes last.
func (i *Instance) onClose(f func()) { i.closers = append(i.closers, f) }

// Close gives up what the instance holds.
func (i *Instance) Close() {
	for _, f := range i.closers {
		f()
	}
}

// fault takes note of what is wrong with the settings of a record. Those of the
// plugin's own stage stand at the top of its config.
func (i *Instance) fault(record string, err error) {
	if record != i.alone {
		err = config.Within(record, err)
	}
	i.faults = append(i.faults, err)
}

// handler puts the stages into a chain with what the provider asks for.
func (i *Instance) handler() (*pluginserver.Handler, error) {
	env, row := i.process.env, i.Provider
	success := pipeline.Reply{Status: row.Success.Status, ContentType: row.Success.ContentType, Body: []byte(row.Success.Body)}
	for _, h := range row.Success.Headers {
		success.Headers = append(success.Headers, pipeline.Header(h))
	}
	opts := []pipeline.Option{
		pipeline.WithObserver(env.Metrics),
		pipeline.WithTracer(env.Traces.Of(row.Name)),
		pipeline.WithStatus(row.Status),
		pipeline.WithSuccess(success),
	}
	if !i.AckHeader {
		opts = append(opts, pipeline.WithoutAckHeader())
	}
	if row.BareRefusals {
		opts = append(opts, pipeline.WithBareRefusals())
	}
	if row.SETErrors {
		opts = append(opts, pipeline.WithSETErrors())
	}
	if i.keeper != nil {
		opts = append(opts, pipeline.WithRefused(i.keeper.Refused))
	}
	records := i.process.records.Recorder(i.Observe, row.Name, i.JetStream)
	if records != nil {
		opts = append(opts, pipeline.WithSteps())
	}
	c, err := pipeline.NewChain(i.Stages, opts...)
	if err != nil {
		i.Close()
		return nil, fmt.Errorf("provider: %w", err)
	}
	i.watchMissing()
	h := &pluginserver.Handler{
		Settings: answerTimeout(row, i.Settings), Chain: c, Provider: row.Name, Close: i.Close,
		Share: i.verify != nil && i.publish.Load() == nil, Take: i.verify == nil && i.normalize != nil, Record: records.Record,
	}
	if row.Cutoff != (spec.Cutoff{}) {
		h.Answered = i.process.health.Routes(row.Name, row.Cutoff, i.warn).Answered
	}
	h.Stored = i.learn()
	h.AskClient = i.ipallow != nil || i.ratelimit != nil || i.policy != nil || i.keeper != nil
	if i.verify != nil {
		h.AskConnection, h.UnprovedCopies = i.verify.NeedsConnection(), i.verify.UnprovedCopies()
	}
	return h, nil
}

// watchMissing tells of the secrets that i goes on without, for as long as it lives.
func (i *Instance) watchMissing() {
	lines := slices.Concat(i.paths("verify", i.Verify.Missing()), i.paths("quarantine", i.Quarantine.Missing()))
	i.onClose(i.process.missing.Watch(i.Provider.Name, lines))
}

// paths puts the name of a record before each line that starts with the path of a
// field in it.
func (i *Instance) paths(record string, lines []string) []string {
	if record == i.alone {
		return lines
	}
	all := make([]string, len(lines))
	for n, line := range lines {
		all[n] = record + "." + line
	}
	return all
}

// answerTimeout is s with a deadline that leaves the provider a sixth of the time that
// it waits for an answer.
func answerTimeout(row *provider.Provider, s pluginserver.Settings) pluginserver.Settings {
	if row.Timeout > 0 {
		s.DeadlineMS = min(s.DeadlineMS, int(row.Timeout.Milliseconds()*5/6))
	}
	return s
}
