// Package settings is what the plugins are set to: a config for each of them, out of those
// of the stages, and what they have in common for the chain that is built of it.
package settings

import (
	"errors"
	"fmt"

	"webhookedge/plugins/internal/pluginserver"
	"webhookedge/plugins/ipallow"
	"webhookedge/plugins/normalize"
	"webhookedge/plugins/observe"
	"webhookedge/plugins/policy"
	"webhookedge/plugins/publish"
	"webhookedge/plugins/quarantine"
	"webhookedge/plugins/ratelimit"
	"webhookedge/plugins/verify"
)

// Config is the config of webhook-edge, and the sum of what any plugin is set to.
type Config struct {
	pluginserver.Settings
	Sender
	IPAllow   ipallow.Config   `json:"ipallow" doc:"Which addresses may deliver; without settings all may."`
	RateLimit ratelimit.Config `json:"ratelimit" doc:"How many deliveries pass in a time; without limits all do."`
	Verify    verify.Config    `json:"verify" required:"true" doc:"How the sender is proved."`
	Normalize normalize.Config `json:"normalize" doc:"How a delivery becomes an event."`
	Policy    policy.Config    `json:"policy" doc:"Which policy decides what becomes of an event."`
	Publish   publish.Config   `json:"publish" doc:"Where the event is stored."`

	Quarantine quarantine.Config `json:"quarantine" doc:"Which refused deliveries are kept, and where events are held back."`
	Observe    observe.Config    `json:"observe" doc:"Where a record of each delivery goes, for whoever looks on."`
}

// IPAllowConfig is the config of webhook-ipallow. It sees no verification, so it
// cannot notice that a list is stale.
type IPAllowConfig struct {
	pluginserver.Passing
	Sender
	ipallow.Config
}

// RateLimitConfig is the config of webhook-ratelimit.
type RateLimitConfig struct {
	pluginserver.Passing
	Sender
	ratelimit.Config
}

// VerifyConfig is the config of webhook-verify, which tells later plugins and the
// service behind them what it proved.
type VerifyConfig struct {
	pluginserver.Passing
	Sender
	verify.Config
}

// PolicyConfig is the config of webhook-policy, which refuses what the policy refuses
// and lets everything else pass as it came.
type PolicyConfig struct {
	pluginserver.Passing
	Sender
	RequireVerified bool             `json:"require_verified" default:"true" doc:"Refuse a delivery that no webhook-verify before this plugin proved to come from the provider."`
	Normalize       normalize.Config `json:"normalize" doc:"How a delivery becomes an event."`
	policy.Config
}

// PublishConfig is the config of webhook-publish: normalisation and storage of what
// webhook-verify proved earlier in the same request.
type PublishConfig struct {
	pluginserver.Settings
	Sender
	RequireVerified bool             `json:"require_verified" default:"true" doc:"Refuse a delivery that no webhook-verify before this plugin proved to come from the provider."`
	Normalize       normalize.Config `json:"normalize" doc:"How a delivery becomes an event."`
	publish.Config

	Quarantine quarantine.Config `json:"quarantine" doc:"Which refused deliveries are kept, and where events are held back."`
	Observe    observe.Config    `json:"observe" doc:"Where a record of each delivery goes, for whoever looks on."`
}

// Spec is what one instance is set to, whichever plugin it is of.
type Spec struct {
	Config
	// Alone is the stage whose plugin it is, "" for webhook-edge. The stage's own
	// settings stand at the top level of that plugin's config.
	Alone string
	// Unverified lets deliveries pass that no plugin before this one proved.
	Unverified bool
}

// Plugin is the config of a plugin.
type Plugin interface{ Spec() Spec }

// Spec implements [Plugin].
func (c Config) Spec() Spec { return Spec{Config: c} }

// Spec implements [Plugin].
func (c IPAllowConfig) Spec() Spec {
	return Spec{Alone: "ipallow", Config: Config{Settings: c.Pass(), Sender: c.Sender, IPAllow: c.Config}}
}

// Spec implements [Plugin].
func (c RateLimitConfig) Spec() Spec {
	return Spec{Alone: "ratelimit", Config: Config{Settings: c.Pass(), Sender: c.Sender, RateLimit: c.Config}}
}

// Spec implements [Plugin].
func (c VerifyConfig) Spec() Spec {
	return Spec{Alone: "verify", Config: Config{Settings: c.Pass(), Sender: c.Sender, Verify: c.Config}}
}

// Spec implements [Plugin].
func (c PolicyConfig) Spec() Spec {
	return Spec{Alone: "policy", Unverified: !c.RequireVerified, Config: Config{Settings: c.Pass(), Sender: c.Sender, Normalize: c.Normalize, Policy: c.Config}}
}

// Spec implements [Plugin].
func (c PublishConfig) Spec() Spec {
	return Spec{Alone: "publish", Unverified: !c.RequireVerified, Config: Config{
		Settings: c.Settings, Sender: c.Sender, Normalize: c.Normalize, Publish: c.Config, Quarantine: c.Quarantine, Observe: c.Observe,
	}}
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

// Validate refuses to learn, since what passes here is stored elsewhere, or not at all, and
// a sender whose payload this plugin never sees.
func (c *PolicyConfig) Validate() error {
	var learns error
	if c.Normalize.Learn {
		learns = fmt.Errorf("normalize.learn: %w: it is possible in webhook-edge and webhook-publish only, which store events", normalize.ErrConfig)
	}
	return errors.Join(learns, c.readable(c.RequireVerified))
}

// Validate refuses a sender whose payload this plugin never sees.
func (c *PublishConfig) Validate() error { return c.readable(c.RequireVerified) }
