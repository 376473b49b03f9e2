package edge

import (
	"errors"
	"fmt"
	"slices"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/pluginserver"
	"webhookedge/plugins/ipallow"
	"webhookedge/plugins/keyring"
	"webhookedge/plugins/normalize"
	"webhookedge/plugins/policy"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/publish"
	"webhookedge/plugins/quarantine"
	"webhookedge/plugins/ratelimit"
	"webhookedge/plugins/verify"
)

// EdgeConfig is the config of webhook-edge.
type EdgeConfig struct {
	pluginserver.Settings
	Sender
	IPAllow   ipallow.Config   `json:"ipallow" doc:"Which addresses may deliver; without settings all may."`
	RateLimit ratelimit.Config `json:"ratelimit" doc:"How many deliveries pass in a time; without limits all do."`
	Verify    verify.Config    `json:"verify" required:"true" doc:"How the sender is proved."`
	Normalize normalize.Config `json:"normalize" doc:"How a delivery becomes an event."`
	Policy    policy.Config    `json:"policy" doc:"Which policy decides what becomes of an event."`
	Publish   publish.Config   `json:"publish" doc:"Where the event is stored."`

	Quarantine quarantine.Config `json:"quarantine" doc:"Which refused deliveries are kept, and where events are held back."`
}

// Edge is webhook-edge: every stage in one plugin, one round trip with Kong.
func Edge() pluginserver.Plugin {
	const name = "webhook-edge"
	return pluginserver.Define(
		name, EdgePriority,
		func(env pluginserver.Env) (func(EdgeConfig) (*pluginserver.Handler, error), func(), error) {
			gone, shutMissing, err := openMissing(env)
			if err != nil {
				return nil, nil, err
			}
			in, shutInner, err := openInner(env, name)
			if err != nil {
				shutMissing()
				return nil, nil, err
			}
			around, shutPerimeter, err := openPerimeter(env)
			if err != nil {
				shutInner()
				shutMissing()
				return nil, nil, err
			}
			shut := func() { shutPerimeter(); shutInner(); shutMissing() }
			return func(c EdgeConfig) (*pluginserver.Handler, error) {
				row, err := c.row()
				if err != nil {
					return nil, err
				}
				with := live(env)
				with.perimeter = around
				stages, where, err := in.build(row, &c, with)
				herr := holdable(env.Logger, where.quarantine, &c.Normalize, c.Policy.On())
				if err = errors.Join(err, within("quarantine", herr)); err != nil {
					return nil, closing(where, err)
				}
				where.outer.closers = append(where.outer.closers, gone.watch(row, slices.Concat(under("verify", c.Verify.Missing()), under("quarantine", c.Quarantine.Missing()))))
				return handler(env, row, c.Settings, where, stages...)
			}, shut, nil
		})
}

// VerifyConfig is the config of webhook-verify.
type VerifyConfig struct {
	pluginserver.Passing
	Sender
	verify.Config
}

// Verify is webhook-verify, for users who proxy to a service of their own. It
// tells that service and later plugins what it proved.
func Verify() pluginserver.Plugin {
	const name = "webhook-verify"
	return pluginserver.Define(
		name, priority(name),
		func(env pluginserver.Env) (func(VerifyConfig) (*pluginserver.Handler, error), func(), error) {
			metrics, err := verify.NewMetrics(env.Metrics)
			if err != nil {
				return nil, nil, err
			}
			gone, shut, err := openMissing(env)
			if err != nil {
				return nil, nil, err
			}
			keys := keyring.New(keyring.Options{})
			find := verify.WithFinder(newCauses(env.Now).find)
			return func(c VerifyConfig) (*pluginserver.Handler, error) {
				row, err := c.row()
				if err != nil {
					return nil, err
				}
				v, err := verify.New(row, c.Config, env.Now, verify.WithMetrics(metrics), verify.WithKeys(keys), verify.WithLogger(env.Logger), find, verify.WithUpstream())
				if err != nil {
					return nil, err
				}
				where := stored{outer: outer{closers: []func(){gone.watch(row, c.Missing())}}}
				h, err := handler(env, row, c.Pass(), where, pipeline.LoadBody(), v)
				if err == nil {
					h.Share = true
				}
				return h, err
			}, shut, nil
		})
}

