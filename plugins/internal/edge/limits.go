package edge

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/redis/go-redis/v9"

	"webhookedge/plugins/internal/pluginserver"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/ratelimit"
)

// limits are what the ratelimit stages of a process share.
type limits struct {
	stores *ratelimit.Stores
}

// quiet takes the client library's own log, which is no JSON: what it says of a
// connection, the stage logs and counts once. The library has one log a process.
type quiet struct{}

// Printf implements the library's interface.
func (quiet) Printf(context.Context, string, ...any) {}

// quietOnce keeps the library's log from being set while a client writes to it.
var quietOnce = sync.OnceFunc(func() { redis.SetLogger(quiet{}) })

func openLimits(env pluginserver.Env) (l *limits, shut func(), err error) {
	quietOnce()
	metrics, err := ratelimit.NewMetrics(env.Metrics, provider.Names())
	if err != nil {
		return nil, nil, err
	}
	l = &limits{ratelimit.NewStores(env.Logger, env.Now, metrics, linger)}
	return l, l.stores.Close, nil
}

func (l *limits) open(row *provider.Provider, c ratelimit.Config) (*ratelimit.Stage, error) {
	return ratelimit.New(row.Name, c, l.stores)
}

// RateLimitConfig is the config of webhook-ratelimit.
type RateLimitConfig struct {
	pluginserver.Passing
	Sender
	ratelimit.Config
}

// Validate refuses limits by what is not known here: the plugin runs before
// anything is verified. What is wrong with the limits themselves, theirs reports.
func (c *RateLimitConfig) Validate() error {
	var faults []error
	for i := range c.Limits {
		if c.Limits[i].NeedsEvent() {
			faults = append(faults, fmt.Errorf("limits[%d].by: %w: %s is possible in webhook-edge only, since nothing is known of the event here", i, ratelimit.ErrConfig, c.Limits[i].By))
		}
	}
	return errors.Join(faults...)
}

// RateLimit is webhook-ratelimit, for users who only want that.
func RateLimit() pluginserver.Plugin {
	const name = "webhook-ratelimit"
	return pluginserver.Define(
		name, priority(name),
		func(env pluginserver.Env) (func(RateLimitConfig) (*pluginserver.Handler, error), func(), error) {
			limits, shut, err := openLimits(env)
			if err != nil {
				return nil, nil, err
			}
			return func(c RateLimitConfig) (*pluginserver.Handler, error) {
				row, err := c.row()
				if err != nil {
					return nil, err
				}
				l, err := limits.open(row, c.Config)
				if err != nil {
					return nil, err
				}
				return handler(env, row, c.Pass(), stored{outer: outer{closers: []func(){l.Close}}}, l)
			}, shut, nil
		})
}
