package policy

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"webhookedge/plugins/internal/config"
	"webhookedge/plugins/internal/redact"
	"webhookedge/plugins/policy/engine"
)

// ErrConfig is a fault of the configuration.
var ErrConfig = errors.New("invalid setting")

// The values of Config.Mode.
const (
	modeEnforce = "enforce"
	modeShadow  = "shadow"
)

// Config is what a route may set about its policy. Without a directory and
// an OPA configuration no policy is asked, and every event is published where it
// belongs.
type Config struct {
	Directory       string        `json:"directory" maxlen:"4096" referenceable:"true" doc:"Directory of the policy: *.rego, and data.json, data.yaml or data.yml. Read again when it changes. Without it and opa_config no policy is asked."`
	OPAConfig       string        `json:"opa_config" maxlen:"4096" doc:"Configuration file of OPA (YAML or JSON) with services, bundles, discovery, status and decision_logs. Its bundles are the policy where no directory is set."`
	Decision        string        `json:"decision" format:"rule" default:"webhook/main/decision" minlen:"1" maxlen:"256" doc:"Path of the rule that decides, below data, with slashes."`
	Mode            string        `json:"mode" enum:"enforce,shadow" default:"enforce" doc:"enforce does what the policy decides; shadow counts and logs it, and publishes every event as if there were no policy."`
	TimeoutMS       int           `json:"timeout_ms" default:"50" min:"1" max:"5000" doc:"Milliseconds that the policy has for one event; then the delivery is answered with 503."`
	MaxStaleSeconds int           `json:"max_stale_seconds" default:"0" min:"0" max:"31536000" doc:"Seconds after which a policy is not asked any more whose source cannot be read or compiled since; then deliveries are answered with 503. 0 goes on with the last good policy without end."`
	Headers         []string      `json:"headers" format:"header" maxlen:"32" doc:"Request headers that the policy sees, in lower case. Those that authorise somebody do not belong here."`
	Builtins        []string      `json:"builtins" enum:"http.send,net.lookup_ip_addr,opa.runtime,time.add_date,time.clock,time.date,time.diff,time.format,time.parse_ns,time.weekday,bits.lsh,graph.reachable_paths,net.cidr_contains_matches,product,strings.render_template" maxlen:"16" doc:"Functions that the policy may call although they are switched off: http.send, net.lookup_ip_addr, opa.runtime, those of time that read zone files, and bits.lsh, graph.reachable_paths, net.cidr_contains_matches, product and strings.render_template, which the time-out cannot stop."`
	MaxInputBytes   int           `json:"max_input_bytes" default:"1048576" min:"1024" max:"26214400" doc:"Bytes of a payload that the policy is shown at most. Where what it reads is larger, input.truncated is true and input.data is missing."`
	RedactKey       config.Secret `json:"redact_key" doc:"Key of the action hash in decisions, 16 bytes or more, best as a vault reference."`
	Labels          []string      `json:"labels" format:"label" maxlen:"64" doc:"Labels of decisions that are counted, as name=value. Others count as other."`

	Candidate CandidateConfig `json:"candidate" doc:"Another version of the policy that is asked about the same events, without effect, and compared."`
}

// CandidateConfig is a policy beside the live one.
type CandidateConfig struct {
	Directory        string `json:"directory" maxlen:"4096" doc:"Directory of the other version; without it there is none."`
	Subject          string `json:"subject" format:"subject" default:"webhooks-policy.differences" minlen:"1" maxlen:"256" doc:"NATS subject that events are told to which it decides otherwise."`
	SamplesPerMinute int    `json:"samples_per_minute" default:"10" min:"0" max:"10000" doc:"How many of them are told in a minute for each type of event. All are counted."`
}

// On reports whether a policy is asked at all.
func (c *Config) On() bool { return c.Directory != "" || c.OPAConfig != "" }

// Validate reports what the tags cannot say, each fault after the path of its
// field.
func (c *Config) Validate() error {
	var faults []error
	if n := len(c.RedactKey.Bytes()); n > 0 && n < redact.MinKey {
		faults = append(faults, fmt.Errorf("redact_key: %w: it has fewer than %d bytes", ErrConfig, redact.MinKey))
	}
	for i, label := range c.Labels {
		if name, value, ok := strings.Cut(label, "="); !ok || name == "" || value == "" || name != strings.ToLower(name) {
			faults = append(faults, fmt.Errorf("labels[%d]: %w: it is not name=value", i, ErrConfig))
		}
	}
	for i, name := range c.Headers {
		if name == "" || name != strings.ToLower(name) {
			faults = append(faults, fmt.Errorf("headers[%d]: %w: it is not in lower case", i, ErrConfig))
		}
	}
	for i, name := range c.Builtins {
		if !slices.Contains(engine.SwitchedOff(), name) {
			faults = append(faults, fmt.Errorf("builtins[%d]: %w: it is not one of those that are switched off", i, ErrConfig))
		}
	}
	if _, err := c.Compiled().Entry(); err != nil {
		faults = append(faults, fmt.Errorf("decision: %w: it is not a path like %s", ErrConfig, engine.DefaultDecision))
	}
	return errors.Join(faults...)
}

// Check reports everything that keeps New from making a stage of c, and what is wrong with
// opa_config. It connects to nothing. What a directory lacks, plugins/policy/author tells.
func (c *Config) Check() error {
	faults := []error{c.Validate()}
	if !c.On() {
		return errors.Join(append(faults, fmt.Errorf("directory: %w: neither it nor opa_config is set", ErrConfig))...)
	}
	if c.OPAConfig != "" {
		if err := checkOPAConfig(c.OPAConfig); err != nil {
			faults = append(faults, fmt.Errorf("opa_config: %w: %w", ErrConfig, err))
		}
	}
	return errors.Join(faults...)
}

// Compiled are the options that a policy of c is compiled with.
func (c *Config) Compiled() engine.Options {
	return engine.Options{Decision: c.Decision, Headers: c.Headers, Builtins: c.Builtins, MaxInput: c.MaxInputBytes}
}

func (c *Config) labels() []engine.Label {
	var all []engine.Label
	for _, label := range c.Labels {
		name, value, _ := strings.Cut(label, "=")
		all = append(all, engine.Label{Name: name, Value: value})
	}
	return all
}
