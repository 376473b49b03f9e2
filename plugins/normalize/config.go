package normalize

import (
	"errors"
	"fmt"

	"webhookedge/plugins/internal/config"
	"webhookedge/plugins/internal/redact"
	"webhookedge/plugins/provider/spec"
)

// ErrConfig is a fault of the configuration.
var ErrConfig = errors.New("invalid setting")

// The values of Config.Batch.
const (
	batchSplit = "split"
	batchKeep  = "keep"
)

// The values of Config.OnInvalid.
const (
	invalidOff        = "off"
	invalidRefuse     = "refuse"
	invalidQuarantine = "quarantine"
	invalidTag        = "tag"
)

// defaultExpanded is that of Config.MaxExpandedBytes.
const defaultExpanded = 25 << 20

// Config is what a route may set about its events. Its zero value stands for
// the defaults.
type Config struct {
	Tenant           string             `json:"tenant" doc:"Tenant of every event of this route, instead of the account that the payload names." minlen:"1" maxlen:"256"`
	Batch            string             `json:"batch" enum:"auto,split,keep" default:"auto" doc:"What becomes of a list of events in one delivery: split makes an event an item, keep makes one event of the list, auto does what is usual for the provider."`
	DuplicateKeys    spec.DuplicateKeys `json:"duplicate_keys" default:"refuse" doc:"What becomes of JSON that has a name twice in an object: refuse the delivery, so that no two readers see two values, or keep the last alone. A sender of your own may say so itself."`
	Files            string             `json:"files" enum:"refuse,describe,embed" default:"refuse" doc:"What becomes of a file in a multipart form: refuse the delivery, describe it by name, type, size and SHA-256 without its content, or embed it in base64 too."`
	MaxExpandedBytes int                `json:"max_expanded_bytes" default:"26214400" min:"1" max:"104857600" doc:"Largest body in bytes after a gzip or deflate encoding is undone; a larger one is answered with 413."`
	Redact           []RedactConfig     `json:"redact" maxlen:"64" doc:"What is taken out of every payload before it leaves the process. The first rule that leads to a value acts."`
	RedactKey        config.Secret      `json:"redact_key" doc:"Key of the action hash, 16 bytes or more, best as a vault reference. Equal values have equal hashes as long as it stays."`
	Learn            bool               `json:"learn" default:"false" doc:"Learn the shapes of payloads, names and types of fields and never values, and tell when they change: an event edge.schema.drift, a metric and webhookctl drift."`
	Validation       ValidationConfig   `json:"validation" doc:"Whether payloads are held against their JSON Schema, and what follows when they do not match."`
}

// RedactConfig is one rule of redaction.
type RedactConfig struct {
	Path   string `json:"path" format:"redact" required:"true" minlen:"2" maxlen:"1024" doc:"Where the value stands, as JSONPath: $.a.b, $['a b'], $.list[0], $.list[*].email, $..email."`
	Action string `json:"action" enum:"drop,mask,hash" required:"true" doc:"drop removes the value with its name, mask puts [redacted] in its place, hash its HMAC-SHA-256 under redact_key."`
}

// ValidationConfig is how payloads are validated.
type ValidationConfig struct {
	OnInvalid     string `json:"on_invalid" enum:"off,refuse,quarantine,tag" default:"off" doc:"What follows when a payload does not match its schema: refuse answers 422, quarantine holds the event back, tag publishes it with the extension invalid, off does not look."`
	Directory     string `json:"directory" maxlen:"4096" doc:"Directory with schemas of your own, <provider>/<event>.json or <provider>/<event>.<action>.json, before the built-in ones; read again when it changes."`
	RequireSchema bool   `json:"require_schema" default:"false" doc:"Treat an event without a schema as one that does not match."`
}

// Validate reports what the tags cannot say, each fault after the path of its
// field.
func (c *Config) Validate() error {
	var faults []error
	if _, err := c.redactor(c.rules()); err != nil {
		faults = append(faults, err)
	}
	v := &c.Validation
	if (v.Directory != "" || v.RequireSchema) && !v.on() {
		faults = append(faults, fmt.Errorf("validation.on_invalid: %w: it is off, so directory and require_schema have no effect", ErrConfig))
	}
	return errors.Join(faults...)
}

func (v *ValidationConfig) on() bool { return v.OnInvalid != "" && v.OnInvalid != invalidOff }

// Holds reports whether events whose payloads do not match their schema are held back.
func (c *Config) Holds() bool { return c.Validation.OnInvalid == invalidQuarantine }

func (c *Config) rules() []redact.Rule {
	rules := make([]redact.Rule, len(c.Redact))
	for i, r := range c.Redact {
		rules[i] = redact.Rule{Path: r.Path, Action: redact.Action(r.Action)}
	}
	return rules
}

// redactor returns nil without rules.
func (c *Config) redactor(rules []redact.Rule) (*redact.Redactor, error) {
	if len(rules) == 0 {
		return nil, nil
	}
	r, err := redact.Compile(rules, c.RedactKey.Bytes())
	if err == nil {
		return r, nil
	}
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return nil, fmt.Errorf("redact: %w", err)
	}
	var faults []error
	for _, e := range joined.Unwrap() { // each begins with the position of its rule
		faults = append(faults, fmt.Errorf("redact%w", e))
	}
	return nil, errors.Join(faults...)
}
