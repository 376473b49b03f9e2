package chain

import (
	"errors"
	"fmt"

	"webhookedge/plugins/internal/config"
	"webhookedge/plugins/internal/drift/learner"
	"webhookedge/plugins/internal/endpoint"
	"webhookedge/plugins/internal/pluginserver"
	"webhookedge/plugins/internal/settings"
	"webhookedge/plugins/internal/stages"
	"webhookedge/plugins/internal/telemetry"
)

// Process is what the instances of one process share.
type Process struct {
	shared  *stages.Process
	makers  []stages.Maker // by row
	missing *telemetry.MissingSecrets
	health  *endpoint.Health
	shapes  *learner.Learner
}

// Open opens what the rows share. name is that of the process: in a journal's
// directory a process takes over what another one of its name left. [Process.Close]
// ends it.
func Open(env pluginserver.Env, name string) (*Process, error) {
	p := &Process{shared: &stages.Process{Env: env, Name: name}, health: endpoint.New(env.Logger, env.Now)}
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
	p.shared.OnClose(p.shapes.Close)
	p.shared.OnClose(env.Checks.AddCheck("secrets", p.missing.Ready))
	for _, row := range Rows() {
		m, err := row.open(p.shared)
		if err != nil {
			p.Close()
			return nil, fmt.Errorf("%s: %w", row.Stage, err)
		}
		p.makers = append(p.makers, m)
	}
	return p, nil
}

// Close gives up what the instances share, and waits for what is under way.
func (p *Process) Close() { p.shared.Close() }

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
func (p *Process) Check(plugin string, text []byte) (settings.Spec, error) {
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
