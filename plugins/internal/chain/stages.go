package chain

import (
	"context"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"webhookedge/plugins/internal/payloadschema"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/ipallow"
	"webhookedge/plugins/normalize"
	"webhookedge/plugins/policy"
	"webhookedge/plugins/provider/explain"
	"webhookedge/plugins/ratelimit"
	"webhookedge/plugins/verify"
	"webhookedge/plugins/verify/keyring"
)

func openAddresses(p *Process) (maker, error) {
	metrics, err := ipallow.NewMetrics(p.env.Metrics, p.env.Metrics.ProviderLabel)
	if err != nil {
		return nil, err
	}
	lists := ipallow.NewLists(p.env.Logger, p.env.Now, metrics)
	p.onClose(p.env.Checks.AddCheck("ipallow", lists.Ready))
	p.onClose(lists.Close)
	return func(i *Instance) (_ pipeline.Stage, err error) {
		if i.alone == "" && !i.IPAllow.Enabled() {
			return nil, nil
		}
		if i.Offline {
			return nil, i.IPAllow.Check(i.Provider)
		}
		if i.ipallow, err = ipallow.New(i.Provider, i.IPAllow, lists); err != nil {
			return nil, err
		}
		i.onClose(i.ipallow.Close)
		return i.ipallow, nil
	}, nil
}

func openStaleLists(*Process) (maker, error) {
	return func(i *Instance) (pipeline.Stage, error) {
		if i.ipallow == nil {
			return nil, nil
		}
		return i.ipallow.AfterVerify(), nil
	}, nil
}

// quiet takes the client library's own log, which is no JSON: what it says of a
// connection, the stage logs and counts once. The library has one log a process.
type quiet struct{}

// Printf implements the library's interface.
func (quiet) Printf(context.Context, string, ...any) {}

// quietOnce keeps the library's log from being set while a client writes to it.
var quietOnce = sync.OnceFunc(func() { redis.SetLogger(quiet{}) })

func openLimits(p *Process) (maker, error) {
	quietOnce()
	metrics, err := ratelimit.NewMetrics(p.env.Metrics, p.env.Metrics.ProviderLabel)
	if err != nil {
		return nil, err
	}
	counters := ratelimit.NewStores(p.env.Logger, p.env.Now, metrics, unusedTTL)
	p.onClose(counters.Close)
	return func(i *Instance) (_ pipeline.Stage, err error) {
		if i.alone == "" && !i.RateLimit.Enabled() {
			return nil, nil
		}
		if i.Offline {
			return nil, i.RateLimit.Check()
		}
		if i.ratelimit, err = ratelimit.New(i.Provider.Name, i.RateLimit, counters); err != nil {
			return nil, err
		}
		i.onClose(i.ratelimit.Close)
		return i.ratelimit, nil
	}, nil
}

func openLateLimits(*Process) (maker, error) {
	return func(i *Instance) (pipeline.Stage, error) {
		if i.ratelimit == nil {
			return nil, nil
		}
		return i.ratelimit.AfterNormalize(), nil
	}, nil
}

func openBody(*Process) (maker, error) {
	return func(*Instance) (pipeline.Stage, error) { return pipeline.LoadBody(), nil }, nil
}

func openVerify(p *Process) (maker, error) {
	metrics, err := verify.NewMetrics(p.env.Metrics, p.env.Metrics.ProviderLabel)
	if err != nil {
		return nil, err
	}
	opts := []verify.Option{
		verify.WithMetrics(metrics), verify.WithKeys(keyring.New(keyring.Options{})), verify.WithLogger(p.env.Logger),
		verify.WithFinder(finder(p.env.Now)),
	}
	return func(i *Instance) (_ pipeline.Stage, err error) {
		o := opts
		if i.alone != "" {
			o = append(o[:len(o):len(o)], verify.WithUpstream())
		}
		if i.verify, err = verify.New(i.Provider, i.Verify, i.Now, o...); err != nil {
			return nil, err
		}
		return i.verify, nil
	}, nil
}

// finder looks for the causes of wrong signatures, for the log.
func finder(now func() time.Time) func(verify.Refused) string {
	f := explain.NewFinder(now)
	return func(r verify.Refused) string {
		return f.Cause(explain.Case{Row: r.Row, Options: r.Options, Request: r.Request, Now: r.Now, Document: r.Document, Err: r.Err})
	}
}

func openNormalize(p *Process) (maker, error) {
	metrics, err := normalize.NewMetrics(p.env.Metrics, p.env.Metrics.ProviderLabel, p.env.Now)
	if err != nil {
		return nil, err
	}
	schemas := payloadschema.NewStore(p.env.Logger, metrics.Reloaded)
	return func(i *Instance) (_ pipeline.Stage, err error) {
		opts := []normalize.Option{normalize.WithMetrics(metrics), normalize.WithSchemas(schemas)}
		if i.unverified {
			opts = append(opts, normalize.WithUnverified())
		}
		if i.normalize, err = normalize.New(i.Provider, i.Normalize, opts...); err != nil {
			return nil, err
		}
		i.onClose(i.normalize.Close)
		return i.normalize, nil
	}, nil
}

func openPolicy(p *Process) (maker, error) {
	pool, err := policy.NewPool(p.env.Logger, p.env.Now, p.env.Metrics, p.env.Metrics.ProviderLabel, p.env.Cores)
	if err != nil {
		return nil, err
	}
	p.onClose(p.env.Checks.AddCheck("policy", pool.Ready))
	p.onClose(pool.Close)
	return func(i *Instance) (_ pipeline.Stage, err error) {
		kind := policy.Alone()
		if i.alone == "" {
			if !i.Policy.On() {
				return nil, nil
			}
			kind = policy.WithNATS(i.JetStream, i.Publish.Servers...)
		}
		if i.Offline {
			return nil, i.Policy.Check()
		}
		if i.policy, err = policy.New(i.Provider, i.Policy, pool, kind); err != nil {
			return nil, err
		}
		i.onClose(i.policy.Close)
		return i.policy, nil
	}, nil
}
