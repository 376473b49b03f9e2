package edge

import (
	"errors"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/pluginserver"
	"webhookedge/plugins/ipallow"
	"webhookedge/plugins/provider"
)

// perimeter builds the stages in front of verify, and their parts behind it.
type perimeter struct {
	addresses *addresses
	limits    *limits
}

// outer are the perimeter's stages of one instance.
type outer struct {
	before         []pipeline.Stage // in front of verify
	afterVerify    []pipeline.Stage
	afterNormalize []pipeline.Stage
	closers        []func()
}

func (o outer) close() {
	for _, f := range o.closers {
		f()
	}
}

func openPerimeter(env pluginserver.Env) (p *perimeter, shut func(), err error) {
	addresses, shutAddresses, err := openAddresses(env)
	if err != nil {
		return nil, nil, err
	}
	limits, shutLimits, err := openLimits(env)
	if err != nil {
		shutAddresses()
		return nil, nil, err
	}
	return &perimeter{addresses, limits}, func() { shutLimits(); shutAddresses() }, nil
}

// build returns the stages that c sets; one without settings costs nothing. What
// was opened is returned beside the error. A nil perimeter has no stages.
func (p *perimeter) build(row *provider.Provider, c *EdgeConfig) (o outer, err error) {
	if p == nil {
		return o, nil
	}
	if c.IPAllow.Enabled() {
		a, aerr := p.addresses.open(row, c.IPAllow)
		if aerr == nil {
			o.closers = append(o.closers, a.Close)
			o.before = append(o.before, a)
			o.afterVerify = present(a.AfterVerify())
		}
		err = within("ipallow", aerr)
	}
	if c.RateLimit.Enabled() {
		l, lerr := p.limits.open(row, c.RateLimit)
		if lerr == nil {
			o.closers = append(o.closers, l.Close)
			o.before = append(o.before, l)
			o.afterNormalize = present(l.AfterNormalize())
		}
		err = errors.Join(err, within("ratelimit", lerr))
	}
	return o, err
}

// present is a list of a stage that may not be there.
func present(s pipeline.Stage) []pipeline.Stage {
	if s == nil {
		return nil
	}
	return []pipeline.Stage{s}
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
	pluginserver.Passing
	Sender
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
				row, err := c.row()
				if err != nil {
					return nil, err
				}
				a, err := addresses.open(row, c.Config)
				if err != nil {
					return nil, err
				}
				return handler(env, row, c.Pass(), stored{outer: outer{closers: []func(){a.Close}}}, a)
			}, shut, nil
		})
}
