package quarantine

import (
	"cmp"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"

	"webhookedge/plugins/internal/config"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/text"
	"webhookedge/plugins/streams/archive"
)

// Config says what is kept, how much of it, and where.
type Config struct {
	Keep                 []string    `json:"keep" doc:"Codes of refused deliveries that are kept; an empty list keeps none. Events that are held back are always kept." default:"[\"signature_invalid\",\"malformed\",\"type_mismatch\",\"payload_invalid\",\"policy_denied\"]" maxlen:"16" enum:"signature_invalid,key_unavailable,unverified,malformed,type_mismatch,payload_invalid,policy_denied,policy_failed,id_reused,event_too_large,method_not_allowed,ip_denied,rate_limited"`
	Stream               string      `json:"stream" format:"name" doc:"Name of the JetStream stream of kept deliveries. It takes <subject_prefix>.>." default:"WEBHOOKS_REJECTED" minlen:"1" maxlen:"64"`
	Ensure               string      `json:"ensure" doc:"What to do where the stream is missing: nothing (off), or create it. One that is there is never changed." default:"create" enum:"off,create"`
	Replicas             int         `json:"replicas" doc:"Copies that a created stream keeps; more than 1 needs a cluster." default:"1" min:"1" max:"5"`
	MaxAgeHours          int         `json:"max_age_hours" doc:"Hours that a created stream keeps a delivery; 0 keeps them without end." default:"720" min:"0" max:"87600"`
	RefusedMaxAgeHours   int         `json:"refused_max_age_hours" doc:"Hours after which a refused delivery is removed whose sender was not proved; 0 keeps it as long as the others. It needs a stream with allow_msg_ttl, as a created one is." default:"72" min:"0" max:"87600"`
	MaxBytes             int64       `json:"max_bytes" doc:"Bytes that a created stream may take. When three of four are used refused deliveries are not kept any more, when all are used nothing is." default:"1073741824" min:"1048576" max:"1125899906842624"`
	SubjectPrefix        string      `json:"subject_prefix" format:"subject" doc:"First token or tokens of the subjects; provider and code follow, a token each." default:"webhooks-rejected" minlen:"1" maxlen:"128"`
	PerProviderPerMinute int         `json:"per_provider_per_minute" doc:"Refused deliveries of one provider that this process keeps in a minute." default:"60" min:"1" max:"100000"`
	PerMinute            int         `json:"per_minute" doc:"Refused deliveries of all providers that this process keeps in a minute." default:"300" min:"1" max:"1000000"`
	MaxBodyBytes         int         `json:"max_body_bytes" doc:"Bytes of a refused delivery's body that are kept. One whose body is larger can be looked at, but not released." default:"262144" min:"1024" max:"67108864"`
	RemoveHeaders        []string    `json:"remove_headers" format:"header" doc:"Further headers, in lower case, whose values are not kept." maxlen:"64"`
	Keys                 []KeyConfig `json:"keys" doc:"Keys that records are encrypted with, the one in use first. Older ones stay until no record needs them, and one of those that has no value is left out with an alarm. None stores records unencrypted." maxlen:"16" tolerant:"true"`
}

// KeyConfig is one key.
type KeyConfig struct {
	ID    string        `json:"id" required:"true" minlen:"1" maxlen:"64" doc:"A name for the key, which stands in every record that it encrypts."`
	Value config.Secret `json:"value" format:"base64" required:"true" doc:"32 random bytes in base64 (openssl rand -base64 32), best as a vault reference."`
}

// The values of Config.Ensure.
const (
	EnsureOff    = "off"
	EnsureCreate = "create"
)

// ErrConfig means that a configuration cannot be used.
var ErrConfig = errors.New("invalid setting")

// Validate reports what the tags cannot say, each fault after the path of its
// field.
func (c *Config) Validate() error {
	var faults []error
	fault := func(path, why string) { faults = append(faults, fmt.Errorf("%s: %w: %s", path, ErrConfig, why)) }
	if !text.IsName(c.Stream) {
		fault("stream", "only letters, digits, _ and - are possible")
	}
	if slices.ContainsFunc(strings.Split(c.SubjectPrefix, "."), func(token string) bool { return !text.IsName(token) }) {
		fault("subject_prefix", "must be tokens of letters, digits, _ and -, with dots between them")
	}
	if strings.HasPrefix(c.SubjectPrefix, "_INBOX") {
		fault("subject_prefix", "must not begin with _INBOX")
	}
	for i, name := range c.RemoveHeaders {
		if name == "" || strings.ToLower(name) != name {
			fault(fmt.Sprintf("remove_headers[%d]", i), "must be a name in lower case")
		}
	}
	_, err := c.Ring()
	return errors.Join(append(faults, err)...)
}

// Ring decodes the keys; its error names every one that cannot be used.
func (c *Config) Ring() (*archive.Keys, error) {
	ring := &archive.Keys{}
	var faults []error
	for i, k := range c.Keys {
		if i > 0 && k.Value.IsZero() {
			continue // the records that it sealed cannot be read, and none is sealed with less
		}
		if why := k.Value.Missing(); why != "" {
			faults = append(faults, fmt.Errorf("keys[%d].value: %w: %s, and it is the key in use", i, ErrConfig, why))
			continue
		}
		value, err := base64.StdEncoding.Strict().DecodeString(k.Value.Reveal())
		if err == nil {
			err = ring.Add(k.ID, value)
		} else {
			err = fmt.Errorf("%w: not padded base64", archive.ErrKey) // the decoder's own text shows a byte
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("keys[%d]: %w: %w", i, ErrConfig, err))
		}
	}
	return ring, errors.Join(faults...)
}

// Missing names the keys that are left out because they have no value, each a line
// that starts with the path of its field. The first is never left out.
func (c *Config) Missing() []string {
	var all []string
	for i := range c.Keys {
		if s := c.Keys[i].Value; s.IsZero() {
			all = append(all, fmt.Sprintf("keys[%d].value: %s", i, cmp.Or(s.Missing(), "must not be empty")))
		}
	}
	return all
}

// kept is the set of codes that c keeps.
func (c *Config) kept() (map[pipeline.Code]bool, error) {
	set := map[pipeline.Code]bool{}
	for i, label := range c.Keep {
		code, ok := pipeline.ParseCode(label)
		if !ok {
			return nil, fmt.Errorf("keep[%d]: %w: no such code", i, ErrConfig)
		}
		set[code] = true
	}
	return set, nil
}
