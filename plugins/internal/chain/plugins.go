package chain

import (
	"errors"
	"fmt"
	"slices"

	"webhookedge/plugins/internal/config"
	"webhookedge/plugins/internal/pluginserver"
	"webhookedge/plugins/ipallow"
	"webhookedge/plugins/normalize"
	"webhookedge/plugins/observe"
	"webhookedge/plugins/policy"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/provider/custom"
	"webhookedge/plugins/provider/spec"
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
	// alone is the stage whose plugin it is, "" for webhook-edge. The stage's own
	// settings stand at the top level of that plugin's config.
	alone string
	// unverified lets deliveries pass that no plugin before this one proved.
	unverified bool
}

func (c Config) spec() Spec { return Spec{Config: c} }

func (c IPAllowConfig) spec() Spec {
	return Spec{alone: "ipallow", Config: Config{Settings: c.Pass(), Sender: c.Sender, IPAllow: c.Config}}
}

func (c RateLimitConfig) spec() Spec {
	return Spec{alone: "ratelimit", Config: Config{Settings: c.Pass(), Sender: c.Sender, RateLimit: c.Config}}
}

func (c VerifyConfig) spec() Spec {
	return Spec{alone: "verify", Config: Config{Settings: c.Pass(), Sender: c.Sender, Verify: c.Config}}
}

func (c PolicyConfig) spec() Spec {
	return Spec{alone: "policy", unverified: !c.RequireVerified, Config: Config{Settings: c.Pass(), Sender: c.Sender, Normalize: c.Normalize, Policy: c.Config}}
}

func (c PublishConfig) spec() Spec {
	return Spec{alone: "publish", unverified: !c.RequireVerified, Config: Config{
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

// configurable is a plugin's config struct, with the function that reads one.
type configurable struct {
	zero   any
	decode func(text []byte, by decoding) (Spec, error)
}

// decoding is config.Decode or config.DecodePart.
type decoding func(text []byte, into any) error

func configOf[C interface{ spec() Spec }]() configurable {
	var zero C
	return configurable{zero: zero, decode: func(text []byte, by decoding) (Spec, error) {
		var c C
		err := by(text, &c)
		return c.spec(), err
	}}
}

// Decode reads the config of a plugin, as Kong hands it over. Its error names every
// fault that the config shows by itself.
func Decode(plugin string, text []byte) (Spec, error) { return decode(plugin, text, config.Decode) }

func decode(plugin string, text []byte, by decoding) (Spec, error) {
	if plugin == Server {
		return configOf[Config]().decode(text, by)
	}
	for _, row := range Rows() {
		if row.Plugin == plugin && plugin != "" {
			return row.config.decode(text, by)
		}
	}
	return Spec{}, fmt.Errorf("no plugin %q", plugin)
}

// Plugins are all Kong plugins of this module, webhook-edge first, then those of
// single stages in the order of [Rows].
func Plugins() []pluginserver.Plugin {
	plugins := []pluginserver.Plugin{{Name: Server, Priority: Priority, Config: Config{}}}
	for _, row := range Rows() {
		if row.Plugin != "" {
			plugins = append(plugins, pluginserver.Plugin{Name: row.Plugin, Priority: row.Priority, Config: row.config.zero})
		}
	}
	return plugins
}

// Schemas returns the Kong schemas of our plugins, by their names.
func Schemas() (map[string][]byte, error) {
	schemas := map[string][]byte{}
	for _, p := range Plugins() {
		var err error
		if schemas[p.Name], err = config.KongSchema(p.Name, p.Config); err != nil {
			return nil, err
		}
	}
	return schemas, nil
}

// Servers are the plugins of single stages, each with the server that runs it.
func Servers() map[string]string {
	servers := map[string]string{}
	for _, row := range Rows() {
		if row.Plugin != "" {
			servers[row.Plugin] = Server
		}
	}
	return servers
}

// Variables are the nginx variables that kong.conf sets for the plugins, each with its
// value.
func Variables() map[string]string {
	return map[string]string{pluginserver.LineVariable: pluginserver.LineTemplate}
}

// Program is the one process that serves all plugins.
func Program() pluginserver.Program {
	return pluginserver.Program{
		Name: Server, Plugins: Plugins(), Providers: catalogue.Names(), Stages: Stages(),
		Open: func(env pluginserver.Env) (pluginserver.Builder, error) {
			p, err := Open(env, Server)
			if err != nil {
				return nil, err
			}
			return p, nil
		},
	}
}

// Sender says who calls a route: a provider of the catalogue, or a sender that the
// settings describe.
type Sender struct {
	Provider catalogue.Name   `json:"provider" doc:"The provider that calls this route, by its name in the catalogue. One of provider and custom must be set."`
	Custom   *custom.Provider `json:"custom" doc:"A sender that is not in the catalogue: how it signs and where its deliveries name their event, as a row of the catalogue says it."`
}

// KongChecks are the rules across the fields.
func (Sender) KongChecks() []config.EntityCheck {
	return []config.EntityCheck{{OnlyOneOf: []string{"provider", "custom"}}}
}

// readable refuses a sender that encrypts whatever its scheme: webhook-verify decrypts for
// itself, and hands no payload to a plugin that wants it verified. What is wrong with the
// row itself is told elsewhere.
func (s *Sender) readable(verified bool) error {
	plain := func(s spec.Scheme) bool { return s.Encrypted.At == "" }
	if row, _ := s.Row(); row == nil || !verified || slices.ContainsFunc(row.Schemes, plain) {
		return nil
	}
	field := "provider"
	if s.Custom != nil {
		field = "custom"
	}
	return fmt.Errorf("%s: %w", field, normalize.ErrSealed)
}

// Row returns the sender's row, compiled.
func (s *Sender) Row() (*provider.Provider, error) {
	if s.Custom != nil {
		row, err := s.Custom.Row()
		return row, config.Within("custom", err)
	}
	row, ok := catalogue.Lookup(string(s.Provider))
	if !ok {
		return nil, fmt.Errorf("provider: no provider %q in the catalogue", string(s.Provider))
	}
	return row, nil
}
