package stages

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

// OpenAddresses is an [Opener].
func OpenAddresses(p *Process) (Maker, error) {
	metrics, err := ipallow.NewMetrics(p.Env.Metrics, p.Env.Metrics.ProviderLabel)
	if err != nil {
		return nil, err
	}
	lists := ipallow.NewLists(p.Env.Logger, p.Env.Now, metrics)
	p.OnClose(p.Env.Checks.AddCheck("ipallow", lists.Ready))
	p.OnClose(lists.Close)
	return func(i *Instance) (_ pipeline.Stage, err error) {
		if i.Alone == "" && !i.IPAllow.Enabled() {
			return nil, nil
		}
		if i.Offline {
			return nil, i.IPAllow.Check(i.Provider)
		}
		if i.Made.IPAllow, err = ipallow.New(i.Provider, i.IPAllow, lists); err != nil {
			return nil, err
		}
		i.OnClose(i.Made.IPAllow.Close)
		return i.Made.IPAllow, nil
	}, nil
}

// OpenStaleLists is an [Opener].
func OpenStaleLists(*Process) (Maker, error) {
	return func(i *Instance) (pipeline.Stage, error) {
		if i.Made.IPAllow == nil {
			return nil, nil
		}
		return i.Made.IPAllow.AfterVerify(), nil
	}, nil
}

// quiet takes the client library's own log, which is no JSON: what it says of a
// connection, the stage logs and counts once. The library has one log a process.
type quiet struct{}

// Printf implements the library's interface.
func (quiet) Printf(context.Context, string, ...any) {}

// quietOnce keeps the library's log from being set while a client writes to it.
var quietOnce = sync.OnceFunc(func() { redis.SetLogger(quiet{}) })

// OpenLimits is an [Opener].
func OpenLimits(p *Process) (Maker, error) {
	quietOnce()
	metrics, err := ratelimit.NewMetrics(p.Env.Metrics, p.Env.Metrics.ProviderLabel)
	if err != nil {
		return nil, err
	}
	counters := ratelimit.NewStores(p.Env.Logger, p.Env.Now, metrics, unusedTTL)
	p.OnClose(counters.Close)
	return func(i *Instance) (_ pipeline.Stage, err error) {
		if i.Alone == "" && !i.RateLimit.Enabled() {
			return nil, nil
		}
		if i.Offline {
			return nil, i.RateLimit.Check()
		}
		if i.Made.RateLimit, err = ratelimit.New(i.Provider.Name, i.RateLimit, counters); err != nil {
			return nil, err
		}
		i.OnClose(i.Made.RateLimit.Close)
		return i.Made.RateLimit, nil
	}, nil
}

// OpenLateLimits is an [Opener].
func OpenLateLimits(*Process) (Maker, error) {
	return func(i *Instance) (pipeline.Stage, error) {
		if i.Made.RateLimit == nil {
			return nil, nil
		}
		return i.Made.RateLimit.AfterNormalize(), nil
	}, nil
}

// OpenBody is an [Opener].
func OpenBody(*Process) (Maker, error) {
	return func(*Instance) (pipeline.Stage, error) { return pipeline.LoadBody(), nil }, nil
}

// OpenVerify is an [Opener].
func OpenVerify(p *Process) (Maker, error) {
	metrics, err := verify.NewMetrics(p.Env.Metrics, p.Env.Metrics.ProviderLabel)
	if err != nil {
		return nil, err
	}
	opts := []verify.Option{
		verify.WithMetrics(metrics), verify.WithKeys(keyring.New(keyring.Options{})), verify.WithLogger(p.Env.Logger),
		verify.WithFinder(finder(p.Env.Now)),
	}
	return func(i *Instance) (_ pipeline.Stage, err error) {
		o := opts
		if i.Alone != "" {
			o = append(o[:len(o):len(o)], verify.WithUpstream())
		}
		if i.Made.Verify, err = verify.New(i.Provider, i.Verify, i.Now, o...); err != nil {
			return nil, err
		}
		return i.Made.Verify, nil
	}, nil
}

// finder looks for the causes of wrong signatures, for the log.
func finder(now func() time.Time) func(verify.Refused) string {
	f := explain.NewFinder(now)
	return func(r verify.Refused) string {
		return f.Cause(explain.Case{Row: r.Row, Options: r.Options, Request: r.Request, Now: r.Now, Document: r.Document, Err: r.Err})
	}
}

// OpenNormalize is an [Opener].
func OpenNormalize(p *Process) (Maker, error) {
	metrics, err := normalize.NewMetrics(p.Env.Metrics, p.Env.Metrics.ProviderLabel, p.Env.Now)
	if err != nil {
		return nil, err
	}
	schemas := payloadschema.NewStore(p.Env.Logger, metrics.Reloaded)
	return func(i *Instance) (_ pipeline.Stage, err error) {
		opts := []normalize.Option{normalize.WithMetrics(metrics), normalize.WithSchemas(schemas)}
		if i.Unverified {
			opts = append(opts, normalize.WithUnverified())
		}
		if i.Made.Normalize, err = normalize.New(i.Provider, i.Normalize, opts...); err != nil {
			return nil, err
		}
		i.OnClose(i.Made.Normalize.Close)
		return i.Made.Normalize, nil
	}, nil
}

// OpenPolicy is an [Opener].
func OpenPolicy(p *Process) (Maker, error) {
	pool, err := policy.NewPool(p.Env.Logger, p.Env.Now, p.Env.Metrics, p.Env.Metrics.ProviderLabel, p.Env.Cores)
	if err != nil {
		return nil, err
	}
	p.OnClose(p.Env.Checks.AddCheck("policy", pool.Ready))
	p.OnClose(pool.Close)
	return func(i *Instance) (_ pipeline.Stage, err error) {
		kind := policy.Alone()
		if i.Alone == "" {
			if !i.Policy.On() {
				return nil, nil
			}
			kind = policy.WithNATS(i.JetStream, i.Publish.Servers...)
		}
		if i.Offline {
			return nil, i.Policy.Check()
		}
		if i.Made.Policy, err = policy.New(i.Provider, i.Policy, pool, kind); err != nil {
			return nil, err
		}
		i.OnClose(i.Made.Policy.Close)
		return i.Made.Policy, nil
	}, nil
}
