package verify

import (
	"errors"
	"fmt"
	"net/url"
	"time"

	"webhookedge/plugins/internal/config"
	"webhookedge/plugins/provider"
)

// Config is the stage's part of a plugin's configuration.
type Config struct {
	Scheme           string         `json:"scheme" maxlen:"64" doc:"How the provider signs, by the name of its scheme; empty for the provider's default. A weak scheme such as GitHub's sha1 is used only when named here."`
	Secrets          []SecretConfig `json:"secrets" required:"true" minlen:"1" maxlen:"16" doc:"What the provider signs with, newest first. Several at once let a secret be rotated without a gap."`
	ToleranceSeconds int            `json:"tolerance_seconds" default:"300" min:"1" max:"3600" doc:"How far a signed time may lie from now, in seconds, in both directions. Without effect for providers that sign no time."`
	RawKey           bool           `json:"raw_key" default:"false" doc:"Use the text of the secrets undecoded, for Standard Webhooks senders that do so."`
	PublicURL        string         `json:"public_url" maxlen:"2048" doc:"The URL that the provider calls, without its query, for providers that sign it; empty to take it from the request."`
}

// SecretConfig is one secret.
type SecretConfig struct {
	Value config.Secret `json:"value" required:"true" doc:"The secret as the provider shows it, best as a vault reference."`
	ID    string        `json:"id" maxlen:"64" doc:"A name for the secret in events and logs; its position in the list, from 1, if empty."`
}

// ErrConfig means that a configuration cannot be used. Each line of the error
// starts with the path of a field.
var ErrConfig = errors.New("cannot be used")

// options maps c to the verifier's options and checks what it does not.
func (c *Config) options() (provider.Options, error) {
	o := provider.Options{
		Scheme:    c.Scheme,
		Tolerance: time.Duration(c.ToleranceSeconds) * time.Second,
		RawKey:    c.RawKey,
	}
	for _, s := range c.Secrets {
		o.Secrets = append(o.Secrets, provider.Secret{ID: s.ID, Value: s.Value.Reveal()})
	}
	if c.PublicURL == "" {
		return o, nil
	}
	u, err := url.Parse(c.PublicURL)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || u.User != nil ||
		u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
		return o, fmt.Errorf("public_url: %w: it must be an absolute http or https URL without user, query and fragment", ErrConfig)
	}
	return o, nil
}

// faults gives the errors of the verifier the paths of the fields.
func faults(err error) error {
	var all []error
	for _, e := range flatten(err) {
		var secret *provider.SecretError
		path := "secrets"
		switch {
		case errors.As(e, &secret):
			path = fmt.Sprintf("secrets[%d]", secret.Index)
		case errors.Is(e, provider.ErrOption), errors.Is(e, provider.ErrRow):
			path = "scheme"
		}
		all = append(all, fmt.Errorf("%s: %w: %w", path, ErrConfig, e))
	}
	return errors.Join(all...)
}

func flatten(err error) []error {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return []error{err}
	}
	var all []error
	for _, e := range joined.Unwrap() {
		all = append(all, flatten(e)...)
	}
	return all
}
