package chain

import (
	"errors"
	"fmt"
	"time"

	"webhookedge/plugins/internal/config"
	"webhookedge/plugins/internal/drift/learner"
	"webhookedge/plugins/internal/endpoint"
	"webhookedge/plugins/internal/pluginserver"
	"webhookedge/plugins/internal/telemetry"
	"webhookedge/plugins/observe"
)

// unusedTTL is how long a connection or a counter without instances is kept: a
// reload of Kong stops the instances of the old workers before or after it starts
// the new.
const unusedTTL = 30 * time.Second

// Process is what the instances of one process share.
type Process struct {
	env     pluginserver.Env
	name    string  // of the process, by which NATS and a journal's directory know it
	makers  []maker // by row
	missing *telemetry.MissingSecrets
	health  *endpoint.Health
	records *observe.Writer
	shapes  *learner.Learner
	closers []func()
}

// Open opens what the rows share. name is that of the process: in a journal's
// directory a process takes over what another one of its name left. [Process.Close]
// ends it.
func Open(env pluginserver.Env, name string) (*Process, error) {
	p := &Process{env: env, name: name, health: endpoint.New(env.Logger, env.Now)}
	err := env.Metrics.Register(p.health)
	if err != nil {
		return nil, err
	}
	if p.missing, err = telemetry.NewMissingSecrets(env.Logger, env.Metrics); err != nil {
		return nil, err
	}
	if p.shapes, err = learner.New(env.Logger, env.Metrics, env.Now); err != nil {
		return nil, err
	}
	p.onClose(p.shapes.Close)
	p.onClose(env.Checks.AddCheck("secrets", p.missing.Ready))
	for _, row := range Rows() {
		m, err := row.open(p)
		if err != nil {
			p.Close()
			return nil, fmt.Errorf("%s: %w", row.Stage, err)
		}
		p.makers = append(p.makers, m)
	}
	return p, nil
}

// onClose calls f when the process ends, after what was handed over earlier: policies
// have something to log until they end, and that is stored.
func (p *Process) onClose(f func()) { p.closers = append(p.closers, f) }

// Close gives up what the instances share. It waits for what is under way, at most
// twice closeTimeout.
func (p *Process) Close() {
	for _, f := range p.closers {
		f()
	}
}

// Build makes the handler of an instance of a plugin. Its error names every fault of
// the config.
func (p *Process) Build(plugin string, text []byte) (*pluginserver.Handler, error) {
	spec, err := Decode(plugin, text)
	if err != nil {
		return nil, err
	}
	i, err := p.Instance(spec, Variant{})
	if err != nil {
		return nil, err
	}
	return i.handler()
}

// Check returns everything that keeps an instance of a plugin with this config from
// being built, each fault a line that starts with the path of its field, and the config
// as far as it can be read. It connects to nothing. Some faults may be those of a value
// that another fault, which then is there too, left out.
func (p *Process) Check(plugin string, text []byte) (Spec, error) {
	spec, faults := decode(plugin, text, config.DecodePart)
	i, err := p.Instance(spec, Variant{Offline: true})
	if err == nil {
		var h *pluginserver.Handler
		if h, err = i.handler(); err == nil {
			h.Close()
		}
	}
	return spec, errors.Join(faults, err)
}

var _ pluginserver.Builder = (*Process)(nil)
