package natsflags

import (
	"cmp"
	"os"
	"strings"

	"github.com/nats-io/nats.go"

	"webhookedge/plugins/internal/ctl/exit"
)

// Settings are how NATS is reached. They hold secrets.
type Settings struct {
	// Servers are URLs with commas between them.
	Servers string
	Credentials
	// CA, Cert and Key are PEM files.
	CA, Cert, Key string
	// Domain and APIPrefix say where JetStream is, InboxPrefix where answers go.
	Domain, APIPrefix, InboxPrefix string
	// TLSFirst begins with the handshake of TLS.
	TLSFirst bool

	context string // name of the context they come from, "" for none
}

// Credentials are who a client is: a user with a password, a token, a file of
// credentials, a JWT with its seed, the seed of an nkey alone, or a file of one.
type Credentials struct {
	User, Password, Token, Creds, JWT, Seed, NKey string
}

// Settings returns what flags say, else --context, else the variables of the nats CLI,
// else the context of $NATS_CONTEXT or the selected one. That last is for its own servers
// only: its credentials are for nobody else.
func (n *Flags) Settings() (Settings, error) {
	flags, err := n.given()
	if err != nil {
		return Settings{}, err
	}
	env := environment()
	var base Settings
	switch name := cmp.Or(n.Context, os.Getenv("NATS_CONTEXT"), selected()); {
	case n.Context != "":
		base, err = readContext(n.Context)
	case flags.Servers == "" && env.Servers == "" && name != "":
		base, err = readContext(name)
		base = env.over(&base)
	default:
		base = env
	}
	if err != nil {
		return Settings{}, err
	}
	s := flags.over(&base)
	s.Servers = cmp.Or(s.Servers, nats.DefaultURL)
	if s.User != "" && s.Password == "" {
		if s.Password = os.Getenv(n.PasswordEnv); s.Password == "" {
			return s, exit.Usagef("the environment variable %s is empty", n.PasswordEnv)
		}
	}
	return s, nil
}

// given are the settings of the command line.
func (n *Flags) given() (Settings, error) {
	if strings.Contains(n.Servers, "@") {
		return Settings{}, exit.Usagef("--server: credentials do not belong into a URL; use --user, --token-env, --creds or --nkey")
	}
	s := Settings{
		Servers: n.Servers, Credentials: Credentials{User: n.User, Creds: n.Creds, NKey: n.NKey},
		CA: n.CA, Cert: n.Cert, Key: n.Key, Domain: n.Domain,
	}
	if n.TokenEnv != "" {
		if s.Token = os.Getenv(n.TokenEnv); s.Token == "" {
			return s, exit.Usagef("the environment variable %s is empty", n.TokenEnv)
		}
	}
	return s, nil
}

// environment are the settings in the variables of the nats CLI. A password alone is
// that of --user.
func environment() Settings {
	return Settings{
		Servers: os.Getenv("NATS_URL"),
		Credentials: Credentials{
			User: os.Getenv("NATS_USER"), Token: os.Getenv("NATS_TOKEN"), Creds: os.Getenv("NATS_CREDS"), NKey: os.Getenv("NATS_NKEY"),
		},
		CA: os.Getenv("NATS_CA"), Cert: os.Getenv("NATS_CERT"), Key: os.Getenv("NATS_KEY"),
	}
}

// over returns s, and for what it does not say base. Credentials are one thing, as is a
// certificate with its key.
func (s Settings) over(base *Settings) Settings {
	s.Servers = cmp.Or(s.Servers, base.Servers)
	if s.Credentials == (Credentials{}) {
		s.Credentials = base.Credentials
	}
	s.CA = cmp.Or(s.CA, base.CA)
	if s.Cert == "" {
		s.Cert, s.Key = base.Cert, base.Key
	}
	s.Domain = cmp.Or(s.Domain, base.Domain)
	s.APIPrefix, s.InboxPrefix, s.TLSFirst, s.context = base.APIPrefix, base.InboxPrefix, base.TLSFirst, base.context
	return s
}
