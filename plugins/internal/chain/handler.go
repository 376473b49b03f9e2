package chain

import (
	"fmt"
	"slices"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/pluginserver"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/spec"
)

// handler puts the stages into a chain with what the provider asks for.
func (i *Instance) handler() (*pluginserver.Handler, error) {
	env, row, made := i.process.shared.Env, i.Provider, &i.Made
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
	if made.Keeper != nil {
		opts = append(opts, pipeline.WithRefused(made.Keeper.Refused))
	}
	records := i.process.shared.Records.Recorder(i.Observe, row.Name, i.JetStream)
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
		Share: made.Verify != nil && !made.Stores(), Take: made.Verify == nil && made.Normalize != nil, Record: records.Record,
	}
	if row.Cutoff != (spec.Cutoff{}) {
		h.Answered = i.process.health.Routes(row.Name, row.Cutoff, i.warn).Answered
	}
	h.Stored = i.learn()
	h.AskClient = made.IPAllow != nil || made.RateLimit != nil || made.Policy != nil || made.Keeper != nil
	if made.Verify != nil {
		h.AskConnection, h.UnprovedCopies = made.Verify.NeedsConnection(), made.Verify.UnprovedCopies()
	}
	return h, nil
}

// watchMissing tells of the secrets that i goes on without, for as long as it lives.
func (i *Instance) watchMissing() {
	lines := slices.Concat(i.paths("verify", i.Verify.Missing()), i.paths("quarantine", i.Quarantine.Missing()))
	i.OnClose(i.process.missing.Watch(i.Provider.Name, lines))
}

// paths puts the name of a record before each line that starts with the path of a
// field in it.
func (i *Instance) paths(record string, lines []string) []string {
	if record == i.Alone {
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
