package stages

import (
	"errors"
	"sync/atomic"
	"time"

	"webhookedge/plugins/internal/config"
	"webhookedge/plugins/internal/settings"
	"webhookedge/plugins/ipallow"
	"webhookedge/plugins/normalize"
	"webhookedge/plugins/policy"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/publish"
	"webhookedge/plugins/quarantine"
	"webhookedge/plugins/ratelimit"
	"webhookedge/plugins/verify"
)

// Instance is the plugin with one config, while its stages are made and as long as they live.
type Instance struct {
	settings.Spec
	Provider *provider.Provider
	Now      func() time.Time // what verify takes for now
	// Offline looks at the settings alone of what connects to something, and makes no
	// stage of those.
	Offline bool
	Made    Made

	process *Process
	closers []func()
	faults  []error
}

// Made are the stages that were made, each nil where the instance has none.
type Made struct {
	IPAllow   *ipallow.Stage
	RateLimit *ratelimit.Stage
	Verify    *verify.Stage
	Normalize *normalize.Stage
	Policy    *policy.Stage
	Keeper    *quarantine.Keeper
	// publish is there after policy and the keeper, which store with it later.
	publish atomic.Pointer[publish.Stage]
}

// Stores reports whether the instance stores events.
func (m *Made) Stores() bool { return m.publish.Load() != nil }

// Instance returns the instance of s, without stages.
func (p *Process) Instance(s settings.Spec) *Instance {
	return &Instance{Spec: s, Now: p.Env.Now, process: p}
}

// OnClose calls f when the instance ends, after what was handed over earlier: what
// stores goes last.
func (i *Instance) OnClose(f func()) { i.closers = append(i.closers, f) }

// CloseFirst calls f when the instance ends, before everything that was handed over.
func (i *Instance) CloseFirst(f func()) { i.closers = append([]func(){f}, i.closers...) }

// Close gives up what the instance holds.
func (i *Instance) Close() {
	for _, f := range i.closers {
		f()
	}
}

// Fault takes note of what is wrong with the settings of a record. Those of the
// plugin's own stage stand at the top of its config.
func (i *Instance) Fault(record string, err error) {
	if record != i.Alone {
		err = config.Within(record, err)
	}
	i.faults = append(i.faults, err)
}

// Err joins the faults.
func (i *Instance) Err() error { return errors.Join(i.faults...) }
