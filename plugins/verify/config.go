package verify

import (
	"cmp"
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"time"

	"webhookedge/plugins/internal/config"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/spec"
)

// Config is the stage's part of a plugin's configuration.
type Config struct {
	Scheme           string          `json:"scheme" format:"word" maxlen:"64" doc:"How the provider signs, by the name of its scheme; empty for the provider's default. A weak scheme such as GitHub's sha1 is used only when named here."`
	Secrets          []SecretConfig  `json:"secrets" required:"true" maxlen:"16" tolerant:"true" doc:"What the provider signs with, newest first: a shared secret, a token, user:password, or a public key. Several at once let a secret be rotated without a gap; one without a value, whose vault reference did not resolve, is left out with an alarm while another has one. An empty list is right only for a provider that publishes its keys, and during setup for one that hands its secret over."`
	Settings         []SettingConfig `json:"settings" maxlen:"16" doc:"What else the provider's scheme needs, such as the id of a webhook; webhookctl providers show NAME lists it."`
	ToleranceSeconds int             `json:"tolerance_seconds" default:"0" min:"0" max:"604800" doc:"How far a signed time may lie from now, in seconds, in both directions; 0 for the provider's own (mostly 300). Without effect for providers that sign no time."`
	RawKey           bool            `json:"raw_key" default:"false" doc:"Use the text of the secrets undecoded, for Standard Webhooks senders that do so."`
	PublicURL        string          `json:"public_url" format:"url" maxlen:"2048" doc:"The URL that the provider calls, without its query. A provider that signs it (Twilio, Square, HubSpot, ...) needs it, or public_hosts, or hosts of Kong's route."`
	PublicHosts      []string        `json:"public_hosts" format:"host" maxlen:"16" doc:"Hosts that a provider which signs its URL may call, with the port where that is not the usual one, for a route with several. The URL is then taken from the request, where the Host header says the host and, of a peer in Kong's trusted_ips, the X-Forwarded headers do; any other host is refused. public_url wins."`
	ClientCertFrom   []string        `json:"client_cert_from" format:"network" maxlen:"32" doc:"Addresses and networks of the proxies that end TLS and say in a header which certificate the client has. Schemes of the kind client-cert need it: certificates are public, and anybody could send the header."`
	Setup            bool            `json:"setup" default:"false" doc:"Answer handshakes that hand over a secret or ask for a confirmation (Asana, Notion, Amazon SNS). Turn it off once the provider is set up: anybody can send such a request."`
	SetupFile        string          `json:"setup_file" maxlen:"4096" doc:"File that a handed-over secret is written to, for its owner alone; it is not in any log."`
}

// SecretConfig is one secret.
type SecretConfig struct {
	Value     config.Secret `json:"value" required:"true" doc:"The secret as the provider shows it, best as a vault reference."`
	ID        string        `json:"id" maxlen:"64" doc:"A name for the secret in events, logs and metrics; its position in the list, from 1, if empty."`
	NotBefore string        `json:"not_before" format:"time" maxlen:"40" doc:"Time (RFC 3339) from which the secret counts."`
	NotAfter  string        `json:"not_after" format:"time" maxlen:"40" doc:"Time (RFC 3339) from which the secret counts no more."`
}

// SettingConfig is one setting of a provider.
type SettingConfig struct {
	Name  string        `json:"name" format:"word" required:"true" minlen:"1" maxlen:"64" doc:"Name of the setting."`
	Value config.Secret `json:"value" required:"true" doc:"Its value."`
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
		Settings:  map[string]string{},
	}
	var faults []error
	moment := func(text, path string) time.Time {
		if text == "" {
			return time.Time{}
		}
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w: it must be a time such as 2026-01-31T12:00:00Z", path, ErrConfig))
		}
		return at
	}
	for i, s := range c.Secrets {
		path := fmt.Sprintf("secrets[%d].", i)
		o.Secrets = append(o.Secrets, provider.Secret{
			ID: s.ID, Value: s.Value.Reveal(),
			NotBefore: moment(s.NotBefore, path+"not_before"), NotAfter: moment(s.NotAfter, path+"not_after"),
		})
	}
	for i, s := range c.Settings {
		if _, ok := o.Settings[s.Name]; ok {
			faults = append(faults, fmt.Errorf("settings[%d]: %w: the name is there twice", i, ErrConfig))
		}
		o.Settings[s.Name] = s.Value.Reveal()
	}
	return o, errors.Join(append(faults, c.checkURL(), c.checkHosts())...)
}

// present returns the secrets that have a value, all where none has: a list of
// nothing but empty secrets is a fault, and none of them ever is a key.
func present(all []provider.Secret) []provider.Secret {
	var some []provider.Secret
	for i, s := range all {
		if s.ID == "" {
			all[i].ID = strconv.Itoa(i + 1) // which it keeps when another one is left out
		}
		if s.Value != "" {
			some = append(some, all[i])
		}
	}
	if len(some) == 0 {
		return all
	}
	return some
}

// Missing names the secrets that a stage leaves out because they have no value, each
// a line that starts with the path of its field.
func (c *Config) Missing() []string {
	var all []string
	for i := range c.Secrets {
		if s := c.Secrets[i].Value; s.IsZero() {
			all = append(all, fmt.Sprintf("secrets[%d].value: %s", i, cmp.Or(s.Missing(), "must not be empty")))
		}
	}
	return all
}

// proxies returns client_cert_from, which a scheme of client certificates must have
// and no other may.
func (c *Config) proxies(kind spec.Kind) ([]netip.Prefix, error) {
	if kind != spec.ClientCert && len(c.ClientCertFrom) > 0 {
		return nil, fmt.Errorf("client_cert_from: %w: the scheme uses no client certificate", ErrConfig)
	}
	if kind == spec.ClientCert && len(c.ClientCertFrom) == 0 {
		return nil, fmt.Errorf("client_cert_from: %w: it must name the proxies that set the header, which anybody could send", ErrConfig)
	}
	var all []netip.Prefix
	var faults []error
	for i, text := range c.ClientCertFrom {
		network, err := netip.ParsePrefix(text)
		if addr, aerr := netip.ParseAddr(text); aerr == nil {
			network, err = netip.PrefixFrom(addr, addr.BitLen()), nil
		}
		switch {
		case err != nil, network.Addr().Is4In6():
			faults = append(faults, fmt.Errorf("client_cert_from[%d]: %w: it is neither an address nor a network", i, ErrConfig))
		case network.Bits() == 0:
			faults = append(faults, fmt.Errorf("client_cert_from[%d]: %w: it allows every address", i, ErrConfig))
		}
		all = append(all, network)
	}
	return all, errors.Join(faults...)
}

// faults gives the errors of the verifier the paths of the fields.
func faults(err error) error {
	if err == nil {
		return nil
	}
	var all []error
	for _, e := range config.Lines(err) {
		var secret *provider.SecretError
		var setting *provider.SettingError
		path := "secrets"
		switch {
		case errors.As(e, &setting):
			path = "settings"
		case errors.As(e, &secret):
			path = fmt.Sprintf("secrets[%d]", secret.Index)
		case errors.Is(e, provider.ErrOption), errors.Is(e, provider.ErrRow):
			path = "scheme"
		}
		all = append(all, fmt.Errorf("%s: %w: %w", path, ErrConfig, e))
	}
	return errors.Join(all...)
}
