package edge

import (
	"errors"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/pluginserver"
	"webhookedge/plugins/normalize"
	"webhookedge/plugins/policy"
)

// PolicyConfig is the config of webhook-policy.
type PolicyConfig struct {
	pluginserver.Passing
	Sender
	RequireVerified bool             `json:"require_verified" default:"true" doc:"Refuse a delivery that no webhook-verify before this plugin proved to come from the provider."`
	Normalize       normalize.Config `json:"normalize" doc:"How a delivery becomes an event."`
	policy.Config
}

// Policy is webhook-policy, for users who proxy to a service of their own: it
// refuses what the policy refuses and lets everything else pass as it came.
func Policy() pluginserver.Plugin {
	const name = "webhook-policy"
	return pluginserver.Define(
		name, priority(name),
		func(env pluginserver.Env) (func(PolicyConfig) (*pluginserver.Handler, error), func(), error) {
			normal, err := openNormalize(env)
			if err != nil {
				return nil, nil, err
			}
			policies, shut, err := openPolicies(env)
			if err != nil {
				return nil, nil, err
			}
			return func(c PolicyConfig) (*pluginserver.Handler, error) {
				row, err := c.row()
				if err != nil {
					return nil, err
				}
				var opts []normalize.Option
				if !c.RequireVerified {
					opts = append(opts, normalize.WithUnverified())
				}
				n, nerr := normal.stage(row, c.Normalize, opts...)
				p, perr := policy.New(row, c.Config, policies, policy.Alone())
				where := stored{normalize: n, policy: p}
				if err := errors.Join(within("normalize", nerr), perr); err != nil {
					return nil, closing(where, err)
				}
				h, err := handler(env, row, c.Pass(), where, pipeline.LoadBody(), n, p)
				if err == nil {
					h.Take = true
				}
				return h, err
			}, shut, nil
		})
}

// openPolicies returns the policies of a process, and what ends them.
func openPolicies(env pluginserver.Env) (*policy.Pool, func(), error) {
	pool, err := policy.NewPool(env.Logger, env.Now, env.Metrics)
	if err != nil {
		return nil, nil, err
	}
	removeCheck := env.Checks.AddCheck("policy", pool.Ready)
	return pool, func() { removeCheck(); pool.Close() }, nil
}