// PublishConfig is the config of webhook-publish.
type PublishConfig struct {
	pluginserver.Settings
	Sender
	RequireVerified bool             `json:"require_verified" default:"true" doc:"Refuse a delivery that no webhook-verify before this plugin proved to come from the provider."`
	Normalize       normalize.Config `json:"normalize" doc:"How a delivery becomes an event."`
	publish.Config

	Quarantine quarantine.Config `json:"quarantine" doc:"Which refused deliveries are kept, and where events are held back."`
}

// Publish is webhook-publish: normalisation and storage of what webhook-verify
// proved earlier in the same request.
func Publish() pluginserver.Plugin {
	const name = "webhook-publish"
	return pluginserver.Define(
		name, priority(name),
		func(env pluginserver.Env) (func(PublishConfig) (*pluginserver.Handler, error), func(), error) {
			normal, err := openNormalize(env)
			if err != nil {
				return nil, nil, err
			}
			gone, shutMissing, err := openMissing(env)
			if err != nil {
				return nil, nil, err
			}
			store, shutStores, err := openStores(env, name)
			if err != nil {
				shutMissing()
				return nil, nil, err
			}
			shut := func() { shutStores(); shutMissing() }
			return func(c PublishConfig) (*pluginserver.Handler, error) {
				row, err := c.row()
				if err != nil {
					return nil, err
				}
				var opts []normalize.Option
				if !c.RequireVerified {
					opts = append(opts, normalize.WithUnverified())
				}
				n, nerr := normal.stage(row, c.Normalize, opts...)
				p, k, serr := store.open(row, "", nil, c.Config, c.Quarantine)
				where := stored{publish: p, quarantine: k, normalize: n}
				herr := holdable(env.Logger, k, &c.Normalize, false)
				if err := errors.Join(within("normalize", nerr), serr, within("quarantine", herr)); err != nil {
					return nil, closing(where, err)
				}
				where.outer.closers = append(where.outer.closers, gone.watch(row, under("quarantine", c.Quarantine.Missing())))
				h, err := handler(env, row, c.Settings, where, pipeline.LoadBody(), n, p)
				if err == nil {
					h.Take = true
				}
				return h, err
			}, shut, nil
		})
}

// patience is s with a deadline that leaves the provider a sixth of the time that
// it waits for an answer.
func patience(row *provider.Provider, s pluginserver.Settings) pluginserver.Settings {
	if row.Timeout > 0 {
		s.DeadlineMS = min(s.DeadlineMS, int(row.Timeout.Milliseconds()*5/6))
	}
	return s
}

// handler puts stages into a chain with what the provider asks for.
func handler(env pluginserver.Env, row *provider.Provider, s pluginserver.Settings, where stored, stages ...pipeline.Stage) (*pluginserver.Handler, error) {
	success := pipeline.Reply{Status: row.Success.Status, ContentType: row.Success.ContentType, Body: []byte(row.Success.Body)}
	for _, h := range row.Success.Headers {
		success.Headers = append(success.Headers, pipeline.Header(h))
	}
	opts := []pipeline.Option{
		pipeline.WithObserver(env.Metrics),
		pipeline.WithTracer(env.Traces.Of(row.Name)),
		pipeline.WithStatus(row.Status),
		pipeline.WithSuccess(success),
	}
	if row.BareRefusals {
		opts = append(opts, pipeline.WithBareRefusals())
	}
	if where.quarantine != nil {
		opts = append(opts, pipeline.WithRefused(where.quarantine.Refused))
	}
	chain, err := pipeline.NewChain(stages, opts...)
	if err != nil {
		return nil, closing(where, fmt.Errorf("provider: %w", err))
	}
	h := &pluginserver.Handler{Settings: patience(row, s), Chain: chain, Provider: row.Name, Close: where.close}
	for _, s := range stages {
		if v, ok := s.(*verify.Stage); ok {
			h.AskConnection, h.UnprovedCopies = v.NeedsConnection(), v.UnprovedCopies()
		}
	}
	return h, nil
}

// closing gives up what a plugin holds that cannot be built.
func closing(where stored, err error) error {
	where.close()
	return err
}

// within puts the name of a record before every line of err.
func within(record string, err error) error {
	if err == nil {
		return nil
	}
	joined, ok := err.(interface{ Unwrap() []error })
	// One line that wraps two errors is no list of lines.
	if !ok || errors.Join(joined.Unwrap()...).Error() != err.Error() {
		return fmt.Errorf("%s.%w", record, err)
	}
	var all []error
	for _, e := range joined.Unwrap() {
		all = append(all, within(record, e))
	}
	return errors.Join(all...)
}
