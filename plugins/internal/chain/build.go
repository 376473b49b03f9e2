package chain

import (
	"slices"
	"time"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/settings"
	"webhookedge/plugins/internal/stages"
	"webhookedge/plugins/observe"
	"webhookedge/plugins/provider/catalogue"
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
	*stages.Instance
	// Stages are those of the chain, in order.
	Stages []pipeline.Stage

	process *Process
}

// Instance builds the chain of s by [Rows]. Its error joins every fault, each after
// its path in the plugin's config.
func (p *Process) Instance(s settings.Spec, v Variant) (*Instance, error) {
	i := &Instance{Instance: p.shared.Instance(s), process: p}
	i.Offline = v.Offline
	if v.Now != nil {
		i.Now = v.Now
	}
	skip := v.Skip
	var err error
	if i.Provider, err = i.Row(); err != nil && !v.Offline {
		return nil, err
	} else if err != nil {
		// What needs no sender is looked at all the same, with another one in its place.
		i.Fault(i.Alone, err)
		i.Provider, _ = catalogue.Lookup("standard-webhooks")
		skip = append(slices.Clone(skip), "ipallow", "verify", "normalize")
	}
	for n, row := range Rows() {
		if !row.runs(i.Alone) || slices.Contains(skip, row.Stage) {
			continue
		}
		stage, err := p.makers[n](i.Instance)
		switch {
		case err != nil:
			i.Fault(row.Stage, err)
		case stage != nil && v.Replace != nil:
			i.Stages = append(i.Stages, v.Replace(row.Stage, stage)...)
		case stage != nil:
			i.Stages = append(i.Stages, stage)
		}
	}
	i.Fault("quarantine", i.Holdable())
	i.observe()
	if err := i.Err(); err != nil {
		i.Close()
		return nil, err
	}
	return i, nil
}

// observe sets where records go by the process's default, unless the settings say that
// themselves. Where it cannot be, that is no fault of the config.
func (i *Instance) observe() {
	check := func(c observe.Config) error { return c.Check(i.Publish.SubjectPrefix, i.Quarantine.SubjectPrefix) }
	i.Fault("observe", check(i.Observe))
	if byDefault := i.Observe.Or(i.process.shared.Env.ObserveSubject); i.Made.Stores() && check(byDefault) == nil {
		i.Observe = byDefault
	}
}
