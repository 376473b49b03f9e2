package edge

import (
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/pluginserver"
	"webhookedge/plugins/ipallow"
	"webhookedge/plugins/provider"
)

// perimeter builds the stages in front of verify, and their parts behind it.
type perimeter struct {
	addresses *addresses
}

// outer are the perimeter's stages of one instance.
type outer struct {
	before      []pipeline.Stage // in front of verify
	afterVerify []pipeline.Stage
	closers     []func()
}

func (o outer) close() {
	for _, f := range o.closers {
		f()
	}
}

func openPerimeter(env pluginserver.Env) (p *perimeter, shut func(), err error) {
	p = &perimeter{}
	if p.addresses, shut, err = openAddresses(env); err != nil {
		return nil, nil, err
	}
	return p, shut, nil
}

// build returns the stages that c sets; one without settings costs nothing. What
// was opened is returned beside the error. A nil perimeter has no stages.
func (p *perimeter) build(row *provider.Provider, c *EdgeConfig) (outer, error) {
	var o outer
	if p == nil || !c.IPAllow.Enabled() {
		return o, nil
	}
	a, err := p.addresses.open(row, c.IPAllow)
	if err != nil {
		return o, within("ipallow", err)
	}
	o.closers = append(o.closers, a.Close)
	o.before = append(o.before, a)
	if after := a.AfterVerify(); after != nil {
		o.afterVerify = append(o.afterVerify, after)
	}
	return o, nil
}

// addresses are what the ipallow stages of a process share.
type addresses struct {
	metrics *ipallow.Metrics
	lists   *ipallow.Lists
}

func openAddresses(env pluginserver.Env) (a *addresses, shut func(), err error) {
	a = &addresses{}
	if a.metrics, err = ipallow.NewMetrics(env.Metrics); err != nil {
		return nil, nil, err
	}
	a.lists = ipallow.NewLists(env.Logger, env.Now, a.metrics)
	remove := env.Checks.AddCheck("ipallow", a.lists.Ready)
	return a, func() {
		remove()
		a.lists.Close()
	}, nil
}

func (a *addresses) open(row *provider.Provider, c ipallow.Config) (*ipallow.Stage, error) {
	return ipallow.New(row, c, a.lists, ipallow.WithMetrics(a.metrics))
}

// IPAllowConfig is the config of webhook-ipallow.
type IPAllowConfig struct {
	pluginserver.Settings
	Provider provider.Name `json:"provider" required:"true" doc:"The provider that calls this route, by its name in the catalogue."`
	ipallow.Config
}

// IPAllow is webhook-ipallow, for users who only want that. It sees no
// verification, so it cannot notice that a list is stale.
func IPAllow() pluginserver.Plugin {
	const name = "webhook-ipallow"
	return pluginserver.Define(
		name, priority(name),
		func(env pluginserver.Env) (func(IPAllowConfig) (*pluginserver.Handler, error), func(), error) {
			addresses, shut, err := openAddresses(env)
			if err != nil {
				return nil, nil, err
			}
			return func(c IPAllowConfig) (*pluginserver.Handler, error) {
				row, err := lookup(c.Provider)
				if err != nil {
					return nil, err
				}
				a, err := addresses.open(row, c.Config)
				if err != nil {
					return nil, err
				}
				return handler(env, row, c.Settings, stored{outer: outer{closers: []func(){a.Close}}}, a)
			}, shut, nil
		})
}
